"""`approved_messages`: the human's yes, given to exact texts for exact people."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.birthdays.letters import APPROVED_COLUMNS, approval_story, approved_rows, with_text
from linkedin_pipelines.defs.birthdays.people import LIST_COLUMNS, entry_rows
from linkedin_pipelines.defs.shared.approving import tell_that_it_waits, who_approves
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import SHOWN_HASH, table, tables
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_MESSAGES, BIRTHDAY_LIST, BIRTHDAYS, OWNERS
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.approvals import approve, latest_approval
from linkedin_pipelines.services.birthdays.gates import problems_of_list
from linkedin_pipelines.services.birthdays.lists import read_list


@dg.asset(
    key=APPROVED_MESSAGES,
    group_name=BIRTHDAYS,
    partitions_def=campaigns,
    deps=[BIRTHDAY_LIST],
    output_required=False,
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": LIST_COLUMNS, "dagster/table_name": "list_approvals"},
)
def approved_messages(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> Iterator[dg.MaterializeResult[None]]:
    """**Materialize this by hand to approve the day's list**: the people and words in the table of `birthday_list`.

    Choose the list's date and account in the dialog, and nothing else; `letters` then shows all that the approval
    holds, those in reserve included, who go out once the limits have room.

    The approval holds for exactly these people and words. If the list is built anew with any change, it is void and the
    messages are not sent. After a manual approval a sensor starts the sending, within the account's hours.

    Accounts with `approval: automatic` approve as part of the scheduled run. For the others a run that builds the list
    stops here, since nobody can have read it yet, unless the list came out exactly as one that was approved before.
    """
    account, day = campaign_of(context)
    config = get_account(linkedin.database, account).config
    view = read_list(linkedin.database, account, day)
    approval_before = latest_approval(linkedin.database, account, day)
    covered = (
        approval_before.approved_by
        if view is not None and approval_before is not None and approval_before.covers_list
        else None
    )
    by = who_approves(context, config, BIRTHDAY_LIST, covered)
    if by is None:
        tell_that_it_waits(context, APPROVED_MESSAGES)
        return
    if view is None:
        raise dg.Failure(f"There is no list of {day} for account {account}: materialize birthday_list first.")
    if problems := problems_of_list(view):
        raise dg.Failure("This list cannot be approved: " + " ".join(problems))
    approval = approve(linkedin.database, linkedin.clock, account, day, by, context.run.run_id)
    held = with_text(view)
    context.log.info("%s By %s.", approval_story(held), by)
    yield dg.MaterializeResult(
        metadata={
            "summary": approval_story(held),
            "letters": table(APPROVED_COLUMNS, approved_rows(held)),
            "dagster/row_count": len(held),
            "approved_by": by,
            "approved_at": dg.MetadataValue.timestamp(approval.approved_at),
            "content_hash": approval.content_hash[:SHOWN_HASH],
            **tables(
                LIST_COLUMNS,
                entry_rows(held),
                addresses="person profile",
                templates="person template contact_id",
            ),
        }
    )

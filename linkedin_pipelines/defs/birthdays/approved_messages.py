"""`approved_messages`: the human's yes, given to exact texts for exact people."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.birthdays.gates import problems_of_list
from linkedin_pipelines.defs.birthdays.people import LIST_COLUMNS, entry_rows
from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.tables import table
from linkedin_pipelines.defs.vocabulary import APPROVED_MESSAGES, BIRTHDAY_LIST, BIRTHDAYS, OWNERS
from linkedin_pipelines.domain.account import Approval
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.approvals import approve, latest_approval
from linkedin_pipelines.services.birthday_lists import read_list

MEMBER, SCHEDULE = "member", "schedule"

_BY_ITSELF = ("dagster/schedule_name", "dagster/sensor_name")
"""Tags of runs that nobody started by hand."""


def chosen_by_hand(context: dg.AssetExecutionContext) -> bool:
    """Whether a person chose `approved_messages` for a list that had been there to look at.

    A run, or a backfill, that also builds the list shows it to nobody before the approval; a run that a schedule or
    sensor started had nobody in front of it.
    """
    run = context.run
    if any(tag in run.tags for tag in _BY_ITSELF):
        return False
    chosen = set(run.asset_selection or ())
    if (backfill_id := run.tags.get("dagster/backfill")) and (backfill := context.instance.get_backfill(backfill_id)):
        chosen |= set(backfill.asset_selection or ())
    # A run without a selection runs the whole job, and every job that approves builds the list first.
    return bool(chosen) and BIRTHDAY_LIST not in chosen


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

    The approval holds for exactly these people and words. If the list is built anew with any change, it is void and the
    messages are not sent. After a manual approval a sensor starts the sending, within the account's hours.

    Accounts with `approval: automatic` approve as part of the scheduled run. For the others a run that builds the list
    stops here, since nobody can have read it yet, unless the list came out exactly as one that was approved before.
    """
    account, day = campaign_of(context)
    config = get_account(linkedin.database, account).config
    by = MEMBER if chosen_by_hand(context) else SCHEDULE if config.approval is Approval.AUTOMATIC else None
    view = read_list(linkedin.database, account, day)
    standing = latest_approval(linkedin.database, account, day)
    if by is None and view is not None and standing is not None and standing.covers_list:
        by = standing.approved_by  # the same people and words were approved before, and that yes stands
    if by is None:
        waiting = (
            "The list waits for its approval: read it, then materialize approved_messages of this partition alone."
        )
        context.log.info(waiting)
        context.log_event(dg.AssetObservation(APPROVED_MESSAGES, description=waiting, partition=context.partition_key))
        return
    if view is None:
        raise dg.Failure(f"There is no list of {day} for account {account}: materialize birthday_list first.")
    if problems := problems_of_list(view):
        raise dg.Failure("This list cannot be approved: " + " ".join(problems))
    approval = approve(linkedin.database, linkedin.clock, account, day, by, context.run.run_id)
    planned = [entry for entry in view.entries if entry.outcome is EntryOutcome.PLANNED]
    context.log.info("%d messages approved by %s.", len(planned), by)
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(planned),
            "approved_by": by,
            "approved_at": dg.MetadataValue.timestamp(approval.approved_at),
            "content_hash": approval.content_hash,
            "messages": table(LIST_COLUMNS, entry_rows(config, planned)),
        }
    )

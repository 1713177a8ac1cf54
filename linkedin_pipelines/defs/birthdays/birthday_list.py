"""`birthday_list`: everybody whose birthday is due, with the words for them or the reason why not."""

import dagster as dg

from linkedin_pipelines.defs.birthdays.people import LIST_COLUMNS, entry_rows
from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.tables import counts, table
from linkedin_pipelines.defs.vocabulary import BIRTHDAY_LIST, BIRTHDAYS, BIRTHDAYS_SEEN, CONTACTS, OWNERS
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.birthday_lists import build_list
from linkedin_pipelines.services.site_days import find_reading


@dg.asset(
    key=BIRTHDAY_LIST,
    group_name=BIRTHDAYS,
    partitions_def=campaigns,
    deps=[CONTACTS, BIRTHDAYS_SEEN],
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": LIST_COLUMNS, "dagster/table_name": "list_entries"},
)
def birthday_list(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """The people whose birthday is this day or was missed shortly before it, each with an outcome.

    **planned** people have a text, ready to be read and approved. **skipped** and **deferred** ones have a reason, and
    the day from which they may be wished. Nothing is sent here. Building the list again replaces it; an approval that
    was given to other people or other words is then void.

    The list is of the birthdays that are known for certain: `catch_up_page` in its metadata says whether the site's own
    page of the day is among what they rest on. People whose sources name different days are held until they agree.
    """
    account, day = campaign_of(context)
    view = build_list(linkedin.database, linkedin.clock, account, day, context.run.run_id)
    config = get_account(linkedin.database, account).config
    planned = sum(entry.outcome is EntryOutcome.PLANNED for entry in view.entries)
    context.log.info("%d people on the list, %d planned.", len(view.entries), planned)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(view.entries),
            "planned": planned,
            "people": table(LIST_COLUMNS, entry_rows(config, view.entries)),
            "outcomes": counts(entry.outcome for entry in view.entries),
            "reasons": counts(entry.reason for entry in view.entries if entry.reason),
            "catch_up_page": find_reading(linkedin.database, account, day).text,
            "content_hash": view.content_hash,
            "approval": config.approval.value,
        }
    )

"""`birthday_list`: everybody whose birthday is due, with the words for them or the reason why not."""

import dagster as dg

from linkedin_pipelines.defs.birthdays.letters import (
    FORECAST_COLUMNS,
    LEFT_OUT_COLUMNS,
    LETTER_COLUMNS,
    forecast_rows,
    left_out_rows,
    letter_rows,
    story,
)
from linkedin_pipelines.defs.birthdays.people import LIST_COLUMNS, entry_rows
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import SHOWN_HASH, counts, table, tables
from linkedin_pipelines.defs.shared.vocabulary import (
    APPROVED_MESSAGES,
    BIRTHDAY_LIST,
    BIRTHDAYS,
    BIRTHDAYS_SEEN,
    CONTACTS,
    OWNERS,
)
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.forecasts import fortnight
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.birthdays.site_days import find_reading


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

    Its metadata begins with what the list comes to, then the letters, then those who get none now, each with the
    reason, then the fortnight ahead against the account's limits; `people` and `addresses` have numbers and profiles.

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
            "summary": story(view, config),
            "approve_at": dg.MetadataValue.asset(APPROVED_MESSAGES),
            "letters": table(LETTER_COLUMNS, letter_rows(view.entries)),
            "not_now": table(LEFT_OUT_COLUMNS, left_out_rows(view.entries)),
            "fortnight": table(FORECAST_COLUMNS, forecast_rows(fortnight(linkedin.database, linkedin.clock, view))),
            "dagster/row_count": len(view.entries),
            "planned": planned,
            **tables(
                LIST_COLUMNS,
                entry_rows(view.entries),
                people="person outcome reason contact_id",
                addresses="person profile",
                templates="person template",
            ),
            "outcomes": counts(entry.outcome for entry in view.entries),
            "reasons": counts(entry.reason for entry in view.entries if entry.reason),
            "catch_up_page": find_reading(linkedin.database, account, day).text,
            "content_hash": view.content_hash[:SHOWN_HASH],
            "approval": config.approval.value,
        }
    )

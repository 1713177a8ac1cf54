"""`birthdays_seen`: whose birthday the site itself shows, read to the page's proven end or told as unknown."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import dagster as dg

from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, counts, plain, tables
from linkedin_pipelines.defs.shared.vocabulary import BIRTHDAYS, BIRTHDAYS_SEEN, OWNERS
from linkedin_pipelines.errors import BrowserUnavailableError, SessionMissingError, SiteError, StopSignError
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.birthdays.readings import SeenPerson, read_birthdays
from linkedin_pipelines.services.birthdays.site_days import find_reading

SEEN_COLUMNS = column_schema(
    person=("string", "Name, as the page shows it."),
    birthday=("date", "The day that the page speaks of."),
    state=("string", "new, agrees with what was known, disputed, or not imported."),
    explanation=("string", "Who says what, or what to do; empty if all is well."),
    profile=("string", "The person's profile, below the address of the site."),
    contact_id=("int", "Our own number of the person; empty for somebody who is in no imported file."),
)

DAY_IS_KNOWN = "day_is_known"


@dg.asset(
    key=BIRTHDAYS_SEEN,
    group_name=BIRTHDAYS,
    partitions_def=campaigns,
    owners=OWNERS,
    kinds={"python", "playwright", "sqlalchemy"},
    metadata={"dagster/column_schema": SEEN_COLUMNS, "dagster/table_name": "birthday_records"},
    check_specs=[
        dg.AssetCheckSpec(
            DAY_IS_KNOWN,
            asset=BIRTHDAYS_SEEN,
            blocking=True,
            partitions_def=campaigns,
            description=(
                "The catch-up page was read to its end: the count that it shows is the number of people read, or it "
                "says itself that there is nobody. A failure means that the site's birthdays of this day are unknown, "
                "which is not the same as none: look at the picture, then at the page yourself. Wishes whose day is "
                "certain from your files go out all the same."
            ),
        )
    ],
)
def birthdays_seen(
    context: dg.AssetExecutionContext, linkedin: LinkedIn
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Whose birthday it is, or lately was, by the member's own catch-up page; and what that adds to the files.

    The page tells of the present day alone, so only the account's own today can be materialized. Every birthday keeps
    its source and when it was seen. Where the page and a file name different days, both stay, the person is shown as
    disputed, and is not wished until they agree. Job changes and anniversaries on the page are left alone.

    Accounts that allow it have a few contact infos a day opened as well, of connections without a known birthday.
    """
    account, day = campaign_of(context)
    try:
        read = read_birthdays(linkedin.database, linkedin.settings, linkedin.clock, account, day, context.run.run_id)
    except (SiteError, BrowserUnavailableError, SessionMissingError) as error:
        known = find_reading(linkedin.database, account, day).is_known  # what failed then are contact infos
        yield _verdict(None if known else str(error))
        raise dg.Failure(
            _told(error, account, known=known), metadata=_screenshot(linkedin, error), allow_retries=False
        ) from error
    context.log.info("%d birthdays on the page; the day is %s.", len(read.people), read.outcome)
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(read.people),
            "outcome": read.outcome.value,
            "state": counts(person.state for person in read.people),
            **tables(
                SEEN_COLUMNS,
                _rows(read.people),
                people="person birthday state",
                why="person explanation",
                addresses="person contact_id profile",
            ),
            "contact_infos": asdict(read.contact_infos),
        }
    )
    yield _verdict(read.explanation)


def _verdict(why_unknown: str | None) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=DAY_IS_KNOWN,
        passed=why_unknown is None,
        severity=dg.AssetCheckSeverity.ERROR,
        description=plain(why_unknown),
    )


def _told(error: Exception, account: str, *, known: bool) -> str:
    day = "the catch-up page was read before" if known else "the site's birthdays of this day are unknown"
    if isinstance(error, StopSignError):
        return (
            f"The site showed a stop sign: {str(error).removeprefix('Stop sign: ')} The account stops until you "
            f"resume it (`linkedin-pipelines accounts resume {account}`); {day}."
        )
    return f"{error} So much for now: {day}."


def _screenshot(linkedin: LinkedIn, error: Exception) -> dict[str, dg.MetadataValue[str]]:
    if not isinstance(error, SiteError) or error.evidence is None:
        return {}
    return {"picture": dg.MetadataValue.path(Path(linkedin.settings.evidence) / error.evidence)}


def _rows(people: Iterable[SeenPerson]) -> Iterator[Mapping[str, object]]:
    for person in people:
        yield {
            "person": person.name,
            "birthday": person.occurs_on,
            "state": person.state,
            "explanation": person.explanation,
            "profile": profile_path(person.slug),
            "contact_id": person.contact_id,
        }

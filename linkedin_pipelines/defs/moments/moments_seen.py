"""`moments_seen`: work anniversaries and new jobs of connections, and what is to become of each."""

from collections.abc import Iterable, Iterator, Mapping

import dagster as dg

from linkedin_pipelines.defs.shared.approving import list_metadata
from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, tables
from linkedin_pipelines.defs.shared.vocabulary import MOMENTS, MOMENTS_SEEN, OWNERS
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.moments.lists import MomentEntry, read_moments

MOMENT_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    moment=("string", "work_anniversary or new_job."),
    outcome=("string", "planned is to be congratulated; else skipped or deferred."),
    text=("string", "The exact words, where the person is to be congratulated."),
    explanation=("string", "Why not, for the member."),
    reason=("string", "The same as one word."),
    detail=("string", "What the page says beside the name, such as the new position."),
    first_seen_on=("date", "Day on which a reading first saw it."),
    next_eligible_on=("date", "First day on which the person may be written to, where that is known."),
    profile=("string", "The person's profile, below the address of the site."),
    contact_id=("int", "Our own number of the person; the steps of a campaign go by it."),
)


@dg.asset(
    key=MOMENTS_SEEN,
    group_name=MOMENTS,
    partitions_def=campaigns,
    owners=OWNERS,
    kinds={"python", "playwright", "sqlalchemy"},
    metadata={"dagster/column_schema": MOMENT_COLUMNS, "dagster/table_name": "contact_moments"},
)
def moments_seen(
    context: dg.AssetExecutionContext, linkedin: LinkedIn, campaign: Campaign
) -> dg.MaterializeResult[None]:
    """The moments that the catch-up page's tabs show today, of the kinds that the account congratulates on.

    None by default: `moments.congratulate` of the account says which. A person is written to at most once in
    `moments.spacing_days`, over all kinds of message; a birthday goes first. Whoever the member talked to lately is
    left alone. A card that is unclear is left out and told of. Nothing is written here, and nobody notices the reading.
    """
    account, day = campaign_of(context)
    view = read_moments(
        linkedin.database, linkedin.settings, linkedin.clock, account, day, context.run.run_id, campaign.site_factory()
    )
    config = get_account(linkedin.database, account).config
    context.log.info("%d moments, %d to congratulate on.", len(view.entries), len(view.planned))
    shown = tables(MOMENT_COLUMNS, moment_rows(view.entries), **MOMENT_TABLES)
    return dg.MaterializeResult(
        metadata={
            "planned": len(view.planned),
            **list_metadata(config, view, shown, view.doubts),
        }
    )


MOMENT_TABLES = {
    "people": "person moment outcome text",
    "why": "person explanation next_eligible_on",
    "seen": "person detail first_seen_on contact_id",
    "addresses": "person profile",
}
"""The tables in which moments are shown."""


def moment_rows(entries: Iterable[MomentEntry]) -> Iterator[Mapping[str, object]]:
    """The rows of `MOMENT_COLUMNS`."""
    for entry in entries:
        yield {
            "person": entry.full_name,
            "moment": entry.kind,
            "outcome": entry.outcome,
            "text": entry.body,
            "explanation": entry.explanation,
            "reason": entry.reason,
            "detail": entry.detail,
            "first_seen_on": entry.first_seen_on,
            "next_eligible_on": entry.next_eligible_on,
            "profile": profile_path(entry.slug),
            "contact_id": entry.contact_id,
        }

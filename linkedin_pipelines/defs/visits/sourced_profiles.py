"""`sourced_profiles`: whom a people search found, and who of them is visited next."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
from pydantic import Field

from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, counts, plain, tables
from linkedin_pipelines.defs.shared.vocabulary import OWNERS, SOURCED_PROFILES, SOURCING
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.visits.searches import SourcedEntry, read_search

SOURCED_COLUMNS = column_schema(
    place=("int", "Among all results, the first being 1."),
    person=("string", "Name, as the row of the search shows it."),
    outcome=("string", "planned is visited next, skipped is left alone, deferred waits for room in the quota."),
    explanation=("string", "Why, for the member."),
    profile=("string", "The person's profile, below the address of the site."),
)


class SearchConfig(dg.Config):
    """Which people are looked for; what is left out is the account's own setting."""

    search: str = Field(
        default="",
        description="Keywords, or the address of a people search on the account's own site; no other host is opened.",
    )
    criteria: dict[str, Any] = Field(
        default={},
        description=(
            "What the fit score is made from, like {keywords: [nursing], min_years: 3, locations: [Lyon], "
            "weights: {keywords: 40}}."
        ),
    )


@dg.asset(
    key=SOURCED_PROFILES,
    group_name=SOURCING,
    partitions_def=campaigns,
    owners=OWNERS,
    kinds={"python", "playwright", "sqlalchemy"},
    metadata={"dagster/column_schema": SOURCED_COLUMNS, "dagster/table_name": "search_results"},
)
def sourced_profiles(
    context: dg.AssetExecutionContext, config: SearchConfig, linkedin: LinkedIn, campaign: Campaign
) -> dg.MaterializeResult[None]:
    """Whom a people search of the account's present day found: read page by page to its proven end, each person once.

    A row counts by its title link alone; people whom a row merely mentions, hidden members and advertisements do not.
    People who were visited lately are left out, and as many are planned as the quota of profile visits has left.
    Reading results visits nobody, and nobody notices it.
    """
    account, day = campaign_of(context)
    view = read_search(
        linkedin.database,
        linkedin.settings,
        linkedin.clock,
        account,
        day,
        context.run.run_id,
        search=config.search or None,
        criteria=config.criteria,
        site_factory=campaign.site_factory(),
    )
    context.log.info("%d people found on %d pages, %d to visit.", len(view.entries), view.pages, len(view.planned))
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(view.entries),
            "planned": len(view.planned),
            "pages": view.pages,
            "hidden_members": view.hidden,
            "no_people": view.others,
            "repeated": view.repeated,
            **tables(
                SOURCED_COLUMNS,
                _rows(view.entries),
                people="place person outcome",
                why="person explanation",
                addresses="person profile",
            ),
            "outcomes": counts(entry.outcome for entry in view.entries),
            "scored": view.criteria is not None,
            **({"doubt": dg.MetadataValue.md(plain(view.doubt) or "")} if view.doubt else {}),
        }
    )


def _rows(entries: Iterable[SourcedEntry]) -> Iterator[Mapping[str, object]]:
    for entry in entries:
        yield {
            "place": entry.place,
            "person": entry.full_name,
            "outcome": entry.outcome,
            "explanation": entry.explanation,
            "profile": profile_path(entry.slug),
        }

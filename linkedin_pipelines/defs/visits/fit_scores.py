"""`fit_scores`: how well the profiles that were read fit what is looked for."""

from collections.abc import Iterator, Mapping, Sequence

import dagster as dg

from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, tables
from linkedin_pipelines.defs.shared.vocabulary import FIT_SCORES, OWNERS, PROFILE_VISITS, SOURCING
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.visits.scores import ScoredProfile, distribution, score_again

SCORE_COLUMNS = column_schema(
    score=("int", "0 to 100; empty where nothing that was asked for is known, or no criteria are set."),
    confidence=("int", "0 to 100: the share of the criteria's weight that could be judged."),
    person=("string", "Name, as the profile shows it; empty for a profile that is missing."),
    headline=("string", "As the profile shows it."),
    location=("string", "As the profile shows it."),
    role=("string", "Title of the current position."),
    company=("string", "Of the current position."),
    years=("int", "Years of experience."),
    explanation=("string", "Where the points come from, factor by factor."),
    unread=("string", "Fields that could not be read: they are unknown, not empty."),
    read_on=("date", "Day of the latest visit."),
    profile=("string", "The profile, below the address of the site."),
)


@dg.asset(
    key=FIT_SCORES,
    group_name=SOURCING,
    partitions_def=campaigns,
    deps=[PROFILE_VISITS],
    owners=OWNERS,
    kinds={"python", "sqlalchemy"},
    metadata={"dagster/column_schema": SCORE_COLUMNS, "dagster/table_name": "sourced_profiles"},
)
def fit_scores(context: dg.AssetExecutionContext, linkedin: LinkedIn) -> dg.MaterializeResult[None]:
    """All profiles that the account's visits read, by the score of their fit, each point of it explained.

    The scores are made from what is stored, so materializing this alone scores everybody again by the criteria of the
    last search, without another visit. What a visit could not read lowers the confidence, never the score. The
    command `profiles export` writes the same as CSV, Parquet or a picture.
    """
    account, _ = campaign_of(context)
    found = score_again(linkedin.database, account)
    return dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(found),
            **tables(
                SCORE_COLUMNS,
                _rows(found),
                profiles="score person role company",
                factors="person confidence explanation",
                about="person headline location years",
                unread="person unread",
                addresses="person read_on profile",
            ),
            "distribution": dg.MetadataValue.md(_bars(distribution(found))),
            "missing": sum(each.missing_since is not None for each in found),
            "without_score": sum(each.score is None for each in found),
        }
    )


def _bars(bins: Mapping[str, int]) -> str:
    most = max(1, *bins.values())
    lines = [f"{name:>6} {'#' * round(40 * count / most)} {count}" for name, count in bins.items()]
    return "\n".join(["```", *lines, "```"])


def _rows(found: Sequence[ScoredProfile]) -> Iterator[Mapping[str, object]]:
    for each in found:
        yield {
            "score": each.score,
            "confidence": each.confidence,
            "person": each.name,
            "headline": each.headline,
            "location": each.location,
            "role": each.role,
            "company": each.company,
            "years": each.years_of_experience,
            "explanation": each.explanation,
            "unread": ", ".join(each.unread),
            "read_on": each.read_on,
            "profile": profile_path(each.slug),
        }

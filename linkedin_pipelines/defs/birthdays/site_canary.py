"""`site_canary`: whether the site's pages can be read, looked at before anybody is written to."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import BirthdayCampaign, LinkedIn
from linkedin_pipelines.defs.tables import column_schema, counts, table
from linkedin_pipelines.defs.vocabulary import APPROVED_MESSAGES, BIRTHDAYS, OWNERS, SITE_CANARY
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.canary import MEANINGS, NEEDS, CanaryElement, KeptSight, SightOutcome
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.canary import sights

SIGHT_COLUMNS = column_schema(
    element=("string", "What has to be readable."),
    outcome=("string", "ok, failed, unchecked, or why the look was cut short: stop_sign, away."),
    reason=("string", "What was seen instead."),
    holds=("string", "What is not done while it failed."),
    evidence=("string", "The picture, below the evidence folder; the page's text and structure lie beside it."),
    checked_at=("datetime", "When it was last looked at, in UTC."),
)


def check_name(element: CanaryElement) -> str:
    """The check of one element."""
    return f"{element.value}_readable"


def needing(element: CanaryElement) -> list[str]:
    """The actions that need an element."""
    return sorted(action.value for action, needs in NEEDS.items() if element in needs)


class LookConfig(dg.Config):
    """When to look."""

    again: bool = Field(default=False, description="Look at the pages however lately that was done.")


@dg.asset(
    key=SITE_CANARY,
    group_name=BIRTHDAYS,
    partitions_def=campaigns,
    deps=[APPROVED_MESSAGES],
    owners=OWNERS,
    kinds={"python", "playwright"},
    metadata={"dagster/column_schema": SIGHT_COLUMNS, "dagster/table_name": "canary_sights"},
    check_specs=[
        dg.AssetCheckSpec(
            check_name(element),
            asset=SITE_CANARY,
            partitions_def=campaigns,
            description=(
                f"The site still shows {MEANINGS[element]} in a way that can be read for certain. A failure means that "
                f"until a later look passes these wait, and nothing else: {', '.join(needing(element))}. See the "
                "picture, and the page itself."
            ),
        )
        for element in CanaryElement
    ],
)
def site_canary(
    context: dg.AssetExecutionContext, config: LookConfig, linkedin: LinkedIn, birthday_campaign: BirthdayCampaign
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Whether every element of the site that a campaign needs can be read: a look that changes nothing.

    The feed, the catch-up page and one conversation are opened, that of somebody who is to be written to anyway;
    nothing is typed, and the conversation is closed as it was. What was readable lately is not looked at again, so a
    campaign that is taken up after a crash goes on at once; what failed is, after a while. An element that failed
    holds only the actions that need it. A stop sign on the way stops the account, and blames no element.

    Where nobody is to be written to, no page is opened.
    """
    account, day = campaign_of(context)
    hindered = ""
    try:
        birthday_campaign.open(account, day, context.run_id, live=False).look(again=config.again)
    except LinkedInPipelinesError as error:
        # Not this asset's to judge: the sending meets the same, and says what it means for everybody.
        hindered = str(error)
        context.log.warning("The pages were not looked at: %s", error)
    seen = {sight.element: sight for sight in sights(linkedin.database, account)}
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(seen),
            "outcomes": counts(sight.outcome for sight in seen.values()),
            "elements": table(SIGHT_COLUMNS, _rows(seen.values())),
            **({"not_looked_at": hindered} if hindered else {}),
        }
    )
    rule = get_account(linkedin.database, account).config
    for element in CanaryElement:
        yield _verdict(element, seen.get(element), rule, linkedin)


def _verdict(
    element: CanaryElement, sight: KeptSight | None, config: AccountConfig, linkedin: LinkedIn
) -> dg.AssetCheckResult:
    """Failed if the element was last seen to be unreadable; what nobody needed to look at is no failure."""
    told: dict[str, Any] = {"outcome": "unchecked"}
    if sight is not None:
        told = {
            "outcome": sight.outcome.value,
            "checked_at": dg.MetadataValue.timestamp(sight.checked_at),
            "looked_at_again_after": dg.MetadataValue.timestamp(sight.checked_at + _lasts(sight, config)),
        }
        if sight.evidence:
            told["picture"] = dg.MetadataValue.path(Path(linkedin.settings.evidence) / sight.evidence)
    failed = sight is not None and sight.outcome is SightOutcome.FAILED
    return dg.AssetCheckResult(
        check_name=check_name(element),
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR,
        description=sight.reason if sight is not None else "Nobody had to be written to, so it was not looked at.",
        metadata=told,
    )


def _lasts(sight: KeptSight, config: AccountConfig) -> timedelta:
    well = sight.outcome is SightOutcome.OK
    return timedelta(hours=config.canary.valid_hours) if well else timedelta(minutes=config.canary.recheck_minutes)


def _rows(seen: Iterable[KeptSight]) -> Iterator[Mapping[str, object]]:
    for sight in seen:
        failed = sight.outcome is SightOutcome.FAILED
        yield {
            "element": MEANINGS[sight.element],
            "outcome": sight.outcome,
            "reason": sight.reason,
            "holds": ", ".join(needing(sight.element)) if failed else None,
            "evidence": sight.evidence,
            "checked_at": sight.checked_at,
        }

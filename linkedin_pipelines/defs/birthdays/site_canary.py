"""`site_canary`: whether the site's pages can be read, looked at before anybody is written to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from linkedin_pipelines.domain.selector_health import ElementHealth, SelectorStanding
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.canary import sights
from linkedin_pipelines.services.selector_health import selector_health

SIGHT_COLUMNS = column_schema(
    element=("string", "What has to be readable."),
    outcome=("string", "ok, failed, unchecked, or why the look was cut short: stop_sign, away."),
    reason=("string", "What was seen instead."),
    holds=("string", "What is not done while it failed."),
    evidence=("string", "The picture, below the evidence folder; the page's text and structure lie beside it."),
    checked_at=("datetime", "When it was last looked at, in UTC."),
)


SELECTOR_COLUMNS = column_schema(
    surface=("string", "The page."),
    element=("string", "What is looked for on it."),
    candidate=("string", "The way of finding it; the one that worked last is tried first."),
    standing=("string", "Of the element: well, fell_back or lost."),
    successes=("int", "How often it found the element."),
    failures=("int", "How often it did not."),
    last_success_at=("datetime", "When it last did, in UTC."),
)
SELECTORS_CHECK = "selectors_find_their_elements"


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
    ]
    + [
        dg.AssetCheckSpec(
            SELECTORS_CHECK,
            asset=SITE_CANARY,
            partitions_def=campaigns,
            description=(
                "Each element of the site is found by one of the ways that are known, and by the one that used to "
                "work. A failure means that the site was rebuilt: an error, that no way finds an element any more; a "
                "warning, that the best one fell and another serves. The table of selectors says which."
            ),
        )
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
        birthday_campaign.open(account, day, context.run.run_id, live=False).look(again=config.again)
    except LinkedInPipelinesError as error:
        # Not this asset's to judge: the sending meets the same, and says what it means for everybody.
        hindered = str(error)
        context.log.warning("The pages were not looked at: %s", error)
    elements = selector_health(linkedin.database)
    seen = {sight.element: sight for sight in sights(linkedin.database, account)}
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(seen),
            "outcomes": counts(sight.outcome for sight in seen.values()),
            "elements": table(SIGHT_COLUMNS, _rows(seen.values())),
            "selectors": table(SELECTOR_COLUMNS, _ways(elements)),
            **({"not_looked_at": hindered} if hindered else {}),
        }
    )
    rule = get_account(linkedin.database, account).config
    for element in CanaryElement:
        yield _verdict(element, seen.get(element), rule, linkedin)
    yield _of_selectors(elements)


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


def _of_selectors(elements: Sequence[ElementHealth]) -> dg.AssetCheckResult:
    """An error where an element is lost, a warning where the best way to it fell."""
    lost = any(each.standing is SelectorStanding.LOST for each in elements)
    troubled = [each.text for each in elements if each.standing is not SelectorStanding.WELL]
    return dg.AssetCheckResult(
        check_name=SELECTORS_CHECK,
        passed=not troubled,
        severity=dg.AssetCheckSeverity.ERROR if lost else dg.AssetCheckSeverity.WARN,
        description=" ".join(troubled[:20]) or None,
        metadata={"elements": len(elements), "troubled": len(troubled)},
    )


def _ways(elements: Iterable[ElementHealth]) -> Iterator[Mapping[str, object]]:
    for element in elements:
        for way in element.candidates:
            yield {
                "surface": way.surface,
                "element": way.element,
                "candidate": way.candidate,
                "standing": element.standing,
                "successes": way.successes,
                "failures": way.failures,
                "last_success_at": way.last_success_at,
            }

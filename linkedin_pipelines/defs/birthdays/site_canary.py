"""`site_canary`: whether the site's pages can be read, looked at before anybody is written to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
from pydantic import Field

from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, counts, plain, tables
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_MESSAGES, BIRTHDAYS, OWNERS, SITE_CANARY
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.canary import MEANINGS, READING_BIRTHDAYS, CanaryElement, ProbeOutcome, StoredProbe
from linkedin_pipelines.domain.selector_health import ElementHealth, SelectorUse
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.canary import latest_probes
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.reporting.audits import selector_health

PROBE_COLUMNS = column_schema(
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
    state=("string", "Of the element: well, fell_back or lost."),
    successes=("int", "How often it found the element."),
    failures=("int", "How often it did not."),
    last_success_at=("datetime", "When it last did, in UTC."),
)
SELECTORS_CHECK = "selectors_find_their_elements"


def check_name(element: CanaryElement) -> str:
    """The check of one element."""
    return f"{element.value}_readable"


def needing(element: CanaryElement) -> list[str]:
    """What needs an element: kinds of action, and the reading of birthdays."""
    reading = ["reading birthdays"] if element in READING_BIRTHDAYS else []
    return sorted([*reading, *(kind.meaning for kind in ACTION_KINDS.values() if element in kind.needs)])


class CanaryConfig(dg.Config):
    """When to look."""

    again: bool = Field(default=False, description="Look at the pages however lately that was done.")


@dg.asset(
    key=SITE_CANARY,
    group_name=BIRTHDAYS,
    partitions_def=campaigns,
    deps=[APPROVED_MESSAGES],
    owners=OWNERS,
    kinds={"python", "playwright"},
    metadata={"dagster/column_schema": PROBE_COLUMNS, "dagster/table_name": "canary_sights"},
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
    context: dg.AssetExecutionContext, config: CanaryConfig, linkedin: LinkedIn, campaign: Campaign
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
        campaign.open(CampaignRun.opened, account, day, context.run.run_id, live=False).probe(again=config.again)
    except LinkedInPipelinesError as error:
        # Not this asset's to judge: the sending meets the same, and says what it means for everybody.
        hindered = str(error)
        context.log.warning("The pages were not looked at: %s", error)
    elements = selector_health(linkedin.database)
    seen = {probed.element: probed for probed in latest_probes(linkedin.database, account)}
    yield dg.MaterializeResult(
        metadata={
            "dagster/row_count": len(seen),
            "outcomes": counts(probed.outcome for probed in seen.values()),
            **tables(
                PROBE_COLUMNS,
                _rows(seen.values()),
                elements="element outcome checked_at",
                why="element reason holds",
                evidence="element evidence",
            ),
            **tables(
                SELECTOR_COLUMNS,
                _ways(elements),
                selectors="surface element candidate state",
                used="candidate successes failures last_success_at",
            ),
            **({"not_looked_at": hindered} if hindered else {}),
        }
    )
    rule = get_account(linkedin.database, account).config
    for element in CanaryElement:
        yield _verdict(element, seen.get(element), rule, linkedin)
    yield _of_selectors(elements)


def _verdict(
    element: CanaryElement, probed: StoredProbe | None, config: AccountConfig, linkedin: LinkedIn
) -> dg.AssetCheckResult:
    """Failed if the element was last seen to be unreadable; what nobody needed to look at is no failure."""
    told: dict[str, Any] = {"outcome": "unchecked"}
    if probed is not None:
        told = {
            "outcome": probed.outcome.value,
            "checked_at": dg.MetadataValue.timestamp(probed.checked_at),
            "looked_at_again_after": dg.MetadataValue.timestamp(probed.checked_at + _lasts(probed, config)),
        }
        if probed.evidence:
            told["picture"] = dg.MetadataValue.path(Path(linkedin.settings.evidence) / probed.evidence)
    failed = probed is not None and probed.outcome is ProbeOutcome.FAILED
    return dg.AssetCheckResult(
        check_name=check_name(element),
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR,
        description=plain(probed.reason) if probed is not None else "No message was due, so it was not looked at.",
        metadata=told,
    )


def _lasts(probed: StoredProbe, config: AccountConfig) -> timedelta:
    well = probed.outcome is ProbeOutcome.OK
    return timedelta(hours=config.canary.valid_hours) if well else timedelta(minutes=config.canary.recheck_minutes)


def _rows(seen: Iterable[StoredProbe]) -> Iterator[Mapping[str, object]]:
    for probed in seen:
        failed = probed.outcome is ProbeOutcome.FAILED
        yield {
            "element": MEANINGS[probed.element],
            "outcome": probed.outcome,
            "reason": probed.reason,
            "holds": ", ".join(needing(probed.element)) if failed else None,
            "evidence": probed.evidence,
            "checked_at": probed.checked_at,
        }


def _of_selectors(elements: Sequence[ElementHealth]) -> dg.AssetCheckResult:
    """An error where an element is lost, a warning where the best way to it fell."""
    lost = any(each.state is SelectorUse.LOST for each in elements)
    troubled = [each.text for each in elements if each.state is not SelectorUse.WELL]
    return dg.AssetCheckResult(
        check_name=SELECTORS_CHECK,
        passed=not troubled,
        severity=dg.AssetCheckSeverity.ERROR if lost else dg.AssetCheckSeverity.WARN,
        description=plain(" ".join(troubled[:20]) or None),
        metadata={"elements": len(elements), "troubled": len(troubled)},
    )


def _ways(elements: Iterable[ElementHealth]) -> Iterator[Mapping[str, object]]:
    for element in elements:
        for way in element.candidates:
            yield {
                "surface": way.surface,
                "element": way.element,
                "candidate": way.candidate,
                "state": element.state,
                "successes": way.successes,
                "failures": way.failures,
                "last_success_at": way.last_success_at,
            }

"""The one shape of a campaign's asset checks: a function that examines an account's day, made a check of its asset."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import dagster as dg

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.tables import plain
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns

PROBLEMS_SHOWN = 20
"""As many problems stand in a check's description; their number is in its metadata."""


@dataclass(frozen=True)
class Finding:
    """What an examination came to.

    Its sentences name people by number, never by name: they go into logs and alerts.
    """

    passed: bool
    sentence: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    warning: bool = False
    """Whether a failure is a warning, instead of an error."""

    def result(self) -> dg.AssetCheckResult:
        """The finding as Dagster shows it; what would draw an image or a link is escaped."""
        return dg.AssetCheckResult(
            passed=self.passed,
            severity=dg.AssetCheckSeverity.WARN if self.warning else dg.AssetCheckSeverity.ERROR,
            description=plain(self.sentence),
            metadata=dict(self.facts),
        )


def finding_of(problems: Sequence[str], *, warning: bool = False, **facts: Any) -> Finding:
    """Passed if there is no problem; else the first of them, and how many there are."""
    sentence = " ".join(problems[:PROBLEMS_SHOWN]) or None
    return Finding(not problems, sentence, {"problems": len(problems), **facts}, warning)


Examination = Callable[[LinkedIn, str, date], Finding]
"""Examines an account (by its slug) on a day of its calendar."""


def campaign_check(
    asset: dg.AssetKey, description: str, *, blocking: bool = False
) -> Callable[[Examination], dg.AssetChecksDefinition]:
    """Makes an examination a check of `asset`, under the function's name, for each account and day.

    The description says what holds, what a failure means, and what to do then. Blocking checks hold up what follows.
    """

    def make(examine: Examination) -> dg.AssetChecksDefinition:
        @dg.asset_check(
            asset=asset,
            name=examine.__name__,
            blocking=blocking,
            partitions_def=campaigns,
            description=description,
        )
        def check(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
            return examine(linkedin, *campaign_of(context)).result()

        return check

    return make

"""How old an invitation is at least, by the line that tells it. What is not certain is None."""

from __future__ import annotations

from linkedin_pipelines.browser.dates import matching
from linkedin_pipelines.browser.labels.network import InvitationLabels
from linkedin_pipelines.domain.invitations import AgeUnit, youngest_days


def at_least_days(line: str, labels: InvitationLabels) -> int | None:
    """The fewest days that the whole `line` can mean; None if it tells no age, or two."""
    found = set()
    for unit in AgeUnit:
        match = matching(line, getattr(labels, unit.value))
        if match is not None:
            found.add(youngest_days(int(match.groupdict().get("number") or 1), unit))
    return found.pop() if len(found) == 1 else None

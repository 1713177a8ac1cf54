"""A day's campaign in a few sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from linkedin_pipelines.domain.action_kinds import kind_of
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.birthdays.site_days import DayView
from linkedin_pipelines.services.figures.quotas import QuotaView

if TYPE_CHECKING:
    from linkedin_pipelines.services.reporting.reports import KindReport

_LEFT = (EntryOutcome.PLANNED.value, EntryOutcome.DEFERRED.value)


def summary_of(
    list_date: date,
    counts: Mapping[str, int],
    quota: QuotaView,
    page: DayView,
    others: Sequence[KindReport],
    waits: Sequence[str],
    *,
    built: bool,
) -> str:
    """What the day came to; if anybody is left to be wished, also what that waits for."""
    told = [
        f"{list_date}, {kind_of(other.kind).meaning}: "
        f"{', '.join(f'{count} {status}' for status, count in other.counts.items())}. {other.quota.text}"
        for other in others
    ]
    if built or not told:
        told.insert(0, _of_birthdays(list_date, counts, quota, page, built=built))
    if waits and any(counts.get(word) for word in _LEFT):
        told.append(f"Waits: {' '.join(waits)}")
    return " ".join(told)


def _of_birthdays(list_date: date, counts: Mapping[str, int], quota: QuotaView, page: DayView, *, built: bool) -> str:
    if not built:
        return f"No list was built for {list_date}."
    people = ", ".join(f"{count} {status}" for status, count in sorted(counts.items())) or "nobody's birthday is known"
    unknown = f" {page.text}" if page.expected and not page.is_known else ""
    return f"{list_date}: {people}. {quota.text}{unknown}"

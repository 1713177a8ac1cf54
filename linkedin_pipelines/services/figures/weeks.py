"""The last weeks of an account in numbers and in one picture: sent, deferred, failed, in doubt, against the quota."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting.weeks import deferred_by_day, outcomes_by_day
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.services.accounts.registry import get_account

WEEKS = 4
_COLOURS = {"sent": "#1f6f54", "deferred": "#c9a227", "failed": "#a33b3b", "in doubt": "#6b4ea0"}


@dataclass(frozen=True)
class DayCount:
    """One local day."""

    day: date
    sent: int
    deferred: int
    """People whom the day's list, as it stands, has deferred."""
    failed: int
    in_doubt: int
    quota: int
    """Messages that a day may hold by the account's present limit."""


def last_weeks(database: Database, account_slug: str, last: date) -> tuple[DayCount, ...]:
    """Each day of the four weeks that end with `last`, oldest first.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    first = last - timedelta(days=7 * WEEKS - 1)
    with database.reading() as session:
        outcomes = outcomes_by_day(session, account.id, first, last)
        deferred = deferred_by_day(session, account.id, first, last)
    days = (first + timedelta(days=shift) for shift in range(7 * WEEKS))
    return tuple(
        DayCount(
            day=day,
            sent=outcomes[day, InteractionStatus.SENT],
            deferred=deferred.get(day, 0),
            failed=outcomes[day, InteractionStatus.FAILED],
            in_doubt=outcomes[day, InteractionStatus.IN_DOUBT],
            quota=account.config.quotas.birthday_message.per_day,
        )
        for day in days
    )


def drawn(days: Sequence[DayCount]) -> bytes:
    """The days as a bar chart: a PNG of 720 by 240 pixels, without a name in it."""
    # 60 MB: loaded where a picture is drawn
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    figure = Figure(figsize=(7.2, 2.4), dpi=100, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    labels = [f"{each.day.day} {each.day:%b}" for each in days]
    places = list(range(len(days)))
    below = [0] * len(days)
    for name, values in (
        ("sent", [each.sent for each in days]),
        ("in doubt", [each.in_doubt for each in days]),
        ("failed", [each.failed for each in days]),
        ("deferred", [each.deferred for each in days]),
    ):
        axes.bar(places, values, bottom=below, color=_COLOURS[name], label=name)
        below = [under + value for under, value in zip(below, values, strict=True)]
    axes.plot(places, [each.quota for each in days], color="#555555", linestyle="--", linewidth=1, label="quota a day")
    axes.set_xticks(places[::7], labels[::7])
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False, fontsize=8)
    written = io.BytesIO()
    figure.savefig(written, format="png")
    return written.getvalue()

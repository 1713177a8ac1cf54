"""The chart of days: bars as high as their numbers, one on the other, below a line at the quota."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from linkedin_pipelines.services.figures.chart import drawn
from linkedin_pipelines.services.figures.weeks import DayCount

SVG = "{http://www.w3.org/2000/svg}"
COLOURS = {"sent": "#1f6f54", "in doubt": "#6b4ea0", "failed": "#a33b3b", "deferred": "#c9a227"}


def a_day(
    place: int, *, sent: int = 0, deferred: int = 0, failed: int = 0, in_doubt: int = 0, quota: int = 10
) -> DayCount:
    day = date(2026, 2, 19) + timedelta(days=place)
    return DayCount(day=day, sent=sent, deferred=deferred, failed=failed, in_doubt=in_doubt, quota=quota)


def bars(chart: ET.Element) -> list[tuple[str, float, float]]:
    """Colour, top and height of each bar, without the ground and the legend."""
    found = []
    for box in chart.iter(f"{SVG}rect"):
        left, top, height = (float(box.get(name, "")) for name in ("x", "y", "height"))
        if 0 < left < 590:
            found.append((box.get("fill", ""), top, height))
    return found


def words(chart: ET.Element) -> list[str | None]:
    return [each.text for each in chart.iter(f"{SVG}text")]


def test_a_day_is_one_pile_whose_parts_are_as_high_as_their_numbers() -> None:
    chart = ET.fromstring(drawn([a_day(0, sent=4, in_doubt=1, failed=2, deferred=3)]))
    piled = bars(chart)
    assert [colour for colour, _, _ in piled] == [COLOURS[name] for name in ("sent", "in doubt", "failed", "deferred")]
    unit = piled[1][2]
    assert [height / unit for _, _, height in piled] == pytest.approx([4, 1, 2, 3])
    for (_, below, _), (_, top, height) in pairwise(piled):
        assert top + height == pytest.approx(below)


def test_the_quota_is_a_line_at_its_height() -> None:
    chart = ET.fromstring(drawn([a_day(0, sent=5, quota=5), a_day(1, sent=2, quota=5)]))
    [quota, _] = [line for line in chart.iter(f"{SVG}polyline") if line.get("stroke-dasharray")]
    heights = {float(point.split(",")[1]) for point in quota.get("points", "").split()}
    assert heights == {top for _, top, height in bars(chart) if height == max(height for _, _, height in bars(chart))}


@pytest.mark.parametrize(
    ("most", "ticks"), [(1, "0 1"), (5, "0 1 2 3 4 5"), (15, "0 5 10 15"), (100, "0 20 40 60 80 100")]
)
def test_numbers_at_the_side_are_whole_and_few(most: int, ticks: str) -> None:
    chart = ET.fromstring(drawn([a_day(0, sent=most, quota=0)]))
    assert [word for word in words(chart) if str(word).isdigit()] == ticks.split()


def test_four_weeks_in_which_nothing_happened_have_their_days_and_no_bars() -> None:
    chart = ET.fromstring(drawn([a_day(place) for place in range(28)]))
    assert bars(chart) == []
    assert [word for word in words(chart) if str(word).endswith(("Feb", "Mar"))] == [
        "19 Feb",
        "26 Feb",
        "5 Mar",
        "12 Mar",
    ]
    assert words(chart)[-5:] == [*COLOURS, "quota a day"]

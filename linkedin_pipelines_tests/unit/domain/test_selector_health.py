"""When an element counts as lost, and when its best way of being found has fallen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from linkedin_pipelines.domain.selector_health import CandidateHealth, SelectorUse, judged

NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)
BEFORE = NOW - timedelta(days=1)


def way(
    candidate: str, successes: int, worked: datetime | None, failed: datetime | None, element: str = "send_button"
) -> CandidateHealth:
    return CandidateHealth("composer", element, candidate, successes, int(failed is not None), worked, failed)


def test_an_element_that_no_candidate_finds_any_more_is_lost_and_comes_first() -> None:
    ways = [way("class", 5, NOW, None, "editor"), way("label", 0, None, NOW), way("class", 9, BEFORE, NOW)]
    lost, well = judged(ways)
    assert (lost.element, lost.state) == ("send_button", SelectorUse.LOST)
    assert lost.text == "send_button of composer: none of 2 ways found it when last tried."
    assert (well.element, well.state) == ("editor", SelectorUse.WELL)


def test_an_element_whose_best_candidate_fell_is_told_with_the_one_that_serves() -> None:
    [found] = judged([way("label", 2, NOW, None), way("class", 9, BEFORE, NOW)])
    assert found.state is SelectorUse.FELL_BACK
    assert "class, which used to find it" in found.text
    assert "label does" in found.text


def test_a_candidate_that_fails_beside_a_better_one_is_no_trouble() -> None:
    [found] = judged([way("label", 0, None, NOW), way("class", 9, NOW, BEFORE)])
    assert found.state is SelectorUse.WELL
    assert judged([]) == []

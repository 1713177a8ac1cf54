"""A few kills of visits and withdrawals; `python -m linkedin_pipelines_tests.torture --network` plays many."""

from __future__ import annotations

import pytest

from linkedin_pipelines_tests.torture.network import NetworkRound


@pytest.mark.long
@pytest.mark.timeout(900)
def test_nothing_is_withdrawn_or_visited_twice_or_over_or_lost_under_kills() -> None:
    played = NetworkRound(0, "short", None).play(3)
    assert played.wrong == [], played.folder
    assert played.kills.total() == 3
    assert played.books.deliveries > 0

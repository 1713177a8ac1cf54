"""A short set of kills with every test run; `make torture` plays the long one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from linkedin_pipelines_tests.torture.rounds import Round
from linkedin_pipelines_tests.torture.servers import KillablePostgres

KILLS = 2
SEED = "short"


@pytest.fixture
def killable_postgres() -> Iterator[KillablePostgres]:
    """A Postgres server of the test's own, since it will be killed."""
    server = KillablePostgres()
    try:
        yield server
    finally:
        server.start()
        server.stop()


def play(postgres: KillablePostgres | None) -> None:
    played = Round(0, SEED, postgres).play(KILLS)
    again = f"python -m linkedin_pipelines_tests.torture --kills {KILLS} --stack-kills 0 --seed {SEED} --only 0"
    assert played.wrong == [], f"again: {again} --database {played.database}; logs: {played.folder}"
    assert played.kills.total() == KILLS
    assert played.books.deliveries > 0


@pytest.mark.timeout(900)
def test_nothing_is_sent_twice_or_over_or_lost_under_kills_on_sqlite() -> None:
    play(None)


@pytest.mark.timeout(900)
def test_nothing_is_sent_twice_or_over_or_lost_under_kills_on_postgres(killable_postgres: KillablePostgres) -> None:
    play(killable_postgres)


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "step",
    [
        "click: looked at everything",
        pytest.param("executor.claim: committed", marks=pytest.mark.long),
        pytest.param("proof: after", marks=pytest.mark.long),
    ],
)
def test_a_run_that_slept_through_its_lease_neither_clicks_nor_settles(step: str) -> None:
    """Stopped by a signal, as a laptop's lid does, while another run took the account over and finished the day."""
    played = Round(0, "sleeper", None).play_pause(step)
    assert played.wrong == [], played.folder
    assert played.books.deliveries > 0

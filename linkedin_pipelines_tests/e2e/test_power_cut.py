"""The power goes in the middle of a send: what the product makes of it by itself, through the real daemon."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import pytest
from sqlalchemy import select

from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.orchestrator.runs import instance_of
from linkedin_pipelines_tests.torture.installation import Installation
from linkedin_pipelines_tests.torture.servers import wait_until

ACCOUNT = "demo"
PEOPLE = 3
WITHIN_SECONDS = 480.0
"""From the moment the stack is started again, far out for a busy machine; how long it took is printed."""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    place = Installation(tmp_path, [ACCOUNT], PEOPLE, Quota(per_run=15, per_day=15, per_week=100))
    try:
        place.start()
        yield place
    finally:
        place.close()


def rows(place: Installation) -> list[Interaction]:
    with place.database.reading() as session:
        return list(
            session.scalars(select(Interaction).where(Interaction.kind == "birthday_message").order_by(Interaction.id))
        )


def status_of(place: Installation, run_id: str) -> dg.DagsterRunStatus:
    with instance_of(place.settings.home) as instance:
        run = instance.get_run_by_id(run_id)
    assert run is not None
    return run.status


def is_at_the_click(place: Installation) -> bool:
    """The click is announced, the message has left, and its end is not written down."""
    return bool(place.deliveries(ACCOUNT)) and any(
        row.status is InteractionStatus.SENDING and row.clicked_at for row in rows(place)
    )


def log_of(place: Installation) -> str:
    return "\n".join((place.folder / "up.log").read_text().splitlines()[-40:])


@pytest.mark.timeout(1500)
def test_after_a_power_cut_the_product_settles_and_goes_on_by_itself(
    place: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    place.sandbox.post("faults", {"fault": "slow_event", "seconds": 14.0})
    run_id = place.launch(ACCOUNT)
    wait_until(lambda: is_at_the_click(place), "nothing was sent", 400)
    place.cut_the_power()
    [cut_off] = [row for row in rows(place) if row.status is InteractionStatus.SENDING]
    assert status_of(place, run_id) is dg.DagsterRunStatus.STARTED, "nobody was left to say otherwise"

    begun = time.monotonic()
    took: dict[str, float] = {}

    def soon(what: str, condition: Callable[[], object]) -> None:
        try:
            wait_until(condition, f"not {what}", begun + WITHIN_SECONDS - time.monotonic())
        except TimeoutError as error:
            raise AssertionError(f"{error}; so far: {took}\n{log_of(place)}") from error
        took[what] = round(time.monotonic() - begun, 1)

    place.start()
    took["up"] = round(time.monotonic() - begun, 1)
    soon("the stranded run failed", lambda: status_of(place, run_id) is dg.DagsterRunStatus.FAILURE)
    soon("settled by reading", lambda: _settled(place, cut_off.id))
    soon("the campaign went on", lambda: len(place.deliveries(ACCOUNT)) > 1)
    wait_until(lambda: len(place.deliveries(ACCOUNT)) == PEOPLE and not place.unsettled(ACCOUNT), "not all wished", 240)
    wait_until(lambda: all(row.status is InteractionStatus.SENT for row in rows(place)), "not all settled", 120)
    with capsys.disabled():
        print(f"\nafter a power cut, seconds from the restart: {took}")  # noqa: T201 - for whoever runs the test
    books = place.compare()
    assert books.wrong == []
    assert (books.deliveries, books.sent, books.settled) == (PEOPLE, PEOPLE, 1)


def _settled(place: Installation, interaction_id: int) -> bool:
    return any(row.id == interaction_id and row.status is InteractionStatus.SENT for row in rows(place))

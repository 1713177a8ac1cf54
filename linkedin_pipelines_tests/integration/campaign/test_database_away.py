"""The database goes away in the middle of a campaign: nothing is sent without a claim, the run says so, and the next
one goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.errors import DatabaseUnavailableError
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite
from linkedin_pipelines_tests.torture.servers import KillablePostgres

TODAY = date(2026, 3, 18)
PEOPLE = ["jo-ann", "jo-bea", "jo-cid", "jo-dan"]


class Office:
    """An account with four people to wish, on a database that can be taken away."""

    def __init__(self, url: str, settings: Settings, clock: ManualClock) -> None:
        self.database = Database(url)
        self.settings = settings
        self.clock = clock
        self.site = MemorySite(today=lambda: clock.now().date())
        contacts(self.database, an_account(self.database), PEOPLE)
        self.runs = 0

    @contextmanager
    def campaign(self) -> Iterator[CampaignRun]:
        @contextmanager
        def factory(*_: object) -> Iterator[MemorySite]:
            yield self.site

        self.runs += 1
        run_id = f"run-{self.runs}"
        build_list(self.database, self.clock, "demo", TODAY, run_id)
        approve(self.database, self.clock, "demo", TODAY, "member", run_id)
        with CampaignRun.opened(
            self.database, self.settings, self.clock, "demo", TODAY, run_id, live=True, site_factory=factory
        ) as run:
            yield run

    def wish_all(self) -> None:
        with self.campaign() as run:
            for entry in run.planned():
                run.deliver(entry)

    def statuses(self) -> list[InteractionStatus]:
        with self.database.reading() as session:
            messages = select(Interaction.status).where(Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE)
            return list(session.scalars(messages.order_by(Interaction.id)))

    def everybody_was_wished_once(self) -> bool:
        return sorted(slug for slug, _ in self.site.deliveries) == PEOPLE


@pytest.fixture(scope="module")
def server() -> Iterator[KillablePostgres]:
    """A Postgres server of this module's own, since it is killed."""
    server = KillablePostgres()
    try:
        yield server
    finally:
        server.start()
        server.stop()


@pytest.fixture
def office(server: KillablePostgres, settings: Settings, clock: ManualClock) -> Iterator[Office]:
    url = server.create()
    office = Office(url, settings, clock)
    yield office
    office.database.dispose()
    server.start()
    server.drop(url)


def once(action: Callable[[], None]) -> Callable[[Recipient], None]:
    """A hook that acts on its first call alone."""
    left = [action]

    def hook(_: Recipient) -> None:
        if left:
            left.pop()()

    return hook


@pytest.mark.parametrize(
    ("step", "delivered"), [("open", 0), ("write", 0), ("before-click", 1), ("after-click", 1), ("proof", 1)]
)
def test_a_killed_server_stops_the_run_and_the_next_one_goes_on(
    office: Office, server: KillablePostgres, step: str, delivered: int
) -> None:
    """Up to the click nothing goes out, since the click cannot be announced; after it the thread tells the next run."""
    office.site.hooks[step] = once(server.kill)
    with office.campaign() as run:
        first, second, *_ = run.planned()
        with pytest.raises(DatabaseUnavailableError, match="nothing is sent until it can"):
            run.deliver(first)
        with pytest.raises(DatabaseUnavailableError):
            run.deliver(second)
    assert len(office.site.deliveries) == delivered
    assert office.site.opened == [first.slug]

    server.start()
    assert office.statuses() == [InteractionStatus.SENDING]
    office.wish_all()
    assert office.everybody_was_wished_once()
    assert office.statuses().count(InteractionStatus.SENT) == 4


def test_quota_database_down_and_sending_goes_on(office: Office, server: KillablePostgres) -> None:
    """It does not: without the database nobody is even opened, and everybody is wished once it is back."""
    with office.campaign() as run:
        first, second, *_ = run.planned()
        run.deliver(first)
        server.kill()
        with pytest.raises(DatabaseUnavailableError):
            run.deliver(second)
    assert office.site.opened == [first.slug]
    server.start()
    office.wish_all()
    assert office.everybody_was_wished_once()


def test_a_run_goes_on_by_itself_where_the_server_came_back_before_its_lease_ended(
    office: Office, server: KillablePostgres
) -> None:
    with office.campaign() as run:
        first, *others = run.planned()
        run.deliver(first)
        server.kill()
        server.start()
        for entry in others:
            run.deliver(entry)
    assert office.everybody_was_wished_once()


def test_a_sqlite_file_that_cannot_be_read_refuses_the_send(
    sqlite_url: str, settings: Settings, clock: ManualClock
) -> None:
    office = Office(sqlite_url, settings, clock)
    file = Path(sqlite_url.removeprefix("sqlite:///"))
    with office.campaign() as run:
        first, second, *_ = run.planned()
        run.deliver(first)
        office.database.dispose()
        whole = file.read_bytes()
        file.write_bytes(b"not a database" * 1000)
        with pytest.raises(DatabaseUnavailableError, match="not a database"):
            run.deliver(second)
        assert office.site.opened == [first.slug]
        office.database.dispose()
        file.write_bytes(whole)
    office.wish_all()
    assert office.everybody_was_wished_once()
    office.database.dispose()

"""Where a round takes place: people with birthdays, an account with small quotas, a database, a site, a clock."""

from __future__ import annotations

import random
import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.domain.ceilings import InteractionKind, Quota
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.world import Event, Member, Person, Relation, World
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.torture.clock import SkewedClock
from linkedin_pipelines_tests.torture.oracle import left
from linkedin_pipelines_tests.torture.servers import KillablePostgres, SandboxProcess
from linkedin_pipelines_tests.torture.worker import ACCOUNT

DAYS = 90
"""For so many days, from the first one on, there are birthdays."""
A_DAY = 4
"""Birthdays on each of them; more than the quotas allow, so that somebody always waits."""
LATE_DAYS = 14
_END_OF_DAY = timedelta(hours=21)
PROFILE_VISIT = InteractionKind.PROFILE_VISIT


class Stage:
    """All that a round needs; closed with it."""

    def __init__(self, chance: random.Random, postgres: KillablePostgres | None) -> None:
        self.postgres = postgres
        self.folder = Path(tempfile.mkdtemp(prefix="linkedin-torture-"))
        self.clock = SkewedClock(self.folder / "clock")
        self.zone = zone_where_it_is_early()
        self.day = 0
        self.quota = Quota(per_run=chance.randint(2, 4), per_day=chance.randint(3, 5), per_week=chance.randint(9, 14))
        url = self._create_database()
        home = self.folder / "home"
        home.mkdir()
        self.settings = Settings.from_environment({"LINKEDIN_HOME": str(home), "LINKEDIN_DATABASE_URL": url})
        self.database = Database(url)
        self.sandbox = self._site(self._world(chance))
        self.account_id = self._furnish()

    def _site(self, world: World) -> SandboxProcess:
        return SandboxProcess(world, self.folder)

    @property
    def today(self) -> date:
        """The account's own date."""
        return local_day(self.clock.now(), self.zone)

    def _create_database(self) -> str:
        if self.postgres is not None:
            return self.postgres.create()
        path = self.folder / "linkedin.db"
        database = Database(f"sqlite:///{path}")
        database.upgrade()
        database.dispose()
        return database.url

    def _birthdays(self) -> dict[str, date]:
        first = self.today
        return {
            f"person-{day}-{number}": first + timedelta(days=day) for day in range(-2, DAYS) for number in range(A_DAY)
        }

    def _world(self, chance: random.Random) -> World:
        people = tuple(
            Person(slug=slug, first_name=_name(index), last_name=_name(index + 7), birthday=f"{day:%m-%d}")
            for index, (slug, day) in enumerate(self._birthdays().items())
        )
        interface = Interface(
            generation=chance.choice(("sdui", "ember", "data_view")),
            latency_ms=(0, 60),
            event_delay_ms=(0, 300),
            thread_page=chance.choice((0, 2)),
            pictured_emoji=chance.choice((False, True)),
        )
        talk = tuple(
            Event(by=by, text=f"Message {number}", at=self.clock.now() - timedelta(days=400 - number))
            for number, by in enumerate(("me", "them") * 3)
        )
        member = Member(
            account=ACCOUNT,
            slug=f"{ACCOUNT}-member",
            first_name="Demo",
            last_name="Member",
            timezone=str(self.zone),
            interface=interface,
            relations=tuple(
                Relation(person=person.slug, thread=talk if index % 3 else ()) for index, person in enumerate(people)
            ),
        )
        return World(members=(member,), people=people)

    def _furnish(self) -> int:
        account_id = an_account(
            self.database,
            ACCOUNT,
            base_url=self.sandbox.url,
            timezone=str(self.zone),
            pace_seconds=[1, 20],
            late={"max_days": LATE_DAYS},
            canary={
                "valid_hours": 168
            },  # days pass quickly here, and what is shown is kills between a claim and its end
            quotas={"birthday_message": self.quota.model_dump()},
        )
        for index, (slug, day) in enumerate(self._birthdays().items()):
            first = _name(index)
            a_contact(
                self.database,
                account_id,
                slug,
                full_name=f"{first} {_name(index + 7)}",
                first_name=first,
                birth_month=day.month,
                birth_day=day.day,
            )
        state: dict[str, Any] = self.sandbox.get(f"storage-state?account={ACCOUNT}")
        save_session(self.database, self.settings, ACCOUNT, state, f"{ACCOUNT}-member", self.clock)
        return account_id

    def deliveries(self) -> list[dict[str, Any]]:
        """What has reached people, by the site's own record."""
        found: list[dict[str, Any]] = self.sandbox.get("deliveries")
        return found

    def left_today(self) -> int:
        """How many messages may still go out today: each needs a visit, and attempts that were killed spent theirs."""
        return min(self._left(self.quota), self.visits_left())

    def visits_left(self) -> int:
        """How many profiles may still be opened today."""
        with self.database.reading() as session:
            config = session.get_one(Account, self.account_id).config
            left = ledger.quota_left(session, config, self.account_id, PROFILE_VISIT, None, self.clock.now())
        return min(left.day, left.week)

    def week_left(self) -> int:
        """How many messages may still go out this week, were there no limit to a day."""
        return self._left(self.quota.model_copy(update={"per_day": self.quota.per_week}))

    def _left(self, quota: Quota) -> int:
        return left(self.database, self.account_id, self.deliveries(), quota, self.zone, self.clock.now())

    def in_doubt(self) -> bool:
        """Whether a run has left something for the next one to settle."""
        with self.database.reading() as session:
            return any(not one.waits_for_member for one in ledger.unsettled(session, self.account_id))

    def wait_out_the_breaker(self) -> str | None:
        """Skip the account's rest, if it is at rest; the stop sign, if it waits for a human."""
        with self.database.reading() as session:
            breaker = breakers.get(session, self.account_id)
            allowed = breakers.allow(session, self.account_id, self.clock.now())
        if allowed:
            return None
        if breaker.retry_at is None:
            return breaker.stop_sign or "a stop sign"
        self.clock.advance(max(timedelta(0), breaker.retry_at - self.clock.now()) + timedelta(seconds=1))
        return None

    def keep_the_day(self) -> None:
        """Move on to the next morning when the day is nearly over; the site's day follows."""
        local = self.clock.now().astimezone(self.zone)
        days = (local.date() - self._real_day()).days
        if days > self.day or local - datetime.combine(local, datetime.min.time(), self.zone) > _END_OF_DAY:
            self.next_day(max(1, days - self.day))

    def next_day(self, days: int = 1) -> None:
        """Let it be the morning of a later day, for the product and for the site."""
        self.day += days
        self.clock.set_offset(timedelta(days=self.day))
        self.sandbox.set_today(datetime.now(UTC).date() + timedelta(days=self.day))

    def _real_day(self) -> date:
        return local_day(datetime.now(UTC), self.zone)

    def close(self, *, keep: bool) -> None:
        """Stop the site, drop the database, and remove the files unless they are evidence."""
        self.sandbox.close()
        self.database.dispose()
        if self.postgres is not None:
            self.postgres.drop(self.settings.database_url)
        if not keep:
            shutil.rmtree(self.folder, ignore_errors=True)


def zone_where_it_is_early() -> ZoneInfo:
    """A zone in which it is three in the morning now."""
    hours = (3 - datetime.now(UTC).hour + 12) % 24 - 12
    return ZoneInfo(f"Etc/GMT{-hours:+d}") if hours else ZoneInfo("UTC")


NAMES = ("Ann", "Bea", "Carl", "Dora", "Emil", "Flora", "Gus", "Hanna", "Ida", "Jonas", "Karin", "Leo", "Mia", "Nils")


def _name(index: int) -> str:
    return NAMES[index % len(NAMES)]

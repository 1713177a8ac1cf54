"""Backups on both databases: taken while others write, tried out, kept in turn, put back, and never the cause of a
second wish."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from linkedin_pipelines.db.accounts import heartbeats, leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.maintenance import backups
from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus
from linkedin_pipelines.errors import BackupError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.maintenance.backups import folder_of, list_backups, restore_backup, take_backup
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)
PEOPLE = [f"jo-{first}" for first in ("ann", "bea", "cid", "dan", "eve")]


def people(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(Contact)) or 0


def test_a_backup_holds_what_the_database_held_and_a_restore_brings_it_back(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    contacts(database, an_account(database), PEOPLE)
    taken = take_backup(database, settings, clock)
    assert taken.rows["contacts"] == 5
    assert taken.path.stat().st_mode & 0o077 == 0
    a_contact(database, 1, "jo-fay")
    done = restore_backup(database, settings, clock, taken.path)
    assert people(database) == 5
    assert done.accounts == ("demo",)
    assert get_account(database, "demo").settle_first_since == clock.now()
    assert done.replaced is not None
    restore_backup(database, settings, clock, done.replaced)
    assert people(database) == 6


def test_it_is_whole_although_others_write_meanwhile(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    """A person and their birthday are written together; a backup that holds one holds the other."""
    account_id = an_account(database)
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            contacts(database, account_id, [f"jo-{len(written)}-{n}" for n in range(3)])
            written.append(3)

    written: list[int] = []
    writer = threading.Thread(target=write)
    writer.start()
    try:
        views = [take_backup(database, settings, clock, keep=9) for _ in range(3) if clock.advance(seconds=1)]
    finally:
        stop.set()
        writer.join()
    counts = [view.rows["contacts"] for view in views]
    assert counts == sorted(counts)
    assert all(count % 3 == 0 for count in counts)


def test_only_the_newest_are_kept(database: Database, settings: Settings, clock: ManualClock) -> None:
    an_account(database)
    taken = []
    for _ in range(4):
        clock.advance(days=1)
        taken.append(take_backup(database, settings, clock, keep=2).path)
    assert [view.path for view in list_backups(settings)] == [taken[3], taken[2]]
    assert sorted(path.name for path in folder_of(settings).iterdir()) == sorted(
        name for path in taken[2:] for name in (path.name, f"{path.name}.json")
    )


def test_a_damaged_backup_is_refused_and_changes_nothing(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    contacts(database, an_account(database), PEOPLE)
    path = take_backup(database, settings, clock).path
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(BackupError, match="checksum"):
        restore_backup(database, settings, clock, path)
    path.with_name(path.name + ".json").unlink()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupError):
        restore_backup(database, settings, clock, path)
    assert people(database) == 5
    assert get_account(database, "demo").settle_first_since is None


def test_something_that_is_no_backup_is_refused(
    database: Database, settings: Settings, clock: ManualClock, tmp_path: Path
) -> None:
    stranger = tmp_path / "letter.txt"
    stranger.write_text("Dear Sir or Madam")
    with pytest.raises(BackupError, match="no backup"):
        restore_backup(database, settings, clock, stranger)
    with pytest.raises(BackupError, match="no file"):
        restore_backup(database, settings, clock, tmp_path / "nowhere")


def test_nothing_is_restored_under_a_run(database: Database, settings: Settings, clock: ManualClock) -> None:
    account_id = an_account(database)
    path = take_backup(database, settings, clock).path
    with database.writing() as session:
        lease = leases.acquire(session, account_id, "run-1", clock.now())
    with pytest.raises(BackupError, match="at work for account demo"):
        restore_backup(database, settings, clock, path)
    with database.writing() as session:
        leases.release(session, lease)
        heartbeats.beat(session, "run-2", "here", 1, clock.now())
    with pytest.raises(BackupError, match="run-2 is at work"):
        restore_backup(database, settings, clock, path)
    clock.advance(minutes=2)
    restore_backup(database, settings, clock, path)


def test_a_backup_of_an_older_schema_is_brought_to_this_ones(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    contacts(database, an_account(database), PEOPLE)
    database.downgrade("0003")
    folder = folder_of(settings)
    folder.mkdir()
    old = folder / f"old{backups.suffix_of(database)}"
    backups.copy(database, old)
    database.upgrade()
    restore_backup(database, settings, clock, old)
    database.require_current_schema()
    assert people(database) == 5


def test_an_empty_database_gets_everything(database: Database, settings: Settings, clock: ManualClock) -> None:
    contacts(database, an_account(database), PEOPLE)
    path = take_backup(database, settings, clock).path
    database.downgrade("base")
    restore_backup(database, settings, clock, path)
    assert people(database) == 5


def test_tables_of_others_in_the_same_database_stay_out_of_it(
    postgres: Database, settings: Settings, clock: ManualClock
) -> None:
    with postgres.writing() as session:
        session.execute(text("CREATE TABLE runs (id integer)"))
        session.execute(text("INSERT INTO runs VALUES (7)"))
    an_account(postgres)
    path = take_backup(postgres, settings, clock).path
    with postgres.writing() as session:
        session.execute(text("INSERT INTO runs VALUES (8)"))
    restore_backup(postgres, settings, clock, path)
    with postgres.reading() as session:
        assert list(session.scalars(text("SELECT id FROM runs ORDER BY id"))) == [7, 8]


def campaign(database: Database, settings: Settings, clock: ManualClock, site: MemorySite, run: str) -> list[Outcome]:
    @contextmanager
    def factory(*_: object) -> Iterator[MemorySite]:
        yield site

    build_list(database, clock, "demo", TODAY, run)
    approve(database, clock, "demo", TODAY, "member", run)
    with CampaignRun.opened(
        database, settings, clock, "demo", TODAY, run, live=True, site_factory=factory
    ) as under_way:
        return [under_way.deliver(entry) for entry in under_way.planned()]


def test_a_backup_from_before_todays_sends_restored_after_them_sends_nobody_a_second_wish(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    quota = {"birthday_message": {"per_run": 4, "per_day": 4, "per_week": 20}}
    people = contacts(database, an_account(database, quotas=quota), PEOPLE)
    site = MemorySite(today=lambda: clock.now().date())
    path = take_backup(database, settings, clock).path
    first = campaign(database, settings, clock, site, "run-1")
    assert [delivery.status for delivery in first] == [InteractionStatus.SENT] * 4

    clock.advance(timedelta(minutes=5))
    restore_backup(database, settings, clock, path)
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 0
    campaign(database, settings, clock, site, "run-2")
    assert len(site.deliveries) == 4, "nobody knows who was visited today, so no conversation is opened"
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Interaction)) == 0

    clock.advance(days=1)
    campaign(database, settings, clock, site, "run-3")  # its list was built before it read who was written to
    assert len(site.deliveries) == 4
    campaign(database, settings, clock, site, "run-4")
    assert [count for _, count in Counter(slug for slug, _ in site.deliveries).most_common()] == [1] * 5
    with database.reading() as session:
        messages = select(Interaction.origin, Interaction.status).where(Interaction.kind == "birthday_message")
        rows = Counter((row.origin, row.status) for row in session.execute(messages))
    sent = InteractionStatus.SENT
    assert rows == {(InteractionOrigin.BY_HAND, sent): 4, (InteractionOrigin.CAMPAIGN, sent): 1}
    assert len(people) == 5
    build_list(database, clock, "demo", TODAY + timedelta(days=1), "run-5")
    assert get_account(database, "demo").settle_first_since is None

"""Forgetting beside campaigns, namesakes and crashes; the whole of it is in `dagster_defs/test_forgetting.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, Forgetting, Interaction, LegacyRow
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.errors import DatabaseUnavailableError, LeaseHeldError, UnknownContactError
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.contacts.imports import import_files, list_birthdays, list_unmatched
from linkedin_pipelines.services.legacy.importing import holds_of
from linkedin_pipelines.services.privacy.forgetting import ForgettingView, forget
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.legacy.taking_over import DATA, NOW, add_connections, dump, take_over
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt
from linkedin_pipelines_tests.member_files import connection, connections_csv, vcard, written


class NoHistory:
    """An installation in which nothing ever ran; `fails` as one whose files are away."""

    fails = False

    def require_idle(self, account: str) -> None:
        pass

    def showing(self, account: str, forgotten: Forgotten) -> Sequence[str]:  # noqa: ARG002 - the interface's shape
        return ()

    def erase(self, account: str, runs: Sequence[str]) -> None:  # noqa: ARG002 - the interface's shape
        if self.fails:
            raise DatabaseUnavailableError("the disk is full")


@pytest.fixture
def history() -> NoHistory:
    return NoHistory()


@pytest.fixture
def database(database_url: str, settings: Settings) -> Iterator[Database]:
    database = open_database(settings.model_copy(update={"database_url": database_url}))
    yield database
    database.dispose()


def test_a_campaign_keeps_forgetting_out_and_what_was_in_doubt_counts_as_sent(
    database: Database, settings: Settings, clock: ManualClock, history: NoHistory
) -> None:
    account = an_account(database)
    contact = a_contact(database, account, "ada-byron-1")
    attempt(database, account, contact, status=InteractionStatus.IN_DOUBT)
    with database.writing() as session:
        lease = leases.acquire(session, account, "run-1", clock.now())
    with pytest.raises(LeaseHeldError, match="run-1 is at work"):
        forget(database, settings, clock, "demo", "ada-byron-1", history)
    with database.writing() as session:
        leases.release(session, lease)
    forget(database, settings, clock, "demo", "ada-byron-1", history)
    with database.reading() as session:
        row = session.scalars(select(Interaction)).one()
        assert (row.status, row.body, row.template, row.evidence) == (InteractionStatus.SENT, "", None, None)
        kept = session.get_one(Contact, contact)
        assert (kept.profile_slug, kept.do_not_contact_reason) == (None, "asked to be forgotten")


def test_a_namesake_does_not_inherit_the_birthday(
    database: Database, settings: Settings, clock: ManualClock, history: NoHistory, tmp_path: Path
) -> None:
    an_account(database)
    people = connections_csv(connection("Ada Byron", "ada-byron-1"), connection("Ada Byron", "ada-byron-2"))
    files = [
        written(tmp_path / "Connections.csv", people),
        written(tmp_path / "cards.vcf", vcard("Ada Byron", "BDAY:--1210")),
    ]
    import_files(database, clock, "demo", files)
    forget(database, settings, clock, "demo", "ada-byron-1", history)
    files[0].write_text(people + "\r\n")
    report = import_files(database, clock, "demo", files)
    assert [part.rows_forgotten for file in report.files for part in file.parts] == [1]
    assert list_birthdays(database, "demo", on=None, everyone=True) == []
    [left] = list_unmatched(database, "demo")
    assert left.reason == "more than one person that you know, or knew, is called Ada Byron"


def test_what_a_crash_left_undone_is_finished_by_the_same_order(
    database: Database, settings: Settings, clock: ManualClock, history: NoHistory
) -> None:
    account = an_account(database)
    a_contact(database, account, "ada-byron-1")
    settings.logs.mkdir()
    history.fails = True
    with pytest.raises(DatabaseUnavailableError):
        forget(database, settings, clock, "demo", "ada-byron-1", history)
    (settings.logs / "errors.log").write_text("Ada Byron 1")
    history.fails = False
    clock.advance(hours=1)
    view: ForgettingView = forget(database, settings, clock, "demo", "ada-byron-1", history)
    assert (view.known_before, view.rows, view.files) == (True, {}, {"logs": 1})
    with database.reading() as session:
        assert all(row.finished_at for row in session.scalars(select(Forgetting)))
    with pytest.raises(UnknownContactError, match="never forgot"):
        forget(database, settings, clock, "demo", "grace-hopper", history)


def test_what_an_imported_database_states_of_a_person_is_erased_and_what_was_spent_stays(
    database: Database, settings: Settings, history: NoHistory
) -> None:
    an_account(database)
    take_over(database, DATA / "v1_small.db")
    with database.reading() as session:
        rows = session.scalars(select(LegacyRow).where(LegacyRow.fact.is_not(None))).all()
        facts = {row.id: row.fact or {} for row in rows}
        slug = next(facts[row.id]["slug"] for row in rows if row.interaction_id and facts[row.id]["slug"])
        theirs = {row_id for row_id, fact in facts.items() if fact["slug"] == slug}
        used = len(session.scalars(select(Interaction.id)).all())
    assert slug in "".join(dump(database))
    view = forget(database, settings, ManualClock(NOW), "demo", slug, history)
    assert view.rows["rows of imported databases"] >= len(theirs)
    assert slug not in "".join(dump(database))
    with database.reading() as session:
        for row in session.scalars(select(LegacyRow).where(LegacyRow.id.in_(theirs))):
            assert (row.fact, row.digest, row.contact_id, row.why) == (None, "", None, "forgotten")
        assert len(session.scalars(select(Interaction.id)).all()) == used
    take_over(database, DATA / "v1_older.db")
    with database.reading() as session:
        assert session.scalars(select(Contact).where(Contact.profile_slug == slug)).all() == []


def test_forgetting_one_of_two_of_a_name_leaves_the_other_s_birthday_held(
    database: Database, settings: Settings, history: NoHistory
) -> None:
    an_account(database)
    add_connections(database)
    take_over(database, DATA / "v1_small.db")
    before = {hold.slug: hold.occurrence_year for hold in holds_of(database, "demo")}
    forget(database, settings, ManualClock(NOW), "demo", "dario-nunez-000ee6", history)
    del before["dario-nunez-000ee6"]
    assert {hold.slug: hold.occurrence_year for hold in holds_of(database, "demo")} == before != {}


def test_the_copies_of_a_killed_trial_go_too(sqlite: Database, settings: Settings, history: NoHistory) -> None:
    """A trial erases its own home; one that was killed leaves a database full of contacts."""
    clock = ManualClock()
    a_contact(sqlite, an_account(sqlite), "ada-byron-1")
    settings.trial.mkdir(parents=True)
    copy = written(settings.trial / "linkedin.db", "Ada Byron")
    asked = forget(sqlite, settings, clock, "demo", "ada-byron-1", history, rehearsal=True)
    assert (asked.files, copy.exists()) == ({"trial": 1}, True)
    assert forget(sqlite, settings, clock, "demo", "ada-byron-1", history).files == {"trial": 1}
    assert not copy.exists()

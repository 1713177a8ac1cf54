"""Forgetting beside campaigns, namesakes and crashes; the whole of it is in `dagster_defs/test_forgetting.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import leases
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.db.models import Contact, Forgetting, Interaction
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.errors import LeaseHeldError, StoreUnavailableError, UnknownContactError
from linkedin_pipelines.services.forgetting import ForgettingView, forget
from linkedin_pipelines.services.imports import import_files, list_birthdays, list_unmatched
from linkedin_pipelines.services.store import open_store
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
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
            raise StoreUnavailableError("the disk is full")


@pytest.fixture
def history() -> NoHistory:
    return NoHistory()


@pytest.fixture
def store(database_url: str, settings: Settings) -> Iterator[Database]:
    store = open_store(settings.model_copy(update={"database_url": database_url}))
    yield store
    store.dispose()


def test_a_campaign_keeps_forgetting_out_and_what_was_in_doubt_counts_as_sent(
    store: Database, settings: Settings, clock: ManualClock, history: NoHistory
) -> None:
    account = an_account(store)
    contact = a_contact(store, account, "ada-byron-1")
    attempt(store, account, contact, status=InteractionStatus.IN_DOUBT)
    with store.writing() as session:
        lease = leases.acquire(session, account, "run-1", clock.now())
    with pytest.raises(LeaseHeldError, match="run-1 is at work"):
        forget(store, settings, clock, "demo", "ada-byron-1", history)
    with store.writing() as session:
        leases.release(session, lease)
    forget(store, settings, clock, "demo", "ada-byron-1", history)
    with store.reading() as session:
        row = session.scalars(select(Interaction)).one()
        assert (row.status, row.body, row.template, row.evidence) == (InteractionStatus.SENT, "", None, None)
        kept = session.get_one(Contact, contact)
        assert (kept.profile_slug, kept.do_not_contact_reason) == (None, "asked to be forgotten")


def test_a_namesake_does_not_inherit_the_birthday(
    store: Database, settings: Settings, clock: ManualClock, history: NoHistory, tmp_path: Path
) -> None:
    an_account(store)
    people = connections_csv(connection("Ada Byron", "ada-byron-1"), connection("Ada Byron", "ada-byron-2"))
    files = [
        written(tmp_path / "Connections.csv", people),
        written(tmp_path / "cards.vcf", vcard("Ada Byron", "BDAY:--1210")),
    ]
    import_files(store, clock, "demo", files)
    forget(store, settings, clock, "demo", "ada-byron-1", history)
    files[0].write_text(people + "\r\n")
    report = import_files(store, clock, "demo", files)
    assert [part.rows_forgotten for file in report.files for part in file.parts] == [1]
    assert list_birthdays(store, "demo", on=None, everyone=True) == []
    [left] = list_unmatched(store, "demo")
    assert left.reason == "more than one person that you know, or knew, is called Ada Byron"


def test_what_a_crash_left_undone_is_finished_by_the_same_order(
    store: Database, settings: Settings, clock: ManualClock, history: NoHistory
) -> None:
    account = an_account(store)
    a_contact(store, account, "ada-byron-1")
    settings.logs.mkdir()
    history.fails = True
    with pytest.raises(StoreUnavailableError):
        forget(store, settings, clock, "demo", "ada-byron-1", history)
    (settings.logs / "errors.log").write_text("Ada Byron 1")
    history.fails = False
    clock.advance(hours=1)
    view: ForgettingView = forget(store, settings, clock, "demo", "ada-byron-1", history)
    assert (view.known_before, view.rows, view.files) == (True, {}, {"logs": 1})
    with store.reading() as session:
        assert all(row.finished_at for row in session.scalars(select(Forgetting)))
    with pytest.raises(UnknownContactError, match="never forgot"):
        forget(store, settings, clock, "demo", "grace-hopper", history)

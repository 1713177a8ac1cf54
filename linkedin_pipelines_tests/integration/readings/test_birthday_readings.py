"""What the catch-up page shows is kept with its source; what it does not show for certain is unknown, never empty."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import cast

import pytest
from sqlalchemy import select

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import BirthdayRecord, BrowserSession, Contact, Interaction
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.domain.messaging import PageSite, SeenBirthday, SeenDay
from linkedin_pipelines.domain.states import BreakerState, InteractionStatus, ReadingOutcome, Reason
from linkedin_pipelines.errors import NotNowError, PageUnreadableError, SessionMissingError, StopSignError
from linkedin_pipelines.services.accounts.crypto import marking_key
from linkedin_pipelines.services.accounts.registry import AccountView, pause
from linkedin_pipelines.services.actions.site_session import SiteFactory
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.birthdays.readings import ReadingView, read_birthdays
from linkedin_pipelines.services.birthdays.site_days import find_reading
from linkedin_pipelines.services.contacts.imports import import_files, list_unmatched
from linkedin_pipelines.services.maintenance.upkeep import settle_open_interactions
from linkedin_pipelines.services.privacy.forgetting import forget
from linkedin_pipelines.services.reporting.status import account_status
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import LONG_AGO, an_account, contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.member_files import connection, connections_csv, vcard, written

TODAY = date(2026, 3, 18)
PEOPLE = connections_csv(
    connection("Jane Doe", "jane"),
    connection("Jane Doe", "jane-2"),
    connection("Bo Roe", "bo"),
    connection("Cy Poe", "cy"),
)


@dataclass
class Pages:
    """The member's pages in memory: what they show, or why they cannot be read."""

    today: Callable[[], SeenDay] = lambda: SeenDay((), None)
    infos: dict[str, tuple[int, int] | BaseException] = field(default_factory=dict)
    visited: list[str] = field(default_factory=list)
    closed: int = 0

    def birthdays(self) -> SeenDay:
        return self.today()

    def contact_birthday(self, slug: str) -> tuple[int, int] | None:
        self.visited.append(slug)
        shown = self.infos.get(slug)
        if isinstance(shown, BaseException):
            raise shown
        return shown

    @contextmanager
    def opened(self, _settings: Settings, _account: AccountView) -> Iterator[Pages]:
        try:
            yield self
        finally:
            self.closed += 1


def showing(*cards: tuple[str, str, date], doubt: str | None = None) -> Pages:
    people = tuple(SeenBirthday(slug, name, on) for slug, name, on in cards)
    return Pages(lambda: SeenDay(people, doubt))


def failing(error: Exception) -> Pages:
    def fail() -> SeenDay:
        raise error

    return Pages(fail)


@contextmanager
def no_messenger(_settings: Settings, _account: AccountView) -> Iterator[PageSite]:
    raise AssertionError("no conversation is read for a visit")
    yield


@dataclass
class Here:
    """An account with four connections, and one reading after the other."""

    database: Database
    settings: Settings
    clock: ManualClock
    folder: Path
    account_id: int

    def read(self, pages: Pages, day: date = TODAY, run: str = "run-1") -> ReadingView:
        return read_birthdays(
            self.database, self.settings, self.clock, "demo", day, run, cast("SiteFactory", pages.opened)
        )

    def take_in(self, name: str, content: str) -> None:
        import_files(self.database, self.clock, "demo", [written(self.folder / name, content)])

    def born(self, slug: str) -> tuple[int | None, int | None, str | None, bool]:
        with self.database.reading() as session:
            row = session.scalars(select(Contact).where(Contact.profile_slug == slug)).one()
            return row.birth_month, row.birth_day, row.birthday_source, row.birthday_disputed

    def on_list(self) -> dict[str | None, tuple[str, Reason | None]]:
        built = build_list(self.database, self.clock, "demo", TODAY, "run-list")
        return {entry.slug: (entry.outcome, entry.reason) for entry in built.entries}


@pytest.fixture
def here(database: Database, settings: Settings, clock: ManualClock, tmp_path: Path) -> Here:
    account_id = an_account(database)
    with database.writing() as session:
        session.add(BrowserSession(account_id=account_id, sealed_state=b"sealed", stored_at=LONG_AGO))
    made = Here(database, settings, clock, tmp_path, account_id)
    made.take_in("Connections.csv", PEOPLE)
    return made


def test_a_whole_page_gives_birthdays_with_source_and_moment(here: Here) -> None:
    pages = showing(("jane", "Jane Doe", TODAY), ("bo", "Bo Roe", TODAY - timedelta(days=3)))
    read = here.read(pages)
    assert (read.outcome, read.explanation) == (ReadingOutcome.WHOLE, None)
    assert {each.slug: each.state for each in read.people} == {"jane": "new", "bo": "new"}
    assert here.born("jane") == (3, 18, "catch_up", False)
    assert here.born("bo") == (3, 15, "catch_up", False)
    assert here.born("jane-2") == (None, None, None, False)  # a namesake of another address is another person
    with here.database.reading() as session:
        records = session.scalars(select(BirthdayRecord)).all()
        assert {record.seen_at for record in records} == {record.first_seen_at for record in records} != {None}
    assert here.on_list() == {"jane": ("planned", None), "bo": ("planned", None)}
    day = find_reading(here.database, "demo", TODAY)
    assert (day.is_known, day.people) == (True, 2)
    assert pages.closed == 1


def test_the_same_day_seen_again_changes_nothing_but_the_moment(here: Here) -> None:
    here.read(showing(("jane", "Jane Doe", TODAY)))
    here.clock.advance(days=1)
    again = here.read(showing(("jane", "Jane Doe", TODAY)), TODAY + timedelta(days=1), "run-2")
    assert [each.state for each in again.people] == ["agrees"]
    with here.database.reading() as session:
        [record] = session.scalars(select(BirthdayRecord)).all()
        assert record.seen_at == here.clock.now() > record.first_seen_at


def test_a_card_of_nobody_imported_is_kept_and_shown_and_no_namesake_gets_it(here: Here) -> None:
    read = here.read(showing(("bo-the-second", "Bo Roe", TODAY)))
    assert [(each.state, each.contact_id) for each in read.people] == [("not imported", None)]
    assert here.born("bo") == (None, None, None, False)
    [unmatched] = list_unmatched(here.database, "demo")
    assert (unmatched.name, unmatched.source) == ("Bo Roe", "catch_up")
    assert "profile address bo-the-second" in unmatched.reason


@pytest.mark.parametrize("file_first", [True, False])
def test_a_file_and_the_site_that_disagree_hold_the_wish_until_they_agree(here: Here, file_first: bool) -> None:
    file = vcard("Bo Roe", "BDAY:1985-03-16")
    if file_first:
        here.take_in("book.vcf", file)
    here.read(showing(("bo", "Bo Roe", TODAY)))
    if not file_first:
        here.take_in("book.vcf", file)
    assert here.born("bo") == (3, 18, "catch_up", True)
    assert here.on_list() == {"bo": ("skipped", Reason.BIRTHDAY_DISPUTED)}
    built = build_list(here.database, here.clock, "demo", TODAY, "run-list")
    assert "03-18 by the site's catch-up page, 03-16 by a vCard" in (built.entries[0].explanation or "")
    assert any("disputed" in wait for wait in account_status(here.database, here.clock, "demo").waits_for)
    with here.database.reading() as session:
        assert len(session.scalars(select(BirthdayRecord)).all()) == 2  # both stay
    here.take_in("mended.vcf", vcard("Bo Roe", "BDAY:1985-03-18"))
    assert here.born("bo") == (3, 18, "catch_up", False)
    assert here.on_list() == {"bo": ("planned", None)}


@pytest.mark.parametrize(
    "error",
    [
        PageUnreadableError("the catch-up page counts [3] birthdays, but 2 were read."),
        SessionMissingError("nobody signed in"),
    ],
)
def test_a_day_that_could_not_be_read_is_unknown_and_files_still_count(here: Here, error: Exception) -> None:
    here.take_in("book.vcf", vcard("Cy Poe", "BDAY:--0318"))
    with pytest.raises(type(error)):
        here.read(failing(error))
    day = find_reading(here.database, "demo", TODAY)
    assert (day.outcome, day.is_known) == (ReadingOutcome.UNKNOWN, False)
    assert str(error) in day.text
    assert here.on_list() == {"cy": ("planned", None)}
    status = account_status(here.database, here.clock, "demo")
    assert any(str(error) in wait for wait in status.waits_for)
    with here.database.reading() as session:
        assert breakers.get(session, here.account_id).state is BreakerState.CLOSED  # it says nothing about messages
    here.read(showing(), run="run-2")
    assert find_reading(here.database, "demo", TODAY).is_known


def test_people_on_a_page_that_proves_nothing_are_kept_and_the_day_stays_unknown(here: Here) -> None:
    read = here.read(showing(("jane", "Jane Doe", TODAY), doubt="no count proves them to be all."))
    assert read.outcome is ReadingOutcome.UNKNOWN
    assert here.born("jane") == (3, 18, "catch_up", False)
    assert not find_reading(here.database, "demo", TODAY).is_known


def test_a_day_never_read_is_not_known_to_be_empty(here: Here) -> None:
    day = find_reading(here.database, "demo", TODAY)
    assert (day.expected, day.outcome, day.is_known) == (True, None, False)


def test_a_stop_sign_opens_the_breaker_until_a_human_resumes(here: Here) -> None:
    with pytest.raises(StopSignError):
        here.read(failing(StopSignError("checkpoint", "A checkpoint was shown.")))
    with here.database.reading() as session:
        breaker = breakers.get(session, here.account_id)
    assert (breaker.state, breaker.stop_sign) == (BreakerState.OPEN, "checkpoint")
    assert not find_reading(here.database, "demo", TODAY).is_known
    with pytest.raises(NotNowError, match="waits for the member"):
        here.read(showing(), run="run-2")


def test_only_the_present_day_can_be_read_and_only_while_the_account_may_act(here: Here) -> None:
    with pytest.raises(NotNowError, match="the present day alone"):
        here.read(showing(), TODAY - timedelta(days=1))
    pause(here.database, here.clock, "demo", "on holiday", "cli:test")
    with pytest.raises(NotNowError, match="on holiday"):
        here.read(showing())
    assert find_reading(here.database, "demo", TODAY).outcome is None


def visits(here: Here) -> dict[str, InteractionStatus]:
    with here.database.reading() as session:
        query = select(Contact.profile_slug, Interaction.status).join(Contact, Contact.id == Interaction.contact_id)
        rows = session.execute(query.where(Interaction.kind == "profile_visit"))
        return {str(slug): status for slug, status in rows}


def test_contact_infos_are_left_alone_unless_the_member_chose_them(here: Here) -> None:
    pages = showing()
    assert here.read(pages).contact_infos.visits == 0
    edit_account(here.database, here.account_id, mode="rehearsal", site_birthdays={"contact_info_per_day": 5})
    assert "live accounts alone" in (here.read(pages, run="run-2").contact_infos.held or "")
    assert pages.visited == []


def test_a_few_contact_infos_a_day_are_visits_of_the_ledger_and_nobody_is_asked_twice_a_year(here: Here) -> None:
    edit_account(here.database, here.account_id, pace_seconds=[5, 5], site_birthdays={"contact_info_per_day": 2})
    with here.database.writing() as session:
        bo = session.scalars(select(Contact).where(Contact.profile_slug == "bo")).one()
        bo.do_not_contact_since, bo.do_not_contact_reason = LONG_AGO, "asked me"
    pages = showing(("jane", "Jane Doe", TODAY))
    pages.infos = {"cy": (2, 29), "jane-2": PageUnreadableError("its birthday is no day of the year.")}
    looked = here.read(pages).contact_infos
    assert (looked.visits, looked.found, looked.unread) == (2, 1, 1)
    assert sorted(pages.visited) == ["cy", "jane-2"]
    assert visits(here) == dict.fromkeys(["cy", "jane-2"], InteractionStatus.SENT)
    assert here.born("cy") == (2, 29, "contact_info", False)
    assert sum(here.clock.slept) >= 5 * len(pages.visited)
    assert here.read(pages, run="run-2").contact_infos.visits == 0  # the day's number is used up
    here.clock.advance(days=1)
    assert here.read(pages, TODAY + timedelta(days=1), "run-3").contact_infos.visits == 0  # and everybody was asked


def test_the_quota_of_visits_stands_above_the_number_chosen(here: Here) -> None:
    edit_account(
        here.database,
        here.account_id,
        site_birthdays={"contact_info_per_day": 5},
        quotas={"profile_visit": {"per_run": 1, "per_day": 1, "per_week": 1}},
    )
    contacts(here.database, here.account_id, ["di-poe", "ed-poe"], birth_month=None, birth_day=None)
    looked = here.read(showing()).contact_infos
    assert looked.visits == 1
    assert "limit of 1 in 7 days" in (looked.held or "")


def test_a_visit_cut_off_by_a_kill_counts_as_made_and_holds_nothing_up(here: Here) -> None:
    edit_account(here.database, here.account_id, site_birthdays={"contact_info_per_day": 1})
    pages = showing()
    pages.infos = dict.fromkeys(("jane", "jane-2", "bo", "cy"), KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        here.read(pages)
    assert list(visits(here).values()) == [InteractionStatus.SENDING]
    here.clock.advance(minutes=5)
    settled = settle_open_interactions(here.database, here.settings, here.clock, "demo", "run-2", no_messenger)
    assert settled.left == 0
    assert list(visits(here).values()) == [InteractionStatus.SENT]


def test_a_stop_sign_during_a_visit_counts_the_visit_and_leaves_the_day_known(here: Here) -> None:
    edit_account(here.database, here.account_id, site_birthdays={"contact_info_per_day": 5})
    pages = showing()
    pages.infos = {slug: StopSignError("rate_limited", "Too many requests.") for slug in ("jane", "jane-2", "bo", "cy")}
    with pytest.raises(StopSignError):
        here.read(pages)
    assert list(visits(here).values()) == [InteractionStatus.SENT]
    with here.database.reading() as session:
        assert breakers.get(session, here.account_id).stop_sign == "rate_limited"
    assert find_reading(here.database, "demo", TODAY).is_known


class NoRuns:
    """A history of an instance in which nothing ran."""

    def require_idle(self, account: str) -> None:
        pass

    def showing(self, account: str, forgotten: Forgotten) -> list[str]:  # noqa: ARG002 - the interface's shape
        return []

    def erase(self, account: str, runs: Sequence[str]) -> None:
        pass


def test_who_asked_to_be_forgotten_is_neither_kept_nor_shown(here: Here) -> None:
    here.database.dispose()
    here.database = Database(here.database.url, marking_key=partial(marking_key, here.settings))
    forget(here.database, here.settings, here.clock, "demo", "bo", NoRuns())
    read = here.read(showing(("bo", "Bo Roe", TODAY), ("jane", "Jane Doe", TODAY)))
    here.database.dispose()
    assert read.outcome is ReadingOutcome.WHOLE  # the page was read to its end, whoever is on it
    assert [each.slug for each in read.people] == ["jane"]
    with here.database.reading() as session:
        assert [record.profile_slugs for record in session.scalars(select(BirthdayRecord))] == [["jane"]]
    here.database.dispose()

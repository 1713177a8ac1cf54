"""Assisted mode on both databases: the product prepares and proves, and the click is the member's alone."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import NoScreenError, PageUnreadableError
from linkedin_pipelines.services.accounts.registry import pause
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)
POLL = timedelta(seconds=6)


class Killed(BaseException):
    """What ends a run as a kill does: nothing but the closing of what was opened comes after it."""


@dataclass
class Desk:
    """An assisted account with people whose birthday is today, and the member before the browser's window."""

    database: Database
    settings: Settings
    clock: ManualClock
    account_id: int
    site: MemorySite
    told: list[str] = field(default_factory=list)
    polls: int = 0

    def each_poll(self, does: Callable[[Recipient], object] = lambda _: None, at: int = 3) -> None:
        """Let time pass with every poll of the page, and have the member do something at one of them."""

        def wait(recipient: Recipient) -> None:
            self.polls += 1
            self.clock.advance(POLL)
            if self.polls == at:
                does(recipient)

        self.site.hooks["wait"] = wait

    def press(self, recipient: Recipient) -> None:
        self.site.deliveries.append((recipient.profile_slug, self.site.editor))
        self.site.say(recipient.profile_slug, self.site.editor, TODAY)
        self.site.editor = ""

    def edit_and_press(self, recipient: Recipient) -> None:
        self.site.editor = "All the best, from both of us"
        self.press(recipient)

    @contextmanager
    def campaign(self, run_id: str = "run-1", *, live: bool = True) -> Iterator[CampaignRun]:
        @contextmanager
        def factory(*_: object) -> Iterator[MemorySite]:
            yield self.site

        build_list(self.database, self.clock, "demo", TODAY, run_id)
        approve(self.database, self.clock, "demo", TODAY, "member", run_id)
        with CampaignRun.opened(
            self.database, self.settings, self.clock, "demo", TODAY, run_id, live=live, site_factory=factory
        ) as run:
            run.told_by(self.told.append)
            yield run

    def wish_all(self, run_id: str = "run-1", *, live: bool = True) -> list[Outcome]:
        with self.campaign(run_id, live=live) as run:
            return [run.deliver(entry) for entry in run.planned()]

    def rows(self) -> list[Interaction]:
        wishes = select(Interaction).where(Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE)
        with self.database.reading() as session:
            return list(session.scalars(wishes.order_by(Interaction.id)))

    def statuses(self) -> list[str]:
        return [str(row.status) for row in self.rows()]


@pytest.fixture
def desk(database: Database, clock: ManualClock, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("DISPLAY", ":99")
    account_id = an_account(database, mode="assisted", assisted={"wait_minutes": 5})
    contacts(database, account_id, ["jane-doe"])
    seen = Settings.from_environment({"LINKEDIN_HOME": str(settings.home), "LINKEDIN_BROWSER_HEADLESS": "0"})
    return Desk(database, seen, clock, account_id, MemorySite(today=lambda: clock.now().date()))


def test_what_the_member_sends_is_proven_and_recorded_without_a_click_of_ours(desk: Desk) -> None:
    desk.each_poll(desk.press)
    [outcome] = desk.wish_all()
    assert outcome.status is InteractionStatus.SENT
    [row] = desk.rows()
    assert desk.site.deliveries == [("jane-doe", row.body)]
    assert row.evidence is not None
    assert row.evidence.event_text == row.evidence.read_back == row.body
    assert desk.told == ["Press Send in the open browser window; I wait until 10:05."]


def test_the_press_is_announced_before_the_text_stands_in_the_window(desk: Desk) -> None:
    announced: list[bool] = []
    desk.site.hooks["write"] = lambda _: announced.append(desk.rows()[0].clicked_at is not None)
    desk.each_poll(desk.press)
    desk.wish_all()
    assert announced == [True]


def test_without_a_press_nothing_is_sent_and_the_occasion_is_free_again(desk: Desk) -> None:
    contacts(desk.database, desk.account_id, ["second-person"])
    desk.each_poll()
    first, second = desk.wish_all()
    assert [first.status, second.status] == [EntryOutcome.DEFERRED] * 2
    assert {first.reason, second.reason} == {Reason.NOT_PRESSED}
    assert desk.site.deliveries == []
    assert desk.site.editor == ""
    assert desk.statuses() == ["failed"]  # for the second person nobody was asked
    assert desk.site.opened == ["jane-doe"]
    desk.polls = 0
    desk.each_poll(desk.press, at=1)
    again = desk.wish_all("run-2")
    assert again[0].status is InteractionStatus.SENT
    assert len(desk.site.deliveries) == 1


def test_other_words_are_kept_as_they_went_out_and_said_to_be_other(desk: Desk) -> None:
    desk.each_poll(desk.edit_and_press)
    [outcome] = desk.wish_all()
    assert outcome.status is InteractionStatus.SENT
    assert "other words" in (outcome.explanation or "")
    [row] = desk.rows()
    assert row.body == "All the best, from both of us"
    desk.each_poll()
    assert desk.wish_all("run-2") == []
    assert len(desk.site.deliveries) == 1


def test_a_press_in_the_last_moment_is_found_by_reading(desk: Desk) -> None:
    """The time was over and the editor about to be emptied when the member pressed."""
    pressed: list[Recipient] = []

    def press(recipient: Recipient) -> None:
        if not pressed:
            pressed.append(recipient)
            desk.press(recipient)

    desk.each_poll()
    desk.site.hooks["close"] = press
    [outcome] = desk.wish_all()
    assert outcome.status is InteractionStatus.SENT
    assert len(desk.site.deliveries) == 1


def test_a_press_that_shows_no_message_is_in_doubt_until_it_is_read(desk: Desk) -> None:
    desk.each_poll(desk.press)
    desk.site.unproven.add("jane-doe")
    desk.site.hooks["read-again"] = _fail
    [outcome] = desk.wish_all()
    assert (outcome.status, desk.statuses()) == (InteractionStatus.IN_DOUBT, ["in_doubt"])
    desk.wish_all("run-2")
    assert desk.statuses() == ["sent"]
    assert len(desk.site.deliveries) == 1


def _fail(_: Recipient) -> None:
    raise PageUnreadableError("the conversation did not load in time.")


@pytest.mark.parametrize("pressed", [True, False])
def test_killed_while_it_waits_the_next_run_settles_by_reading(desk: Desk, pressed: bool) -> None:
    def end(recipient: Recipient) -> None:
        if pressed:
            desk.press(recipient)
        raise Killed

    desk.each_poll(end)
    desk.site.hooks["close"] = lambda _: None
    with pytest.raises(Killed), desk.campaign() as run:
        _die_in(run)
    begun = desk.rows()[0].clicked_at
    assert begun is not None
    assert desk.statuses() == ["sending"]
    desk.polls = 0
    desk.each_poll(desk.press)
    desk.wish_all("run-2")
    assert len(desk.site.deliveries) == 1
    assert desk.statuses() == (["sent"] if pressed else ["failed", "sent"])
    # Nobody could know sooner: the window of the dead run may have stood open until then.
    assert desk.clock.now() >= begun + timedelta(minutes=6)


def _die_in(run: CampaignRun) -> None:
    run.deliver(run.planned()[0])


def test_other_words_before_a_kill_are_left_to_the_member(desk: Desk) -> None:
    def end(recipient: Recipient) -> None:
        desk.edit_and_press(recipient)
        raise Killed

    desk.each_poll(end)
    with pytest.raises(Killed):
        desk.wish_all()
    desk.wish_all("run-2")
    assert desk.statuses() == ["in_doubt"]
    assert len(desk.site.deliveries) == 1


def test_a_pause_ends_the_wait(desk: Desk) -> None:
    desk.each_poll(lambda _: pause(desk.database, desk.clock, "demo", "on holiday", "member"))
    [outcome] = desk.wish_all()
    assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.ACCOUNT_PAUSED)
    assert (desk.statuses(), desk.site.editor) == (["failed"], "")


def test_terminating_the_run_ends_the_wait(desk: Desk) -> None:
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        desk.each_poll(lambda _: signal.raise_signal(signal.SIGTERM))
        [outcome] = desk.wish_all()
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.INTERRUPTED)
    assert (desk.polls, desk.statuses()) == (3, ["failed"])


def test_a_run_begun_as_live_does_not_click_for_an_account_set_to_assisted(desk: Desk) -> None:
    edit_account(desk.database, desk.account_id, mode="live")
    desk.site.hooks["open"] = lambda _: edit_account(desk.database, desk.account_id, mode="assisted")
    [outcome] = desk.wish_all()
    assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.NOT_LIVE)
    assert desk.site.deliveries == []


def test_a_rehearsal_stays_one_and_needs_no_screen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    [outcome] = desk.wish_all(live=False)
    assert outcome.status is InteractionStatus.REHEARSED
    assert desk.polls == 0


@pytest.mark.parametrize("headless", [True, False])
def test_without_a_screen_nothing_is_begun(desk: Desk, headless: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if headless:
        desk.settings = Settings.from_environment({"LINKEDIN_HOME": str(desk.settings.home)})
    else:
        monkeypatch.delenv("DISPLAY")
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(NoScreenError, match="HEADLESS=0" if headless else "DISPLAY"):
        desk.wish_all()
    assert (desk.rows(), desk.site.opened) == ([], [])

"""Assisted mode in a Chromium with a window: the test is the member, and presses when it is told to."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.browser.session import SignedInBrowser
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.stage import JANE, TODAY, Stage, stage_of, world
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock

GENERATIONS = ("ember", "sdui")


@pytest.fixture(scope="module")
def screen() -> Iterator[str]:
    """A screen that nobody looks at."""
    if shutil.which("Xvfb") is None:
        pytest.skip("Xvfb is not installed, and a window needs a screen")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as server:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DISPLAY", f":{number}")
            yield number
        server.terminate()


@pytest.fixture(scope="module")
def chromium(screen: str) -> Iterator[Browser]:
    """A Chromium with a window."""
    with running_chromium(Settings.from_environment({}), headless=False) as browser:
        yield browser


@dataclass
class Member:
    """The member before the window of a run for Jane's birthday."""

    stage: Stage
    database: Database
    settings: Settings
    clock: ManualClock
    told: list[str] = field(default_factory=list)
    campaign: CampaignRun | None = None

    @property
    def page(self) -> Page:
        return self.stage.browser.page

    def press(self) -> None:
        self.page.locator("button[type='submit'], [class*='msg-form__send-button']").filter(visible=True).last.click()

    def write(self, text: str) -> None:
        self.page.get_by_role("textbox").last.fill(text)

    def leave(self) -> None:
        """Go away, and come back when the time is over; the run holds its lease meanwhile, as looks do that wait."""
        assert self.campaign is not None
        self.campaign._at.keeper.pause(11 * 60)

    def run(self, does: Callable[[], None], run_id: str = "run-1") -> list[Outcome]:
        """One run for everybody approved; `does` is what the member does once they are told to press."""

        @contextmanager
        def factory(*_: object) -> Iterator[SignedInBrowser]:
            yield self.stage.browser

        def tell(text: str) -> None:
            self.told.append(text)
            does()

        build_list(self.database, self.clock, "demo", TODAY, run_id)
        approve(self.database, self.clock, "demo", TODAY, "member", run_id)
        with CampaignRun.opened(
            self.database, self.settings, self.clock, "demo", TODAY, run_id, live=True, site_factory=factory
        ) as run:
            self.campaign = run
            run.told_by(tell)
            return [run.deliver(entry) for entry in run.planned()]

    def wishes(self) -> list[Interaction]:
        wanted = select(Interaction).where(Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE)
        with self.database.reading() as session:
            return list(session.scalars(wanted.order_by(Interaction.id)))

    def editors(self) -> str:
        return "".join(self.page.get_by_role("textbox").all_inner_texts()).strip()


@pytest.fixture
def member(
    chromium: Browser, sqlite: Database, settings: Settings, clock: ManualClock
) -> Iterator[Callable[..., Member]]:
    with ExitStack() as stack:

        def make(**interface: Any) -> Member:
            stage = stack.enter_context(stage_of(chromium, settings, clock, world(interface)))
            account = an_account(sqlite, mode="assisted", base_url=stage.server.url, timezone="UTC")
            a_contact(sqlite, account, JANE)
            seen = Settings.from_environment({"LINKEDIN_HOME": str(settings.home), "LINKEDIN_BROWSER_HEADLESS": "0"})
            return Member(stage, sqlite, seen, clock)

        yield make


@pytest.mark.parametrize("generation", GENERATIONS)
def test_the_members_press_sends_and_is_proven(member: Callable[..., Member], generation: str) -> None:
    here = member(generation=generation)
    [outcome] = here.run(here.press)
    assert outcome.status is InteractionStatus.SENT
    [wish] = here.wishes()
    assert here.stage.deliveries() == [(JANE, wish.body)]
    assert wish.evidence is not None
    assert wish.evidence.event_text == wish.body
    assert here.told == ["Press Send in the open browser window; I wait until 09:10."]
    assert here.run(here.press, "run-2") == []
    assert here.stage.told("conduct") == []


@pytest.mark.parametrize("generation", GENERATIONS)
def test_nobody_presses_and_nothing_is_left_in_the_window(member: Callable[..., Member], generation: str) -> None:
    here = member(generation=generation)
    [outcome] = here.run(here.leave)
    assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.NOT_PRESSED)
    assert here.stage.deliveries() == []
    assert here.editors() == ""
    [again] = here.run(here.press, "run-2")
    assert again.status is InteractionStatus.SENT
    assert [str(wish.status) for wish in here.wishes()] == ["failed", "sent"]
    assert len(here.stage.deliveries()) == 1


def test_other_words_are_told_and_kept(member: Callable[..., Member]) -> None:
    here = member()

    def edit() -> None:
        here.write("Dear Jane, see you on Sunday")
        here.press()

    [outcome] = here.run(edit)
    assert outcome.status is InteractionStatus.SENT
    assert "other words" in (outcome.explanation or "")
    assert [wish.body for wish in here.wishes()] == ["Dear Jane, see you on Sunday"]
    assert here.stage.deliveries() == [(JANE, "Dear Jane, see you on Sunday")]


@pytest.mark.parametrize("pressed", [True, False])
def test_a_conversation_that_the_member_closes_is_read_anew(member: Callable[..., Member], pressed: bool) -> None:
    here = member(generation="ember")

    def close() -> None:
        if pressed:
            here.press()
        here.stage.browser.page.get_by_role("button", name="Close").last.click()

    [outcome] = here.run(close)
    assert outcome.status is (InteractionStatus.SENT if pressed else EntryOutcome.DEFERRED)
    assert len(here.stage.deliveries()) == pressed
    assert here.editors() == ""


@pytest.mark.parametrize(
    ("fault", "status"),
    [
        ("silent_drop", EntryOutcome.DEFERRED),
        ("fail_after_click", EntryOutcome.DEFERRED),
        ("deliver_then_error", InteractionStatus.SENT),
        ("text_stays", InteractionStatus.SENT),
    ],
)
def test_a_press_that_goes_wrong_is_told_as_the_conversation_has_it(
    member: Callable[..., Member], fault: str, status: InteractionStatus | EntryOutcome
) -> None:
    here = member()
    here.stage.fault(fault)

    def press_and_wait() -> None:
        here.press()
        here.leave()

    [outcome] = here.run(press_and_wait)
    assert outcome.status is status
    assert len(here.stage.deliveries()) == (status is not EntryOutcome.DEFERRED)

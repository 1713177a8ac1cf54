"""One message in the browser, beside a bare script that presses the same buttons and proves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
from playwright.sync_api import Error, Page

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.bench.figures import Cost, Figure, Work, cost_of, counted, figure_of
from linkedin_pipelines_tests.bench.questions import counting
from linkedin_pipelines_tests.browser.stage import JANE, TEXT, Stage, said, stage_of, world
from linkedin_pipelines_tests.doubles import ManualClock

PAST = [said("me", "See you", date(2025, 3, 18))]


def figures(folder: Path, clock: ManualClock, *, turns: int) -> Iterator[Figure]:
    """Wall time on the sandbox at the middle of its ordinary latencies, if there are turns; the page's questions."""
    settings = Settings.from_environment({"LINKEDIN_HOME": str(folder / "home")})
    usual = world({"latency_ms": (250, 250), "event_delay_ms": (550, 550)}, jane={"thread": PAST})
    with running_chromium(settings) as chromium, stage_of(chromium, settings, clock, usual, Timeouts()) as here:
        number = iter(range(1, 1_000))

        def ours() -> None:
            assert here.wish(f"{TEXT} {next(number)}")

        if turns:
            yield figure_of(
                "a message in the browser, wall time",
                _pairs(lambda: _bare(here, f"{TEXT} {next(number)}"), ours, turns),
                "the same presses by a bare script, without any check",
                bound=2.0,
                wall=True,
            )
        with counting() as questions:
            ours()
        yield counted("questions to the page, a message", questions.total, bound=40)


def _pairs(bare: Work, ours: Work, turns: int) -> list[tuple[Cost, Cost]]:
    """What both cost, turn by turn, after one that is not counted.

    The bare script does not see that the page draws its editor anew under its hands, and then presses in vain: a turn
    in which that happens is played again.
    """
    pairs: list[tuple[Cost, Cost]] = []
    for _ in range(3 * turns):
        try:
            floor = cost_of(bare)
        except Error as error:
            click.echo(f"the bare script did not come to its end: {error.message.splitlines()[0]}", err=True)
            continue
        pairs.append((floor, cost_of(ours)))
        if len(pairs) > turns:
            return pairs[1:]
    raise AssertionError(f"the bare script came to its end in {len(pairs)} turns of {3 * turns}")


def _bare(here: Stage, text: str) -> None:
    page: Page = here.browser.page
    page.goto(f"{here.server.url}/in/{JANE}/")
    page.locator("main a[href*='/messaging/compose']").first.click()
    bubble = page.locator("[class~='msg-overlay-conversation-bubble']")
    editor = bubble.get_by_role("textbox")
    bubble.get_by_text("See you").wait_for()  # the conversation is drawn, and nothing replaces the editor any more
    editor.click()
    page.keyboard.insert_text(text)
    page.screenshot()
    bubble.locator("[class*='msg-form__send-button']").click()
    bubble.get_by_text(text, exact=True).last.wait_for()
    page.screenshot()
    bubble.get_by_role("button", name="close").first.click()
    bubble.wait_for(state="hidden")

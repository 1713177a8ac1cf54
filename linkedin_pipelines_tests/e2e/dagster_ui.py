"""Dagster's web pages as a member uses them, in a real browser."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Locator, Page, Route, ViewportSize

from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.settings import Settings

WINDOW: ViewportSize = {"width": 1440, "height": 900}
"""A laptop's screen, in pixels."""
POLL_SECONDS = 240.0
"""How long a page may take to show what it has; a Raspberry Pi, or a machine with much else to do, takes a while."""


_BEYOND = """() => [...document.querySelectorAll('th')].filter(header => {
  for (let pane = header.parentElement; pane; pane = pane.parentElement)
    if (getComputedStyle(pane).overflowX !== 'visible')
      return header.getBoundingClientRect().right > pane.getBoundingClientRect().right + 1;
}).map(header => header.innerText)"""


class DagsterUI:
    """Goes from page to page by address, and does on each what a member would do there."""

    def __init__(self, page: Page, url: str, screenshots: Path) -> None:
        self._page = page
        self._url = url
        self._screenshots = screenshots

    def screenshot(self, name: str, *, height: int | None = None) -> None:
        """A screenshot of the page as it is; `height` in pixels shows what a member would scroll to."""
        if height is not None:
            self._page.set_viewport_size({**WINDOW, "height": height})
            self._page.evaluate("() => new Promise(requestAnimationFrame)")
        self._page.screenshot(path=self._screenshots / f"{name}.png", animations="disabled")
        self._page.set_viewport_size(WINDOW)

    def open(self, path: str) -> None:
        self._page.goto(f"{self._url}{path}", wait_until="domcontentloaded")

    def graph(self, group: str, *assets: str) -> None:
        """The asset graph of a group, once it is drawn."""
        self.open(f"/locations/linkedin_pipelines/asset-groups/{group}")
        for asset in assets:
            self._page.get_by_role("link", name=asset).or_(self._page.get_by_text(asset, exact=True)).first.wait_for()
        self._page.get_by_text("Loading...").first.wait_for(state="hidden")

    def materialize(self, asset: str, account: str, day: str) -> None:
        """Materialize one partition of an asset through its dialog."""
        page = self._page
        self.open(f"/assets/{asset}")
        page.get_by_role("button", name="Materialize").first.click()
        accounts = page.get_by_text("Select a partition or create one")
        sure = page.get_by_role("button", name="Confirm")  # asked where nothing above was ever materialized here
        accounts.or_(sure).first.wait_for()
        if sure.is_visible():
            sure.click()
        dates = page.get_by_placeholder(re.compile("^ex: "))
        dates.wait_for()  # until its days are known, the dialog takes the date for another kind of partition
        accounts.click()
        page.get_by_role("menuitem", name=account).click()
        page.keyboard.press("Escape")
        dates.fill(day)
        dates.press("Tab")
        page.get_by_role("menuitem", name=account).wait_for(state="hidden")
        launch = page.get_by_role("button", name="Launch 1 run")
        launch.wait_for()
        self.screenshot(f"dialog of {asset}")
        launch.click()
        # The dialog closes once the run is in the queue; the button is renamed before, so leaving then would undo it.
        page.get_by_text(f"Launch runs to materialize {asset}").wait_for(state="hidden")

    def partition(self, asset: str, key: str, column: str, seconds: float) -> list[dict[str, str]]:
        """The table of a partition that has a column of that name, looked for until it is there."""
        address = f"/assets/{asset}?view=partitions&partition={quote(key)}"
        materialized = self._page.get_by_text("Latest materialization")

        def probe() -> bool:
            self.open(address)
            materialized.first.wait_for()
            return self._appears(self._column(column), 5)

        self._until(probe, f"no table with {column} at {address}", seconds)
        return self.table(column)

    def run_launched_by(self, sensor: str, seconds: float, other_than: str | None = None) -> str:
        """The address of the newest run that the sensor launched, looked for until there is another one."""
        row = self._page.get_by_role("link", name=sensor).first.locator('xpath=ancestor::*[.//a[.="View"]][1]')
        seen = [other_than]

        def probe() -> bool:
            self.open("/runs")
            if self._appears(row, 5):
                seen.append(row.get_by_role("link", name="View").get_attribute("href"))
            return seen[-1] != other_than

        self._until(probe, f"{sensor} launched no run", seconds)
        address = seen[-1]
        assert address is not None
        return address

    def run(self, address: str, seconds: float) -> None:
        """The page of a run, once it says that the run succeeded."""
        self.open(address)
        self._end.wait_for(timeout=seconds * 1000)
        assert self._end.inner_text() == "Success", self._page.locator("body").inner_text()

    def until_run(self, address: str, text: re.Pattern[str], seconds: float) -> None:
        """The page of a run, once its log shows the text, or the run has ended: the log draws its last lines alone."""
        self.open(address)
        self._page.get_by_text(text).or_(self._end).first.wait_for(timeout=seconds * 1000)

    @property
    def _end(self) -> Locator:
        """What the page of a run says once it has ended."""
        return self._page.get_by_text(re.compile("^(Success|Failure|Canceled)$")).first

    def check(self, asset: str, name: str) -> str:
        """The page of an asset check; all that it says."""
        self.open(f"/assets/{asset}?view=checks&checkDetail={name}")
        self._page.get_by_text(name).first.wait_for()
        self._page.get_by_text("Latest execution").first.wait_for()
        return self._page.locator("body").inner_text()

    def runs(self) -> None:
        """The page of all runs."""
        self.open("/runs")
        self._page.get_by_role("link", name="View", exact=True).first.wait_for()

    def launchpad(self, job: str) -> None:
        """The launchpad of a job, with its defaults scaffolded."""
        self.open(f"/locations/linkedin_pipelines/jobs/{job}/playground")
        self._page.get_by_text("Launch Run").first.wait_for()

    def shows(self, *texts: str) -> bool:
        """Whether the page comes to show all of these."""
        return all(self._appears(self._page.get_by_text(text).first, POLL_SECONDS) for text in texts)

    def full_message(self, text: str) -> None:
        """Open the dialog of the event that names the text, and wait for its pictures."""
        page = self._page
        cell = page.get_by_text(text).first
        cell.hover()
        page.get_by_text("View full message").first.click()
        page.get_by_role("dialog").get_by_text(text).first.wait_for()

    def step(self, address: str, key: str) -> None:
        """The page of a run with the events of one step alone."""
        self.open(f"{address}?logs={quote(f'step:{key}')}")

    def table(self, column: str) -> list[dict[str, str]]:
        """The first table that has the column: each row by the columns' names."""
        self._column(column).wait_for()
        found = self._column(column).locator("xpath=ancestor::table[1]")
        names = found.locator("thead th").all_inner_texts()
        rows: list[Any] = found.locator("tbody tr").all()
        return [dict(zip(names, row.locator("td").all_inner_texts(), strict=True)) for row in rows]

    def cut_off(self) -> list[str]:
        """Headers of the page's tables that stand beyond the edge of the pane that holds them."""
        found: list[str] = self._page.evaluate(_BEYOND)
        return found

    def _column(self, name: str) -> Locator:
        return self._page.get_by_role("columnheader", name=name, exact=True).first

    def _appears(self, what: Locator, seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not what.is_visible():
            if time.monotonic() > deadline:
                return False
            self._page.wait_for_load_state("domcontentloaded")
            self._page.evaluate("() => new Promise(requestAnimationFrame)")
        return True

    def _until(self, probe: Callable[[], bool], otherwise: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not probe():
            assert time.monotonic() < deadline, otherwise


@contextmanager
def dagster_ui(settings: Settings, url: str, screenshots: Path) -> Iterator[DagsterUI]:
    """The pages of the web server at `url`, in a headless browser that talks to nobody else."""

    def only_there(route: Route) -> None:
        if route.request.url.startswith((url, "data:", "blob:")):
            route.continue_()
        else:
            route.abort()

    with running_chromium(settings, headless=True) as browser:
        context = browser.new_context(viewport=WINDOW)
        context.set_default_timeout(POLL_SECONDS * 1000)
        context.route("**/*", only_there)
        yield DagsterUI(context.new_page(), url, screenshots)
        context.close()

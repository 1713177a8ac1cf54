"""What proves an outcome or a refusal: screenshots, and beside those of refusals the page as text.

One folder an account and day, readable by its owner alone. What belongs to one moment has one name up to the first dot:
`….png`, `….aria.yaml`, `….dom.html`. People's names and words stand in them; `services.evidence` masks copies.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import structlog
from playwright.sync_api import Page

from linkedin_pipelines.browser.failures import named_failures
from linkedin_pipelines.browser.timeouts import Timeouts
from linkedin_pipelines.browser.trimmed import accessibility, markup
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.errors import BrowserUnavailableError, PageUnreadableError

log = structlog.get_logger(__name__)


class EvidenceFolder:
    """Where one account's screenshots go. No file name holds anything but a time and a word of ours."""

    def __init__(self, root: Path, account: AccountConfig, clock: Clock, timeouts: Timeouts) -> None:
        self._root = root
        self._account = account
        self._clock = clock
        self._timeouts = timeouts

    def screenshot(self, page: Page, label: str) -> str:
        """Keep a picture of what the window shows; its path below the evidence folder.

        `label` says at which step; it is cut down to letters, digits and hyphens.

        Raises:
            PageUnreadableError: the page hangs, so there is no evidence.
            BrowserUnavailableError: the browser ended.
        """
        path = self._free_path(self._clock.now(), re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40] or "page")
        with named_failures("screenshot"):
            page.screenshot(path=path, timeout=self._timeouts.screenshot, animations="disabled")
        path.chmod(0o600)
        return str(path.relative_to(self._root))

    def refusal(self, page: Page, label: str) -> str:
        """Keep a picture of a page that was refused and, beside it, its text and structure; the picture's path.

        A page that gives no text keeps its picture: that is what the member judges by.

        Raises:
            PageUnreadableError, BrowserUnavailableError: there is not even a picture.
        """
        screenshot = self.screenshot(page, label)
        for suffix, read in ((".aria.yaml", accessibility), (".dom.html", markup)):
            try:
                with named_failures(suffix):
                    text = read(page)
            except (PageUnreadableError, BrowserUnavailableError) as failure:
                log.warning("refusal_without_text", screenshot=screenshot, problem=str(failure))
                continue
            path = (self._root / screenshot).with_suffix(suffix)
            path.touch(mode=0o600)
            path.write_text(text, encoding="utf-8")
        return screenshot

    def _free_path(self, now: datetime, label: str) -> Path:
        local = now.astimezone(self._account.zone)
        folder = self._root / self._account.slug / local.date().isoformat()
        for part in (self._root, folder.parent, folder):
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
        stem = f"{local:%H%M%S}-{label}"
        for number in range(1, 1000):
            path = folder / (f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
            if not path.exists():
                return path
        raise PageUnreadableError(f"{folder} already holds a thousand screenshots of this second.")

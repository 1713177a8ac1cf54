"""The sent invitations that wait: read against the page's own count, and withdrawn one by one.

Rows and dialogs repeat a person's name, and neither a name nor a row's place says who it is: a row is found by its own
link, and the dialog must name the row's person and nobody else on the list. A withdrawal is in three parts, so that
whoever drives it can write down the click before it happens: `prepare`, `commit`, `proof`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

import structlog
from playwright.sync_api import Error, Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.asking import seen_text
from linkedin_pipelines.browser.dates import matching
from linkedin_pipelines.browser.elements import Candidate, Element, Scope, css
from linkedin_pipelines.browser.failures import is_gone
from linkedin_pipelines.browser.invitation_ages import at_least_days
from linkedin_pipelines.browser.labels import Labels, name_pattern, network
from linkedin_pipelines.browser.pages.lazy_lists import LazyList
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, folded
from linkedin_pipelines.domain.identity import slug_of, tidy
from linkedin_pipelines.domain.invitations import PendingInvitation, RowKind, SeenInvitations, kind_of
from linkedin_pipelines.errors import (
    BrowserUnavailableError,
    InvitationGoneError,
    NamesakeError,
    PageUnreadableError,
    WrongPersonError,
)

log = structlog.get_logger(__name__)

ADDRESS = "/mynetwork/invitation-manager/sent/"
STALE_STATE = 4_000
"""Milliseconds: after a withdrawal, a list read again may show the state before it for some three seconds."""


def _called(scope: Scope, pattern: re.Pattern[str]) -> Locator:
    return scope.get_by_role("button", name=pattern).or_(scope.get_by_role("link", name=pattern))


def _withdraw(scope: Scope, labels: Labels) -> Locator:
    return _called(scope, name_pattern(network.load(labels.language).invitations.withdraw))


def _load_more(scope: Scope, labels: Labels) -> Locator:
    return _called(scope, name_pattern(network.load(labels.language).invitations.load_more))


ROWS = Element(
    "invitations",
    "invitation_rows",
    "one row an invitation",
    (
        css("lazy-column", ":is(main, [role='main']) [data-testid='lazy-column'] [role='listitem']"),
        css("sent-invitation", ":is(main, [role='main']) [data-view-name='sent-invitation']"),
        css("invitation-card", ":is(main, [role='main']) li[class*='invitation-card']"),
    ),
)
LOAD_MORE = Element("invitations", "load_more", "one button that loads more", (Candidate("load-more", _load_more),))
WITHDRAW = Element("invitations", "withdraw_control", "one control that withdraws", (Candidate("withdraw", _withdraw),))
DIALOG = Element(
    "invitations",
    "withdraw_dialog",
    "one dialog that asks whether to withdraw",
    (css("alertdialog", "[role='alertdialog']"), css("dialog", ":is([role='dialog'][aria-modal], dialog[open])")),
)
_READ_ROWS = f"""
rows => {{
  const read = {READ_TEXT};
  const lines = e => read(e, false).split('\\n').map(l => l.trim()).filter(l => l);
  return rows.map(row => {{
    const links = [...row.querySelectorAll('a[href]')];
    const controls = [...row.querySelectorAll("button, [role='button'], a[href]:has([aria-label]), a[aria-label]")];
    return {{
      links: links.map(a => a.getAttribute('href')),
      titles: links.flatMap(lines),
      controls: controls.filter(c => !/^\\/in\\//.test(c.getAttribute('href') || '')).flatMap(lines),
      lines: lines(row),
    }};
  }});
}}
"""


_LABEL = "e => [e, ...e.querySelectorAll('[aria-label]')].map(x => x.getAttribute('aria-label')).find(l => l) || ''"


class _Row(BaseModel):
    links: list[str]
    titles: list[str]
    controls: list[str]
    lines: list[str]


class SentInvitationsPage:
    """`/mynetwork/invitation-manager/sent/`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self) -> SeenInvitations:
        """Every invitation that waits, to the proven end of the list. Changes nothing.

        Raises:
            PageUnreadableError: a row cannot be read, or the page contradicts what was read, or shows nothing without
                saying that there is nothing.
            StopSignError: signed out, challenged, limited.
        """
        self._site.go(ADDRESS)
        with self._site.refusing("sent invitations"):
            rows = self._read_rows(self._list().load_all())
            people, others = [], Counter[RowKind]()
            for row in rows:
                kind = kind_of(row.links)
                if kind is RowKind.PERSON:
                    people.append(self._invitation(row))
                else:
                    others[kind] += 1
            return SeenInvitations(tuple(people), others, self._doubt(rows, len(people)))

    def prepare(self, slug: str, name: str) -> PreparedWithdrawal:
        """Find the person's row, open its dialog and see that both are that person's. Withdraws nothing.

        `slug` and `name` are what `read` gave, and what was approved.

        Raises:
            InvitationGoneError: the list, read to its proven end, does not hold the person.
            WrongPersonError: row or dialog name somebody else.
            PageUnreadableError: it cannot be told for certain, as where two invitations bear the name.
            StopSignError: signed out, challenged, limited.
        """
        self._site.go(ADDRESS)
        with self._site.refusing("find invitation"):
            rows = self._read_rows(self._list().load_all())
            theirs = [row for row in rows if self._slug(row) == slug]
            if not theirs:
                if (doubt := self._doubt(rows, sum(kind_of(row.links) is RowKind.PERSON for row in rows))) is not None:
                    raise PageUnreadableError(f"the person is not on the list, but the list may not be whole: {doubt}")
                raise InvitationGoneError("the invitation is no longer among those that wait.")
            if len(theirs) > 1:
                raise PageUnreadableError("the sent invitations list this person more than once.")
            if folded(self._invitation(theirs[0]).name) != folded(name):
                raise WrongPersonError("the invitation's row bears another name than the one approved.")
            namesakes = [row for row in rows if row is not theirs[0] and folded(name) in map(folded, row.titles)]
            if namesakes:
                raise NamesakeError(
                    "two invitations bear this name, and the dialog names no profile: withdraw it yourself."
                )
            row = self._row(slug)
            self.require_label(row, name)
            before = self._site.find.every(DIALOG).count()
            if before:
                raise PageUnreadableError("a dialog is open already; it may be about somebody else.")
            self._site.find.one(WITHDRAW, row).click(timeout=self._site.timeouts.action)
            prepared = PreparedWithdrawal(self._site, self, slug, name, self._site.find.one(DIALOG))
            prepared.require_same()
            return prepared

    def holds(self, slug: str) -> bool:
        """Whether the person is on the list, read again from the start; absent only if the end is proven.

        Raises:
            PageUnreadableError: the person was not found, and the list may not be whole.
            StopSignError: signed out, challenged, limited.
        """
        seen = self.read()
        if any(each.slug == slug for each in seen.people):
            return True
        if seen.doubt is not None:
            raise PageUnreadableError(f"the person is not on the list, but the list may not be whole: {seen.doubt}")
        return False

    def shows(self, slug: str) -> bool:
        """Whether the page, as it is now, shows the person's row."""
        return self._row(slug).count() > 0

    def _list(self) -> LazyList:
        find = self._site.find
        main = self._site.page.locator("main, [role='main']").first
        return LazyList(self._site, "sent invitations", lambda: find.every(ROWS), lambda: find.every(LOAD_MORE, main))

    @staticmethod
    def _read_rows(rows: Locator) -> list[_Row]:
        return [_Row.model_validate(row) for row in rows.evaluate_all(_READ_ROWS)]

    def _row(self, slug: str) -> Locator:
        """The person's row, by its own links; whatever else has moved in the meantime."""
        found = self._site.find.every(ROWS)
        links = found.locator("a[href]").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        hrefs = {href for href in links if slug_of(href) == slug}
        own = ", ".join(f'a[href="{href}"]' for href in sorted(hrefs))
        return found.filter(has=self._site.page.locator(own or "a[href='']"))

    @staticmethod
    def _slug(row: _Row) -> str | None:
        if kind_of(row.links) is not RowKind.PERSON:
            return None
        return next((slug for href in row.links if (slug := slug_of(href)) is not None), None)

    def _invitation(self, row: _Row) -> PendingInvitation:
        slug = self._slug(row)
        if slug is None or not row.lines or folded(row.lines[0]) not in map(folded, row.titles):
            raise PageUnreadableError("a sent invitation cannot be read: its first line is not the person's name.")
        # The age is the last line of the row's own: names and headlines above it may hold the same words.
        about = [line for line in row.lines[1:] if line not in row.controls]
        text = about[-1] if about else ""
        labels = self._labels()
        ages = [line for line in about if at_least_days(line, labels) is not None]
        age = at_least_days(text, labels) if len(ages) == 1 else None
        return PendingInvitation(slug, tidy(row.lines[0]), tidy(text)[:400], age)

    def _labels(self) -> network.InvitationLabels:
        return network.for_page(self._site.page.locator("html").get_attribute("lang")).invitations

    def require_label(self, scope: Locator, name: str) -> None:
        """See that the control that withdraws, in a row or dialog, names this person where it names anybody.

        Raises:
            WrongPersonError: it names somebody else.
        """
        label = self._site.find.one(WITHDRAW, scope).evaluate(_LABEL)
        match = matching(label, self._labels().withdraw)
        said = match.groupdict().get("name") if match else None
        if said is not None and said != folded(name):
            raise WrongPersonError("the control that withdraws names somebody else.")

    def _doubt(self, rows: list[_Row], people: int) -> str | None:
        """Why the rows may not be all; None if count or empty sign prove it.

        Raises:
            PageUnreadableError: the page contradicts what was read, or says nothing at all.
        """
        of_rows = {line for row in rows for line in row.lines}
        main = seen_text(self._site.page.locator("main, [role='main']").first).split("\n")
        lines = [tidy(line) for line in main if tidy(line) and tidy(line) not in of_rows]
        labels = self._labels()
        counts = {int(m["number"]) for line in lines if (m := matching(line, labels.count)) is not None}
        empty = any(matching(line, labels.empty) for line in lines)
        if counts and counts != {people}:
            raise PageUnreadableError(
                f"the sent invitations count {sorted(counts)} people, but {people} were read; read them again later."
            )
        if not rows and not empty and counts != {0}:
            raise PageUnreadableError("the sent invitations show nothing, but do not say either that there is none.")
        if people and empty:
            raise PageUnreadableError("the sent invitations show people, and say that there are none.")
        return None if counts or not people else f"the page shows {people} people, and no count that proves them all."


class PreparedWithdrawal:
    """An open dialog that was seen to be about the right person."""

    def __init__(self, site: Site, page: SentInvitationsPage, slug: str, name: str, dialog: Locator) -> None:
        self._site = site
        self._page = page
        self.slug = slug
        self.name = name
        self._dialog = dialog

    def require_same(self) -> None:
        """See that the dialog is still there and names this person.

        Raises:
            WrongPersonError: it names somebody else, or links to somebody else.
            PageUnreadableError: it is gone.
        """
        if self._dialog.count() != 1:
            raise PageUnreadableError("the dialog that asks whether to withdraw is gone.")
        links = self._dialog.locator("a[href*='/in/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        if any(slug_of(href) != self.slug for href in links):
            raise WrongPersonError("the dialog links to somebody else's profile.")
        self._page.require_label(self._dialog, self.name)
        if not names(seen_text(self._dialog), self.name):
            raise WrongPersonError("the dialog does not name the invitation's person.")

    def commit(self, announce: Callable[[], None]) -> None:
        """Press the dialog's control, once. `announce` is called last, and its error means no press.

        Where the press was dispatched but its end not seen, this returns: whether it counted is for `proof` to tell.

        Raises:
            WrongPersonError, PageUnreadableError, StopSignError: nothing was pressed.
            BrowserUnavailableError: the browser ended during the press.
        """
        with self._site.refusing("withdraw"):
            self.require_same()
            if not self._page.shows(self.slug):
                raise PageUnreadableError("the invitation's row went away while its dialog was open.")
            button = self._site.find.one(WITHDRAW, self._dialog)
            button.click(trial=True, timeout=self._site.timeouts.action)
            self.require_same()
        self._site.traffic.mark()
        announce()
        try:
            button.click(timeout=self._site.timeouts.action)
        except Error as error:
            if is_gone(error):
                raise BrowserUnavailableError("the browser ended while the withdrawal was pressed.") from error
            log.warning("withdraw_press_not_seen_through", problem=error.message.partition("\n")[0])

    def proof(self) -> bool:
        """Wait until the row is gone, then read the list again once it is no longer stale; whether it is gone there.

        False means that nothing proves it: the person may still be on the list, or the list not whole.

        Raises:
            StopSignError: the site answers with a limit or a challenge.
            PageUnreadableError: the list cannot be read again.
        """
        with self._site.refusing("proof of withdrawal"):
            for _ in self._site.polls(self._site.timeouts.proof):
                if not self._dialog.count() and not self._site.traffic.pending:
                    break
            for _ in self._site.polls(STALE_STATE):
                if not self._page.shows(self.slug):
                    break
        unclear: PageUnreadableError | None = None
        for _ in self._site.polls(STALE_STATE, STALE_STATE // 2):
            try:
                if not self._page.holds(self.slug):
                    return True
                unclear = None
            except PageUnreadableError as error:  # a list that changes while it is read contradicts its own count
                unclear = error
        if unclear is not None:
            raise unclear
        return False

    def screenshot(self, label: str, *, refusal: bool = False) -> str:
        """Keep a picture of the page as it is; its path below the evidence folder."""
        evidence = self._site.evidence
        return (evidence.refusal if refusal else evidence.screenshot)(self._site.page, label)

    def cancel(self) -> None:
        """Leave the dialog without withdrawing anything, by going to the list again."""
        self._site.go(ADDRESS)


def names(text: str, name: str) -> bool:
    """Whether `text` names this person: the whole name, and not as a part of a longer one."""
    return re.search(rf"(?<![\w'-]){re.escape(folded(name))}(?![\w'-])", folded(text)) is not None

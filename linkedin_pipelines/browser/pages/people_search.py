"""Results of a people search, page by page to the proven end; each person by the row's title link alone.

Rows hold links to other people too: mutual connections, authors, advertisements. A row's title is its first line, and
only a link that makes up that line leads to the row's person. Rows of hidden members and advertisements have none.
"""

from __future__ import annotations

import re

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.addresses import identity_of
from linkedin_pipelines.browser.asking import seen_text
from linkedin_pipelines.browser.elements import Element, css
from linkedin_pipelines.browser.labels import network
from linkedin_pipelines.browser.pages.lazy_lists import LazyList
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT, folded
from linkedin_pipelines.domain.identity import slug_of, tidy
from linkedin_pipelines.domain.people_searches import PAGES_LIMIT, FoundPerson, SeenResults, page_path
from linkedin_pipelines.errors import PageUnreadableError

_MAIN = "main, [role='main']"
ROWS = Element(
    "search",
    "result_rows",
    "one row a person",
    (
        css("lazy-column", ":is(main, [role='main']) [data-testid='lazy-column'] [role='listitem']"),
        css("people-search-result", ":is(main, [role='main']) [data-view-name='people-search-result']"),
        css("result-list", ":is(main, [role='main']) ul[class*='entity-result-list'] > li"),
    ),
)
_READ_ROWS = f"""
rows => {{
  const read = {READ_TEXT};
  const lines = e => read(e, false).split('\\n').map(l => l.trim()).filter(l => l);
  return rows.map(row => ({{
    lines: lines(row),
    links: [...row.querySelectorAll("a[href*='/in/']")].map(a => ({{
      href: a.getAttribute('href'), text: lines(a).join(' '),
    }})),
  }}));
}}
"""
_READ_PAGER = """
main => [...main.querySelectorAll("a[href*='page=']")].map(a => ({
  href: a.getAttribute('href'), current: a.getAttribute('aria-current') === 'true',
}))
"""


class _Link(BaseModel):
    href: str
    text: str


class _Row(BaseModel):
    lines: list[str]
    links: list[_Link]


class _PageLink(BaseModel):
    href: str
    current: bool


class PeopleSearchPage:
    """`/search/results/people/`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def read(self, query: str, max_pages: int = PAGES_LIMIT) -> SeenResults:
        """The results of a `query` of `people_searches.search_query`, at most `max_pages` pages of them.

        Raises:
            PageUnreadableError: a page cannot be read, or shows nothing without saying that there is nothing.
            StopSignError: signed out, challenged, limited.
        """
        seen = SeenResults()
        known: set[str] = set()
        for number in range(1, max_pages + 1):
            self._site.go(page_path(query, number))
            with self._site.refusing("people search"):
                fresh = self._read_page(number, seen, known)
                ended = self._ended(number, fresh)
            seen.pages = number
            if ended is None:
                continue
            seen.doubt = ended or None
            return seen
        seen.doubt = f"stopped after {max_pages} pages, as asked; the site offers more."
        return seen

    def _read_page(self, number: int, seen: SeenResults, known: set[str]) -> int:
        """Add a page's rows; the number of them."""
        rows = [_Row.model_validate(row) for row in self._rows().evaluate_all(_READ_ROWS)]
        labels = network.for_page(self._site.page.locator("html").get_attribute("lang")).search
        hidden = {folded(word) for word in labels.hidden_member}
        titled = 0
        for row in rows:
            title = self._title(row)
            if title is None:
                is_hidden = bool(row.lines) and folded(row.lines[0]) in hidden
                seen.hidden, seen.others = seen.hidden + is_hidden, seen.others + (not is_hidden)
                titled += is_hidden
                continue
            titled += 1
            slug, name = title
            if slug in known:
                seen.repeated += 1
                continue
            known.add(slug)
            seen.people.append(FoundPerson(slug, name, number, len(seen.people) + 1))
        if rows and not titled:
            raise PageUnreadableError(f"the search page cannot be read: none of its {len(rows)} rows has a title link.")
        return len(rows)

    def _rows(self) -> Locator:
        return LazyList(self._site, "search", lambda: self._site.find.every(ROWS)).settled()

    @staticmethod
    def _title(row: _Row) -> tuple[str, str] | None:
        """Slug and name of the row's own person; None if its title is no link to a person.

        Raises:
            PageUnreadableError: the title, or the picture beside it, leads to somebody else too.
        """
        if not row.lines:
            return None
        first = folded(row.lines[0])
        # The badge of the degree may stand on the title's line, after a dot.
        titles = [
            link for link in row.links if link.text and (t := folded(link.text)) and re.fullmatch(_title_line(t), first)
        ]
        if not titles:
            return None
        people = {identity_of(link.href) for link in row.links if link in titles or not link.text}
        slugs = {slug_of(f"/in/{who.segment}") for who in people if who is not None and not who.is_urn}
        if len(people) != 1 or len(slugs) != 1:
            raise PageUnreadableError("a search row cannot be read: its title and picture lead to different people.")
        return str(slugs.pop()), tidy(titles[0].text)

    def _ended(self, number: int, rows: int) -> str | None:
        """Whether this was the last page: None if not, else empty where that is proven, or why it is not.

        Raises:
            PageUnreadableError: the page shows neither results nor that there are none.
        """
        main = self._site.page.locator(_MAIN).first
        links = [_PageLink.model_validate(link) for link in main.evaluate(_READ_PAGER)]
        pages = {n for link in links if (n := _page_of(link.href)) is not None}
        current = {_page_of(link.href) for link in links if link.current}
        if rows:
            if any(page > number for page in pages):
                return None
            if current == {number}:
                return ""
            return f"page {number} of the search has no pager that says that it is the last one."
        labels = network.for_page(self._site.page.locator("html").get_attribute("lang")).search
        empty = {folded(word) for word in labels.empty}
        if any(folded(line).rstrip(".!") in empty for line in seen_text(main).split("\n")):
            return ""
        raise PageUnreadableError("the search page shows no results, but does not say either that there are none.")


def _title_line(title: str) -> str:
    return rf"{re.escape(title)}(\s*[·•].{{0,40}})?"


def _page_of(href: str) -> int | None:
    value = href.rpartition("page=")[2].partition("&")[0]
    return int(value) if value.isascii() and value.isdigit() else None

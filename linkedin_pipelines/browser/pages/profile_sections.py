"""Experience, skills and certifications: lists that load while the profile scrolls, and go on on pages of their own.

A section is known by its anchor or its link to the details page, else by its heading. One that is not there although
the page was scrolled to its end is empty; one that did not load is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from urllib.parse import quote

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.labels import name_pattern, network
from linkedin_pipelines.browser.pages.profile import ProfilePage
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT
from linkedin_pipelines.browser.waiting import fitting
from linkedin_pipelines.domain.identity import tidy
from linkedin_pipelines.domain.profiles import ITEMS_LIMIT, Missing, Position, Section, years_of

Name = Literal["experience", "skills", "certifications"]
_ROUNDS = 60
"""Scrolls; a profile that is longer has no end."""
_FOOT = """
() => {
  const main = document.querySelector('main, [role=main]');
  const boxes = [document.scrollingElement, ...document.querySelectorAll('main, main *')]
    .filter(e => e.scrollHeight > e.clientHeight + 4 && /auto|scroll/.test(getComputedStyle(e).overflowY));
  const all = [document.scrollingElement, ...boxes];
  const at = all.every(e => e.scrollTop + e.clientHeight >= e.scrollHeight - 4);
  return { at, size: main ? main.innerText.length : 0 };
}
"""
_READ_ITEMS = f"""
section => {{
  const read = {READ_TEXT};
  const lines = e => read(e, false).split('\\n').map(l => l.trim()).filter(l => l);
  const leaf = e => [...e.children].every(c => /^(P|SPAN|A|TIME|BR|IMG|SVG|STRONG|SMALL)$/i.test(c.tagName));
  const items = e => {{
    const listed = [...e.querySelectorAll(':is(li, [role=listitem], .pvs-list__paged-list-item)')]
      .filter(l => !l.parentElement.closest(':is(li, [role=listitem], .pvs-list__paged-list-item)'));
    if (listed.length) return listed;
    const heading = e.querySelector('h1, h2, h3');
    let from = heading;
    while (from && from !== e && !from.nextElementSibling) from = from.parentElement;
    if (!from || from === e) return [];
    let found = [];
    for (let n = from.nextElementSibling; n; n = n.nextElementSibling) found.push(n);
    while (found.length === 1 && !leaf(found[0])) found = [...found[0].children];
    return found;
  }};
  return {{
    all: section.querySelector("a[href*='/details/']") !== null,
    items: items(section)
      .filter(i => lines(i).length && !i.matches("a[href*='/details/']") && !i.hasAttribute('data-later'))
      .filter(i => !(i.querySelector("a[href*='/details/']") && lines(i).length === 1))
      .map(i => {{
        const nested = [...i.querySelectorAll(':is(li, [role=listitem])')].filter(n => lines(n).length);
        return {{ lines: lines(i), nested: nested.map(lines) }};
      }}),
  }};
}}
"""


class _Item(BaseModel):
    lines: list[str]
    nested: list[list[str]]


class _Read(BaseModel):
    all: bool
    items: list[_Item]


@dataclass(frozen=True)
class RawSection:
    """A section as lines, before anybody knows what they mean."""

    items: tuple[_Item, ...] = ()
    how: str | None = None
    missing: Missing | None = None
    goes_on: bool = False
    """There is a page with more of it."""


class ProfileSections:
    """The sections of the profile that is open."""

    def __init__(self, site: Site, slug: str) -> None:
        self._site = site
        self._slug = slug
        self._whole = False

    def load(self) -> None:
        """Scroll until the page's foot stays the foot."""
        self._whole = self._scroll_to_the_foot()

    def _scroll_to_the_foot(self) -> bool:
        """Whether the foot was reached, with everything that belongs above it loaded."""
        timeouts, quiet, before = self._site.timeouts, 0, -1
        rest = fitting(timeouts.empty_rest, timeouts.poll)
        main = self._site.page.locator("main, [role='main']").first
        box = main.bounding_box()
        if box is not None:
            self._site.page.mouse.move(box["x"] + box["width"] / 2, max(box["y"], 0) + 120)
        for _ in range(_ROUNDS * rest):
            self._site.page.mouse.wheel(0, 900)
            self._site.page.wait_for_timeout(timeouts.poll)
            foot = self._site.page.evaluate(_FOOT)
            still = foot["at"] and foot["size"] == before and not self._site.traffic.pending
            quiet, before = quiet + 1 if still else 0, foot["size"]
            if quiet >= rest:
                return not self._site.traffic.failed
        return False

    def read(self, name: Name) -> RawSection:
        """One section of the profile, as far as the profile itself shows it."""
        for how, section in self._ways(name):
            found = section.filter(visible=True)
            if found.count() == 1:
                read = _Read.model_validate(found.evaluate(_READ_ITEMS))
                if not read.items:
                    return RawSection(missing=Missing.UNREADABLE)
                return RawSection(tuple(read.items), how, None, read.all)
        if not self._whole or not self._labels(name):
            return RawSection(missing=Missing.UNREADABLE)
        return RawSection(how="no such section on the whole page")

    def whole(self, name: Name, section: RawSection) -> RawSection:
        """The section with what its own page holds beyond the profile; what was read of it, if that page fails."""
        if not section.goes_on:
            return section
        profile = ProfilePage(self._site)
        profile.open(self._slug, f"details/{quote(name)}/")
        complete = self._scroll_to_the_foot()
        profile.require_address()
        page = self._site.page.locator("main section").filter(visible=True).first
        read = _Read.model_validate(page.evaluate(_READ_ITEMS)) if page.count() else _Read(all=False, items=[])
        if not complete or len(read.items) < len(section.items):
            return RawSection(section.items, section.how, Missing.UNREADABLE)
        return RawSection(tuple(read.items), "details page")

    def _labels(self, name: Name) -> tuple[str, ...]:
        labels = network.for_page(self._site.page.locator("html").get_attribute("lang")).profile
        found: tuple[str, ...] = getattr(labels, name)
        return found

    def _ways(self, name: Name) -> list[tuple[str, Locator]]:
        sections = self._site.page.locator("main section:not(:has(section))")
        link = f"a[href*='/in/{quote(self._slug, safe='')}/details/{name}']"
        headed = self._site.page.get_by_role("heading", name=name_pattern(self._labels(name)))
        return [
            ("anchor of the section", sections.filter(has=self._site.page.locator(f"#{name}"))),
            ("link to the details page", sections.filter(has=self._site.page.locator(link))),
            ("heading of the section", sections.filter(has=headed)),
        ]

    @staticmethod
    def titles(section: RawSection) -> Section[str]:
        """The first line of each entry."""
        items = tuple(dict.fromkeys(tidy(item.lines[0])[:400] for item in section.items[:ITEMS_LIMIT]))
        return Section(items=items, how=section.how, missing=section.missing)

    @staticmethod
    def positions(section: RawSection, today: date) -> Section[Position]:
        """Each position; one company with several is an entry with entries inside it.

        A position without readable dates makes the section's years unknown, not the section.
        """
        found: list[Position] = []
        for item in section.items[:ITEMS_LIMIT]:
            roles = [lines for lines in item.nested if _dates(lines, today) is not None]
            if roles:
                found += [_position(lines, today, company=item.lines[0]) for lines in roles]
            else:
                found.append(_position(item.lines, today))
        return Section(items=tuple(found[:ITEMS_LIMIT]), how=section.how, missing=section.missing)


def _dates(lines: list[str], today: date) -> str | None:
    return next((line for line in lines[1:] if years_of(line, today) is not None), None)


def _position(lines: list[str], today: date, company: str | None = None) -> Position:
    """Title, company and dates by their order: the company stands between the title and the dates."""
    dates = _dates(lines, today)
    between = lines[1 : lines.index(dates, 1)] if dates is not None else lines[1:2]
    where = company or (between[0].partition(" · ")[0] if between else None)
    return Position(title=tidy(lines[0])[:400], company=tidy(where)[:400] if where else None, dates=dates)

"""Everything that one visit to a profile can read: top card, and the sections that load while one scrolls.

What belongs here: which fields there are, and how each is found or why it is missing. What does not: how a section's
entries are taken apart (`profile_sections`). One visit is one opening of the profile; its details pages belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from playwright.sync_api import Locator
from pydantic import BaseModel

from linkedin_pipelines.browser.asking import seen_text
from linkedin_pipelines.browser.pages.profile import NAME, ProfilePage
from linkedin_pipelines.browser.pages.profile_sections import ProfileSections
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import READ_TEXT
from linkedin_pipelines.domain.identity import tidy
from linkedin_pipelines.domain.profiles import (
    Depth,
    Fact,
    Missing,
    Position,
    ReadProfile,
    Section,
    is_current,
    years_of_experience,
)
from linkedin_pipelines.errors import ProfileGoneError

_HEADLINE = ".text-body-medium.break-words"
_LOCATION = "span.text-body-small.inline.t-black--light"
_OPEN_TO_WORK = (
    ":is([alt*='#OPEN_TO_WORK' i], [aria-label*='#OPEN_TO_WORK' i], a[href*='/opportunities/job-opportunities'])"
)
_READ_PARAGRAPHS = f"""
(card, name) => {{
  const read = {READ_TEXT};
  const heading = card.querySelector(name) || card;
  return [...card.querySelectorAll('p')]
    .filter(p => heading.compareDocumentPosition(p) & Node.DOCUMENT_POSITION_FOLLOWING)
    .map(p => ({{
      text: read(p, false).trim(),
      contact: p.querySelector("a[href*='/overlay/contact-info']") !== null,
    }}));
}}
"""
_BADGE = "·"


class _Paragraph(BaseModel):
    text: str
    contact: bool


class _Lists(NamedTuple):
    experience: Section[Position]
    skills: Section[str]
    certifications: Section[str]


class ProfileReader:
    """`/in/<slug>/`, read to the depth asked for."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._profile = ProfilePage(site)

    def read(self, slug: str, depth: Depth, today: date) -> ReadProfile:
        """Open the profile and read it. The visit is seen by the person whether or not this succeeds.

        Raises:
            ProfileGoneError: there is no such profile any more.
            WrongPersonError: the site led to another person's.
            PageUnreadableError: not even the top card can be read.
            StopSignError: signed out, challenged, limited.
        """
        self._profile.open(slug)
        with self._site.refusing("profile"):
            self._require_there()
            card = self._profile.card()
            self._profile.require_address()
            name = tidy(seen_text(self._site.find.one(NAME)))
            headline, location = self._headline_and_location(card)
            degree = self._profile.degree(card)
            open_to_work = Fact.read(self._is_open_to_work(card), "open-to-work sign of the top card")
            lists = self._lists(slug, depth, today)
            self._profile.require_address()
        role, company, years = _of_experience(lists.experience, today)
        return ReadProfile(
            slug=slug,
            name=name[:400],
            depth=depth,
            headline=headline,
            location=location,
            role=role,
            company=company,
            years_of_experience=years,
            open_to_work=open_to_work,
            degree=Fact[int].none(Missing.NOT_SHOWN) if degree is None else Fact.read(degree, "badge of the top card"),
            experience=lists.experience,
            skills=lists.skills,
            certifications=lists.certifications,
        )

    def _require_there(self) -> None:
        """Wait until a profile, or the page for missing ones, has come in place of the shell.

        A missing profile answers 200 like any other; a script then moves the address.
        """
        for _ in self._site.polls(self._site.timeouts.element):
            if "/404" in self._site.page.url.partition("?")[0].replace(self._site.base_url, "", 1)[:5]:
                raise ProfileGoneError("there is no such profile any more.")
            if self._site.page.locator("main :is(h1, h2, h3)").count() and not self._site.traffic.pending:
                return

    def _is_open_to_work(self, card: Locator) -> bool:
        """The portrait that bears the sign may stand beside the card of the name, within the same section."""
        section = card.locator("xpath=ancestor-or-self::section[1]")
        around = section if section.count() else card
        return around.locator(_OPEN_TO_WORK).count() > 0

    def _headline_and_location(self, card: Locator) -> tuple[Fact[str], Fact[str]]:
        """By class where there are any that mean something, else by the order of paragraphs below the name."""
        headline, location = card.locator(_HEADLINE), card.locator(_LOCATION)
        if headline.count() == 1:
            place = _shown(location.first, "location class") if location.count() == 1 else None
            return _shown(headline, "headline class"), place or Fact[str].none(Missing.NOT_SHOWN)
        heading = self._site.find.one(NAME).evaluate("e => e.tagName.toLowerCase()")
        found = [_Paragraph.model_validate(each) for each in card.evaluate(_READ_PARAGRAPHS, heading)]
        before = []
        for paragraph in found:
            if paragraph.contact:
                break
            if not paragraph.text.startswith(_BADGE):
                before.append(paragraph.text)
        else:
            before = []  # without the link that follows the location, no order can be relied on
        if len(before) != 2:
            return Fact[str].none(Missing.UNREADABLE), Fact[str].none(Missing.UNREADABLE)
        return _text(before[0], "first paragraph"), _text(before[1], "paragraph above the contact info")

    def _lists(self, slug: str, depth: Depth, today: date) -> _Lists:
        if depth is Depth.TOP:
            return _Lists(*(Section(missing=Missing.NOT_READ) for _ in range(3)))
        sections = ProfileSections(self._site, slug)
        sections.load()
        experience = sections.read("experience")
        skills, certifications = sections.read("skills"), sections.read("certifications")
        return _Lists(
            sections.positions(sections.whole("experience", experience), today),
            sections.titles(sections.whole("skills", skills)),
            sections.titles(sections.whole("certifications", certifications)),
        )


def _text(text: str, how: str) -> Fact[str]:
    return Fact.read(tidy(text)[:400], how) if tidy(text) else Fact[str].none(Missing.NOT_SHOWN)


def _shown(element: Locator, how: str) -> Fact[str]:
    return _text(seen_text(element), how)


def _of_experience(experience: Section[Position], today: date) -> tuple[Fact[str], Fact[str], Fact[int]]:
    """Title and company of the current position, the site's first of several, and the years of all of them."""
    if not experience.known:
        missing = experience.missing or Missing.UNREADABLE
        return Fact[str].none(missing), Fact[str].none(missing), Fact[int].none(missing)
    years = _years(experience.items, today)
    current = next((each for each in experience.items if is_current(each.dates or "", today)), None)
    if current is None:
        return Fact[str].none(Missing.NOT_SHOWN), Fact[str].none(Missing.NOT_SHOWN), years
    company = Fact.read(current.company, "current position") if current.company else Fact[str].none(Missing.NOT_SHOWN)
    return Fact.read(current.title, "current position"), company, years


def _years(positions: Sequence[Position], today: date) -> Fact[int]:
    if not positions:
        return Fact[int].none(Missing.NOT_SHOWN)
    years = years_of_experience(positions, today)
    return Fact[int].none(Missing.UNREADABLE) if years is None else Fact.read(years, "dates of the experience section")

"""The contact info that lies over a profile: whose it is, and the birthday that it shows.

Fields are pairs of lines, what it is and what it says. Which of them is the birthday only its name tells, so in a
language without words nothing is read: another field holds a date too.
"""

from __future__ import annotations

from playwright.sync_api import Locator

from linkedin_pipelines.browser.addresses import identity_of
from linkedin_pipelines.browser.asking import seen_text
from linkedin_pipelines.browser.dates import month_and_day
from linkedin_pipelines.browser.elements import Element, css
from linkedin_pipelines.browser.pages.profile import ProfilePage
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.browser.text import folded
from linkedin_pipelines.domain.identity import tidy
from linkedin_pipelines.errors import PageUnreadableError

DIALOG = Element(
    "contact-info",
    "contact_info_dialog",
    "one dialog with the contact info",
    (
        css("sdui-screen", "[role='dialog'][data-sdui-screen*='ContactDetails']"),
        css("dialog-with-profile", ":is([role='dialog'], dialog[open]):has(a[href*='/in/'])"),
    ),
)


_BIRTHDAY = "[data-view-name='contact-birthday']"


class ContactInfoPage:
    """`/in/<slug>/overlay/contact-info/`."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def birthday(self, slug: str) -> tuple[int, int] | None:
        """Month and day; None if the person's contact info shows none.

        Raises:
            StopSignError: signed out, challenged, limited.
            WrongPersonError: the page is another person's.
            PageUnreadableError: it cannot be read for certain.
        """
        profile = ProfilePage(self._site)
        profile.open(slug, "overlay/contact-info/")
        with self._site.refusing("contact info"):
            dialog = self._site.find.one(DIALOG)
            lines = self._at_rest(dialog)
            profile.require_address()
            self._require_owner(dialog, slug)
            return self._read(lines, dialog.locator(_BIRTHDAY).filter(visible=True))

    def _at_rest(self, dialog: Locator) -> list[str]:
        """The dialog's lines, once they are the same twice in a row."""
        before: list[str] | None = None
        for _ in self._site.polls(self._site.timeouts.element, self._site.timeouts.rest):
            lines = [tidy(line) for line in seen_text(dialog).split("\n") if tidy(line)]
            if lines == before and not self._site.traffic.pending:
                return lines
            before = lines
        raise PageUnreadableError("the contact info does not come to rest.")

    def _require_owner(self, dialog: Locator, slug: str) -> None:
        links = dialog.locator("a[href*='/in/']").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        people = [who for href in links if (who := identity_of(href)) is not None]
        if not people or not all(who.is_slug(slug) for who in people):
            raise PageUnreadableError("the contact info cannot be read: it does not say, for certain, whose it is.")

    def _read(self, lines: list[str], named: Locator) -> tuple[int, int] | None:
        labels = self._site.find.labels
        names = {folded(word) for word in labels.birthdays.contact_info}
        if not names:
            raise PageUnreadableError(
                f"the contact info cannot be read: there are no words for its language ({labels.language or 'none'})."
            )
        if named.count() == 1:  # the field says what it is, whatever it is called
            return self._day_of([tidy(line) for line in seen_text(named).split("\n") if tidy(line)][-1:])
        places = [place for place, line in enumerate(lines) if folded(line).rstrip(":") in names]
        if not places:
            return None
        return self._day_of(lines[places[0] + 1 : places[0] + 2] if len(places) == 1 else [])

    def _day_of(self, said: list[str]) -> tuple[int, int]:
        born = month_and_day(said[0] if said else "", self._site.find.labels.calendar)
        if born is None:
            raise PageUnreadableError("the contact info cannot be read: its birthday is no day of the year.")
        return born

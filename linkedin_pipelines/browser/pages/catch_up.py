"""The catch-up page: whose birthday it is, was lately, or that it is nobody's. Read to its proven end, or refused.

A card states its day in one line of its own. Names and headlines hold words such as "hier", "today" or "30 days" as
well, so lines are judged whole, and a line that names somebody has to name the card's own person.
"""

from __future__ import annotations

from datetime import date

from linkedin_pipelines.browser.dates import birthday_of_line, is_other_moment, matching
from linkedin_pipelines.browser.labels import Labels
from linkedin_pipelines.browser.pages.catch_up_cards import Card, CatchUpCards
from linkedin_pipelines.browser.site import Site
from linkedin_pipelines.domain.messaging import SeenBirthday, SeenDay
from linkedin_pipelines.errors import PageUnreadableError

ADDRESS = "/mynetwork/catch-up/birthday/"


class CatchUpPage:
    """`/mynetwork/catch-up/birthday/`."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._cards = CatchUpCards(site)

    def birthdays(self, today: date) -> SeenDay:
        """Every birthday that the page shows on `today`; other moments are left out.

        Raises:
            PageUnreadableError: the page contradicts itself, or shows nobody without saying
                that there is nobody.
            StopSignError: signed out, challenged, limited.
        """
        self._cards.open(ADDRESS)
        with self._site.refusing("catch-up"):
            cards = self._cards.read()
            labels = self._site.find.labels
            birthdays: list[SeenBirthday] = []
            unknown: list[str] = []
            for card in cards:
                try:
                    read = self._read(card, labels, today)
                except PageUnreadableError as error:
                    unknown.append(f"{card.label} ({error})")
                    continue
                if read is not None:
                    birthdays.append(read)
            if unknown and not birthdays:
                raise PageUnreadableError(f"no birthday of the catch-up page can be read: {unknown[0]}")
            doubt = self._doubt(cards, birthdays, len(unknown), labels)
            if unknown:
                doubt = f"{len(unknown)} of {len(cards)} catch-up cards cannot be read: {'; '.join(unknown)}"
            return SeenDay(tuple(birthdays), doubt, tuple(unknown))

    def _read(self, card: Card, labels: Labels, today: date) -> SeenBirthday | None:
        slug, name = card.person()
        about = card.about(name)
        days = birthday_of_line(about, name, labels, today)
        if len(days) == 1:
            return SeenBirthday(slug, name, days.pop())
        if not days and any(is_other_moment(line, name, labels) for line in about):
            return None
        raise PageUnreadableError(f"a catch-up card cannot be read: its lines state {len(days) or 'no'} days, not one.")

    def _doubt(self, cards: list[Card], birthdays: list[SeenBirthday], unknown: int, labels: Labels) -> str | None:
        """See that the page's own count or empty sign agrees with what was read; why it proves nothing, if it does not.

        Raises:
            PageUnreadableError: the page contradicts what was read, or itself.
        """
        if (people := len({each.slug for each in birthdays})) != len(birthdays):
            raise PageUnreadableError(f"the catch-up page shows {len(birthdays)} birthdays of {people} people.")
        lines = self._cards.lines_around(cards)
        counts = {int(m["number"]) for line in lines if (m := matching(line, labels.birthdays.count)) is not None}
        # An unreadable card is one unknown person, with a birthday or another moment.
        if counts and not (len(counts) == 1 and len(birthdays) <= min(counts) <= len(birthdays) + unknown):
            raise PageUnreadableError(
                f"the catch-up page counts {sorted(counts)} birthdays, but {len(birthdays)} were read."
            )
        empty = any(matching(line, labels.birthdays.empty) for line in lines)
        if not birthdays and not empty and counts != {0}:
            raise PageUnreadableError(
                "the catch-up page shows no birthday, but does not say either that there is none."
            )
        if birthdays and empty:
            raise PageUnreadableError("the catch-up page shows birthdays, and says that there are none.")
        if birthdays and not counts:
            return f"the catch-up page shows {len(birthdays)} birthdays, and no count that proves them to be all."
        return None

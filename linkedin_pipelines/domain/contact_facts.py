"""Which of two rows about one person stands: a rule that no order of files or rows can bend."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

UNDATED = date(1970, 1, 1)
"""Day of an export that does not tell when it was made."""


@dataclass(frozen=True, slots=True)
class ContactFacts:
    """What one export says of a person."""

    as_of: date | None
    """Day of the export; None for people known from messages alone, whom any export knows better."""
    first_name: str
    full_name: str
    email: str | None
    company: str | None
    position: str | None
    connected_on: date | None

    def says_the_same(self, other: ContactFacts) -> bool:
        """Whether both say the same of the person, whenever they said it."""
        return self._told == other._told

    @property
    def _told(self) -> tuple[str, str, str, str, str, date]:
        return (
            self.full_name,
            self.first_name,
            self.email or "",
            self.company or "",
            self.position or "",
            self.connected_on or UNDATED,
        )

    @property
    def rank(self) -> tuple[date, date, int, tuple[str, str, str, str, str, date]]:
        """The row with the highest rank stands whole; the other adds nothing to it.

        A newer export beats an older one, so a fact that the person has since withdrawn (an e-mail address) does not
        come back. Within one export, where people may be repeated, the later connection stands, then the fuller row;
        the text itself decides between equals, so that the outcome never depends on which was read first.
        """
        filled = sum(value is not None for value in (self.email, self.company, self.position))
        return (self.as_of or date.min, self.connected_on or date.min, filled, self._told)

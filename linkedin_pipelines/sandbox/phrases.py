"""The words of the pages: one JSON file a language in `labels/`, and dates as each language writes them."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

NARROW = "\u202f"
NO_BREAK = "\u00a0"


@cache
def labels_of(language: str) -> dict[str, Any]:
    """The labels of one language.

    Raises:
        ValueError: the sandbox does not speak it.
    """
    source = files("linkedin_pipelines.sandbox") / "labels" / f"{language}.json"
    try:
        labels: dict[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ValueError(f"the sandbox has no interface in {language!r}") from error
    return labels


class Phrases:
    """One member's wordings: `words("message_to", first="Jane")`."""

    def __init__(self, language: str, *, typographic: bool = False) -> None:
        self.language = language
        self._labels = labels_of(language)
        self._typographic = typographic

    def __call__(self, key: str, **values: object) -> str:
        """The label of `key`, its fields filled in."""
        label: str = self._labels[key]
        return self._typeset(self._elide(label.format(**values)))

    def plural(self, key: str, number: int) -> str:
        """`key` in its form for one or for many: `3 weeks ago`, `a week ago`."""
        return self(f"{key}_one" if number == 1 else f"{key}_many", n=number)

    def month_day(self, day: date) -> str:
        """`Nov 10`, `10 nov.`."""
        return self("month_day", d=day.day, mon=self._labels["months_short"][day.month - 1])

    def full_date(self, day: date) -> str:
        """`March 19, 2026`, `19 mars 2026`."""
        return self("full_date", d=day.day, month=self._labels["months"][day.month - 1], y=day.year)

    def birthday(self, month: int, day: int) -> str:
        """Month and day as the contact info writes them: `April 12`, `12 avril`."""
        return self("birthday_date", d=day, month=self._labels["months"][month - 1])

    def day_heading(self, day: date, today: date) -> str:
        """The heading above a day's messages: `Today`, `Monday`, `Nov 12`, `Nov 20, 2025`."""
        ago = (today - day).days
        if ago == 0:
            return self("today")
        if ago == 1:
            return self("yesterday")
        if 1 < ago < 7:
            return str(self._labels["weekdays"][day.weekday()])
        mon = self._labels["months_short"][day.month - 1]
        if day.year == today.year:
            return self.month_day(day)
        return self("month_day_year", d=day.day, mon=mon, y=day.year)

    def clock(self, moment: datetime) -> str:
        """`9:15 AM`, `09:15`."""
        if self._labels["clock"] == "12":
            return f"{moment.hour % 12 or 12}:{moment:%M}{NARROW}{'AM' if moment.hour < 12 else 'PM'}"
        return f"{moment:%H:%M}"

    def _elide(self, text: str) -> str:
        """French `de Élodie` is `d'Élodie`; the labels mark the place with `de~`."""
        head, mark, tail = text.partition("de~ ")
        if not mark:
            return text
        return head + ("d'" if tail[:1].lower() in "aeiouyhàâéèêëîïôöûü" else "de ") + tail

    def _typeset(self, text: str) -> str:
        if not self._typographic:
            return text
        text = text.replace("'", "\u2019")
        for sign in "!?:":
            text = text.replace(" " + sign, (NO_BREAK if sign == ":" else NARROW) + sign)
        head, blank, tail = text.rpartition(" ")
        return head + NO_BREAK + tail if blank and len(text) < 40 else text

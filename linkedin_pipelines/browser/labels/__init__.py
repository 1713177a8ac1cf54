"""Words of the site's interface: one table a language, loaded by its name, added without touching code.

Labels never decide alone: identity and structure do. A language without a table has no words, so what needs words is
refused there.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from linkedin_pipelines.browser.text import APOSTROPHE, folded
from linkedin_pipelines.errors import ConfigurationError

FOLDER = Path(__file__).parent

MessageText = tuple[str, ...]
NEVER = re.compile(r"(?!)")


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Controls(_Table):
    """Accessible names of controls, whole."""

    message: MessageText = ()
    send: MessageText = ()
    connect: MessageText = ()
    follow: MessageText = ()
    pending: MessageText = ()
    more: MessageText = ()
    close: MessageText = ()
    subject: MessageText = ()
    load_more: MessageText = ()
    new_message: MessageText = ()
    """What a composer is headed that begins a conversation."""
    remove_recipient: MessageText = ()
    """Of the control that takes a person out of the recipient field."""
    edited: MessageText = ()
    """What the site writes after a message that was changed."""


class Limits(_Table):
    """Phrases by which the site says that it will do no more for now."""

    weekly_limit: MessageText = ()
    restricted: MessageText = ()


class CalendarLabels(_Table):
    """How dates are written, Monday and January first."""

    today: MessageText = ()
    yesterday: MessageText = ()
    weekdays: Annotated[tuple[MessageText, ...], Field(min_length=7, max_length=7)] = ((),) * 7
    months: Annotated[tuple[MessageText, ...], Field(min_length=12, max_length=12)] = ((),) * 12
    dates: MessageText = ()


class BirthdayLabels(_Table):
    """Lines of the catch-up page, whole."""

    today: MessageText = ()
    on_day: MessageText = ()
    yesterday: MessageText = ()
    days_ago: MessageText = ()
    count: MessageText = ()
    empty: MessageText = ()
    contact_info: MessageText = ()
    """What the field of a contact info is called."""
    other_moments: MessageText = ()
    """What the page also tells of people: new jobs, promotions, work anniversaries."""


class Labels(_Table):
    """All words of one language."""

    language: str
    controls: Controls = Controls()
    limits: Limits = Limits()
    calendar: CalendarLabels = CalendarLabels()
    birthdays: BirthdayLabels = BirthdayLabels()

    def control(self, *meanings: str) -> re.Pattern[str]:
        """A pattern for the accessible names of controls with these meanings; without any, it matches nothing."""
        return name_pattern(word for meaning in meanings for word in getattr(self.controls, meaning))

    def named_in(self, meaning: str, text: str) -> str | None:
        """The name in a control's label with this meaning; None if it is no such label, or says no name."""
        for word in getattr(self.controls, meaning):
            before, named, after = word.partition("NAME")
            if not named:
                continue
            found = re.fullmatch(rf"\s*{_literal(before)}(.+?){_literal(after)}\s*", text, re.IGNORECASE)
            if found is not None:
                return found[1].strip()
        return None

    def without_edited(self, text: str) -> str:
        """A message without the site's remark that it was edited."""
        found = next((word for word in self.controls.edited if folded(text).endswith(folded(word))), None)
        return text[: -len(found)].rstrip() if found else text


def name_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern, valid in Python and JavaScript, for any one of `names` and nothing around it."""
    alternatives = sorted({_name_source(word) for word in names})
    return re.compile(rf"^\s*(?:{'|'.join(alternatives)})\s*$", re.IGNORECASE) if alternatives else NEVER


def _name_source(word: str) -> str:
    parts = re.split(r"\b(NAME|TEXT|NUMBER)\b", word)
    return "".join({"NAME": ".+", "TEXT": ".*", "NUMBER": r"\d+"}.get(part) or _literal(part) for part in parts)


def _literal(text: str) -> str:
    spaced = r"\s+".join(re.escape(piece) for piece in re.split(r"\s+", text))
    return spaced.replace("'", APOSTROPHE)


def available() -> tuple[str, ...]:
    """The languages that have a table."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(language: str) -> Labels:
    """The table of one language, checked; a language without a table has an empty one.

    Raises:
        ConfigurationError: the table is broken; names what is wrong in it.
    """
    path = FOLDER / f"{language}.toml"
    if language not in available():
        return Labels(language=language)
    try:
        return Labels.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigurationError(f"{path.name} of the labels is broken: {' '.join(str(error).split())}") from error


def for_page(declared: str | None) -> Labels:
    """The words of a page by the language that it declares (`fr-FR` is `fr`); all words where it declares none."""
    primary = (declared or "").strip().lower().partition("-")[0].partition("_")[0]
    return load(primary) if primary else everything()


@cache
def everything() -> Labels:
    """The words of all languages together."""
    tables = [load(language) for language in available()]

    def joined(section: str, field: str) -> MessageText:
        return tuple(dict.fromkeys(word for table in tables for word in getattr(getattr(table, section), field)))

    def rows(field: str, count: int) -> tuple[MessageText, ...]:
        return tuple(
            tuple(dict.fromkeys(word for table in tables for word in getattr(table.calendar, field)[row]))
            for row in range(count)
        )

    calendar = {field: joined("calendar", field) for field in ("today", "yesterday", "dates")}
    return Labels(
        language="",
        controls=Controls(**{field: joined("controls", field) for field in Controls.model_fields}),
        limits=Limits(**{field: joined("limits", field) for field in Limits.model_fields}),
        calendar=CalendarLabels(weekdays=rows("weekdays", 7), months=rows("months", 12), **calendar),
        birthdays=BirthdayLabels(**{field: joined("birthdays", field) for field in BirthdayLabels.model_fields}),
    )


def limit_in(text: str) -> str | None:
    """Which limit a notice speaks of, in whatever language: a field name of `Limits`, or None."""
    plain = folded(text)
    for field in Limits.model_fields:
        if any(folded(phrase) in plain for phrase in getattr(everything().limits, field)):
            return field
    return None

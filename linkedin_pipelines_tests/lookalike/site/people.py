"""People of the site: the default cast relative to a day, and people.json in and out."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from linkedin_pipelines_tests.lookalike.site import names

LATE_OFFSETS = (3, 1, 6, 5)
OLD_OFFSETS = (12, 9, 16)
SOON_OFFSETS = (1, 2, 5, 9)


@dataclass(frozen=True)
class Message:
    """One event of a thread."""

    sender: Literal["me", "them"]
    text: str
    when: datetime


@dataclass(frozen=True)
class Person:
    """A member as the site knows them; ``birthday`` is (month, day) or None when hidden."""

    slug: str
    urn: str
    name: str
    first: str
    headline: str
    degree: int
    birthday: tuple[int, int] | None
    member_language: str
    thread: tuple[Message, ...] = field(default=())

    @property
    def id(self) -> str:
        """The part of the URN that compose links carry as ``recipient``."""
        return self.urn.rsplit(":", 1)[-1]


def urn_for(slug: str) -> str:
    """A URN of the real shape, always the same for one slug."""
    digest = hashlib.sha256(slug.encode()).hexdigest()
    return "urn:li:fsd_profile:ACoAA" + digest[:34].upper().replace("0", "_")


def days_late(birthday: tuple[int, int] | None, today: date) -> int | None:
    """Days since the latest occurrence (0 is today); None without a birthday. 29 Feb counts as 28 in common years."""
    if birthday is None:
        return None
    for year in (today.year, today.year - 1):
        month, day = birthday
        try:
            then = date(year, month, day)
        except ValueError:
            then = date(year, 2, 28)
        if then <= today:
            return (today - then).days
    return None


def _history(row: names.Row, today: date, index: int) -> tuple[Message, ...]:
    """Some threads are empty, some hold an old exchange that is no wish."""
    if index % 3 == 0:
        return ()
    day = today - timedelta(days=40 + 17 * index)
    talk: dict[str, tuple[str, str]] = {
        "en": ("Thanks for the slides!", "Glad they helped. See you at the fair."),
        "fr": ("Merci pour les documents !", "Avec plaisir, à bientôt."),
        "de": ("Danke für die Unterlagen!", "Gern geschehen."),
        "es": ("¡Gracias por los documentos!", "De nada, un saludo."),
        "nl": ("Bedankt voor de stukken!", "Graag gedaan."),
    }
    theirs, mine = talk[row.language]
    return (
        Message("them", theirs, datetime.combine(day, time(9, 41))),
        Message("me", mine, datetime.combine(day, time(10, 5))),
    )


def _person(row: names.Row, degree: int, born: date | None, today: date, index: int) -> Person:
    birthday = (born.month, born.day) if born else None
    history = _history(row, today, index) if degree == 1 else ()
    urn = urn_for(row.slug)
    return Person(row.slug, urn, row.name, row.first, row.headline, degree, birthday, row.language, history)


def default_people(today: date, cast_today: int = 2, cast_late: int = 1, cast_old: int = 3) -> list[Person]:
    """About forty invented people; only the asked numbers have a birthday today, lately, or longer ago."""
    rows: list[tuple[names.Row, int, date | None]] = []
    far = iter(today + timedelta(days=30 + 7 * n) for n in range(44))  # 30 to 331 days ahead
    for n, row in enumerate(names.TODAY):
        rows.append((row, 1, today if n < cast_today else next(far)))
    for n, row in enumerate(names.LATE):
        rows.append((row, 1, today - timedelta(days=LATE_OFFSETS[n]) if n < cast_late else next(far)))
    for n, row in enumerate(names.OLD):
        rows.append((row, 1, today - timedelta(days=OLD_OFFSETS[n]) if n < cast_old else next(far)))
    rows += [(row, 1, today + timedelta(days=ahead)) for row, ahead in zip(names.SOON, SOON_OFFSETS, strict=True)]
    rows += [(row, 1, next(far)) for row in names.OTHER]
    rows += [(row, 1, None) for row in names.NO_BIRTHDAY]
    rows += [(row, 2 if n < 2 else 3, None) for n, row in enumerate(names.SECOND)]
    return [_person(row, degree, born, today, n) for n, (row, degree, born) in enumerate(rows)]


@lru_cache
def strangers(count: int) -> tuple[Person, ...]:
    """People who are no connections: rail, search results, sent invitations."""
    out = []
    for n in range(count):
        first, last = names.FIRSTS[n % len(names.FIRSTS)], names.LASTS[(n * 7 + n // 26) % len(names.LASTS)]
        slug = f"{first}-{last}-{n:x}".lower()
        headline = ("Founder", "10 years ago in Paris, today in Lyon", "Engineer", "30 days of code")[n % 4]
        out.append(Person(slug, urn_for(slug), f"{first} {last}", first, headline, 2 + n % 2, None, "en"))
    return tuple(out)


def load(items: Iterable[dict[str, Any]]) -> list[Person]:
    """People from the parsed people.json; a missing key raises KeyError with its name."""
    out = []
    for item in items:
        thread = tuple(Message(m["from"], m["text"], datetime.fromisoformat(m["when"])) for m in item.get("thread", []))
        birthday = item["birthday"]
        out.append(
            Person(
                item["slug"],
                item.get("urn") or urn_for(item["slug"]),
                item["name"],
                item["first"],
                item["headline"],
                int(item["degree"]),
                (int(birthday[0]), int(birthday[1])) if birthday else None,
                item["member_language"],
                thread,
            )
        )
    return out


def dump(people: Sequence[Person]) -> list[dict[str, Any]]:
    """The JSON form of people, the inverse of `load`."""
    return [
        {
            "slug": p.slug,
            "urn": p.urn,
            "name": p.name,
            "first": p.first,
            "headline": p.headline,
            "degree": p.degree,
            "birthday": list(p.birthday) if p.birthday else None,
            "member_language": p.member_language,
            "thread": [{"from": m.sender, "text": m.text, "when": m.when.isoformat()} for m in p.thread],
        }
        for p in people
    ]


def read(path: Path) -> list[Person]:
    """People from a people.json file."""
    return load(json.loads(path.read_text(encoding="utf-8")))


def change(people: Sequence[Person], slug: str, **values: Any) -> list[Person]:
    """The same people with one of them changed."""
    return [replace(p, **values) if p.slug == slug else p for p in people]

"""What a member's files say: rows of any format, made comparable and checked, with the line they came from.

What belongs here: the words that the readers, the database and the use cases share. What does not: how a format writes
them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from linkedin_pipelines.domain.states import BirthdaySource

NAME_LIMIT = 400
EMAIL_LIMIT = 320
EXCERPT_LIMIT = 200
BODY_LIMIT = 8000
"""Characters; longer texts are cut, longer names and addresses refused."""


class ConnectionRow(NamedTuple):
    """One person of Connections.csv; a tuple, since an import makes a million of them."""

    line: int
    slug: str | None
    first_name: str
    full_name: str
    email: str | None
    company: str | None
    position: str | None
    connected_on: date | None


@dataclass(frozen=True, slots=True)
class SentWish:
    """A birthday wish that the member sent to one person."""

    line: int
    slug: str
    name: str
    sent_at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class StopReply:
    """A message of one person to the member that asks for no more messages."""

    line: int
    slug: str
    name: str
    said_at: datetime
    excerpt: str


@dataclass(frozen=True, slots=True)
class StatedBirthday:
    """A birthday as an address book or calendar states it: a day, or the reason why what it says is none."""

    line: int
    source: BirthdaySource
    name: str
    slugs: tuple[str, ...]
    emails: tuple[str, ...]
    month: int | None
    day: int | None
    year: int | None
    raw: str
    refusal: str | None
    other_names: tuple[str, ...] = ()
    """Other forms under which the source bears witness to the same name."""
    short_name: str = ""
    """First and family name alone, where the source tells them from a middle name."""
    died: bool = False
    """The source says that the person is dead; then the person is never listed."""


def entry_key(name_key: str, slugs: Sequence[str], emails: Sequence[str]) -> str:
    """SHA-256 of who an entry of an address book is: what the member settles for it outlives every re-import."""
    return hashlib.sha256(json.dumps([name_key, sorted(slugs), sorted(emails)]).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, with the reason and how it begins."""

    member_file: str
    line: int
    reason: str
    excerpt: str


Record = ConnectionRow | SentWish | StopReply | StatedBirthday | RefusedRow

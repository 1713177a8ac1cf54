"""What the readers hand over: rows of any file, made comparable and checked, with the line they came from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from linkedin_pipelines.domain.states import BirthdaySource, FileKind

NAME_LIMIT = 400
EMAIL_LIMIT = 320
EXCERPT_LIMIT = 200
BODY_LIMIT = 8000


@dataclass(frozen=True, slots=True)
class ConnectionRow:
    """One person of Connections.csv."""

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


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that is not taken, with the reason and how it begins."""

    member_file: str
    line: int
    reason: str
    excerpt: str


Record = ConnectionRow | SentWish | StopReply | StatedBirthday | RefusedRow


@dataclass
class Part:
    """One file, or one file of an archive, while it is being read."""

    kind: FileKind
    name: str
    """As the member knows it: the path, or the name inside the archive."""
    owner_slug: str
    """The account's own identity on the site."""
    today: date
    rows: int = 0
    """Rows or cards that say something; empty ones are not rows."""
    newest_connection: date | None = None
    notes: list[str] = field(default_factory=list)

    def refuse(self, line: int, reason: str, excerpt: str = "") -> RefusedRow:
        """The refusal of one row of this file."""
        shown = " ".join(excerpt.split())
        if len(shown) > EXCERPT_LIMIT:
            shown = shown[: EXCERPT_LIMIT - 1] + "…"
        return RefusedRow(self.name[-NAME_LIMIT:], line, reason, shown)

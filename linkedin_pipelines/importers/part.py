"""The file that is being read, as its reader sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, tzinfo

from linkedin_pipelines.domain.records import EXCERPT_LIMIT, NAME_LIMIT, RefusedRow
from linkedin_pipelines.domain.states import FileKind
from linkedin_pipelines.errors import RefusedFileError


class UntrustedFileError(RefusedFileError):
    """The file as a whole is another member's, or dangerous: nothing of it is taken, whatever its parts are."""


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
    zone: tzinfo = UTC
    """Where the account lives: what a program wrote as midnight there is a day."""

    def refuse(self, line: int, reason: str, excerpt: str = "") -> RefusedRow:
        """The refusal of one row of this file."""
        shown = " ".join(excerpt.split())
        if len(shown) > EXCERPT_LIMIT:
            shown = shown[: EXCERPT_LIMIT - 1] + "…"
        return RefusedRow(self.name[-NAME_LIMIT:], line, reason, shown)

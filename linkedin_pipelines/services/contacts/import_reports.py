"""What an import did, for people and for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from linkedin_pipelines.domain.states import FileKind

SHOWN_ROWS = 20
"""Refused rows that a report lists; all of them are kept in the database."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class RefusedRowView(_Frozen):
    """One row that was not taken."""

    file: str
    line: int
    reason: str
    excerpt: str


class PartReport(_Frozen):
    """One table, address book or calendar: the file itself, or one file of an archive."""

    file: str
    kind: FileKind
    rows_read: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_refused: int
    rows_forgotten: int = 0
    """Rows of people who asked to be forgotten; nothing of them is kept."""
    rows_left_out: int
    """Rows that hold nothing for us: messages that are no wishes, people without a birthday."""
    notes: tuple[str, ...]


class FileReport(_Frozen):
    """One imported file."""

    file: str
    sha256: str
    kind: FileKind
    outcome: Literal["imported", "already_imported"]
    imported_at: datetime
    parts: tuple[PartReport, ...] = ()
    refused_rows: tuple[RefusedRowView, ...] = ()
    """The first of them."""
    refused_rows_total: int = 0
    notes: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The file's outcome as text."""
        if self.outcome == "already_imported":
            return [f"{self.file}: already imported on {self.imported_at:%Y-%m-%d %H:%M} UTC; nothing changed"]
        lines = []
        for part in self.parts:
            where = self.file if self.kind is not FileKind.ARCHIVE else f"{self.file}: {part.file}"
            lines.append(
                f"{where}: {part.rows_read} rows: {part.rows_new} new, {part.rows_changed} changed, "
                f"{part.rows_unchanged} unchanged, {part.rows_refused} refused, {part.rows_left_out} left out"
                + (f", {part.rows_forgotten} asked to be forgotten" if part.rows_forgotten else "")
            )
            lines += [f"  {note}" for note in part.notes]
        lines += [f"{self.file}: {note}" for note in self.notes]
        lines += [f"  refused: {row.file}, line {row.line}: {row.reason}" for row in self.refused_rows]
        if (more := self.refused_rows_total - len(self.refused_rows)) > 0:
            lines.append(f"  and {more} more refused rows")
        return lines


class UnmatchedView(_Frozen):
    """A birthday of the member's files for which no contact was found."""

    name: str
    date: str
    source: str
    reason: str


class Totals(_Frozen):
    """What is known of the account after the import."""

    contacts: int
    """People that the account is connected to."""
    contacts_without_address: int
    """Those of them that no file gives a profile address of; they cannot be written to."""
    birthdays: int
    """Connected people whose birthday is known."""
    disputed_birthdays: int
    unmatched_birthdays: int
    wished_by_hand: int
    stop_requests: int


class ImportReport(_Frozen):
    """What one import did."""

    account: str
    files: tuple[FileReport, ...]
    totals: Totals

    @property
    def changed(self) -> bool:
        """Whether any file brought anything new."""
        return any(part.rows_new or part.rows_changed for file in self.files for part in file.parts)

    def __str__(self) -> str:
        """The report as lines of text."""
        lines = [line for file in self.files for line in file.lines()]
        totals = self.totals
        lines.append(
            f"{self.account}: {totals.contacts} contacts "
            f"({totals.contacts_without_address} without a profile address), "
            f"{totals.birthdays} birthdays ({totals.disputed_birthdays} disputed), "
            f"{totals.unmatched_birthdays} birthdays of nobody known, {totals.wished_by_hand} wishes sent by hand, "
            f"{totals.stop_requests} requests to stop"
        )
        return "\n".join(lines)


class BirthdayRow(_Frozen):
    """One birthday that is known."""

    slug: str
    """The profile's slug, or `name:<name>` for a person without a profile address."""
    name: str
    month: int
    day: int
    year: int | None
    source: str
    disputed: bool
    occurs_on: str | None
    """ISO day on which it is kept within the days asked for; None if no days were."""

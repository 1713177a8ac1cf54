"""The inbox: files dropped into `inbox/<account>/`, imported, moved to `done/` or `refused/`, a report beside each.

A file is taken once it is whole: it has not been written to for a while, and its name is not one that a download in
progress has. Links and sub-folders are left alone. A crash between import and move is harmless: the file is still
there, and its second import changes nothing.
"""

from __future__ import annotations

import os
import stat
from datetime import timedelta
from pathlib import Path
from typing import Literal

import structlog
from pydantic import BaseModel, ConfigDict

from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.files import write_atomically
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.contacts.import_reading import Progress
from linkedin_pipelines.services.contacts.import_reports import ImportReport
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines.services.contacts.mentions import holds, overwrite

DONE: Literal["done"] = "done"
REFUSED: Literal["refused"] = "refused"
REPORT_SUFFIX = ".report.json"
QUIET = timedelta(seconds=10)
"""How long a file must not have been written to before it counts as whole."""
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".temp", ".filepart", ".swp", "~")
"""Ends of the names that browsers, sync clients and editors give to what they are still writing."""

_log = structlog.get_logger(__name__)


class InboxReport(BaseModel):
    """What became of one file of the inbox; stored beside the file, as JSON."""

    model_config = ConfigDict(frozen=True)

    file: str
    """Name under which it was dropped."""
    moved_to: str | None
    """Path below the account's inbox; None for a file that was not kept, since it holds people who are forgotten."""
    outcome: Literal["imported", "refused"]
    reason: str | None = None
    """Why it was refused."""
    report: ImportReport | None = None


def waiting_files(inbox: Path, *, clock: Clock | None = None, quiet: timedelta = QUIET) -> dict[str, list[Path]]:
    """The whole files that wait, by account slug, each account's by name. Folders without any are left out.

    A file counts as whole when nothing was written to it for `quiet`; a time in the future (another machine's clock)
    does not keep it waiting.
    """
    moment = (clock or SystemClock()).now().timestamp()
    waiting: dict[str, list[Path]] = {}
    if not inbox.is_dir():
        return waiting
    for folder in sorted(inbox.iterdir()):
        if folder.name.startswith(".") or folder.is_symlink() or not folder.is_dir():
            continue
        if files := [path for path in sorted(folder.iterdir()) if _is_whole(path, moment, quiet.total_seconds())]:
            waiting[folder.name] = files
    return waiting


def left_alone(inbox: Path, account_slug: str) -> list[str]:
    """What lies in an account's inbox and will not be taken, each with the reason; done/ and refused/ are not meant."""
    folder = inbox / account_slug
    notes = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_symlink():
            notes.append(f"{path.name}: a link; put the file itself here")
        elif path.is_dir() and path.name not in {DONE, REFUSED}:
            notes.append(f"{path.name}: a folder; put its files here, or import it by the command line")
        elif _is_unfinished(path):
            notes.append(f"{path.name}: by its name still being written")
    return notes


def _is_unfinished(path: Path) -> bool:
    return path.name.startswith(".") or path.name.lower().endswith(_UNFINISHED)


def _is_whole(path: Path, moment: float, quiet_seconds: float) -> bool:
    if _is_unfinished(path):
        return False
    try:
        found = path.lstat()
    except FileNotFoundError:  # taken by another machine since the folder was read
        return False
    return stat.S_ISREG(found.st_mode) and abs(moment - found.st_mtime) >= quiet_seconds


def take_in(
    database: Database,
    clock: Clock,
    inbox: Path,
    account_slug: str,
    *,
    progress: Progress | None = None,
    quiet: timedelta = QUIET,
) -> list[InboxReport]:
    """Import every whole file of an account's inbox, one by one, and move it out; a refused one holds up no other.

    Raises:
        UnknownAccountError: there is no such account; its folder is left as it is.
        DatabaseUnavailableError: the database went away; what was not imported yet stays where it is.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        forgotten = known_to(session, account.id)
    reports = []
    for path in waiting_files(inbox, clock=clock, quiet=quiet).get(account_slug, []):
        try:
            report = import_files(database, clock, account_slug, [path], progress=progress)
        except RefusedFileError as error:
            if not _is_whole(path, clock.now().timestamp(), quiet.total_seconds()):
                continue  # written to meanwhile, so it comes up again; or taken by another run of this account
            reports.append(_move(path, REFUSED, forgotten, reason=str(error)))
        else:
            reports.append(_move(path, DONE, forgotten, report=report))
        _log.info("inbox_file_taken", account=account_slug, outcome=reports[-1].outcome)
    return reports


def _move(
    path: Path,
    folder: Literal["done", "refused"],
    forgotten: Forgotten,
    *,
    reason: str | None = None,
    report: ImportReport | None = None,
) -> InboxReport:
    """Write the report, then move the file beside it: whoever finds the file finds its report too.

    Where people are forgotten, a file that was imported has served, and one that may hold them is not kept either.
    """
    target_folder = path.parent / folder
    target_folder.mkdir(exist_ok=True)
    target = free_name(target_folder, forgotten.masked(path.name))
    kept = not forgotten or (folder == REFUSED and holds(path, forgotten) is False)
    result = InboxReport(
        file=forgotten.masked(path.name),
        moved_to=f"{folder}/{target.name}" if kept else None,
        outcome="refused" if folder == REFUSED else "imported",
        reason=None if reason is None else forgotten.masked(reason),
        report=report,
    )
    write_atomically(_report_of(target), result.model_dump_json(indent=2) + "\n")
    if forgotten:
        overwrite(_report_of(target), forgotten, really=True)
    try:
        if kept:
            path.rename(target)
        else:
            path.unlink()
    except FileNotFoundError:  # another run of this account moved it first, with a report of its own
        _report_of(target).unlink(missing_ok=True)
    return result


def _report_of(target: Path) -> Path:
    return target.with_name(target.name + REPORT_SUFFIX)


def free_name(folder: Path, name: str) -> Path:
    """`name` in that folder, or `stem-2.suffix` and so on where a file of that name was put there before."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 -- Path.stem splits a leading dot off differently
    target, number = folder / name, 1
    while target.exists():  # a report alone is what a crash left; it is written anew
        number += 1
        target = folder / f"{stem}-{number}{suffix}"
    return target

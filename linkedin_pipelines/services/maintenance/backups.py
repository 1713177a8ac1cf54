"""Backups of the whole database: taken, tried out by restoring them elsewhere, kept in turn, and put back.

A backup counts once it has been restored into a scratch database and found whole; only then older ones go. A restored
ledger may know less than happened, so every account begins by reading its recent conversations before it sends.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import heartbeats, leases
from linkedin_pipelines.db.accounts import registry as account_rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.maintenance import backups
from linkedin_pipelines.db.maintenance.backups import Contents
from linkedin_pipelines.errors import BackupError, DatabaseUnavailableError
from linkedin_pipelines.files import write_atomically
from linkedin_pipelines.services.privacy.forgetting import reapply, remembered
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)

KEEP = 14
"""How many backups are kept where nobody says otherwise."""
BEAT_PATIENCE = timedelta(seconds=60)
"""A run that gave a heartbeat within this time is at work."""
_NAME = "linkedin-{moment:%Y%m%dT%H%M%SZ}{suffix}"
_PATTERN = "linkedin-*[0-9]Z{suffix}"
_BEFORE = "before-restore-{moment:%Y%m%dT%H%M%SZ}{suffix}"


@dataclass(frozen=True)
class BackupView:
    """One backup that was taken and tried out."""

    path: Path
    taken_at: datetime
    bytes: int
    sha256: str
    revision: str
    """Version of the schema that it has."""
    rows: dict[str, int]
    """Rows of each table."""


@dataclass(frozen=True)
class RestoreView:
    """What a restore came to."""

    restored: BackupView
    replaced: Path | None
    """A copy of the database as it was before; None where there was none that could be read."""
    accounts: tuple[str, ...]
    """Accounts that now read their recent conversations before they send."""
    forgotten_again: int = 0
    """People whom the backup still held, and who asked to be forgotten since it was taken."""


def folder_of(settings: Settings) -> Path:
    """Where backups are kept: in the home, readable by its owner alone, since they hold people's data."""
    return settings.home / "backups"


def take_backup(database: Database, settings: Settings, clock: Clock, *, keep: int = KEEP) -> BackupView:
    """Copy the database, restore the copy into a scratch database, keep it if it is whole; then let go of older ones.

    The session key is not part of it: keep `secret.key` elsewhere, or sign in again after a restore.

    Raises:
        BackupError: the copy cannot be taken or does not stand the test; earlier backups stay.
        SchemaError: the database has no tables, or those of another version.
        ValueError: fewer than one backup is to be kept.
    """
    if keep < 1:
        raise ValueError("at least one backup is kept")
    database.require_current_schema()
    view = _take(database, folder_of(settings), clock.now(), _NAME)
    _let_go(folder_of(settings), backups.suffix_of(database), keep)
    log.info("backup_taken", bytes=view.bytes, revision=view.revision, count=view.rows.get("interactions", 0))
    return view


def list_backups(settings: Settings) -> tuple[BackupView, ...]:
    """The backups that are kept, newest first."""
    found = [_described(path) for path in folder_of(settings).glob("*.json")]
    return tuple(sorted((each for each in found if each), key=lambda each: each.taken_at, reverse=True))


def restore_backup(database: Database, settings: Settings, clock: Clock, path: Path) -> RestoreView:
    """Replace the database by a backup, whole or not at all. The caller sees to it that no stack is up.

    The backup is brought to this code's schema in a scratch database first, and every account put into "settle first"
    there. What is replaced is copied beside the backups.

    Raises:
        BackupError: somebody is at work, or the backup cannot be trusted; the database is as it was.
        SchemaError: the backup was made by a newer version.
    """
    if not path.is_file():
        raise BackupError(f"there is no file {path}")
    kind = backups.kind_of(path)
    if kind != database.dialect:
        here = "a SQLite file" if database.dialect == "sqlite" else "a Postgres database"
        raise BackupError(f"{path.name} is {f'a backup of {kind}' if kind else 'no backup'}; the database is {here}")
    described = _described(path.with_name(path.name + ".json"))
    if described is not None and described.sha256 != _sha256(path):
        raise BackupError(f"{path.name} is not as it was when it was taken: its checksum differs")
    now = clock.now()
    _require_idle(database, now)
    with backups.scratch_copy(database, path) as scratch:
        held = backups.contents(scratch)
        if described is not None and held != Contents(described.revision, described.rows):
            raise BackupError(f"{path.name} does not hold what it held when it was taken")
        scratch.upgrade()
        accounts = _settle_first(scratch, now, path, described.taken_at if described else None)
        again = reapply(scratch, settings, now, remembered(database, settings))
        replaced = _copy_aside(database, settings, now)
        backups.put_back(database, scratch)
    database.require_current_schema()
    log.warning("backup_restored", revision=held.revision, accounts=len(accounts))
    view = described or BackupView(path, now, path.stat().st_size, _sha256(path), held.revision, held.rows)
    return RestoreView(view, replaced, accounts, again)


def _take(database: Database, folder: Path, now: datetime, name: str) -> BackupView:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    suffix = backups.suffix_of(database)
    target = folder / name.format(moment=now.astimezone(UTC), suffix=suffix)
    partial = folder / f".partial-{os.getpid()}{suffix}"
    partial.unlink(missing_ok=True)
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        backups.copy(database, partial)
        with backups.scratch_copy(database, partial) as scratch:
            held = backups.contents(scratch)
        view = BackupView(target, now, partial.stat().st_size, _sha256(partial), held.revision, held.rows)
        _sync(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    facts = {"taken_at": now.isoformat(), "sha256": view.sha256, "revision": view.revision, "rows": view.rows}
    note = target.with_name(target.name + ".json")
    write_atomically(note, json.dumps(facts, indent=1))
    _sync(folder)
    return view


def _let_go(folder: Path, suffix: str, keep: int) -> None:
    newest_first = sorted(folder.glob(_PATTERN.format(suffix=suffix)), reverse=True)
    outdated = newest_first[keep:]
    if outdated:  # what a restore replaced is kept as long as a backup of that time would be, and no longer
        oldest_kept = newest_first[keep - 1].stat().st_mtime
        outdated += [path for path in folder.glob(f"before-restore-*{suffix}") if path.stat().st_mtime < oldest_kept]
    for old in outdated:
        old.unlink()
        old.with_name(old.name + ".json").unlink(missing_ok=True)


def _described(note: Path) -> BackupView | None:
    """What was noted of a backup; None where there is no note or no backup to it."""
    path = note.with_name(note.name.removesuffix(".json"))
    try:
        facts = json.loads(note.read_text())
        return BackupView(
            path,
            datetime.fromisoformat(facts["taken_at"]),
            path.stat().st_size,
            facts["sha256"],
            facts["revision"],
            facts["rows"],
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise BackupError(f"{note.name} is damaged; remove it to go without it") from error


def _require_idle(database: Database, now: datetime) -> None:
    try:
        database.upgrade()  # what is replaced has the shape of what replaces it; an empty database gets its tables
        with database.reading() as session:
            held = leases.held(session, now)
            beating = heartbeats.beating_since(session, now - BEAT_PATIENCE)
    except DatabaseUnavailableError:
        return  # a database that is lost cannot say, and is what restoring is for
    if held:
        raise BackupError(f"a run is at work for account {held[0]}; restore when it has ended")
    if beating:
        raise BackupError(f"run {beating[0]} is at work; restore when it has ended")


def _settle_first(scratch: Database, now: datetime, path: Path, taken_at: datetime | None) -> tuple[str, ...]:
    if taken_at is not None and taken_at > now:
        taken_at = None  # the clock was set back since: its own word says nothing
    with scratch.writing() as session:
        accounts = account_rows.all_accounts(session)
        for account in accounts:
            ledger.put_settle_first(session, account.id, now, f"the backup {path.name} was restored", taken_at)
    return tuple(account.slug for account in accounts)


def _copy_aside(database: Database, settings: Settings, now: datetime) -> Path | None:
    """Keep what is about to be replaced, in case the restore was the mistake."""
    if database.file is not None and not database.file.exists():
        return None
    try:
        database.require_current_schema()
        return _take(database, folder_of(settings), now, _BEFORE).path
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the database, it is being replaced for it
        log.warning("database_not_copied_aside", error_type=type(error).__name__)
        return None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    """Have the disk keep it: a backup that a power cut takes along is none."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

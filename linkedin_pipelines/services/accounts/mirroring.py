"""accounts.yaml applied without anybody asking: once it has come to rest, and only when it changed on this machine.

Two machines with different files on one database would otherwise change each other's settings at every look. What was
applied here last is noted in the home, which is the machine's own.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.registry import AppliedAccounts, apply_accounts, list_accounts
from linkedin_pipelines.settings import Settings

QUIET = timedelta(seconds=10)
"""How long the file must not have been written to: a half-written one may parse, and would retire accounts."""


def mirror_file(database: Database, settings: Settings, clock: Clock, changed_by: str) -> AppliedAccounts | None:
    """Apply the installation's file if it changed here since; None if it did not, or is not at rest yet.

    A database without any account gets the file in any case.

    Raises:
        ConfigurationError: the file is wrong, or names a member under another slug; nothing was changed.
    """
    path = settings.accounts_file
    if abs(clock.now().timestamp() - path.stat().st_mtime) < QUIET.total_seconds():
        return None
    edition = _edition(path, settings)
    if edition == _applied(settings) and list_accounts(database, retired=True):
        return None
    configs = load_accounts_file(path)
    if _edition(path, settings) != edition:  # written to in between
        return None
    applied = apply_accounts(database, clock, configs, changed_by)
    note_applied(settings, path, edition)
    return applied


def note_applied(settings: Settings, path: Path, edition: str | None = None) -> None:
    """Note that the file was applied on this machine as it is; another file than the installation's is none of it."""
    if path == settings.accounts_file:
        note = _note(settings)
        note.touch(mode=0o600)
        note.write_text(f"{edition or _edition(path, settings)}\n")


def _edition(path: Path, settings: Settings) -> str:
    """A digest of the file and of the database that it is for."""
    return hashlib.sha256(settings.database_url.encode() + b"\0" + path.read_bytes()).hexdigest()


def _applied(settings: Settings) -> str | None:
    note = _note(settings)
    return note.read_text().strip() if note.exists() else None


def _note(settings: Settings) -> Path:
    return settings.home / "accounts.applied"

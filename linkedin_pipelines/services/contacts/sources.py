"""Services that are read beside files: CardDAV, CalDAV, and LinkedIn's Member Data Portability API; secrets sealed.

What is read is imported as the file that an export of the same data is, so that it comes to the same birthdays and
reports the same way. Nothing on a service is ever changed.
"""

from __future__ import annotations

import re
import tempfile
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.contacts import sources as rows
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import FileKind, SourceKind
from linkedin_pipelines.errors import ConfigurationError, RefusedFileError
from linkedin_pipelines.importers import portability
from linkedin_pipelines.importers.dav import Collection, DavReader, SourceUnreadableError
from linkedin_pipelines.importers.portability import PortabilityReader
from linkedin_pipelines.services.accounts.crypto import seal, unseal
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.contacts.import_reports import FileReport
from linkedin_pipelines.services.contacts.imports import import_files
from linkedin_pipelines.settings import Settings

_SNAPSHOT_AGE = timedelta(days=7)
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class SourceView(_Frozen):
    """A source without its password."""

    name: str
    kind: SourceKind
    url: str
    username: str
    added_at: datetime
    synced_at: datetime | None
    failure: str | None


class SyncReport(_Frozen):
    """What reading one source came to."""

    name: str
    files: tuple[FileReport, ...] = ()
    notes: tuple[str, ...] = ()
    """What was found, or why nothing was read."""
    failure: str | None = None
    """Why it could not be read; nothing of it was imported then."""


def add_source(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    name: str,
    url: str,
    username: str,
    password: str,
) -> list[Collection]:
    """Try an address book, calendar or server out, then keep it in place of any other source of that name.

    Returns:
        The address books and calendars that were found.

    Raises:
        UnknownAccountError: there is no such account.
        ConfigurationError: the name is none, or the sealing key cannot be used.
        SourceUnreadableError: the address may not be used, or nothing can be read there.
    """
    _check_name(name)
    with DavReader(url, username, password) as reader:
        found = reader.collections()
    _keep(database, settings, clock, account_slug, (name, SourceKind.DAV, url, username), password)
    return found


def add_own_data(
    database: Database, settings: Settings, clock: Clock, account_slug: str, name: str, token: str, url: str
) -> None:
    """Try the member's token out at LinkedIn's Member Data Portability API, then keep it, sealed.

    Raises:
        UnknownAccountError: there is no such account.
        ConfigurationError: the name is none, or the sealing key cannot be used.
        SourceUnreadableError: the address is neither LinkedIn's nor this machine's, or the token is not accepted.
    """
    _check_name(name)
    with PortabilityReader(url, token) as reader:
        reader.changes(clock.now())
    _keep(database, settings, clock, account_slug, (name, SourceKind.PORTABILITY, url, ""), token)


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ConfigurationError(f"{name!r}: a source's name has small letters, digits, - and _, 48 at most")


def _keep(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    what: tuple[str, SourceKind, str, str],
    secret: str,
) -> None:
    account = get_account(database, account_slug)
    sealed = seal(settings, secret.encode())
    with database.writing() as session:
        rows.put_source(session, account.id, *what, sealed, clock.now())


def remove_source(database: Database, account_slug: str, name: str) -> None:
    """Forget a source and its password; what was imported from it stays.

    Raises:
        UnknownAccountError, ConfigurationError: there is no such account or source.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        if not rows.drop_source(session, account.id, name):
            raise ConfigurationError(f"{account_slug} has no source called {name!r}; `sources list` shows them")


def list_sources(database: Database, account_slug: str) -> list[SourceView]:
    """The account's sources, by name.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        return [
            SourceView(
                name=source.name,
                kind=source.kind,
                url=source.url,
                username=source.username,
                added_at=source.added_at,
                synced_at=source.synced_at,
                failure=source.failure,
            )
            for source in rows.sources_of(session, account.id)
        ]


def accounts_with_sources(database: Database) -> list[str]:
    """Slugs of the accounts that have a source."""
    with database.reading() as session:
        return rows.accounts_with_sources(session)


def sync(database: Database, settings: Settings, clock: Clock, account_slug: str) -> list[SyncReport]:
    """Read every source of an account and import what it holds. One that cannot be read holds up no other.

    Raises:
        UnknownAccountError: there is no such account.
        DatabaseUnavailableError: the database went away.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        stored = rows.sources_of(session, account.id)
    reports = []
    for source in stored:
        try:
            report = _read(database, settings, clock, account_slug, source)
        except (SourceUnreadableError, ConfigurationError) as error:
            report = SyncReport(name=source.name, failure=str(error))
        with database.writing() as session:
            rows.note_sync(session, account.id, source.name, clock.now(), (report.failure or "")[:1000] or None)
        reports.append(report)
    return reports


def _read(
    database: Database, settings: Settings, clock: Clock, account_slug: str, source: rows.StoredSource
) -> SyncReport:
    secret = unseal(settings, source.sealed_secret).decode()
    with tempfile.TemporaryDirectory(prefix="linkedin-sync-") as name:
        folder = Path(name)
        if source.kind is SourceKind.PORTABILITY:
            paths, notes = _own_data(source, secret, clock.now(), folder)
        else:
            paths, notes = _collections(source, secret, folder)
        files: list[FileReport] = []
        failures: list[str] = []
        for path in paths:
            try:
                files += import_files(database, clock, account_slug, [path]).files
            except RefusedFileError as error:
                failures.append(str(error))
    return SyncReport(name=source.name, files=tuple(files), notes=notes, failure="; ".join(failures) or None)


def _collections(source: rows.StoredSource, password: str, folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """Every address book and calendar as the file that an export of it is."""
    paths = []
    with DavReader(source.url, source.username, password) as reader:
        collections = reader.collections()
        for number, collection in enumerate(collections, start=1):
            if texts := reader.content(collection):
                end = "vcf" if collection.kind is FileKind.VCARD else "ics"
                path = folder / f"{source.name}-{number}.{end}"
                content = "".join(text.rstrip("\r\n") + "\r\n" for text in texts)
                path.write_text(content, encoding="utf-8", newline="")
                paths.append(path)
    return paths, tuple(f"{collection.kind}: {collection.url}" for collection in collections)


def _own_data(source: rows.StoredSource, token: str, now: datetime, folder: Path) -> tuple[list[Path], tuple[str, ...]]:
    """The member's connections and messages as the archive of today, unless nothing was logged since the last one.

    What others do to a member need not be logged, so a snapshot is never trusted for longer than `_SNAPSHOT_AGE`.
    """
    with PortabilityReader(source.url, token) as reader:
        notes: tuple[str, ...] = ()
        if source.synced_at is not None:
            changes = reader.changes(source.synced_at)
            notes = tuple(f"{count} changes of {resource} since the last time" for resource, count in changes.items())
            if not changes and now - source.synced_at < _SNAPSHOT_AGE:
                return [], ("LinkedIn logged no change since the last snapshot",)
        tables = {domain: list(reader.snapshot(domain)) for domain in portability.DOMAINS}
    path = portability.write_archive(folder, now.date(), tables)
    if path is None:
        return [], (*notes, "LinkedIn has no snapshot yet; it makes one within minutes of the member's consent")
    return [path], notes

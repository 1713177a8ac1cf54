"""Forgetting a person: erased from the database in one transaction, then from files, runs and the database's own pages.

What is left of them are marks (`domain.forgetting`), by which imports know them again, and rows of the ledger without
a name, which keep limits and occasions. The same order given again finishes what a crash left undone.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts import registry as account_rows
from linkedin_pipelines.db.contacts import imports, stop_requests
from linkedin_pipelines.db.contacts import suppression as marks
from linkedin_pipelines.db.contacts.suppression import StoredMark
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.maintenance.compacting import compact
from linkedin_pipelines.db.privacy.erasing import Erased, purge
from linkedin_pipelines.db.privacy.traces import evidence_in_use, traces_of
from linkedin_pipelines.domain.forgetting import Forgotten, Mark, Marker, MarkKind
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.errors import DatabaseUnavailableError, ForgettingRefusedError, UnknownContactError
from linkedin_pipelines.files import write_atomically
from linkedin_pipelines.services.accounts.crypto import marking_key
from linkedin_pipelines.services.accounts.registry import AccountView, get_account, view_of
from linkedin_pipelines.services.contacts.matching import rederive
from linkedin_pipelines.services.privacy.forgotten_files import erase_files
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)

_TAKEN_AT = re.compile(r"-(\d{8}T\d{6}Z)\.(?:sqlite|pgdump)$")


class RunHistory(Protocol):
    """What the orchestrator keeps of its runs; tables of people stand there too."""

    def require_idle(self, account: str) -> None:
        """See that no run of the account is under way."""

    def showing(self, account: str, forgotten: Forgotten) -> Sequence[str]:
        """The runs of the account that show somebody whom `forgotten` knows."""

    def erase(self, account: str, runs: Sequence[str]) -> None:
        """Erase these runs, with all that they told."""


@dataclass(frozen=True)
class ForgettingView:
    """What was erased, or in a rehearsal would be: how much in each place."""

    account: str
    rehearsal: bool
    known_before: bool
    """Whether the person had been forgotten earlier; what was left undone then is done now."""
    rows: dict[str, int]
    files: dict[str, int]
    runs: int
    to_review: tuple[str, ...]
    """Files that could not be looked into: the member's to judge."""
    backups: tuple[str, ...]
    """Backups that still hold the person, until newer ones take their places."""
    other_accounts: tuple[str, ...]
    """Other accounts that know the same profile: each forgets by an order of its own."""


def forget(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    person: str,
    history: RunHistory,
    *,
    rehearsal: bool = False,
) -> ForgettingView:
    """Erase a person, given by profile address, slug or the name under which a contact without address stands.

    Raises:
        UnknownContactError: the account knows no such person, and never forgot one.
        LeaseHeldError: a campaign of the account is running.
        ForgettingRefusedError: a run of the account is under way, or nothing tells the person from others.
        DatabaseUnavailableError: a place could not be erased; the same order given again finishes it.
    """
    account = get_account(database, account_slug, retired=True)
    history.require_idle(account_slug)
    now = clock.now()
    with (database.rehearsing if rehearsal else database.writing)() as session:
        with _alone(session, account.id, now):
            marker = _marker(session, settings, rehearsal=rehearsal)
            forgotten, since = _mark(session, account, marker, person, now)
            erased = _purge(session, account, forgotten, now)
            marks.begin(session, account.id, erased.evidence, now)
        pending = {path for row in marks.unfinished(session, account.id) for path in row.evidence}
        others = evidence_in_use(session, account.id) - pending
        everyone = marks.all_marks(session)
        elsewhere = _elsewhere(session, account, person)
    files = erase_files(settings, account_slug, forgotten, pending, others, really=not rehearsal)
    runs = history.showing(account_slug, forgotten)
    if not rehearsal:
        history.erase(account_slug, runs)
        keep_copy(settings, everyone)
        compact(database)
        with database.writing() as session:
            for row in marks.unfinished(session, account.id):
                row.finished_at, row.evidence = clock.now(), []
        log.info("person_forgotten", account=account_slug, rows=sum(erased.rows.values()), runs=len(runs))
    return ForgettingView(
        account=account_slug,
        rehearsal=rehearsal,
        known_before=since < now,
        rows={place: count for place, count in sorted(erased.rows.items()) if count},
        files={place: count for place, count in sorted(files.counts.items()) if count},
        runs=len(runs),
        to_review=tuple(files.to_review),
        backups=tuple(path.name for path in backups_before(settings, since)),
        other_accounts=elsewhere,
    )


def backups_before(settings: Settings, moment: datetime) -> list[Path]:
    """Backups taken up to a moment, by their names; copies of what a restore replaced are among them."""
    latest = f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    folder = settings.home / "backups"
    found = [(_TAKEN_AT.search(path.name), path) for path in sorted(folder.glob("*"))] if folder.is_dir() else []
    return [path for match, path in found if match is not None and match[1] <= latest]


def _mark(
    session: Session, account: AccountView, marker: Marker, person: str, now: datetime
) -> tuple[Forgotten, datetime]:
    """Mark a person; everybody who is forgotten by now, and since when this one is."""
    slug = slug_of(person) or person.strip().lower()
    stored = [each for each in marks.all_marks(session) if each.account == account.slug]
    contact = stop_requests.find_contact(session, account.id, slug)
    if contact is None or contact.identity_key.startswith("forgotten:"):
        wanted = {marker.mark(MarkKind.PROFILE, slug), marker.mark(MarkKind.NAME, slug.removeprefix("name:"))}
        marks.require_key(marker, {each.key_id for each in stored})
        if since := [each.forgotten_at for each in stored if each.mark in wanted]:
            return Forgotten(marker, [each.mark for each in stored]), min(since)
        raise UnknownContactError(
            f"account {account.slug} has no contact {person}, and never forgot one of that address; "
            f"`birthdays {account.slug} --all` lists people"
        )
    traces = traces_of(session, contact)
    if not traces.slugs and not traces.names and not traces.connections:
        raise ForgettingRefusedError(
            f"nothing tells {person} from others of that name, so no import could know them again; "
            "delete them from the files and use `contact do-not-contact`"
        )
    new = marker.of(traces)
    marks.add_marks(session, account.id, marker, new, now)
    return Forgotten(marker, {*new, *(each.mark for each in stored)}), now


def _purge(session: Session, account: AccountView, forgotten: Forgotten, now: datetime) -> Erased:
    marks.remember(session, account.id, forgotten)
    erased = purge(session, account.id, forgotten, now)
    rederive(session, account.id, account.config, now)
    return erased


@contextmanager
def _alone(session: Session, account_id: int, now: datetime) -> Iterator[None]:
    """Neither a campaign nor an import of the account writes meanwhile; all of it in this transaction."""
    lease = leases.acquire(session, account_id, f"forget-{secrets.token_hex(4)}", now)
    imports.lock_imports(session, account_id)
    yield
    leases.release(session, lease)


def _marker(session: Session, settings: Settings, *, rehearsal: bool) -> Marker:
    """The key is made with the first mark; a rehearsal before that goes by one that nobody keeps."""
    first = not marks.all_marks(session)
    if rehearsal and first and not settings.marking_key_file.exists():
        return Marker(secrets.token_bytes(32))
    return Marker(marking_key(settings, create=first))


def _elsewhere(session: Session, account: AccountView, person: str) -> tuple[str, ...]:
    slug = slug_of(person) or person.strip().lower()
    return tuple(
        other.slug
        for other in account_rows.all_accounts(session)
        if other.id != account.id and stop_requests.find_contact(session, other.id, slug) is not None
    )


def remembered(database: Database, settings: Settings) -> list[StoredMark]:
    """The marks of all accounts: those of the database, if it can be read, and those of the copy beside the backups."""
    found = {(each.account, each.mark): each for each in _read_copy(settings)}
    try:
        with database.reading() as session:
            found |= {(each.account, each.mark): each for each in marks.all_marks(session)}
    except DatabaseUnavailableError as error:
        log.warning("marks_not_read_from_database", error_type=type(error).__name__)  # it is being replaced for that
    return list(found.values())


def reapply(database: Database, settings: Settings, now: datetime, stored: Sequence[StoredMark]) -> int:
    """Forget everybody again in a database that may be from before they asked; how many contacts that were.

    Raises:
        ConfigurationError: the key of the marks is not at hand.
    """
    with database.writing() as session:
        known = {(each.account, each.mark): each for each in (*stored, *marks.all_marks(session))}
        if not known:
            return 0
        marker, contacts = Marker(marking_key(settings)), 0
        marks.require_key(marker, {each.key_id for each in known.values()})
        for account in account_rows.all_accounts(session):
            theirs = [each for each in known.values() if each.account == account.slug]
            for each in theirs:
                marks.add_marks(session, account.id, marker, [each.mark], each.forgotten_at)
            view = view_of(account)
            contacts += _purge(session, view, Forgotten(marker, [each.mark for each in theirs]), now).rows["contacts"]
    compact(database)
    return contacts


def _copy_file(settings: Settings) -> Path:
    return settings.home / "backups" / "forgotten.marks"


def keep_copy(settings: Settings, stored: Sequence[StoredMark]) -> None:
    """Keep the marks beside the backups, so that restoring one brings nobody back even if the database is lost."""
    path = _copy_file(settings)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = [
        {
            "account": each.account,
            "kind": each.mark.kind.value,
            "mark": each.mark.digest,
            "words": each.mark.words,
            "key_id": each.key_id,
            "forgotten_at": each.forgotten_at.isoformat(),
        }
        for each in stored
    ]
    write_atomically(path, json.dumps(facts, indent=1))


def _read_copy(settings: Settings) -> list[StoredMark]:
    try:
        facts = json.loads(_copy_file(settings).read_text())
        return [
            StoredMark(
                each["account"],
                Mark(MarkKind(each["kind"]), each["mark"], each["words"]),
                each["key_id"],
                datetime.fromisoformat(each["forgotten_at"]),
            )
            for each in facts
        ]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise ForgettingRefusedError(
            f"{_copy_file(settings)} is damaged, so a restore could bring forgotten people back; bring it back as "
            "it was, or remove it and forget them again afterwards"
        ) from error

"""Import a database of the reference product: planned first, then done in one transaction, and undone by its number.

The plan is the import itself, rolled back: what it tells is what would happen, down to the last row.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.contacts.imports import lock_imports
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.legacy import imports as rows
from linkedin_pipelines.db.legacy.imports import Hold, ImportedDatabase
from linkedin_pipelines.domain.legacy.facts import day_if_local, moment_and_day
from linkedin_pipelines.errors import ConfigurationError, LinkedInPipelinesError
from linkedin_pipelines.importers.legacy.copying import copied
from linkedin_pipelines.importers.legacy.reading import LegacyFacts, read_facts
from linkedin_pipelines.importers.legacy.tables import read_tables
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.contacts.matching import rederive
from linkedin_pipelines.services.legacy.reports import LegacyReport, count_tables, ledger_view, rows_view


class UnknownLegacyImportError(LinkedInPipelinesError):
    """The account has no such import or held birthday; `import-legacy ACCOUNT` lists them."""


def import_legacy(
    database: Database, clock: Clock, account_slug: str, path: Path, *, zone: str = "UTC", apply: bool = False
) -> LegacyReport:
    """Import a database of the reference product; without `apply` only say what would happen.

    `zone` is the zone of times that were written without one: the clock of the machine that the product ran on.

    Raises:
        UnknownAccountError: there is no such account.
        ConfigurationError: there is no such zone.
        RefusedFileError: the file as a whole cannot be trusted; nothing of it was imported.
    """
    account = get_account(database, account_slug)
    now = clock.now()
    naive_zone = _zone(zone)
    with copied(path) as copy:
        tables = read_tables(copy.path, str(path))
        stated = read_facts(tables, now=now, naive_zone=naive_zone, account_zone=account.config.zone)
        sha256 = copy.sha256
    with database.writing() if apply else database.rehearsing() as session:
        lock_imports(session, account.id)
        if (before := rows.find(session, account.id, sha256)) is not None:
            return _already(account, path, before, sha256)
        return _write(session, account, path, sha256, stated, zone, now, apply=apply)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ConfigurationError(f"there is no time zone {name}; a name such as Europe/Paris is meant") from error


def _already(account: AccountView, path: Path, before: ImportedDatabase, sha256: str) -> LegacyReport:
    return LegacyReport(
        account=account.slug,
        file=str(path),
        sha256=sha256,
        outcome="already_imported",
        import_id=before.id,
        schema=before.schema,
        naive_zone=before.zone,
        imported_at=before.imported_at,
        checksum=before.checksum,
        tables=before.counts,
    )


def _write(
    session: Session,
    account: AccountView,
    path: Path,
    sha256: str,
    stated: LegacyFacts,
    zone: str,
    now: datetime,
    *,
    apply: bool,
) -> LegacyReport:
    name = known_to(session, account.id).masked(path.name)[:400]
    import_id = rows.add(session, account.id, file_name=name, sha256=sha256, schema=stated.schema, zone=zone, now=now)
    refused = [(one.table, one.row_id, one.outcome, one.why) for one in stated.refusals]
    rows.add_rows(session, account.id, import_id, stated.facts, refused)
    expected = rows.checksum_of(
        [(fact.table, fact.row_id, fact.digest) for fact in stated.facts]
        + [(table, row_id, "") for table, row_id, _, _ in refused]
    )
    rederive(session, account.id, account.config, now)
    if (kept := rows.checksum(session, import_id)) != expected:
        raise AssertionError(f"{expected[0]} rows were read, and {kept[0]} others are stored; nothing was kept")
    found = rows.outcomes(session, import_id)
    counts, reasons = count_tables(stated.rows, stated.kept_out, found)
    rows.finish(session, account.id, import_id, dict(counts), expected[1])
    ledger, occasions, repeats = ledger_view(found)
    blocked = rows.blocked_by(session, account.id)
    view = rows_view(found, account.config.zone, blocked)
    told = [fact.event.moment for fact in stated.facts if fact.event is not None and fact.event.moment.naive]
    moved = sum(day_if_local(one) != moment_and_day(one, account.config.zone)[1] for one in told)
    return LegacyReport(
        account=account.slug,
        file=str(path),
        sha256=sha256,
        outcome="imported" if apply else "planned",
        import_id=import_id if apply else None,
        schema=stated.schema,
        naive_zone=zone,
        imported_at=now,
        checksum=expected[1],
        tables=counts,
        reasons=reasons,
        ledger=ledger,
        occasions=occasions,
        repeats=repeats,
        do_not_contact=tuple(sorted({key for each in blocked.values() for key in each})),
        held=sum(hold.decision is None for hold in rows.holds(session, account.id)),
        rows_without_zone=len(told),
        rows_that_change_their_day=moved,
        settle_first=any("failed_without_proof" in one.notes for one in found),
        rows=view,
    )


def undo(database: Database, clock: Clock, account_slug: str, import_id: int) -> None:
    """Take an import back: its contacts, ledger rows, birthdays, holds and do-not-contact, as if it had never been.

    What others have set or added since stands.

    Raises:
        UnknownAccountError: there is no such account.
        UnknownLegacyImportError: the account has no such import.
    """
    account = get_account(database, account_slug, retired=True)
    with database.writing() as session:
        lock_imports(session, account.id)
        before = rows.restore(session, account.id, import_id)
        if before is None:
            raise UnknownLegacyImportError(
                f"account {account_slug} has no import {import_id}; `import-legacy {account_slug}` lists them"
            )
        rederive(session, account.id, account.config, clock.now())
        rows.give_back(session, account.id, before)


def imports_of(database: Database, account_slug: str) -> list[ImportedDatabase]:
    """Databases imported before, oldest first."""
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return rows.all_imports(session, account.id)


def holds_of(database: Database, account_slug: str) -> list[Hold]:
    """Birthdays that wait, or waited, for the member's word on who of several namesakes was wished."""
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return rows.holds(session, account.id)


def decide_hold(database: Database, clock: Clock, account_slug: str, hold_id: int, decision: str) -> None:
    """Say that a namesake was `wished`, which keeps the hold, or was not, which lets lists have them (`free`).

    Raises:
        UnknownLegacyImportError: the account has no such hold.
    """
    account = get_account(database, account_slug, retired=True)
    with database.writing() as session:
        if not rows.decide(session, account.id, hold_id, decision, clock.now()):
            raise UnknownLegacyImportError(
                f"account {account_slug} holds no birthday {hold_id}; `import-legacy {account_slug} --holds` lists them"
            )

"""What a scrape reads of one account: counts that go through indexes, however long the ledger is."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import BirthdayList, FileImport, Interaction, ListEntry, RunHeartbeat
from linkedin_pipelines.db.models.interactions import COUNTS, IS_UNSETTLED
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import EntryOutcome, FileKind, InteractionStatus


def unsettled(session: Session, account_id: int) -> dict[str, tuple[int, datetime]]:
    """How many attempts of each kind are in doubt, and since when the oldest is."""
    # Counted here, not by GROUP BY: that would tempt the planner to read the account's whole ledger in order of kind.
    query = select(Interaction.kind, Interaction.claimed_at).where(
        Interaction.account_id == account_id, IS_UNSETTLED, Interaction.status == InteractionStatus.IN_DOUBT
    )
    found: dict[str, tuple[int, datetime]] = {}
    for kind, claimed_at in session.execute(query):
        number, oldest = found.get(kind, (0, claimed_at))
        found[kind] = (number + 1, min(oldest, claimed_at))
    return found


def list_outcomes(session: Session, account_id: int, day: date) -> dict[EntryOutcome, int]:
    """How many contacts on the list of that day have each outcome; empty where there is no list."""
    query = (
        select(ListEntry.outcome, func.count())
        .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
        .where(BirthdayList.account_id == account_id, BirthdayList.list_date == day)
        .group_by(ListEntry.outcome)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def unsent(session: Session, account_id: int, day: date) -> int:
    """How many planned contacts of that day's list have no attempt that went out or may have."""
    done = (
        select(Interaction.id)
        .where(
            Interaction.contact_id == ListEntry.contact_id,
            Interaction.kind == InteractionKind.BIRTHDAY_MESSAGE,
            Interaction.occurrence_year == ListEntry.occurrence_year,
            COUNTS,
        )
        .exists()
    )
    query = (
        select(func.count())
        .select_from(ListEntry)
        .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
        .where(
            BirthdayList.account_id == account_id,
            BirthdayList.list_date == day,
            ListEntry.outcome == EntryOutcome.PLANNED,
            ~done,
        )
    )
    return session.scalars(query).one()


def import_rows(session: Session, account_id: int) -> dict[FileKind, tuple[int, dict[str, int]]]:
    """Files imported of each kind, and their rows by outcome; the table has a row a file."""
    columns = (FileImport.rows_new, FileImport.rows_changed, FileImport.rows_unchanged, FileImport.rows_refused)
    query = (
        select(FileImport.kind, func.count(), *(func.sum(column) for column in columns))
        .where(FileImport.account_id == account_id, FileImport.complete)
        .group_by(FileImport.kind)
    )
    outcomes = ("new", "changed", "unchanged", "refused")
    return {
        kind: (files, dict(zip(outcomes, map(int, rows), strict=True))) for kind, files, *rows in session.execute(query)
    }


def oldest_heartbeat(session: Session) -> tuple[int, datetime | None]:
    """How many runs have not ended, and the oldest of their last heartbeats."""
    query = select(func.count(), func.min(RunHeartbeat.beat_at)).where(RunHeartbeat.ended_at.is_(None))
    number, oldest = session.execute(query).one()
    return number, oldest

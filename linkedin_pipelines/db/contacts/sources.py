"""Rows of the services that are read beside files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Account, Source
from linkedin_pipelines.domain.states import SourceKind


@dataclass(frozen=True)
class StoredSource:
    """One of them, its secret still sealed."""

    name: str
    kind: SourceKind
    url: str
    username: str
    sealed_secret: bytes
    added_at: datetime
    synced_at: datetime | None
    failure: str | None


def put_source(
    session: Session,
    account_id: int,
    name: str,
    kind: SourceKind,
    url: str,
    username: str,
    sealed_secret: bytes,
    now: datetime,
) -> None:
    """Store a source in place of any other of that name."""
    drop_source(session, account_id, name)
    session.add(
        Source(
            account_id=account_id,
            name=name,
            kind=kind,
            url=url,
            username=username,
            sealed_secret=sealed_secret,
            added_at=now,
        )
    )
    session.flush()


def drop_source(session: Session, account_id: int, name: str) -> bool:
    """Forget a source and its password; whether there was one."""
    there = [source for source in sources_of(session, account_id) if source.name == name]
    session.execute(delete(Source).where(Source.account_id == account_id, Source.name == name))
    return bool(there)


def sources_of(session: Session, account_id: int) -> list[StoredSource]:
    """All sources of an account, by name."""
    query = select(
        Source.name,
        Source.kind,
        Source.url,
        Source.username,
        Source.sealed_secret,
        Source.added_at,
        Source.synced_at,
        Source.failure,
    ).where(Source.account_id == account_id)
    return [StoredSource(*row) for row in session.execute(query.order_by(Source.name))]


def accounts_with_sources(session: Session) -> list[str]:
    """Slugs of the accounts that have any and are not retired."""
    query = select(Account.slug).join(Source, Source.account_id == Account.id)
    return list(session.scalars(query.where(Account.retired_at.is_(None)).distinct().order_by(Account.slug)))


def note_sync(session: Session, account_id: int, name: str, now: datetime, failure: str | None) -> None:
    """What became of reading a source; a failure leaves the moment of the last success as it was."""
    values: dict[str, object] = {"failure": failure} if failure else {"failure": None, "synced_at": now}
    session.execute(
        update(Source)
        .where(Source.account_id == account_id, Source.name == name)
        .values(**values)
        .execution_options(synchronize_session=False)
    )

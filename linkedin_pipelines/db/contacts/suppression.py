"""Rows of marks, and who of an account is known again by them.

Every function that takes people in asks `known_to`. It fails rather than let a forgotten person back in unrecognised.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.core.database import MARKING_KEY
from linkedin_pipelines.db.models import Account, Forgetting, ForgottenMark
from linkedin_pipelines.domain.forgetting import NOTHING_FORGOTTEN, Forgotten, Mark, Marker
from linkedin_pipelines.errors import ConfigurationError

_FOUND = "forgotten_people"
"""Key of `Session.info`: what `known_to` found in this transaction, by account."""


@dataclass(frozen=True)
class StoredMark:
    """A mark with all that a copy of it elsewhere needs."""

    account: str
    mark: Mark
    key_id: str
    forgotten_at: datetime


def known_to(session: Session, account_id: int) -> Forgotten:
    """Knows again those of the account who asked to be forgotten.

    Raises:
        ConfigurationError: there are marks, and the key they were made with is not at hand.
    """
    found: dict[int, Forgotten] = session.info.setdefault(_FOUND, {})
    if account_id not in found:
        found[account_id] = _read(session, account_id)
    return found[account_id]


def _read(session: Session, account_id: int) -> Forgotten:
    query = select(ForgottenMark.kind, ForgottenMark.mark, ForgottenMark.words, ForgottenMark.key_id)
    rows = session.execute(query.where(ForgottenMark.account_id == account_id)).all()
    if not rows:
        return NOTHING_FORGOTTEN
    ask = cast("Callable[[], bytes] | None", session.info.get(MARKING_KEY))
    if ask is None:
        raise ConfigurationError("people asked to be forgotten, and the key that knows them again is not at hand")
    marker = Marker(ask())
    require_key(marker, {key_id for *_, key_id in rows})
    return Forgotten(marker, [Mark(kind, digest, words) for kind, digest, words, _ in rows])


def remember(session: Session, account_id: int, forgotten: Forgotten) -> None:
    """Let the rest of this transaction know whom `forgotten` knows."""
    session.info.setdefault(_FOUND, {})[account_id] = forgotten


def require_key(marker: Marker, key_ids: Collection[str]) -> None:
    """See that marks were made with this key.

    Raises:
        ConfigurationError: they were not, so that nobody would be known again.
    """
    if set(key_ids) - {marker.key_id}:
        raise ConfigurationError(
            "people were forgotten under another key than the one in forgotten.key; bring back the one that was "
            "there, since nobody can be known again without it"
        )


def add_marks(session: Session, account_id: int, marker: Marker, marks: Collection[Mark], now: datetime) -> int:
    """Store the marks that are not there yet; how many those are.

    Raises:
        ConfigurationError: marks of another key are there.
    """
    query = select(ForgottenMark.kind, ForgottenMark.mark, ForgottenMark.key_id)
    rows = session.execute(query.where(ForgottenMark.account_id == account_id)).all()
    require_key(marker, {key_id for *_, key_id in rows})
    known = {(kind, digest) for kind, digest, _ in rows}
    new = [
        {
            "account_id": account_id,
            "kind": mark.kind,
            "mark": mark.digest,
            "words": mark.words,
            "key_id": marker.key_id,
            "forgotten_at": now,
        }
        for mark in sorted(marks, key=lambda mark: (mark.kind, mark.digest))
        if (mark.kind, mark.digest) not in known
    ]
    if new:
        session.execute(insert(ForgottenMark), new)
    session.info.pop(_FOUND, None)
    return len(new)


def all_marks(session: Session) -> list[StoredMark]:
    """The marks of every account, for a copy of them."""
    query = select(Account.slug, ForgottenMark).join(Account, Account.id == ForgottenMark.account_id)
    return [
        StoredMark(slug, Mark(row.kind, row.mark, row.words), row.key_id, row.forgotten_at)
        for slug, row in session.execute(query.order_by(Account.slug, ForgottenMark.kind, ForgottenMark.mark))
    ]


def begin(session: Session, account_id: int, evidence: Collection[str], now: datetime) -> None:
    """Note what is left to do outside the database."""
    session.add(Forgetting(account_id=account_id, forgotten_at=now, evidence=sorted(evidence)))
    session.flush()


def unfinished(session: Session, account_id: int) -> list[Forgetting]:
    """Erasures of which something outside the database is left to do."""
    query = select(Forgetting).where(Forgetting.account_id == account_id, Forgetting.finished_at.is_(None))
    return list(session.scalars(query.order_by(Forgetting.id)))

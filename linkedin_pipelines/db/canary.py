"""The canary's last sight of each element, one row an account and element; the rules are in `domain.canary`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db import leases
from linkedin_pipelines.db.leases import Lease
from linkedin_pipelines.db.models import CanarySight
from linkedin_pipelines.domain.canary import CanaryElement, KeptSight, Sight

_KNOWN = {element.value for element in CanaryElement}


def keep(session: Session, account_id: int, lease: Lease, run_id: str, sights: Iterable[Sight], now: datetime) -> None:
    """Keep these sights in place of the former ones of the same elements.

    Raises:
        LeaseLostError: the run no longer holds the account, so what it saw is not the account's last word.
    """
    leases.require_for(session, lease, account_id, now)
    for sight in sights:
        row = session.get(CanarySight, (account_id, sight.element.value))
        if row is None:
            row = CanarySight(account_id=account_id, element=sight.element.value)
            session.add(row)
        row.outcome = sight.outcome
        row.reason = sight.reason[:1000] if sight.reason else None
        row.evidence = sight.evidence
        row.checked_at = now
        row.run_id = run_id
    session.flush()


def kept(session: Session, account_id: int) -> tuple[KeptSight, ...]:
    """The last sight of each element that was ever looked at, in the order of a walk."""
    query = select(CanarySight).where(CanarySight.account_id == account_id)
    # A row of an element that this version does not look at tells it nothing.
    rows = {row.element: row for row in session.scalars(query) if row.element in _KNOWN}
    return tuple(
        KeptSight(element, row.outcome, row.reason, row.evidence, checked_at=row.checked_at, run_id=row.run_id)
        for element in CanaryElement
        if (row := rows.get(element.value)) is not None
    )


def forget(session: Session, account_id: int) -> None:
    """Drop what is known, so that the next campaign looks before it acts."""
    session.execute(delete(CanarySight).where(CanarySight.account_id == account_id))

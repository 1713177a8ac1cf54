"""The canary's last sight of each element, one row an account and element; the rules are in `domain.canary`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.models import CanaryProbe
from linkedin_pipelines.domain.canary import CanaryElement, ProbeResult, StoredProbe

_KNOWN = {element.value for element in CanaryElement}


def keep(
    session: Session, account_id: int, lease: Lease, run_id: str, latest_probes: Iterable[ProbeResult], now: datetime
) -> None:
    """Keep these sights in place of the former ones of the same elements.

    Raises:
        LeaseLostError: the run no longer holds the account, so what it saw is not the account's last word.
    """
    leases.require_for(session, lease, account_id, now)
    for probed in latest_probes:
        row = session.get(CanaryProbe, (account_id, probed.element.value))
        if row is None:
            row = CanaryProbe(account_id=account_id, element=probed.element.value)
            session.add(row)
        row.outcome = probed.outcome
        row.reason = probed.reason[:1000] if probed.reason else None
        row.evidence = probed.evidence
        row.checked_at = now
        row.run_id = run_id
    session.flush()


def kept(session: Session, account_id: int) -> tuple[StoredProbe, ...]:
    """The last sight of each element that was ever looked at, in the order of a walk."""
    query = select(CanaryProbe).where(CanaryProbe.account_id == account_id)
    # A row of an element that this version does not look at tells it nothing.
    rows = {row.element: row for row in session.scalars(query) if row.element in _KNOWN}
    return tuple(
        StoredProbe(element, row.outcome, row.reason, row.evidence, checked_at=row.checked_at, run_id=row.run_id)
        for element in CanaryElement
        if (row := rows.get(element.value)) is not None
    )


def forget(session: Session, account_id: int) -> None:
    """Drop what is known, so that the next campaign looks before it acts."""
    session.execute(delete(CanaryProbe).where(CanaryProbe.account_id == account_id))

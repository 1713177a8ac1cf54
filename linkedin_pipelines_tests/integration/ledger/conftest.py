"""One account at work: what tests of the ledger start from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger import Claimed, ClaimRequest
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock


def request(account_id: int, contact_id: int, **fields: Any) -> ClaimRequest:
    """A birthday wish of 2026."""
    values: dict[str, Any] = {
        "account_id": account_id,
        "contact_id": contact_id,
        "kind": InteractionKind.BIRTHDAY_MESSAGE,
        "occasion_key": "2026",
        "occurrence_year": 2026,
        "list_date": date(2026, 3, 18),
        "run_id": "run-1",
        "body": "Happy birthday!",
        "template": "plain",
    }
    return ClaimRequest(**(values | fields))


class Desk:
    """An account, its lease, and the steps of the ledger, each in a transaction of its own."""

    def __init__(self, database: Database, clock: ManualClock, **account: Any) -> None:
        self.database = database
        self.clock = clock
        self.account_id = an_account(database, **account)
        self.lease = self.take_over("run-1")

    def take_over(self, holder: str) -> Lease:
        with self.database.writing() as session:
            self.lease = leases.acquire(session, self.account_id, holder, self.clock.now())
        return self.lease

    def keep(self) -> Lease:
        """Take the lease anew, however much time has passed."""
        with self.database.writing() as session:
            leases.release(session, self.lease)
        return self.take_over(self.lease.holder)

    def contact(self, **columns: Any) -> int:
        return a_contact(self.database, self.account_id, **columns)

    def claim(self, contact_id: int | None = None, lease: Lease | None = None, **fields: Any) -> Claimed | Outcome:
        contact_id = self.contact() if contact_id is None else contact_id
        with self.database.writing() as session:
            return ledger.claim(
                session, request(self.account_id, contact_id, **fields), lease or self.lease, self.clock.now()
            )

    def claimed(self, contact_id: int | None = None, **fields: Any) -> int:
        outcome = self.claim(contact_id, **fields)
        assert isinstance(outcome, Claimed), outcome
        return outcome.interaction_id

    def refused(self, contact_id: int | None = None, **fields: Any) -> Outcome:
        outcome = self.claim(contact_id, **fields)
        assert isinstance(outcome, Outcome), outcome
        assert outcome.explanation is not None
        assert outcome.explanation[-1] in ".!?"
        assert "\n" not in outcome.explanation
        return outcome

    def click(self, interaction_id: int, lease: Lease | None = None) -> None:
        with self.database.writing() as session:
            ledger.mark_clicked(session, interaction_id, lease or self.lease, self.clock.now())

    def settle(self, interaction_id: int, status: InteractionStatus, reason: Reason | None = None, **how: Any) -> bool:
        lease = how.pop("lease", self.lease)
        with self.database.writing() as session:
            return ledger.settle(session, interaction_id, lease, self.clock.now(), status, reason=reason, **how)

    def send(self, contact_id: int | None = None, **fields: Any) -> int:
        """A whole wish, from claim to proof."""
        interaction_id = self.claimed(contact_id, **fields)
        self.click(interaction_id)
        self.settle(interaction_id, InteractionStatus.SENT)
        return interaction_id

    def adopt(self) -> int:
        with self.database.writing() as session:
            return ledger.adopt_stranded(session, self.lease, self.clock.now())

    def unsettled(self) -> list[ledger.UnsettledInteraction]:
        with self.database.reading() as session:
            return ledger.unsettled(session, self.account_id)

    def status(self, interaction_id: int) -> InteractionStatus:
        with self.database.reading() as session:
            return ledger.get(session, interaction_id).status

    def at(self, moment: datetime) -> Desk:
        """Move the clock and keep the lease."""
        self.clock.set(moment)
        self.keep()
        return self

    def expired(self) -> Lease:
        """A lease like ours that somebody took over in the meantime."""
        old = self.lease
        self.clock.advance(minutes=2)
        self.take_over("run-2")
        return replace(old)


@pytest.fixture
def desk(database: Database, clock: ManualClock) -> Desk:
    """An account in Paris, live, open all day, whose lease is held by run-1."""
    return Desk(database, clock)

"""What random histories of the ledger are made of: a site that remembers, runs that forget, a model that expects."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers, leases
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account, AccountLease, Interaction
from linkedin_pipelines.domain.breaker import admits
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import OCCUPYING, InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.domain.windows import day_start, is_open, local_day
from linkedin_pipelines.errors import LeaseHeldError, LeaseLostError, LedgerConflictError
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.ledger.conftest import request

YEAR = 2026
START = datetime(2026, 3, 27, 8, tzinfo=UTC)
"""Two days before clocks change in Paris."""
SENDING, SENT, FAILED, IN_DOUBT = (
    InteractionStatus.SENDING,
    InteractionStatus.SENT,
    InteractionStatus.FAILED,
    InteractionStatus.IN_DOUBT,
)
_slugs, _runs = itertools.count(1), itertools.count(1)


@dataclass(eq=False)
class Run:
    """One run as it sees itself: its lease may be long gone."""

    run_id: str
    lease: Lease
    interaction: int | None = None
    contact: int | None = None
    clicked: bool = False


@dataclass
class Spending:
    """One interaction that counts, as the model remembers it."""

    contact: int
    claimed_at: datetime
    local_day: date
    run_id: str | None


@dataclass
class Site:
    """What really arrived, whatever the ledger says."""

    ours: Counter[int] = field(default_factory=Counter)
    """Deliveries by contact."""
    interactions: set[int] = field(default_factory=set)
    when: dict[int, datetime] = field(default_factory=dict)
    by_hand: dict[int, datetime] = field(default_factory=dict)

    def has(self, contact: int) -> bool:
        return bool(self.ours[contact]) or contact in self.by_hand


def quotas(per_run: int, per_day: int, per_week: int) -> dict[str, Any]:
    return {"birthday_message": {"per_run": per_run, "per_day": per_day, "per_week": per_week}}


class World:
    """One account, its runs, the site, and what the model expects of the ledger."""

    def __init__(self, database: Database, people: int, caps: tuple[int, int, int]) -> None:
        slug = f"model-{next(_slugs)}"
        self.database = database
        self.clock = ManualClock(START)
        self.account_id = an_account(database, slug, quotas=quotas(*caps))
        self.people = contacts(database, self.account_id, [f"{slug}-{n}" for n in range(people)])
        self.runs: list[Run] = []
        self.site = Site()
        self.used: dict[int, Spending] = {}
        self.restored = False
        """Whether an older ledger was restored that nobody has compared with the threads yet."""

    # steps of a run; a run that finds its lease lost ends

    @contextmanager
    def ending(self, run: Run) -> Iterator[None]:
        try:
            yield
        except (LeaseLostError, LedgerConflictError):
            self.forget(run)

    def forget(self, run: Run) -> None:
        if run in self.runs:
            self.runs.remove(run)

    def start(self) -> Run | None:
        """A run takes the lease and takes over what others left, as every run does before anything else."""
        run_id = f"run-{next(_runs)}"
        try:
            with self.database.writing() as session:
                lease = leases.acquire(session, self.account_id, run_id, self.clock.now())
                ledger.adopt_stranded(session, lease, self.clock.now())
        except LeaseHeldError:
            return None
        run = Run(run_id, lease)
        self.runs.append(run)
        self.learn_what_failed()
        return run

    def claim(self, run: Run, contact: int) -> bool:
        now, expected = self.clock.now(), self.expected(run, contact)
        try:
            with self.database.writing() as session:
                outcome = ledger.claim(session, request(self.account_id, contact, run_id=run.run_id), run.lease, now)
        except LeaseLostError:
            assert now >= run.lease.expires_at or self.token() != run.lease.token
            self.forget(run)
            return False
        if isinstance(outcome, Outcome):
            assert outcome.reason in expected, (outcome, expected)
            return False
        assert not expected, (outcome, expected)
        assert now < run.lease.expires_at
        assert self.token() == run.lease.token
        run.interaction, run.contact, run.clicked = outcome.interaction_id, contact, False
        zone = self.account().config.zone
        self.used[outcome.interaction_id] = Spending(contact, now, local_day(now, zone), run.run_id)
        return True

    def click(self, run: Run, *, arrives: bool) -> None:
        assert run.interaction is not None
        assert run.contact is not None
        with self.ending(run):
            with self.database.writing() as session:
                ledger.mark_clicked(session, run.interaction, run.lease, self.clock.now())
            run.clicked = True
            if arrives:
                self.site.ours[run.contact] += 1
                self.site.interactions.add(run.interaction)
                self.site.when[run.contact] = self.clock.now()

    def settle(self, run: Run, *, sees: bool, fault: bool) -> None:
        assert run.interaction is not None
        status = SENT if run.interaction in self.site.interactions else FAILED
        status = IN_DOUBT if run.clicked and not sees else status
        now = self.clock.now()
        with self.ending(run):
            with self.database.writing() as session:
                self.write_settlement(session, run.interaction, run.lease, status)
                if fault:
                    breakers.record_failure(session, self.account_id, now, "It failed.", lambda: 0.5)
                else:
                    breakers.record_success(session, self.account_id, now)
            run.interaction = run.contact = None
            run.clicked = False
        self.learn_what_failed()

    def read_threads(self, run: Run | None, *, can_tell: bool, member: bool = False) -> None:
        """Settle doubts by looking at the site; without a run it is the member who looks."""
        with self.database.reading() as session:
            doubts = [one for one in ledger.unsettled(session, self.account_id) if one.status is IN_DOUBT]
        for doubt in doubts:
            if doubt.waits_for_member is not member:
                continue
            status = SENT if self.site.ours[doubt.contact_id] else FAILED
            try:
                with self.database.writing() as session:
                    lease = run.lease if run else None
                    self.write_settlement(session, doubt.interaction_id, lease, status if can_tell else IN_DOUBT)
            except LeaseLostError:
                assert run is not None
                self.forget(run)
                break
        self.learn_what_failed()

    def reconcile(self, run: Run) -> None:
        """The threads of everybody were read: what arrived is in the ledger, and the account may go on."""
        if self.account().settle_first_reason is None:
            return
        try:
            with self.database.writing() as session:
                zone = session.get_one(Account, self.account_id).config.zone
                for contact, when in self.site.when.items():
                    ledger.record_by_hand(session, self.account_id, contact, YEAR, when, zone, "Found in the thread")
                ledger.end_settle_first(session, run.lease, self.clock.now())
        except LeaseLostError:
            self.forget(run)
        except LedgerConflictError:
            pass  # doubts are left; nothing of this transaction was kept
        else:
            self.restored = False
            self.learn_all_from_ledger()

    def write_settlement(self, session: Any, interaction: int, lease: Lease | None, status: InteractionStatus) -> None:
        reasons = {SENT: None, FAILED: Reason.NOT_DELIVERED, IN_DOUBT: Reason.CLICK_UNPROVEN}
        ledger.settle(
            session,
            interaction,
            lease,
            self.clock.now(),
            status,
            reason=reasons[status],
            not_sent_proven=status is FAILED,
        )

    # the world around

    def import_messages(self) -> None:
        for contact, sent_at in self.site.by_hand.items():
            with self.database.writing() as session:
                zone = session.get_one(Account, self.account_id).config.zone
                new = ledger.record_by_hand(session, self.account_id, contact, YEAR, sent_at, zone, "By hand")
                if new:
                    row = session.scalars(select(Interaction.id).order_by(Interaction.id.desc()).limit(1)).one()
                    self.used[row] = Spending(contact, sent_at, local_day(sent_at, zone), None)

    def back_up(self) -> list[dict[str, Any]]:
        with self.database.reading() as session:
            rows = session.execute(
                select(Interaction.__table__).where(Interaction.account_id == self.account_id)
            ).mappings()
            return [dict(row) for row in rows]

    def restore(self, rows: list[dict[str, Any]]) -> None:
        """Everything is stopped, the rows of before come back, and the account settles first."""
        self.runs.clear()
        with self.database.writing() as session:
            session.execute(delete(Interaction).where(Interaction.account_id == self.account_id))
            if rows:
                session.execute(insert(Interaction.metadata.tables["interactions"]), rows)
            ledger.put_settle_first(session, self.account_id, self.clock.now(), "The database was restored.")
        self.restored = True
        self.learn_all_from_ledger()

    # the model

    def account(self) -> Account:
        with self.database.reading() as session:
            return session.get_one(Account, self.account_id)

    def rows(self) -> list[Interaction]:
        with self.database.reading() as session:
            return list(session.scalars(select(Interaction).where(Interaction.account_id == self.account_id)))

    def token(self) -> int | None:
        held = select(AccountLease.token).where(
            AccountLease.account_id == self.account_id, AccountLease.holder.is_not(None)
        )
        with self.database.reading() as session:
            return session.scalars(held).first()

    def learn_what_failed(self) -> None:
        """What the ledger calls failed is not spent any more; that it is right is another invariant."""
        for row in self.rows():
            if row.status is FAILED:
                self.used.pop(row.id, None)

    def learn_all_from_ledger(self) -> None:
        """After a restore the model can know no more than the ledger does."""
        self.used = {
            row.id: Spending(row.contact_id, row.claimed_at, row.local_day, row.run_id)
            for row in self.rows()
            if row.status in OCCUPYING
        }

    def expected(self, run: Run, contact: int) -> set[Reason]:
        """The reasons for which a claim may be refused now; empty if it must succeed."""
        found = self._against_the_account(self.rows())
        used = list(self.used.values())
        if any(one.contact == contact for one in used):
            found |= {Reason.ALREADY_WISHED, Reason.WISHED_BY_HAND, Reason.IN_DOUBT, Reason.IN_FLIGHT}
        config, now = self.account().config, self.clock.now()
        quota = config.quotas.birthday_message
        today = local_day(now, config.zone)
        midnight = day_start(today, config.zone)
        if sum(one.run_id == run.run_id for one in used) >= quota.per_run:
            found.add(Reason.RUN_QUOTA)
        if sum(one.local_day == today or one.claimed_at >= midnight for one in used) >= quota.per_day:
            found.add(Reason.DAY_QUOTA)
        if sum(one.claimed_at > now - timedelta(days=7) for one in used) >= quota.per_week:
            found.add(Reason.WEEK_QUOTA)
        return found

    def _against_the_account(self, rows: list[Interaction]) -> set[Reason]:
        account, now = self.account(), self.clock.now()
        found: set[Reason] = set()
        if any(
            row.status is SENDING or (row.status is IN_DOUBT and row.doubt_readings < READINGS_BEFORE_MEMBER_DECIDES)
            for row in rows
        ):
            found.add(Reason.UNSETTLED_IN_DOUBT)
        moments = [
            moment
            for row in rows
            if row.origin is InteractionOrigin.CAMPAIGN and row.id > (account.reconciled_interaction_id or 0)
            for moment in (row.claimed_at, row.settled_at)
            if moment is not None
        ]
        if account.settle_first_reason or any(moment > now + timedelta(minutes=5) for moment in moments):
            found.add(Reason.SETTLE_FIRST)
        if not is_open(account.config, now):
            found.add(Reason.OUTSIDE_HOURS)
        with self.database.reading() as session:
            if not admits(breakers.get(session, self.account_id), now):
                found.add(Reason.BREAKER_OPEN)
        return found

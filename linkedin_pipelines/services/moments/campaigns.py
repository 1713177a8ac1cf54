"""A moments campaign of one account and day: the approved congratulations, one after the other."""

from __future__ import annotations

from collections.abc import Sequence

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.contacts import numbers, stop_requests
from linkedin_pipelines.db.ledger.keeping import kept_visits
from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.db.moments import heeding
from linkedin_pipelines.domain.canary import Part
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.quotas import QuotaLeft
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.visits import VisitPurpose
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import StopSignError
from linkedin_pipelines.services.actions.canary import Walk, due_parts
from linkedin_pipelines.services.actions.interrupts import deferred_interrupts
from linkedin_pipelines.services.actions.runs import KindRun
from linkedin_pipelines.services.actions.site_session import stopped_by
from linkedin_pipelines.services.messages.written import Declined
from linkedin_pipelines.services.moments.approvals import CONGRATULATIONS, half_done
from linkedin_pipelines.services.moments.congratulations import KIND, Congratulation
from linkedin_pipelines.services.moments.lists import MomentEntry


class MomentRun(KindRun):
    """One account's congratulations under way."""

    _rehearsed = 0
    _plan: tuple[MomentEntry, ...] = ()
    _looked_at: frozenset[Part] = frozenset()

    def planned(self) -> tuple[MomentEntry, ...]:
        """The people to congratulate, in order: approved word for word, and still to be written to.

        Those whom a dead run left half done come first: their conversations are read, which may free them.

        Raises:
            NotApprovedError, ListChangedError: the list is not one that was approved.
        """
        at = self._at
        approved = CONGRATULATIONS.approved_entries(at.database, at.account.slug, self._list_date)
        with at.database.reading() as session:
            rows = ledger.unsettled(session, at.account.id)
        unsettled = {(row.contact_id, row.occasion_key) for row in rows if not row.waits_for_member}
        left = half_done(at.database, at.account.slug, self._list_date, unsettled) if unsettled else ()
        self._plan = (*left, *approved)
        return self._plan

    def deliver(self, entry: MomentEntry) -> Outcome:
        """Congratulate one person, or say why not. A rehearsal goes as far as the quotas would let a live run go.

        Raises:
            LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
        """
        action = self._congratulation(entry)
        if (refused := self._against(action)) is not None:
            return refused
        try:
            self._take_canary_before(action)
        except StopSignError as error:
            return stopped_by(error)
        outcome = self.carry(action)
        self._rehearsed += outcome.status is InteractionStatus.REHEARSED
        return outcome

    def _against(self, action: Congratulation) -> Outcome | None:
        """What the kind's own rules say, beyond those of every claim; nobody but this run's lease can change it."""
        self._at.keeper.renew()
        now, at = self._at.clock.now(), self._at
        if (today := local_day(now, self.account.zone)) != self._list_date:
            return deferred(Reason.DAY_CHANGED, f"The list is of {self._list_date}; today is {today}.", None)
        with at.database.reading() as session:
            own = heeding.own_quota_left(session, self.account, at.account.id, KIND, at.run_id, now)
            total = quota_left(session, self.account, at.account.id, InteractionKind.BIRTHDAY_MESSAGE, None, now)
            kept = kept_visits(session, session.get_one(Account, at.account.id), now)
        if (refused := self._against_quota(own)) is not None:
            return refused
        if kept and min(total.day, total.week) <= kept:
            text = f"{min(total.day, total.week)} messages are left, which the approved birthdays, {kept}, need."
            return deferred(Reason.DAY_QUOTA, text, total.next_day)
        # Birthdays have the first claim on visits too; a purpose that is not a message's leaves them theirs.
        return action.against_writing() or at.against_visit(VisitPurpose.REHEARSAL)

    def _against_quota(self, own: QuotaLeft) -> Outcome | None:
        if own.reason is not None:
            limits = f"{own.quota.per_run} a run, {own.quota.per_day} a day, {own.quota.per_week} in 7 days"
            return deferred(own.reason, f"The limit of congratulations ({limits}) is used up.", own.next_day)
        if not self.live and self._rehearsed >= own.left:
            return deferred(Reason.RUN_QUOTA, "The account's quota would be used up; a live run would stop here.")
        return None

    def _take_canary_before(self, action: Congratulation) -> None:
        """Take the parts of the canary's walk that are due, each once a run, of people who are written to anyway.

        Raises:
            StopSignError: the site stopped us; the breaker knows it already.
        """
        due = due_parts(self._at.database, self._at.clock, self._at.account, KIND.parts)
        parts = [part for part in due if part not in self._looked_at]
        if not parts or self._at.may_act() is not None:
            return
        with deferred_interrupts():
            if self._at.settle_first():
                return
            self._looked_at |= frozenset(parts)
            self._at.rest()
            Walk(self._at).take(parts, self._people_from(action))

    def _people_from(self, action: Congratulation) -> Sequence[Recipient]:
        rest = [Recipient(e.contact_id, e.slug, e.full_name) for e in self._plan]
        return [action.recipient, *(each for each in rest if each.contact_id != action.recipient.contact_id)]

    def _congratulation(self, entry: MomentEntry) -> Congratulation:
        assert entry.body is not None  # `planned` yields entries with an approved text alone
        zone, at = self.account.zone, self._at
        with at.database.reading() as session:
            declined = stop_requests.declined(session, entry.contact_id)
            number = numbers.number_of(session, entry.contact_id)
            left_alone = numbers.left_alone(session, at.account.id, entry.contact_id)
        return Congratulation(
            ledger.ClaimRequest(
                account_id=at.account.id,
                contact_id=entry.contact_id,
                kind=KIND.name,
                occasion_key=entry.occasion_key,
                purpose=entry.kind.value,
                list_date=self._list_date,
                run_id=at.run_id,
                body=entry.body,
                template=entry.template,
                valid_until=self._list_date,
            ),
            Recipient(entry.contact_id, entry.slug, entry.full_name, number),
            self._list_date,
            zone,
            local_day(at.clock.now(), zone),
            tuple(Declined(local_day(said_at, zone), excerpt) for said_at, excerpt in declined),
            left_alone,
            site_session=at,
        )

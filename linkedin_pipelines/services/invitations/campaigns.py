"""A cleanup of one account and day: the approved withdrawals, one after the other."""

from __future__ import annotations

from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.services.actions.runs import KindRun
from linkedin_pipelines.services.invitations.lists import WITHDRAWALS, InvitationEntry
from linkedin_pipelines.services.invitations.withdrawals import KIND, InvitationWithdrawal


class CleanupRun(KindRun):
    """One account's withdrawals under way."""

    _rehearsed = 0

    def planned(self) -> tuple[InvitationEntry, ...]:
        """The invitations to withdraw, oldest first: approved, and still waiting.

        Raises:
            NotApprovedError, ListChangedError: the list is not one that was approved.
        """
        return WITHDRAWALS.approved_entries(self._at.database, self._at.account.slug, self._list_date)

    def deliver(self, entry: InvitationEntry) -> Outcome:
        """Withdraw one invitation, or say why not. A rehearsal goes as far as the quotas would let a live run go.

        Raises:
            LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
        """
        if not self.live and self._rehearsed >= self._room():
            return deferred(Reason.RUN_QUOTA, "The account's quota would be used up; a live run would stop here.")
        outcome = self.carry(
            InvitationWithdrawal(
                self._at, entry.contact_id, entry.slug, entry.full_name, entry.first_seen_on, self._list_date
            )
        )
        self._rehearsed += outcome.status is InteractionStatus.REHEARSED
        return outcome

    def _room(self) -> int:
        """How many withdrawals a live run could make now."""
        at = self._at
        with at.database.reading() as session:
            left = quota_left(session, at.config, at.account.id, KIND.name, None, at.clock.now())
        return min(left.run, left.day, left.week)

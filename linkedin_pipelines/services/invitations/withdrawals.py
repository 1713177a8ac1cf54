"""The withdrawal of one sent invitation, as a kind of action.

What belongs here: the steps between opening its dialog and the proof. What does not: which invitations are stale
(`domain.invitations`), what was approved (`services.invitations.lists`), how the page is read (`browser`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.invitations import pending
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.invitations import WithdrawalOutcome, first_seen_key
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.domain.network_pages import PreparedWithdrawal
from linkedin_pipelines.domain.outcomes import Outcome, skipped
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import InvitationGoneError, NamesakeError, SiteError, StopSignError
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal
from linkedin_pipelines.services.actions.protocol import Aftermath, Announce
from linkedin_pipelines.services.actions.site_session import SiteSession

KIND = ACTION_KINDS[InteractionKind.INVITATION_WITHDRAWAL]


@dataclass
class InvitationWithdrawal:
    """One approved withdrawal; implements `services.actions.protocol.Action`."""

    site_session: SiteSession
    contact_id: int
    slug: str
    full_name: str
    first_seen_on: date
    list_date: date
    _prepared: PreparedWithdrawal | None = field(default=None, init=False)

    @property
    def request(self) -> ledger.ClaimRequest:
        """The one invitation of this person that was first seen on that day."""
        return ledger.ClaimRequest(
            account_id=self.site_session.account.id,
            contact_id=self.contact_id,
            kind=KIND.name,
            occasion_key=first_seen_key(self.first_seen_on),
            list_date=self.list_date,
            run_id=self.site_session.run_id,
        )

    def prepare(self, site: PageSite, attempt: Attempt) -> None:
        """Find the row, open its dialog, and see that both name this person."""
        try:
            self._prepared = site.prepare_withdrawal(self.slug, self.full_name)
        except InvitationGoneError as error:
            attempt.found["gone"] = str(error)
            if error.evidence:
                attempt.add_screenshot(error.evidence)
            raise Refusal(skipped(Reason.INVITATION_GONE, str(error))) from error
        except NamesakeError as error:
            # It is about two people, not about the page: the breaker does not count it.
            attempt.found["refused"] = str(error)
            if error.evidence:
                attempt.add_screenshot(error.evidence)
            raise Refusal(skipped(Reason.NO_SAFE_NAME, str(error))) from error
        except StopSignError:
            raise  # it is about the account, not about this invitation
        except SiteError as error:
            attempt.found["refused"] = str(error)
            raise
        attempt.note(recipient=self.slug)
        attempt.screenshot(self._prepared, "dialog")

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        """Press the dialog's control once, and see the list without the person, read again."""
        prepared = self._prepared
        assert prepared is not None  # `prepare` opened it

        def announced() -> None:
            announce(None)()

        try:
            prepared.commit(announced)
        except SiteError as error:
            attempt.clicked = False  # the page vouches that nothing was pressed
            attempt.found["refused"] = str(error)
            raise
        if not prepared.proof():
            attempt.screenshot(prepared, "unproven", refusal=True)
            text = "The withdrawal was pressed, but the list may still hold the invitation."
            raise Refusal(Outcome(InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, text))
        attempt.proven = True
        attempt.screenshot(prepared, "withdrawn")
        self._prepared = None  # the dialog closed with the press

    def record(self, session: Session, attempt: Attempt) -> None:
        """Note beside the invitation what became of it; that it is gone, a rehearsal tells as well."""
        at = self.site_session
        today = local_day(at.clock.now(), at.config.zone)
        if (gone := attempt.found.get("gone")) is not None:
            accepted = pending.is_connected(session, at.account.id, self.slug)
            outcome = WithdrawalOutcome.ALREADY_ACCEPTED if accepted else WithdrawalOutcome.GONE
            pending.settle(session, at.account.id, self.slug, outcome, today, gone)
        elif attempt.interaction_id is None:
            return
        elif (refused := attempt.found.get("refused")) is not None:
            pending.settle(session, at.account.id, self.slug, WithdrawalOutcome.REFUSED, today, refused)
        else:
            pending.follow_ledger(session, at.account.id)

    def close(self) -> None:
        """Leave no dialog open."""
        if self._prepared is not None:
            self._prepared.cancel()


class WithdrawalAftermath(Aftermath):
    """The list of sent invitations is read again: who is still on it was not withdrawn."""

    def resolve(self, site_session: SiteSession, doubt: ledger.UnsettledInteraction) -> Outcome:
        """Read the list to its proven end; only an absence that the page proves counts as a withdrawal."""
        evidence = doubt.evidence
        if site_session.site().holds_invitation(doubt.profile_slug):
            text = "The list was read afterwards and still holds the invitation."
            outcome = Outcome(InteractionStatus.FAILED, Reason.NOT_DELIVERED, text)
        else:
            outcome = Outcome(InteractionStatus.SENT, None, "The list was read afterwards without the invitation.")
        return outcome if evidence is None else Outcome(**(vars(outcome) | {"evidence": evidence}))


AFTERMATH = WithdrawalAftermath()

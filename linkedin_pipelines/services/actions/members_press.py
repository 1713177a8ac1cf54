"""The member's own press on Send, which in assisted mode takes the place of the product's click.

What belongs here: how long it is waited for, and what ends the wait. What does not: what is done meanwhile with the
message (`services.messages.assisted`), and how a press is seen (`browser`).

The wait is announced in the ledger as a click is, before the text stands in the window, with the moment until which the
press may come: whoever reads the conversation later knows from when on the absence of the message proves something.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.db import ledger
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.payloads import OwnEvents
from linkedin_pipelines.domain.states import Reason

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)

ASK_AGAIN = timedelta(seconds=5)
"""So often the ledger is asked whether the message may still go out, and the lease renewed."""


class MembersPress:
    """The wait of one attempt for its press."""

    def __init__(self, site_session: SiteSession, request: ledger.ClaimRequest) -> None:
        self._at = site_session
        self._request = request
        self._begun: datetime | None = None
        self._asked_at: datetime | None = None
        self._invited = False
        self.ended_by: Outcome | None = None
        """Why the wait ended without a press; None if it did not."""

    @property
    def begun(self) -> datetime:
        """When the press was announced."""
        assert self._begun is not None  # nobody waits before the announcement
        return self._begun

    @property
    def until(self) -> datetime:
        """When the wait is over."""
        return self.begun + timedelta(minutes=self._at.config.assisted.wait_minutes)

    def begin(self, announced: datetime, events: OwnEvents | None) -> OwnEvents:
        """The wait counts from its announcement; what the ledger is told with it."""
        self._begun = announced
        return (events or OwnEvents()).model_copy(update={"press_until": self.until})

    def _invite(self) -> None:
        """Tell the member that the text waits for them."""
        self._invited = True
        until = self.until.astimezone(self._at.config.zone)
        log.warning("press_send_in_the_open_browser_window", contact_id=self._request.contact_id, until=until)
        self._at.tell(f"Press Send in the open browser window; I wait until {until:%H:%M}.")

    def goes_on(self) -> bool:
        """Whether the press is still waited for; `ended_by` says why not. The first time, the member is asked for it.

        Raises:
            LeaseLostError: another run took the account over.
            ClockOffError, DatabaseUnavailableError: nothing may go out.
        """
        if not self._invited:
            self._invite()
        now = self._at.clock.now()
        if self.ended_by is None:
            self.ended_by = self._over(now) or self._refused(now)
        return self.ended_by is None

    def _over(self, now: datetime) -> Outcome | None:
        if self._at.interrupted:
            return deferred(Reason.INTERRUPTED, "The run was terminated while it waited for you to press Send.")
        if self.begun <= now < self.until:
            return None
        return deferred(
            Reason.NOT_PRESSED,
            f"No message of yours came within {self._at.config.assisted.wait_minutes} minutes, so the text was taken "
            "out of the window again.",
        )

    def _refused(self, now: datetime) -> Outcome | None:
        if self._asked_at is not None and now - self._asked_at < ASK_AGAIN:
            return None
        self._asked_at = now
        lease = self._at.keeper.renew()
        with self._at.database.writing() as session:
            return ledger.against_click(session, self._request, lease, now, by_member=True)

    def let_arrive(self, wait: timedelta) -> None:
        """Let so much time pass that a message which was sent in the last moment shows, the lease held throughout.

        Raises:
            LeaseLostError: another run took the account over.
        """
        self._at.keeper.pause(wait.total_seconds())

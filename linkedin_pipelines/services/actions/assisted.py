"""The member's own press on Send, which in assisted mode takes the place of the product's click.

What belongs here: how long it is waited for, what ends the wait, and what an attempt does between its announcement and
its proof. What does not: how a press is seen (`browser`), and what a message says (its kind's own module).

The wait is announced in the ledger as a click is, before the text stands in the window, with the moment until which the
press may come: whoever reads the conversation later knows from when on the absence of the message proves something.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import structlog

from linkedin_pipelines.db import ledger
from linkedin_pipelines.domain.messaging import Composer, ThreadEvent
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.payloads import OwnEvents
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import ClickFate, fate_of_click, own_events, reworded
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import PageUnreadableError, WrongPersonError
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal, outcome_of
from linkedin_pipelines.services.actions.doubts import ABSENCE_AFTER

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)

_DAY = timedelta(days=1)
"""A page may count days in another zone than the account's."""
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


class ShownMessage(Protocol):
    """A message that is written in front of the member, of whatever kind."""

    zone: ZoneInfo
    today: date
    before: list[ThreadEvent]
    """The conversation as it was before anything was written."""

    @property
    def reads_since(self) -> date:
        """The day from which on `before` is complete."""
        ...

    @property
    def body(self) -> str: ...
    def write(self, composer: Composer, attempt: Attempt) -> None: ...
    def note_sent(self, composer: Composer, attempt: Attempt, event: ThreadEvent) -> None: ...


def let_member_send(message: ShownMessage, composer: Composer, attempt: Attempt, press: MembersPress) -> None:
    """Write the announced text, wait for the member's own press, and see its proof.

    Raises:
        Refusal: it was not sent, for certain; or it was, with other words; or nobody knows (`in_doubt`).
        SiteError: nobody knows, since the conversation can no longer be read.
    """
    since = max(message.today - _DAY, message.reads_since)
    why = deferred(Reason.NOT_PRESSED, "You closed the conversation, and no message of yours came into it.")
    said: str | None = None
    try:
        message.write(composer, attempt)
        said = composer.wait_for_press(since, message.before, press.goes_on)
    except Refusal as refusal:
        why = refusal.outcome
    except (PageUnreadableError, WrongPersonError) as error:
        attempt.add_screenshot(error.evidence or composer.screenshot("unreadable", refusal=True))
        why = outcome_of(error, InteractionStatus.FAILED)
    if said is None:
        event = _taken_back(message, composer, attempt, press, press.ended_by or why)
    else:
        event = composer.proof(said if reworded(said, message.body) else message.body, message.before)
    if event is None:
        attempt.screenshot(composer, "unproven", refusal=True)
        text = "A message of yours came into the conversation, but not, for certain, this one."
        raise Refusal(Outcome(InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, text))
    message.note_sent(composer, attempt, event)
    if reworded(event.text, message.body):
        attempt.words = event.text
        text = "You sent other words than the approved ones; those that went out are kept."
        raise Refusal(Outcome(InteractionStatus.SENT, None, text))


def _taken_back(
    message: ShownMessage, composer: Composer, attempt: Attempt, press: MembersPress, why: Outcome
) -> ThreadEvent | None:
    """Empty the editor, then read whether the message was sent all the same; it, or None if nobody can tell.

    Raises:
        Refusal: it was not sent, for certain: `why`.
    """
    composer.close()
    press.let_arrive(ABSENCE_AFTER)
    events = composer.read_again()
    fate, event = fate_of_click(events, message.body, local_day(press.begun, message.zone), own_events(message.before))
    if fate is ClickFate.ABSENT:
        attempt.screenshot(composer, "not-sent")
        attempt.clicked = False
        attempt.held_back = True
        raise Refusal(why)
    return event if event is not None and event.sent_on is not None and not event.wordless else None

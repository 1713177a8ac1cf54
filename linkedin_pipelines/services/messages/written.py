"""One approved message to one person: the steps between opening a composer and its proof.

What belongs here: what every message has in common. What does not: what a kind looks for in the conversation (its own
module), the order of the steps in the ledger (`services.actions.executor`), how a page is read (`browser`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.contacts import numbers, stop_requests
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.messaging import Composer, PageSite, Recipient, ThreadEvent
from linkedin_pipelines.domain.outcomes import Outcome, skipped
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import own_events, same_text
from linkedin_pipelines.errors import SiteError
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal
from linkedin_pipelines.services.actions.protocol import Announce
from linkedin_pipelines.services.messages.assisted import let_member_send

NOON = time(12)
"""A thread states days, not hours; noon is the moment of a day that no zone moves to another one."""
OCCASION_DAYS = timedelta(days=30)
"""Wishes for a birthday are looked for from this long before it."""


@dataclass(frozen=True)
class Declined:
    """A reply that the member read as no request to stop."""

    said_on: date
    excerpt: str


@dataclass
class WrittenMessage:
    """One approved message to one person; implements `services.actions.protocol.Action` for kinds that write one.

    A kind says in `_judge` what it looks for in the conversation, and with `reads_back` how far it looks.
    """

    request: ledger.ClaimRequest
    recipient: Recipient
    occurs_on: date
    """Day of the occasion; decides which messages in the thread belong to it."""
    zone: ZoneInfo
    today: date
    """The account's local day: of a reply whose day the page does not state."""
    declined: Sequence[Declined] = ()
    left_alone: Mapping[str, str] = field(default_factory=dict)
    """Why members who stand in the database under another address too are not to be written to, by member number."""
    _composer: Composer | None = field(default=None, init=False)
    before: list[ThreadEvent] = field(default_factory=list, init=False)
    """The conversation as it was when the composer opened."""

    reads_back = OCCASION_DAYS
    """The conversation is read from this long before the occasion."""

    @property
    def reads_since(self) -> date:
        """The day from which on the conversation is read."""
        return self.occurs_on - self.reads_back

    @property
    def body(self) -> str:
        """The approved words."""
        assert self.request.body is not None  # a message has its text
        return self.request.body

    def prepare(self, site: PageSite, attempt: Attempt) -> None:
        """Open the composer, look for what the conversation says against it, write, and read back.

        What the member is to send themselves is written by `commit`: once it stands in the window, they may press.
        """
        composer = self._composer = site.open(self.recipient)
        attempt.note(recipient=composer.recipient)
        attempt.found["member_number"] = composer.member_number
        if (why := self.left_alone.get(composer.member_number or "")) is not None:
            attempt.found["left_alone"] = why
            raise Refusal(skipped(Reason.DO_NOT_CONTACT, f"This person is not to be written to: {why}."))
        self.before = composer.events(self.reads_since)
        self._judge(composer, attempt)
        if attempt.press is None:
            self.write(composer, attempt)

    def write(self, composer: Composer, attempt: Attempt) -> None:
        """Put the text into the editor and read it back.

        Raises:
            Refusal: the editor holds another text.
        """
        read_back = composer.write(self.body)
        attempt.note(read_back=read_back)
        attempt.screenshot(composer, "written")
        if not same_text(read_back, self.body):
            attempt.screenshot(composer, "mismatch", refusal=True)
            raise failed(Reason.TEXT_MISMATCH, "The editor does not hold the approved text.")

    def _judge(self, composer: Composer, attempt: Attempt) -> None:
        """What the conversation says against the message.

        Raises:
            Refusal: something does.
        """
        raise NotImplementedError(f"{type(self).__name__} does not look into the conversation of {composer.recipient}")

    def _heard(self) -> list[ThreadEvent]:
        """The conversation without the replies that the member has read as no request."""
        return [event for event in self.before if event.own or not self._was_declined(event)]

    def _asked_to_stop(self, composer: Composer, attempt: Attempt, event: ThreadEvent) -> Refusal:
        """The person asks to be left alone: the member decides, and is shown the reply."""
        attempt.screenshot(composer, "thread", refusal=True)
        attempt.found["stop_request"] = event
        text = "In the conversation this person asks not to be written to; please decide."
        return Refusal(skipped(Reason.STOP_REQUESTED, text))

    def _was_declined(self, event: ThreadEvent) -> bool:
        """Whether the member has read this very reply, or one written after its day, as no request.

        Another reply of the same day is a new one, so it is heard.
        """
        if any(same_text(event.text[: len(one.excerpt)], one.excerpt) for one in self.declined):
            return event.sent_on is None or any(event.sent_on <= one.said_on for one in self.declined)
        return event.sent_on is not None and any(event.sent_on < one.said_on for one in self.declined)

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        """Press the button once, or have the member do so, and wait for the message in the conversation."""
        composer = self._composer
        assert composer is not None  # `prepare` opened it
        may_still = announce(own_events(self.before))
        if attempt.press is not None:
            let_member_send(self, composer, attempt, attempt.press)
            return
        try:
            composer.click_send(may_still)
        except SiteError:
            attempt.clicked = False  # the composer vouches that the button was not pressed
            raise
        event = composer.proof(self.body, self.before)
        if event is None:
            attempt.screenshot(composer, "unproven", refusal=True)
            text = "The send button was pressed, but the message did not appear in the conversation."
            raise Refusal(Outcome(InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN, text))
        self.note_sent(composer, attempt, event)

    @staticmethod
    def note_sent(composer: Composer, attempt: Attempt, event: ThreadEvent) -> None:
        """Keep the proof: the message as the conversation holds it, with a picture."""
        attempt.note(event=event.event_id, event_text=event.text)
        attempt.proven = True
        attempt.screenshot(composer, "sent")

    def record(self, session: Session, attempt: Attempt) -> None:
        """What the thread told about the person outlives this attempt, rehearsal or not: the next list knows it."""
        request, stop = self.request, attempt.found.get("stop_request")
        if (number := attempt.found.get("member_number")) is not None:
            numbers.learn(session, request.contact_id, number)
        if (why := attempt.found.get("left_alone")) is not None:
            numbers.mark(session, request.contact_id, why, datetime.combine(self.today, NOON, tzinfo=self.zone))
        if stop is not None:
            said_at = datetime.combine(stop.sent_on or self.today, NOON, tzinfo=self.zone)
            stop_requests.propose(session, request.account_id, request.contact_id, said_at, stop.text)

    def close(self) -> None:
        """Leave nothing written in the editor and close the composer."""
        if self._composer is not None:
            self._composer.close()


def failed(reason: Reason, explanation: str) -> Refusal:
    """The end of an attempt that failed before anything was sent."""
    return Refusal(Outcome(InteractionStatus.FAILED, reason, explanation))

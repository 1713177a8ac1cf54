"""A birthday message, as a kind of action: what is looked for in the conversation, and what a restore has to ask.

What belongs here: the steps between opening a composer and its proof. What does not: their order in the ledger
(`services.actions.executor`), who is on the list (`services.birthdays.lists`), how a page is read (`browser`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.contacts import numbers, reconciling, stop_requests
from linkedin_pipelines.db.contacts.people import PersonWithBirthday, people_with_birthday
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.messaging import Composer, PageSite, Recipient, ThreadEvent
from linkedin_pipelines.domain.occasions import Occurrence, occurrences_within
from linkedin_pipelines.domain.outcomes import Outcome, skipped
from linkedin_pipelines.domain.phrases import is_stop_request
from linkedin_pipelines.domain.quotas import WEEK
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.domain.threads import ThreadState, own_events, same_text, thread_state
from linkedin_pipelines.domain.visits import VisitPurpose
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.domain.wishes import is_own_wish
from linkedin_pipelines.errors import (
    NotConnectedError,
    PageUnreadableError,
    ProfileGoneError,
    SiteError,
    WrongPersonError,
)
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.assisted import let_member_send
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal
from linkedin_pipelines.services.actions.protocol import Aftermath, Announce

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)

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
            raise _failed(Reason.TEXT_MISMATCH, "The editor does not hold the approved text.")

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


class BirthdayWish(WrittenMessage):
    """One approved birthday wish to one person."""

    def _judge(self, composer: Composer, attempt: Attempt) -> None:
        """Look for a wish of this occasion and for a request to stop."""
        state, event = thread_state(
            self._heard(), self.body, self.occurs_on, is_wish=is_own_wish, asks_to_stop=is_stop_request
        )
        if state is ThreadState.CLEAR:
            return
        assert event is not None  # every state but "clear" names the event that decided
        if state is ThreadState.ASKED_TO_STOP:
            raise self._asked_to_stop(composer, attempt, event)
        attempt.screenshot(composer, "thread", refusal=True)
        if state is ThreadState.ALREADY_WISHED:
            attempt.found["by_hand"] = event
            text = "The conversation already holds a wish of yours for this birthday."
            raise Refusal(skipped(Reason.WISHED_BY_HAND, text))
        raise _failed(
            Reason.PAGE_UNREADABLE,
            "The conversation holds a wish of yours whose date cannot be read, so it may be this year's.",
        )

    def record(self, session: Session, attempt: Attempt) -> None:
        """A wish by hand that the thread holds occupies the occasion, besides what every message records."""
        super().record(session, attempt)
        request, by_hand = self.request, attempt.found.get("by_hand")
        if by_hand is not None and by_hand.sent_on is not None:
            assert request.occurrence_year is not None  # a birthday has its year
            ledger.record_by_hand(
                session,
                request.account_id,
                request.contact_id,
                request.occurrence_year,
                datetime.combine(by_hand.sent_on, NOON, tzinfo=self.zone),
                self.zone,
                by_hand.text,
            )


def _failed(reason: Reason, explanation: str) -> Refusal:
    return Refusal(Outcome(InteractionStatus.FAILED, reason, explanation))


class WishAftermath(Aftermath):
    """After a restore: the conversation of every person who may have been wished since is read for the wish."""

    def reconcile(self, site_session: SiteSession) -> int:
        """Put wishes that the ledger does not know into it; the number of people whose conversation is still unread.

        A person at a time, at the account's pace, and only while the account may act: the rest is for the next run.

        Raises:
            StopSignError: the site stopped us.
            LeaseLostError: another run took the account over.
        """
        unread = 0
        people = _recent(site_session)
        for number, (person, occurrence) in enumerate(people):
            site_session.rest()
            refused = site_session.may_act() or site_session.against_visit(VisitPurpose.RECONCILIATION)
            if refused is not None:
                log.info("reconciling_goes_on_later", left=len(people) - number, problem=refused.explanation)
                return unread + len(people) - number
            site_session.keeper.renew()
            problem: SiteError | None = None
            try:
                _compare(site_session, person, occurrence)
            except (NotConnectedError, ProfileGoneError) as error:
                # No conversation can be opened with this person, now or later: no second wish can go out either.
                log.warning("person_not_reconciled", contact_id=person.contact_id, problem=str(error))
            except (PageUnreadableError, WrongPersonError) as error:
                problem = error
                log.warning("thread_not_reconciled", contact_id=person.contact_id, problem=str(error))
            unread += not _note(site_session, person, occurrence, problem)
            site_session.touched()
        return unread


AFTERMATH = WishAftermath()


def _recent(site_session: SiteSession) -> list[tuple[PersonWithBirthday, Occurrence]]:
    """People who may have been wished in the week before, and who were not read yet; whoever was tried least is first.

    What they were sent counts against the quotas. The week is that of the day on which the account had to settle first:
    nothing was sent since.
    """
    config, account = site_session.config, get_account(site_session.database, site_session.account.slug)
    last = local_day(account.settle_first_since or site_session.clock.now(), config.zone)
    first = last - WEEK - timedelta(days=config.late.max_days)
    with site_session.database.reading() as session:
        people = people_with_birthday(session, account.id)
        known = reconciling.progress(session, account.id)
    untried = reconciling.Progress(0, done=False)
    waiting = [
        (person, occurrence)
        for person in people
        if person.profile_slug is not None
        for occurrence in occurrences_within(person.month, person.day, first, last, config.leap_day)
        if not known.get((person.contact_id, occurrence.year), untried).done
    ]
    return sorted(waiting, key=lambda one: known.get((one[0].contact_id, one[1].year), untried).readings)


def _note(
    site_session: SiteSession, person: PersonWithBirthday, occurrence: Occurrence, problem: SiteError | None
) -> bool:
    """Keep that a conversation was read, or could not be; whether it need not be read again.

    What several readings could not tell waits for the member, so that one person never holds the account up for good.
    """
    account_id, now = site_session.account.id, site_session.clock.now()
    lease = site_session.keeper.renew()
    with site_session.database.writing() as session:
        seen = reconciling.progress(session, account_id).get((person.contact_id, occurrence.year))
        given_up = problem is not None and (seen.readings if seen else 0) + 1 >= READINGS_BEFORE_MEMBER_DECIDES
        if given_up:
            text = f"After a restore the conversation could not be read ({problem}): look whether a wish went out."
            ledger.record_unread(session, account_id, person.contact_id, occurrence.year, lease, now, text)
        done = problem is None or given_up
        reconciling.note(session, account_id, person.contact_id, occurrence.year, now, done=done)
    return done


def _compare(site_session: SiteSession, person: PersonWithBirthday, occurrence: Occurrence) -> None:
    assert person.profile_slug is not None  # `_recent` names nobody without
    zone = site_session.config.zone
    with site_session.database.reading() as session:
        number = numbers.number_of(session, person.contact_id)
    recipient = Recipient(person.contact_id, person.profile_slug, person.full_name, number)
    composer = site_session.site(VisitPurpose.RECONCILIATION).open(recipient)
    try:
        events = composer.events(occurrence.on - WEEK)
        state, event = thread_state(events, "", occurrence.on, is_wish=is_own_wish, asks_to_stop=lambda _: False)
    finally:
        composer.close()
    if state is ThreadState.UNCLEAR:
        raise PageUnreadableError("The conversation holds a wish of yours whose date cannot be read.")
    if state is ThreadState.ALREADY_WISHED:
        assert event is not None  # the wish itself
        assert event.sent_on is not None  # without a date the state is unclear
        sent_at = datetime.combine(event.sent_on, NOON, tzinfo=zone)
        with site_session.database.writing() as session:
            ledger.record_by_hand(
                session,
                site_session.account.id,
                person.contact_id,
                occurrence.year,
                sent_at,
                zone,
                event.text,
            )

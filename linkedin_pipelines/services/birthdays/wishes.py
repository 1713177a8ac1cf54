"""A birthday message, as a kind of action: what is looked for in the conversation, and what a restore has to ask.

What belongs here: that. What does not: how a message is written and proven (`services.messages.written`), who is on the
list (`services.birthdays.lists`), how a page is read (`browser`).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.contacts import numbers, reconciling
from linkedin_pipelines.db.contacts.people import PersonWithBirthday, people_with_birthday
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES
from linkedin_pipelines.domain.messaging import Composer, Recipient
from linkedin_pipelines.domain.occasions import Occurrence, occurrences_within
from linkedin_pipelines.domain.outcomes import skipped
from linkedin_pipelines.domain.phrases import is_stop_request
from linkedin_pipelines.domain.quotas import WEEK
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.domain.threads import ThreadState, thread_state
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
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal
from linkedin_pipelines.services.actions.protocol import Aftermath
from linkedin_pipelines.services.messages.written import NOON, WrittenMessage, failed

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

log = structlog.get_logger(__name__)


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
        raise failed(
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

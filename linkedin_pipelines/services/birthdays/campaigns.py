"""A birthday campaign of one account and date: who is due, and one wish after the other.

What belongs here: the list, its approval, and what a person's outcome means for both. What does not: lease, browser and
pace (`services.actions.site_session`), and the steps of a wish (`services.birthdays.wishes`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.contacts import numbers, stop_requests
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, birthday_key
from linkedin_pipelines.domain.canary import Part
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome, deferred, skipped
from linkedin_pipelines.domain.payloads import ApprovedMessage
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import StopSignError
from linkedin_pipelines.services.actions.canary import Walk, ask_again, due_parts
from linkedin_pipelines.services.actions.executor import Executor
from linkedin_pipelines.services.actions.interrupts import deferred_interrupts
from linkedin_pipelines.services.actions.runs import KindRun
from linkedin_pipelines.services.actions.site_session import SiteSession, stopped_by
from linkedin_pipelines.services.birthdays.approvals import approved_messages
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView, build_list, note_outcome, read_list
from linkedin_pipelines.services.birthdays.wishes import BirthdayWish
from linkedin_pipelines.services.messages.written import Declined

KIND = ACTION_KINDS[InteractionKind.BIRTHDAY_MESSAGE]


class CampaignRun(KindRun):
    """One account's campaign under way."""

    def __init__(self, site_session: SiteSession, list_date: date, *, live: bool) -> None:
        super().__init__(site_session, list_date, live=live)
        self._database = site_session.database
        self._plan: tuple[EntryView, ...] = ()
        self._approved: dict[tuple[int, int], ApprovedMessage] = {}
        self._looked_at: set[Part] = set()
        self._stopped: StopSignError | None = None

    def planned(self) -> tuple[EntryView, ...]:
        """The people to try, in order: approved word for word, and neither left out nor done.

        Those who had to wait when last tried are tried again; the claim says whether they still have to. So are those
        whom a dead run left half done: the list, built before this run took over, calls them in flight or in doubt.

        Raises:
            NotApprovedError: nobody approved the list.
            ListChangedError: the list is not the approved one, be it that words became late ones overnight.
        """
        view = self._list_of_today()
        content = approved_messages(self._database, self._at.account.slug, self._list_date)
        self._approved = {(m.contact_id, m.occurrence_year): m for m in content.messages}
        unsettled = self._unsettled()
        self._plan = tuple(
            entry
            for entry in (view.entries if view else ())
            if (entry.outcome is not EntryOutcome.SKIPPED or _is_half_done(entry, unsettled))
            and (yes := self._approved.get(_key(entry))) is not None
            and yes.body == entry.body
        )
        return self._plan

    def _unsettled(self) -> frozenset[tuple[int, int | None]]:
        """Occasions, by contact and year, whose conversation this run will read."""
        with self._database.reading() as session:
            rows = ledger.unsettled(session, self._at.account.id)
        return frozenset((row.contact_id, row.occurrence_year) for row in rows if not row.waits_for_member)

    def _list_of_today(self) -> ListView | None:
        """The list, built anew if it was last built on another day: what was on time then may be late now."""
        view = read_list(self._database, self._at.account.slug, self._list_date)
        zone, now = self.account.zone, self._at.clock.now()
        if view is not None and local_day(view.built_at, zone) != local_day(now, zone):
            return build_list(self._database, self._at.clock, self._at.account.slug, self._list_date, self._at.run_id)
        return view

    def deliver(self, entry: EntryView) -> Outcome:
        """Wish one person, or say why not. Ends a person whole even when the run is being terminated.

        Raises:
            LeaseLostError, DatabaseUnavailableError: this run must not, or cannot, go on.
        """
        if self._stopped is not None:
            return self._stop(entry)
        self._at.rest()
        try:
            if self._probe_before([entry, *(other for other in self._plan if other != entry)]):
                self._at.rest()
        except StopSignError as error:
            self._stopped = error
            return self._stop(entry)
        outcome = self._no_longer_wanted(entry) or self._at.carry_out(self._wish(entry), live=self.live)
        return self._noted(entry, outcome)

    def _no_longer_wanted(self, entry: EntryView) -> Outcome | None:
        """What the list, which may have been built anew since this run began, says of the person now."""
        view = read_list(self._database, self._at.account.slug, self._list_date)
        now = next((each for each in view.entries if _key(each) == _key(entry)), None) if view else None
        if now is None:
            return deferred(Reason.NOT_APPROVED, "The list was built anew meanwhile, without this person.")
        if now.reason is Reason.LEFT_OUT:
            return skipped(Reason.LEFT_OUT, now.explanation or "You left this person out this time.")
        if now.body is not None and now.body != entry.body:
            return deferred(Reason.NOT_APPROVED, "The list was built anew meanwhile, with other words.")
        return None

    def _stop(self, entry: EntryView) -> Outcome:
        """What a stop sign met before the person's own turn means for them; those who follow find the breaker open."""
        error, self._stopped = self._stopped, None
        assert error is not None  # asked only if there is one
        return self._noted(entry, stopped_by(error))

    def probe(self, *, again: bool = False) -> None:
        """Look at the pages before the first person, if that is due and somebody is to be written to.

        `again` has them looked at however lately that was done. A stop sign is kept for the first person's turn.

        Raises:
            NotApprovedError, ListChangedError: nobody may be written to.
            LinkedInPipelinesError: no browser, no session, the lease or the database lost.
        """
        if again:
            ask_again(self._database, self._at.account.slug)
        try:
            self._probe_before(self.planned())
        except StopSignError as error:
            self._stopped = error

    def _probe_before(self, entries: Sequence[EntryView]) -> bool:
        """Take the parts of the walk that are due, each once a run; whether any was taken.

        Only for people who would be written to otherwise: then the account may act, and a conversation with them is
        opened in any case.

        Raises:
            StopSignError: the site stopped us; the breaker knows it already.
        """
        due = due_parts(self._database, self._at.clock, self._at.account, KIND.parts)
        parts = [part for part in due if part not in self._looked_at]
        if not parts:
            return False
        with deferred_interrupts():
            self._at.settle_first()
            willing = (wish.recipient for wish in map(self._wish, entries) if self._waits_for_probe(wish))
            first = next(willing, None)
            if first is None:
                return False
            self._looked_at |= set(parts)
            Walk(self._at).take(parts, _and_then(first, willing))
        return True

    def _waits_for_probe(self, wish: BirthdayWish) -> bool:
        """Whether nothing, or nothing but what a look may lift, keeps a wish from being sent."""
        self._at.keeper.renew()
        refused = Executor(self._at, live=self.live).refusal(wish)
        return refused is None or refused.reason is Reason.PAGE_UNREADABLE

    def _noted(self, entry: EntryView, outcome: Outcome) -> Outcome:
        """The outcome, written down beside the person on the list if it is one of the list."""
        if self.live and isinstance(outcome.status, EntryOutcome):
            note_outcome(self._database, self._at.account.slug, self._list_date, _key(entry), outcome)
        return outcome

    def _wish(self, entry: EntryView) -> BirthdayWish:
        assert entry.body is not None  # `planned` yields entries with an approved text alone
        assert entry.slug is not None  # the list plans nobody without a profile address
        zone = self.account.zone
        with self._database.reading() as session:
            declined = stop_requests.declined(session, entry.contact_id)
            number = numbers.number_of(session, entry.contact_id)
            left_alone = numbers.left_alone(session, self._at.account.id, entry.contact_id)
        yes = self._approved.get(_key(entry))
        last_day = entry.occurs_on if entry.days_late == 0 else entry.occurs_on + timedelta(self.account.late.max_days)
        return BirthdayWish(
            ledger.ClaimRequest(
                account_id=self._at.account.id,
                contact_id=entry.contact_id,
                kind=KIND.name,
                occasion_key=birthday_key(entry.occurrence_year),
                occurrence_year=entry.occurrence_year,
                list_date=self._list_date,
                run_id=self._at.run_id,
                body=entry.body,
                template=entry.template,
                kept_on=(yes.occurs_on if yes else None) or entry.occurs_on,
                valid_until=last_day,
            ),
            Recipient(entry.contact_id, entry.slug, entry.full_name, number),
            entry.occurs_on,
            zone,
            local_day(self._at.clock.now(), zone),
            tuple(Declined(local_day(said_at, zone), excerpt) for said_at, excerpt in declined),
            left_alone,
        )


def _key(entry: EntryView) -> tuple[int, int]:
    return entry.contact_id, entry.occurrence_year


def _and_then(first: Recipient, rest: Iterator[Recipient]) -> Iterator[Recipient]:
    yield first
    yield from rest


def _is_half_done(entry: EntryView, unsettled: frozenset[tuple[int, int | None]]) -> bool:
    """Whether the list left somebody out for an attempt that this run has taken over."""
    if entry.outcome is not EntryOutcome.SKIPPED:
        return False
    # With the lease in this run's hands nobody else is at work: what the list calls in flight died with its run.
    return entry.reason is Reason.IN_FLIGHT or (entry.reason is Reason.IN_DOUBT and _key(entry) in unsettled)

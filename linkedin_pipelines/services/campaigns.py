"""A birthday campaign of one account and date: who is due, one delivery after the other, at a human pace.

What belongs here: what frames the single send, that is, the lease, the browser's life, the pauses, the unsettled rows
of before. The send itself is `services.sending`.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import date
from functools import partial
from itertools import islice

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import ledger, stop_requests
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.domain.account import AccountConfig, InteractionKind, Mode
from linkedin_pipelines.domain.canary import Part
from linkedin_pipelines.domain.messaging import Messenger, Recipient
from linkedin_pipelines.domain.payloads import ApprovedMessage
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import StopSignError
from linkedin_pipelines.services.accounts import AccountView, get_account
from linkedin_pipelines.services.approvals import approved_messages
from linkedin_pipelines.services.birthday_lists import EntryView, ListView, build_list, note_outcome, read_list
from linkedin_pipelines.services.canary import PEOPLE_TO_LOOK_AT, Walk, due_parts, look_again
from linkedin_pipelines.services.doubts import settle_doubts
from linkedin_pipelines.services.interrupts import deferred_interrupts
from linkedin_pipelines.services.lease_keeper import LeaseKeeper, held_lease
from linkedin_pipelines.services.reconciling import reconcile
from linkedin_pipelines.services.sending import Delivery, Sender, Wish
from linkedin_pipelines.services.signed_in import open_messenger
from linkedin_pipelines.settings import Settings

MessengerFactory = Callable[[Settings, AccountView, date], AbstractContextManager[Messenger]]


class CampaignRun:
    """One account's campaign under way: holds the lease, and a browser from the first person on."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        clock: Clock,
        account: AccountView,
        list_date: date,
        run_id: str,
        keeper: LeaseKeeper,
        stack: ExitStack,
        messenger_factory: MessengerFactory,
        *,
        live: bool,
    ) -> None:
        self._database = database
        self._settings = settings
        self._clock = clock
        self._account = account
        self._list_date = list_date
        self._run_id = run_id
        self._keeper = keeper
        self._stack = stack
        self._factory = messenger_factory
        self._opened: Messenger | None = None
        self._touched_site = False
        self._plan: tuple[EntryView, ...] = ()
        self._looked_at: set[Part] = set()
        self._stopped: StopSignError | None = None
        self.act(live=live)

    def act(self, *, live: bool) -> None:
        """From now on really send, if `live` is asked for and the account's mode is live; else up to the last click."""
        self.live = live and self._account.config.mode is Mode.LIVE
        self._sender = Sender(self._database, self._clock, self._account.config, self._messenger, live=self.live)

    @property
    def account(self) -> AccountConfig:
        """The account as configured when the campaign began."""
        return self._account.config

    def planned(self) -> tuple[EntryView, ...]:
        """The people to try, in order: approved word for word, and neither left out nor done.

        Those who had to wait when last tried are tried again; the claim says whether they still have to. So are those
        whom a dead run left half done: the list, built before this run took over, calls them in flight or in doubt.

        Raises:
            NotApprovedError: nobody approved the list.
            ListChangedError: the list is not the approved one, be it that words became late ones overnight.
        """
        view = self._list_of_today()
        approved = {(m.contact_id, m.occurrence_year): m for m in self._approved()}
        unsettled = self._unsettled()
        self._plan = tuple(
            entry
            for entry in (view.entries if view else ())
            if (entry.outcome is not EntryOutcome.SKIPPED or _is_half_done(entry, unsettled))
            and (yes := approved.get((entry.contact_id, entry.occurrence_year))) is not None
            and yes.body == entry.body
        )
        return self._plan

    def _unsettled(self) -> frozenset[tuple[int, int]]:
        """Occasions, by contact and year, whose conversation this run will read."""
        with self._database.reading() as session:
            rows = ledger.unsettled(session, self._account.id)
        return frozenset((row.contact_id, row.occurrence_year) for row in rows if not row.waits_for_member)

    def _list_of_today(self) -> ListView | None:
        """The list, built anew if it was last built on another day: what was on time then may be late now."""
        view = read_list(self._database, self._account.slug, self._list_date)
        zone = self.account.zone
        if view is not None and local_day(view.built_at, zone) != local_day(self._clock.now(), zone):
            return build_list(self._database, self._clock, self._account.slug, self._list_date, self._run_id)
        return view

    def _approved(self) -> tuple[ApprovedMessage, ...]:
        return approved_messages(self._database, self._account.slug, self._list_date).messages

    def deliver(self, entry: EntryView) -> Delivery:
        """Wish one person, or say why not. Ends a person whole even when the run is being terminated.

        Raises:
            LeaseLostError, StoreUnavailableError: this run must not, or cannot, go on.
        """
        if self._stopped is not None:
            return self._stop(entry)
        self._rest()
        try:
            if self._look_before([entry, *(other for other in self._plan if other != entry)]):
                self._rest()
        except StopSignError as error:
            self._stopped = error
            return self._stop(entry)
        with deferred_interrupts():
            return self._deliver_now(entry)

    def _rest(self) -> None:
        """Let a human pause pass since the site was last touched."""
        if self._touched_site:
            self._keeper.pause(random.uniform(*self._account.config.pace_seconds))  # noqa: S311 - a pause, not a secret
        self._touched_site = False

    def _stop(self, entry: EntryView) -> Delivery:
        """What a stop sign met before the person's own turn means for them; those who follow find the breaker open."""
        error, self._stopped = self._stopped, None
        return self._noted(entry, Delivery(entry.contact_id, EntryOutcome.DEFERRED, Reason.STOP_SIGN, str(error)))

    def look(self, *, again: bool = False) -> None:
        """Look at the pages before the first person, if that is due and somebody is to be written to.

        `again` has them looked at however lately that was done. A stop sign is kept for the first person's turn.

        Raises:
            NotApprovedError, ListChangedError: nobody may be written to.
            LinkedInPipelinesError: no browser, no session, the lease or the store lost.
        """
        if again:
            look_again(self._database, self._account.slug)
        try:
            self._look_before(self.planned())
        except StopSignError as error:
            self._stopped = error

    def _look_before(self, entries: Sequence[EntryView]) -> bool:
        """Take the parts of the walk that are due, each once a run; whether any was taken.

        Only for people who would be written to otherwise: then the account may act, and a conversation with them is
        opened in any case.

        Raises:
            StopSignError: the site stopped us; the breaker knows it already.
        """
        parts = [p for p in due_parts(self._database, self._clock, self._account) if p not in self._looked_at]
        if not parts:
            return False
        with deferred_interrupts():
            self.settle_what_is_open()
            willing = (wish.recipient for wish in map(self._wish, entries) if self._waits_for_look(wish))
            people = list(islice(willing, PEOPLE_TO_LOOK_AT))
            if not people:
                return False
            self._looked_at |= set(parts)
            walk = Walk(self._database, self._clock, self._account, self._keeper, self._run_id, self._messenger)
            walk.take(parts, people)
        return True

    def _waits_for_look(self, wish: Wish) -> bool:
        """Whether nothing, or nothing but what a look may lift, keeps a wish from being sent."""
        refused = self._sender.refusal(wish, self._keeper.renew())
        return refused is None or refused.reason is Reason.PAGE_UNREADABLE

    def _deliver_now(self, entry: EntryView) -> Delivery:
        wish = self._wish(entry)
        try:
            self.settle_what_is_open()
            delivery = self._sender.refusal(wish, self._keeper.renew())
            if delivery is None:
                self._messenger()  # before the claim: a browser that cannot open costs nobody an attempt
                delivery = self._sender.send(wish, self._keeper.renew())
        except StopSignError as error:
            delivery = Delivery(entry.contact_id, EntryOutcome.DEFERRED, Reason.STOP_SIGN, str(error))
        return self._noted(entry, delivery)

    def _noted(self, entry: EntryView, delivery: Delivery) -> Delivery:
        """The outcome, written down beside the person on the list if it is one of the list."""
        if self.live and isinstance(delivery.outcome, EntryOutcome):
            note_outcome(
                self._database,
                self._account.slug,
                self._list_date,
                entry.contact_id,
                entry.occurrence_year,
                delivery.outcome,
                delivery.reason,
                delivery.explanation,
                delivery.next_eligible_on,
            )
        return delivery

    def _wish(self, entry: EntryView) -> Wish:
        assert entry.body is not None  # `planned` yields entries with an approved text alone
        assert entry.template is not None
        assert entry.slug is not None  # the list plans nobody without a profile address
        with self._database.reading() as session:
            declined = stop_requests.last_declined(session, entry.contact_id)
        return Wish(
            ledger.ClaimRequest(
                account_id=self._account.id,
                contact_id=entry.contact_id,
                kind=InteractionKind.BIRTHDAY_MESSAGE,
                occurrence_year=entry.occurrence_year,
                list_date=self._list_date,
                run_id=self._run_id,
                body=entry.body,
                template=entry.template,
            ),
            Recipient(entry.contact_id, entry.slug, entry.full_name),
            entry.occurs_on,
            declined.astimezone(self.account.zone).date() if declined else None,
        )

    def _messenger(self) -> Messenger:
        self._touched_site = True
        if self._opened is None:
            self._opened = self._stack.enter_context(self._factory(self._settings, self._account, self._list_date))
        return self._opened

    def settle_what_is_open(self) -> None:
        """Read what must be read before anything new: unfinished sends, and after a restore all recent threads.

        Raises:
            StopSignError: the site stopped us while reading.
        """
        settle_doubts(self._database, self._clock, self._account, self._keeper, self._messenger)
        reconcile(self._database, self._clock, self._account, self._keeper, self._messenger)

    def finish(self) -> None:
        """Close the browser and give the lease back; further deliveries are refused."""
        self._stack.close()


def _is_half_done(entry: EntryView, unsettled: frozenset[tuple[int, int]]) -> bool:
    """Whether the list left somebody out for an attempt that this run has taken over."""
    if entry.outcome is not EntryOutcome.SKIPPED:
        return False
    # With the lease in this run's hands nobody else is at work: what the list calls in flight died with its run.
    return entry.reason is Reason.IN_FLIGHT or (
        entry.reason is Reason.IN_DOUBT and (entry.contact_id, entry.occurrence_year) in unsettled
    )


@contextmanager
def open_campaign(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    list_date: date,
    run_id: str,
    *,
    live: bool,
    messenger_factory: MessengerFactory | None = None,
) -> Iterator[CampaignRun]:
    """Begin a campaign: take the account's lease, adopt what a dead run left behind.

    A campaign is live only if `live` is asked for and the account's mode is live. The browser opens with the first
    person who needs it, through `messenger_factory`; without one it is the account's own signed-in browser.

    Raises:
        UnknownAccountError: there is no such account.
        LeaseHeldError: another run is at work for the account.
    """
    account = get_account(database, account_slug)
    with ExitStack() as stack:
        keeper = stack.enter_context(held_lease(database, clock, account.id, run_id))
        with database.writing() as session:
            ledger.adopt_stranded(session, keeper.lease, clock.now())
        yield CampaignRun(
            database,
            settings,
            clock,
            account,
            list_date,
            run_id,
            keeper,
            stack,
            messenger_factory or partial(open_messenger, clock=clock),
            live=live,
        )

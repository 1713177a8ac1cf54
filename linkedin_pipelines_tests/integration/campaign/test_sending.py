"""The send protocol on both databases, against a site in memory that keeps its own record of deliveries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers, leases
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.claims import READINGS_BEFORE_MEMBER_DECIDES as READINGS
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import LeaseLostError, PageUnreadableError, StopSignError, WrongPersonError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.executor import Executor
from linkedin_pipelines.services.actions.lease_keeper import TTL, LeaseKeeper
from linkedin_pipelines.services.actions.site_session import SiteSession
from linkedin_pipelines.services.birthdays.wishes import BirthdayWish
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

BODY = "Happy birthday, Jane! Have a good one."
TODAY = date(2026, 3, 18)


@dataclass
class Desk:
    """One account with one person whose birthday is today, and everything a send needs."""

    database: Database
    clock: ManualClock
    site: MemorySite
    account_id: int
    keeper: LeaseKeeper
    settings: Settings

    def wish(self, slug: str = "jane-doe", *, contact_id: int | None = None, run: str = "run-1") -> BirthdayWish:
        contact_id = contact_id or a_contact(self.database, self.account_id, slug)
        request = ledger.ClaimRequest(
            account_id=self.account_id,
            contact_id=contact_id,
            kind=InteractionKind.BIRTHDAY_MESSAGE,
            occasion_key="2026",
            occurrence_year=2026,
            list_date=TODAY,
            run_id=run,
            body=BODY,
            template="en-1",
        )
        zone = ZoneInfo("Europe/Paris")
        return BirthdayWish(request, Recipient(contact_id, slug, "Jane Doe"), TODAY, zone, TODAY)

    def session(self, keeper: LeaseKeeper | None = None) -> SiteSession:
        @contextmanager
        def factory(*_: object) -> Iterator[MemorySite]:
            yield self.site

        account = get_account(self.database, "demo")
        keeper = keeper or self.keeper
        return SiteSession(self.database, self.settings, self.clock, account, "run-1", keeper, ExitStack(), factory)

    def send(self, wish: BirthdayWish, *, live: bool = True) -> Outcome:
        wish = replace(wish)  # a wish is one attempt
        self.keeper.renew()
        return Executor(self.session(), live=live).carry_out(wish)

    def settle(self) -> int:
        self.keeper.renew()
        return self.session().settle_first()

    def rows(self, kind: InteractionKind = InteractionKind.BIRTHDAY_MESSAGE) -> list[Interaction]:
        with self.database.reading() as session:
            return list(session.scalars(select(Interaction).where(Interaction.kind == kind).order_by(Interaction.id)))

    def statuses(self) -> list[str]:
        return [str(row.status) for row in self.rows()]


@pytest.fixture
def desk(database: Database, clock: ManualClock, settings: Settings) -> Desk:
    account_id = an_account(database)
    with database.writing() as session:
        lease = leases.acquire(session, account_id, "run-1", clock.now(), TTL)
    site = MemorySite(today=lambda: clock.now().date())
    return Desk(database, clock, site, account_id, LeaseKeeper(database, clock, lease), settings)


def failing(error: BaseException) -> Callable[[Recipient], None]:
    def hook(_: Recipient) -> None:
        raise error

    return hook


def test_a_live_wish_is_sent_with_proof_and_stored_as_it_was_sent(desk: Desk) -> None:
    delivery = desk.send(desk.wish())
    assert delivery.status is InteractionStatus.SENT
    assert desk.site.deliveries == [("jane-doe", BODY)]
    assert delivery.evidence.recipient == "jane-doe"
    assert delivery.evidence.event_text == BODY
    assert desk.statuses() == ["sent"]
    assert desk.rows()[0].body == BODY


def test_the_same_wish_is_never_sent_twice(desk: Desk) -> None:
    wish = desk.wish()
    desk.send(wish)
    again = desk.send(wish)
    assert again.status is EntryOutcome.SKIPPED
    assert again.reason is Reason.ALREADY_WISHED
    assert len(desk.site.deliveries) == 1


def test_a_rehearsal_goes_up_to_the_last_click_and_occupies_nothing(desk: Desk) -> None:
    wish = desk.wish()
    rehearsed = desk.send(wish, live=False)
    assert rehearsed.status is InteractionStatus.REHEARSED
    assert rehearsed.evidence.read_back == BODY
    assert desk.site.deliveries == []
    assert desk.site.editor == ""
    assert desk.send(wish).status is InteractionStatus.SENT


def test_the_stored_text_is_not_the_sent_text(desk: Desk) -> None:
    """Then it is not sent: what stands in the editor is read back and compared before the click."""

    def mangle(_: Recipient) -> None:
        desk.site.editor = BODY.replace("Jane", "Jan")

    desk.site.hooks["write"] = mangle
    delivery = desk.send(desk.wish())
    assert (delivery.status, delivery.reason) == (InteractionStatus.FAILED, Reason.TEXT_MISMATCH)
    assert desk.site.deliveries == []


@pytest.mark.parametrize(
    ("step", "error", "reason"),
    [
        ("open", WrongPersonError("The profile is another person's."), Reason.WRONG_PERSON),
        ("open", PageUnreadableError("No composer."), Reason.PAGE_UNREADABLE),
        ("events", PageUnreadableError("The thread did not load."), Reason.PAGE_UNREADABLE),
        ("before-click", PageUnreadableError("The button is disabled."), Reason.PAGE_UNREADABLE),
        ("open", StopSignError("checkpoint", "LinkedIn asks for a check."), Reason.STOP_SIGN),
    ],
)
def test_a_refusal_before_the_click_is_a_proven_failure(
    desk: Desk, step: str, error: Exception, reason: Reason
) -> None:
    desk.site.hooks[step] = failing(error)
    delivery = desk.send(desk.wish())
    assert (delivery.status, delivery.reason) == (InteractionStatus.FAILED, reason)
    assert desk.site.deliveries == []


def test_after_a_failure_the_occasion_is_free_again(desk: Desk) -> None:
    wish = desk.wish()
    desk.site.hooks["open"] = failing(PageUnreadableError("No composer."))
    desk.send(wish)
    desk.site.hooks.clear()
    assert desk.send(wish).status is InteractionStatus.SENT
    assert desk.statuses() == ["failed", "sent"]


def test_a_stop_sign_stops_the_account_until_a_human_resumes_it(desk: Desk) -> None:
    desk.site.hooks["open"] = failing(StopSignError("checkpoint", "LinkedIn asks for a check."))
    desk.send(desk.wish())
    desk.site.hooks.clear()
    other = desk.wish("john-roe")
    refused = desk.send(other)
    assert (refused.status, refused.reason) == (EntryOutcome.DEFERRED, Reason.BREAKER_OPEN)
    with desk.database.writing() as session:
        breakers.resume(session, desk.account_id, desk.clock.now(), "I passed the check", "cli:jo")
    assert desk.send(other).status is InteractionStatus.SENT


def test_a_click_without_proof_is_in_doubt_and_blocks_what_is_new(desk: Desk) -> None:
    desk.site.unproven.add("jane-doe")
    delivery = desk.send(desk.wish())
    assert (delivery.status, delivery.reason) == (InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN)
    other = desk.send(desk.wish("john-roe"))
    assert (other.status, other.reason) == (EntryOutcome.DEFERRED, Reason.UNSETTLED_IN_DOUBT)


def test_a_doubt_is_settled_as_sent_when_the_thread_holds_the_message(desk: Desk) -> None:
    desk.site.unproven.add("jane-doe")
    desk.send(desk.wish())
    assert desk.settle() == 0
    assert desk.statuses() == ["sent"]
    assert desk.rows()[0].body == BODY


def test_a_doubt_is_settled_as_failed_only_after_the_message_had_time_to_appear(desk: Desk) -> None:
    desk.site.lose_after_click.add("jane-doe")
    wish = desk.wish()
    assert desk.send(wish).status is InteractionStatus.IN_DOUBT
    clicked = desk.clock.now()
    assert desk.settle() == 0
    assert desk.clock.now() - clicked >= timedelta(seconds=60)
    assert desk.statuses() == ["failed"]
    desk.site.lose_after_click.clear()
    assert desk.send(wish).status is InteractionStatus.SENT


def test_three_readings_that_cannot_tell_leave_it_to_the_member_and_free_the_account(desk: Desk) -> None:
    desk.site.unproven.add("jane-doe")
    desk.send(desk.wish())
    desk.site.hooks["events"] = failing(PageUnreadableError("The thread did not load."))
    desk.settle()
    row = desk.rows()[0]
    assert (row.status, row.doubt_readings) == (InteractionStatus.IN_DOUBT, READINGS)
    desk.site.hooks.clear()
    assert desk.send(desk.wish("john-roe")).status is InteractionStatus.SENT


@pytest.mark.parametrize("step", ["after-click", "proof"])
def test_whatever_happens_after_the_click_is_in_doubt_never_failed(desk: Desk, step: str) -> None:
    desk.site.hooks[step] = failing(PageUnreadableError("The page went away.") if step == "proof" else OSError("gone"))
    if step == "after-click":
        with pytest.raises(OSError, match="gone"):
            desk.send(desk.wish())
    else:
        desk.send(desk.wish())
    assert desk.statuses() == ["in_doubt"]
    desk.site.hooks.clear()
    desk.settle()
    assert desk.statuses() == ["sent"]
    assert len(desk.site.deliveries) == 1


def test_a_wish_sent_by_hand_is_found_in_the_thread_and_occupies_the_occasion(desk: Desk) -> None:
    wish = desk.wish()
    desk.site.say("jane-doe", "Happy birthday Jane!!", TODAY)
    delivery = desk.send(wish)
    assert (delivery.status, delivery.reason) == (EntryOutcome.SKIPPED, Reason.WISHED_BY_HAND)
    assert desk.site.deliveries == []
    again = desk.send(wish)
    assert (again.status, again.reason) == (EntryOutcome.SKIPPED, Reason.WISHED_BY_HAND)
    assert desk.site.opened == ["jane-doe"]


def test_last_years_identical_wish_is_neither_a_wish_nor_a_proof(desk: Desk) -> None:
    desk.site.say("jane-doe", BODY, date(2025, 3, 18))
    desk.site.lose_after_click.add("jane-doe")
    assert desk.send(desk.wish()).status is InteractionStatus.IN_DOUBT
    desk.settle()
    assert desk.statuses() == ["failed"]


def test_somebody_who_asks_to_stop_is_left_alone_until_the_member_decides(desk: Desk) -> None:
    wish = desk.wish()
    desk.site.say("jane-doe", "Please stop messaging me.", date(2026, 1, 2), own=False)
    first = desk.send(wish)
    assert (first.status, first.reason) == (EntryOutcome.SKIPPED, Reason.STOP_REQUESTED)
    second = desk.send(wish)
    assert (second.status, second.reason) == (EntryOutcome.SKIPPED, Reason.STOP_REQUESTED)
    assert desk.site.opened == ["jane-doe"]
    assert desk.site.deliveries == []


def test_a_run_that_lost_its_lease_neither_claims_nor_clicks(desk: Desk) -> None:
    wish = desk.wish()
    stale = desk.keeper.lease
    desk.clock.advance(TTL + timedelta(seconds=1))
    with desk.database.writing() as session:
        leases.acquire(session, desk.account_id, "run-2", desk.clock.now(), TTL)
    with pytest.raises(LeaseLostError):
        Executor(desk.session(LeaseKeeper(desk.database, desk.clock, stale)), live=True).carry_out(wish)
    assert desk.site.opened == []


def test_a_lease_lost_between_claim_and_click_means_no_click(desk: Desk) -> None:
    def take_over(_: Recipient) -> None:
        desk.clock.advance(TTL + timedelta(seconds=1))
        with desk.database.writing() as session:
            lease = leases.acquire(session, desk.account_id, "run-2", desk.clock.now(), TTL)
            ledger.adopt_stranded(session, lease, desk.clock.now())

    desk.site.hooks["write"] = take_over
    with pytest.raises(LeaseLostError):
        desk.send(desk.wish())
    assert desk.site.deliveries == []
    assert desk.statuses() == ["failed"]


def test_a_click_too_long_after_its_announcement_is_not_made(desk: Desk) -> None:
    """The machine slept in between: a run that took over may have read the thread, and sent the message anew."""
    wish = desk.wish()
    desk.site.hooks["before-click"] = lambda _: [desk.clock.advance(timedelta(seconds=25))].clear()
    delivery = desk.send(wish)
    assert (delivery.status, delivery.reason) == (InteractionStatus.FAILED, Reason.INTERRUPTED)
    assert desk.site.deliveries == []
    desk.site.hooks.clear()
    assert desk.send(wish).status is InteractionStatus.SENT


def test_a_run_paused_between_announcement_and_click_finds_the_message_sent_by_another(desk: Desk) -> None:
    wish = desk.wish()

    def another_run_settles_and_sends(_: Recipient) -> None:
        desk.site.hooks.clear()
        desk.clock.advance(TTL + timedelta(seconds=1))
        with desk.database.writing() as session:
            lease = leases.acquire(session, desk.account_id, "run-2", desk.clock.now(), TTL)
            ledger.adopt_stranded(session, lease, desk.clock.now())
        other = Desk(
            desk.database,
            desk.clock,
            desk.site,
            desk.account_id,
            LeaseKeeper(desk.database, desk.clock, lease),
            desk.settings,
        )
        assert other.settle() == 0
        again = other.wish(wish.recipient.profile_slug, contact_id=wish.request.contact_id, run="run-2")
        assert other.send(again).status is InteractionStatus.SENT

    desk.site.hooks["before-click"] = another_run_settles_and_sends
    with pytest.raises(LeaseLostError):
        desk.send(wish)
    assert len(desk.site.deliveries) == 1
    assert desk.statuses() == ["failed", "sent"]

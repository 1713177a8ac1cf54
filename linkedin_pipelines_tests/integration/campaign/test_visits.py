"""Every opened profile is a visit of the ledger first, whatever it is opened for; each rule on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.domain.canary import CanaryElement, ProbeOutcome
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import PageUnreadableError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.canary import latest_probes
from linkedin_pipelines.services.actions.decisions import in_doubt
from linkedin_pipelines.services.maintenance.upkeep import settle_open_interactions
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import contacts, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.campaign.test_campaigns import PEOPLE, TODAY, Office, an_office, office

__all__ = ["office"]

VISIT = InteractionKind.PROFILE_VISIT


def purposes(office: Office) -> Counter[str | None]:
    return Counter(row.purpose for row in office.rows(VISIT))


def visits(per_day: int, per_week: int = 80, per_run: int = 15) -> dict[str, dict[str, int]]:
    return {"profile_visit": {"per_run": per_run, "per_day": per_day, "per_week": per_week}}


def opened(office: Office) -> int:
    """Profiles opened, by the site's own record."""
    return len(office.site.opened) + sum(slug != "" for _, slug in office.site.polls)


def test_what_was_rehearsed_today_is_not_opened_again(office: Office) -> None:
    assert {each.status for each in office.run(live=False)} == {InteractionStatus.REHEARSED}
    before = opened(office)
    again = office.run(live=False)
    assert {(each.status, each.reason) for each in again} == {(EntryOutcome.SKIPPED, Reason.REHEARSED_TODAY)}
    assert opened(office) == before == sum(purposes(office).values()) == 6
    assert purposes(office) == {"canary": 1, "rehearsal": 5}
    office.clock.advance(days=1)
    assert {each.status for each in office.run(live=False)} == {InteractionStatus.REHEARSED}


def test_a_rehearsal_and_the_canary_leave_the_days_messages_their_visits(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    office = an_office(database, settings, clock, quotas=visits(7))
    rehearsed = office.run(live=False)
    assert Counter(each.status for each in rehearsed) == {InteractionStatus.REHEARSED: 1, EntryOutcome.DEFERRED: 4}
    assert {each.explanation for each in rehearsed if each.explanation} == {
        "5 profile visits are left, and the approved messages of the day, 5 people, need them."
    }
    assert [each.status for each in office.run()] == [InteractionStatus.SENT] * 5
    assert opened(office) == 7 == sum(purposes(office).values())


def test_without_a_visit_to_spare_the_canary_opens_nobody_and_holds_nothing(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    office = an_office(database, settings, clock, quotas=visits(5))
    assert [each.status for each in office.run()] == [InteractionStatus.SENT] * 5
    seen = {probed.element: probed.outcome for probed in latest_probes(database, "demo")}
    assert seen[CanaryElement.EDITOR] is ProbeOutcome.UNCHECKED
    assert purposes(office) == {"message": 5}


def test_a_message_without_a_visit_left_waits_for_a_day_with_one(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    office = an_office(database, settings, clock, quotas=visits(3))
    sent = office.run()
    assert Counter((each.status, each.reason) for each in sent) == {
        (InteractionStatus.SENT, None): 3,
        (EntryOutcome.DEFERRED, Reason.DAY_QUOTA): 2,
    }
    assert [row.status for row in office.rows()] == [InteractionStatus.SENT] * 3
    office.clock.advance(days=1)
    assert [each.status for each in office.run()] == [InteractionStatus.SENT] * 2


def test_reading_a_doubt_spends_a_visit_and_waits_where_none_is_left(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    office = an_office(database, settings, clock, quotas=visits(1))
    office.build()
    office.approve()
    with office.campaign() as run:
        first, second, *_ = run.planned()
        office.site.unproven.add(first.slug or "")
        assert run.deliver(first).status is InteractionStatus.IN_DOUBT
        held = run.deliver(second)
    assert (held.status, held.reason) == (EntryOutcome.DEFERRED, Reason.UNSETTLED_IN_DOUBT)
    assert opened(office) == 1
    office.clock.advance(days=1)
    settle(office)
    assert [row.status for row in office.rows()] == [InteractionStatus.SENT]
    assert purposes(office) == {"message": 1, "doubt": 1}


def settle(office: Office) -> None:
    office.runs += 1

    def factory(*_: object) -> object:
        return SiteFor(office)

    settle_open_interactions(office.database, office.settings, office.clock, "demo", f"run-{office.runs}", factory)  # type: ignore[arg-type]


class SiteFor:
    """A browser on the office's site."""

    def __init__(self, office: Office) -> None:
        self.site = office.site

    def __enter__(self) -> object:
        return self.site

    def __exit__(self, *_: object) -> None:
        pass


def restored(office: Office, on: date = TODAY) -> None:
    """A ledger that is whole up to the end of yesterday."""
    now = office.clock.now()
    assert now.date() == on
    with office.database.writing() as session:
        ledger.put_settle_first(session, office.account_id, now, "restored", now - timedelta(hours=10))


def test_reading_after_a_restore_goes_on_where_it_stopped_within_quota_pause_and_hours(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    """75 conversations used to be opened in one run, past a pause and past the hours, and the same ones again."""
    office = an_office(database, settings, clock, quotas=visits(8, per_run=6), hours="08:00-20:00")
    contacts(database, office.account_id, [f"more-{number}" for number in range(15)])
    restored(office)
    settle(office)
    assert opened(office) == 0  # nobody knows how many were visited today
    clock.advance(days=1)
    settle(office)
    assert opened(office) == 6
    settle(office)
    assert opened(office) == 8

    clock.advance(days=1)
    office.site.hooks["open"] = lambda _: pause(office) if opened(office) == 10 else None
    settle(office)
    assert opened(office) == 11  # the person under way was ended whole
    with database.writing() as session:
        account = session.get_one(Account, office.account_id)
        account.paused_at = account.pause_reason = None
    office.site.hooks.clear()
    clock.advance(hours=12)
    settle(office)
    assert opened(office) == 11

    clock.advance(hours=12)
    settle(office)
    settle(office)
    clock.advance(days=1)
    settle(office)
    assert Counter(office.site.opened) == dict.fromkeys([*PEOPLE, *(f"more-{n}" for n in range(15))], 1)
    assert purposes(office) == {"reconciliation": 20}
    assert get_account(database, "demo").settle_first_since is None


def pause(office: Office) -> None:
    with office.database.writing() as session:
        account = session.get_one(Account, office.account_id)
        account.paused_at, account.pause_reason = office.clock.now(), "on holiday"


def test_a_conversation_that_cannot_be_read_after_a_restore_waits_for_the_member_and_holds_nobody_else(
    office: Office,
) -> None:
    def unreadable(recipient: Recipient) -> None:
        if recipient.profile_slug == PEOPLE[0]:
            raise PageUnreadableError("No composer.")

    edit_account(office.database, office.account_id, quotas=visits(20))
    restored(office)
    office.clock.advance(days=1)
    office.site.hooks["open"] = unreadable
    for _ in range(3):
        assert get_account(office.database, "demo").settle_first_since is not None
        settle(office)
    assert get_account(office.database, "demo").settle_first_since is None
    assert Counter(office.site.opened) == dict.fromkeys(PEOPLE[1:], 1)
    [doubt] = in_doubt(office.database, office.settings, "demo")
    assert (doubt.contact_id, doubt.waits_for_member) == (office.people[0], True)
    office.site.hooks.clear()
    outcomes = office.run()
    assert [each.status for each in outcomes] == [InteractionStatus.SENT] * 4
    assert PEOPLE[0] not in {slug for slug, _ in office.site.deliveries}


@pytest.mark.parametrize("live", [True, False])
def test_visits_for_their_own_sake_leave_the_days_messages_theirs(office: Office, live: bool) -> None:
    edit_account(office.database, office.account_id, quotas=visits(5), mode="live" if live else "rehearsal")
    office.build()
    office.approve()
    with office.campaign() as run, office.database.rehearsing() as session:
        request = ledger.ClaimRequest(
            account_id=office.account_id,
            contact_id=office.people[0],
            kind=VISIT,
            occasion_key="contact_info:2026",
            list_date=None,
            run_id="run-2",
        )
        claim = ledger.claim(session, request, run._at.keeper.lease, office.clock.now())
    assert (getattr(claim, "reason", None) is Reason.DAY_QUOTA) is live

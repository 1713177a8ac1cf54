"""A campaign from list to report on both databases, against a site in memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.quotas import QuotaLeft
from linkedin_pipelines.domain.states import EntryOutcome, InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.errors import ListChangedError, NotApprovedError, StopSignError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list, read_list
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)
PEOPLE = [f"jo-{first}" for first in ("ann", "bea", "cid", "dan", "eve")]


@dataclass
class Office:
    """An account with five people whose birthday is today, and a site that remembers across runs."""

    database: Database
    settings: Settings
    clock: ManualClock
    site: MemorySite
    account_id: int
    people: list[int]
    runs: int = 0

    def build(self) -> None:
        self.runs += 1
        build_list(self.database, self.clock, "demo", TODAY, f"run-{self.runs}")

    def approve(self) -> None:
        approve(self.database, self.clock, "demo", TODAY, "member", f"run-{self.runs}")

    @contextmanager
    def campaign(self, *, live: bool = True) -> Iterator[CampaignRun]:
        @contextmanager
        def factory(*_: object) -> Iterator[MemorySite]:
            yield self.site

        self.runs += 1
        with CampaignRun.opened(
            self.database,
            self.settings,
            self.clock,
            "demo",
            TODAY,
            f"run-{self.runs}",
            live=live,
            site_factory=factory,
        ) as run:
            yield run

    def run(self, *, live: bool = True) -> list[Outcome]:
        self.build()
        self.approve()
        with self.campaign(live=live) as run:
            return [run.deliver(entry) for entry in run.planned()]

    def rows(self, kind: InteractionKind = InteractionKind.BIRTHDAY_MESSAGE) -> list[Interaction]:
        with self.database.reading() as session:
            return list(session.scalars(select(Interaction).where(Interaction.kind == kind).order_by(Interaction.id)))


@pytest.fixture
def office(database: Database, settings: Settings, clock: ManualClock) -> Office:
    return an_office(database, settings, clock)


def an_office(database: Database, settings: Settings, clock: ManualClock, **fields: Any) -> Office:
    account_id = an_account(database, **fields)
    people = contacts(database, account_id, PEOPLE)
    site = MemorySite(today=lambda: clock.now().date())
    return Office(database, settings, clock, site, account_id, people)


def test_everybody_approved_is_wished_once_and_the_ledger_agrees_with_the_site(office: Office) -> None:
    outcomes = office.run()
    assert [delivery.status for delivery in outcomes] == [InteractionStatus.SENT] * 5
    sent = {(row.contact_id, row.body) for row in office.rows()}
    by_slug = dict(zip(PEOPLE, office.people, strict=True))
    assert {(by_slug[slug], text) for slug, text in office.site.deliveries} == sent
    assert len({text for _, text in office.site.deliveries}) == 5


def test_a_second_campaign_of_the_day_sends_nothing_and_says_why_for_everybody(office: Office) -> None:
    office.run()
    assert office.run() == []
    view = read_list(office.database, "demo", TODAY)
    assert view is not None
    assert {(entry.outcome, entry.reason) for entry in view.entries} == {(EntryOutcome.SKIPPED, Reason.ALREADY_WISHED)}
    assert all(entry.explanation for entry in view.entries)
    assert len(office.site.deliveries) == 5


def test_nothing_is_sent_without_an_approval(office: Office) -> None:
    office.build()
    with office.campaign() as run, pytest.raises(NotApprovedError):
        run.planned()


def test_a_list_that_changed_after_its_approval_is_refused(office: Office) -> None:
    office.build()
    office.approve()
    contacts(office.database, office.account_id, ["jo-fay"])
    office.build()
    with office.campaign() as run, pytest.raises(ListChangedError):
        run.planned()
    assert office.site.deliveries == []


def test_an_approval_outlives_a_rebuild_in_the_middle_of_sending(office: Office) -> None:
    office.build()
    office.approve()
    with office.campaign() as run:
        for entry in run.planned()[:2]:
            run.deliver(entry)
    office.build()
    with office.campaign() as run:
        rest = [run.deliver(entry).status for entry in run.planned()]
    assert rest == [InteractionStatus.SENT] * 3
    assert len(office.site.deliveries) == 5


def test_a_rehearsal_spends_the_quota_or_marks_visits_done(office: Office) -> None:
    """It spends no message and marks nothing as done: the real thing follows in full. Its visits count as made."""
    before = limits_left(office)
    rehearsed = office.run(live=False)
    assert [delivery.status for delivery in rehearsed] == [InteractionStatus.REHEARSED] * 5
    assert office.site.deliveries == []
    after, visits = limits_left(office), InteractionKind.PROFILE_VISIT
    assert after[visits].day == before[visits].day - 6  # the canary opened one
    assert after | {visits: before[visits]} == before
    assert [delivery.status for delivery in office.run()] == [InteractionStatus.SENT] * 5


def test_the_quota_is_met_and_never_passed_and_the_rest_is_told_when(
    database: Database, settings: Settings, clock: ManualClock
) -> None:
    quota = {"birthday_message": {"per_run": 3, "per_day": 3, "per_week": 10}}
    office = an_office(database, settings, clock, quotas=quota)
    assert len(office.run()) == 3
    view = read_list(database, "demo", TODAY)
    assert view is not None
    held = [entry for entry in view.entries if entry.outcome is EntryOutcome.DEFERRED]
    assert len(held) == 2
    assert {entry.next_eligible_on for entry in held} == {TODAY + timedelta(days=1)}
    office.run()
    assert len(office.site.deliveries) == 3


def test_a_stop_sign_defers_the_rest_without_touching_the_site_again(office: Office) -> None:
    office.build()
    office.approve()

    def stop(_: object) -> None:
        raise StopSignError("weekly_limit", "LinkedIn says that the weekly limit is reached.")

    with office.campaign() as run:
        first, second, *_ = run.planned()
        run.deliver(first)
        office.site.hooks["open"] = stop
        stopped = run.deliver(second)
        office.site.hooks.clear()
        touched = len(office.site.opened)
        rest = [run.deliver(entry) for entry in run.planned()[2:]]
    assert (stopped.status, stopped.reason) == (InteractionStatus.FAILED, Reason.STOP_SIGN)
    assert {(d.status, d.reason) for d in rest} == {(EntryOutcome.DEFERRED, Reason.BREAKER_OPEN)}
    assert len(office.site.opened) == touched


def test_people_who_had_to_wait_are_tried_again_without_a_new_list(office: Office) -> None:
    office.build()
    office.approve()
    with office.database.writing() as session:
        breakers.record_stop_sign(session, office.account_id, office.clock.now(), "checkpoint", "LinkedIn asks.")
    with office.campaign() as run:
        assert {run.deliver(entry).reason for entry in run.planned()} == {Reason.BREAKER_OPEN}
    with office.database.writing() as session:
        breakers.resume(session, office.account_id, office.clock.now(), "I answered", "cli:jo")
    with office.campaign() as run:
        assert {run.deliver(entry).status for entry in run.planned()} == {InteractionStatus.SENT}


def test_words_for_the_day_itself_are_not_sent_on_the_day_after(office: Office) -> None:
    office.build()
    office.approve()
    office.clock.advance(days=1)
    with office.campaign() as run, pytest.raises(ListChangedError):
        run.planned()
    office.approve()
    with office.campaign() as run:
        assert {run.deliver(entry).status for entry in run.planned()} == {InteractionStatus.SENT}


def test_a_run_that_died_after_its_click_is_settled_by_the_next_one_before_anything_new(office: Office) -> None:
    office.build()
    office.approve()

    class PowerCutError(BaseException):
        """Nothing of ours runs after this."""

    def die(_: object) -> None:
        raise PowerCutError

    def die_mid_send() -> None:
        with office.campaign() as run:
            run.deliver(run.planned()[0])

    office.site.hooks["proof"] = die
    with pytest.raises(PowerCutError):
        die_mid_send()
    assert [row.status for row in office.rows()] == [InteractionStatus.SENDING]
    office.site.hooks.clear()
    office.run()
    assert [row.status for row in office.rows()] == [InteractionStatus.SENT] * 5
    assert len(office.site.deliveries) == 5


def test_a_restored_older_ledger_sends_nothing_twice_and_nothing_over(office: Office) -> None:
    """The threads hold five wishes that the restored ledger has never heard of."""
    for slug in PEOPLE:
        office.site.say(slug, "Happy birthday! Have a good one.", TODAY)
    now = office.clock.now()
    with office.database.writing() as session:
        ledger.put_settle_first(session, office.account_id, now, "restored", now - timedelta(hours=9))
    office.build()
    office.approve()
    with office.campaign() as run:
        assert {run.deliver(entry).reason for entry in run.planned()} == {Reason.SETTLE_FIRST}
    assert office.site.opened == []  # who was visited this morning is not known, so it may have been as many as allowed
    office.clock.advance(days=1)
    for _ in range(2):
        office.run()
    assert office.site.deliveries == []
    rows = office.rows()
    assert {(row.origin, row.status) for row in rows} == {(InteractionOrigin.BY_HAND, InteractionStatus.SENT)}
    limit = get_account(office.database, "demo").config.quotas.birthday_message.per_week
    assert limits_left(office)[InteractionKind.BIRTHDAY_MESSAGE].week == limit - 5


def limits_left(office: Office) -> dict[InteractionKind, QuotaLeft]:
    config = get_account(office.database, "demo").config
    with office.database.reading() as session:
        return {
            kind: ledger.quota_left(session, config, office.account_id, kind, None, office.clock.now())
            for kind in InteractionKind
        }

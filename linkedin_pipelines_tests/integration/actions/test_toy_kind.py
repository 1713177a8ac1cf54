"""A kind of action that the product has never heard of: one module, one row, and nothing else is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Interaction
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.services.actions.decisions import in_doubt
from linkedin_pipelines.services.actions.site_session import SiteSession, open_site
from linkedin_pipelines.services.reporting.audits import audit_ledger, audit_quotas
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.services.reporting.status import account_status
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.actions import waves
from linkedin_pipelines_tests.integration.actions.waves import KIND, Killed, Square, Wave
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)


@dataclass
class Here:
    """One account with four people to wave to."""

    database: Database
    settings: Settings
    clock: ManualClock
    account_id: int
    people: list[int]
    runs: int = 0

    @contextmanager
    def session(self) -> Iterator[SiteSession]:
        @contextmanager
        def factory(*_: object) -> Iterator[MemorySite]:
            yield MemorySite(today=lambda: TODAY)

        self.runs += 1
        with open_site(self.database, self.settings, self.clock, "demo", f"run-{self.runs}", factory) as opened:
            yield opened

    def wave(self, person: int, *, live: bool = True) -> Outcome:
        with self.session() as opened:
            return opened.carry_out(Wave(self.account_id, self.people[person], TODAY, opened.run_id), live=live)

    def statuses(self) -> list[str]:
        return [row.status for row in interactions_of(self.database, "demo")]


@pytest.fixture
def here(database: Database, settings: Settings, clock: ManualClock, monkeypatch: pytest.MonkeyPatch) -> Here:
    monkeypatch.setitem(ACTION_KINDS, KIND.name, KIND)
    monkeypatch.setattr(waves, "SQUARE", Square())
    account_id = an_account(database)
    people = contacts(database, account_id, ["ann-a", "bea-b", "cid-c", "dan-d"])
    return Here(database, settings, clock, account_id, people)


def test_it_is_rehearsed_claimed_done_once_reported_and_counted(here: Here) -> None:
    assert here.wave(0, live=False).status is InteractionStatus.REHEARSED
    assert waves.SQUARE.waves == []
    assert here.wave(0).status is InteractionStatus.SENT
    again = here.wave(0)
    assert (again.status, again.reason) == (EntryOutcome.SKIPPED, Reason.ALREADY_WISHED)
    assert waves.SQUARE.waves == [here.people[0]]
    assert here.statuses() == ["rehearsed", "sent"]
    reported = interactions_of(here.database, "demo")[-1]
    assert (reported.kind, reported.occasion_key, reported.body) == ("wave", "wave:2026-03-18", None)
    [quota] = [each for each in account_status(here.database, here.clock, "demo").quotas if each.kind == "wave"]
    assert (quota.used_today, quota.per_day) == (1, 3)
    [audit] = [each for each in audit_quotas(here.database, here.clock, "demo") if each.quota == "wave"]
    assert (audit.day, audit.kept) == (1, True)
    assert audit_ledger(here.database, here.clock, "demo").doubled == []


def test_its_quota_is_its_own_and_is_never_passed(here: Here) -> None:
    outcomes = [here.wave(person) for person in range(4)]
    assert [each.status for each in outcomes] == [InteractionStatus.SENT] * 3 + [EntryOutcome.DEFERRED]
    assert outcomes[-1].reason is Reason.WEEK_QUOTA
    assert len(waves.SQUARE.waves) == 3


@pytest.mark.parametrize(
    ("step", "settled"),
    [("prepare", "failed"), ("announced", "failed"), ("waved", "sent")],
)
def test_a_kill_at_any_step_is_resolved_before_anything_new(here: Here, step: str, settled: str) -> None:
    waves.SQUARE.kill = step
    with pytest.raises(Killed):
        here.wave(0)
    assert here.statuses() == ["sending"]
    here.clock.advance(minutes=2)
    assert here.wave(1).status is InteractionStatus.SENT
    assert here.statuses()[0] == settled
    expected = EntryOutcome.SKIPPED if settled == "sent" else InteractionStatus.SENT
    assert here.wave(0).status is expected
    assert sorted(waves.SQUARE.waves) == sorted(here.people[:2])


def test_a_kind_that_this_version_does_not_know_waits_for_the_member_and_holds_nothing_up(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    waves.SQUARE.kill = "waved"
    with pytest.raises(Killed):
        here.wave(0)
    monkeypatch.delitem(ACTION_KINDS, KIND.name)
    here.clock.advance(minutes=2)
    with here.session() as opened:
        assert opened.settle_first() == 0
    [doubt] = in_doubt(here.database, here.settings, "demo")
    assert (doubt.kind, doubt.waits_for_member, doubt.readings) == ("wave", True, 0)
    with pytest.raises(ValueError, match="no kind of action called 'wave'"):
        here.wave(1)


def test_two_occasions_of_one_person_and_year_do_not_collide(here: Here) -> None:
    here.wave(0)
    here.clock.advance(days=1)
    with here.session() as opened:
        later = Wave(here.account_id, here.people[0], date(2026, 3, 19), opened.run_id)
        assert opened.carry_out(later, live=True).status is InteractionStatus.SENT


def test_a_key_that_does_not_follow_the_rule_is_refused(here: Here) -> None:
    with here.session() as opened, here.database.writing() as session:
        request = Wave(here.account_id, here.people[0], TODAY, opened.run_id).request
        wrong = ledger.ClaimRequest(**(vars(request) | {"occasion_key": "2026"}))
        with pytest.raises(ValueError, match="'2026' is no key of an occasion of wave"):
            ledger.claim(session, wrong, opened.keeper.lease, here.clock.now())


def test_rows_of_new_kinds_survive_the_way_down_and_up_as_far_as_the_older_schema_can(bare_url: str) -> None:
    database = Database(bare_url)
    database.upgrade()
    account_id = an_account(database)
    person, other = contacts(database, account_id, ["ann-a", "bea-b"])
    moment = ManualClock().now()
    common = {
        "account_id": account_id,
        "status": InteractionStatus.SENT,
        "origin": "campaign",
        "run_id": "run-1",
        "lease_token": 1,
        "claimed_at": moment,
        "settled_at": moment,
        "sent_at": moment,
        "local_day": TODAY,
    }
    with database.writing() as session:
        session.add_all(
            [
                Interaction(
                    contact_id=person,
                    kind="birthday_message",
                    occasion_key="2026",
                    occurrence_year=2026,
                    body="x",
                    **common,
                ),
                Interaction(
                    contact_id=person,
                    kind="profile_visit",
                    occasion_key="contact_info:2026",
                    purpose="contact_info",
                    **common,
                ),
                Interaction(contact_id=person, kind="invitation_withdrawal", occasion_key="a", **common),
                Interaction(contact_id=person, kind="invitation_withdrawal", occasion_key="b", **common),
                Interaction(contact_id=other, kind="wave", occasion_key="wave:2026-03-18", **common),
                Interaction(
                    contact_id=other,
                    kind="birthday_message",
                    occasion_key="2026",
                    occurrence_year=2026,
                    **common | {"status": InteractionStatus.REFUSED, "sent_at": None, "reason": Reason.PROFILE_GONE},
                ),
            ]
        )
    database.downgrade("0007_forgotten")
    database.upgrade()
    with database.reading() as session:
        rows = list(session.scalars(select(Interaction).order_by(Interaction.id)))
    database.dispose()
    assert [str(row.kind) for row in rows] == [  # the older schema cannot hold a wave
        "birthday_message",
        "profile_visit",
        "invitation_withdrawal",
        "invitation_withdrawal",
        "birthday_message",
    ]
    assert (rows[1].occasion_key, rows[1].purpose, rows[1].template) == ("contact_info:2026", "contact_info", None)
    assert rows[2].occasion_key != rows[3].occasion_key
    assert (rows[4].status, rows[4].reason) == (InteractionStatus.REFUSED, Reason.INTERRUPTED)

"""Withdrawals on the rails of the ledger: approved people alone, once, resolved after a kill by reading the list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import PlanApproval, SentInvitation
from linkedin_pipelines.db.privacy.erasing import purge
from linkedin_pipelines.domain.forgetting import Forgotten, Marker, Traces
from linkedin_pipelines.domain.invitations import PendingInvitation, Provenance
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import (
    ListChangedError,
    NamesakeError,
    NotApprovedError,
    NotNowError,
    PageUnreadableError,
    UnknownContactError,
    WrongPersonError,
)
from linkedin_pipelines.services.invitations.campaigns import CleanupRun
from linkedin_pipelines.services.invitations.lists import WITHDRAWALS, CleanupList, read_list, read_pending
from linkedin_pipelines.services.invitations.provenance import mark
from linkedin_pipelines.services.reporting.reports import campaign_report, interactions_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import a_contact, an_account, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)
AGES = {"new-1": 3, "old-61": 61, "old-200": 200, "odd-1": None}


class Killed(BaseException):
    """Nothing of the process runs after this."""


@dataclass
class Here:
    """One account, its sent invitations, and runs over them."""

    database: Database
    settings: Settings
    clock: ManualClock
    site: MemorySite
    account_id: int
    runs: int = 0

    @contextmanager
    def factory(self, *_: object) -> Iterator[MemorySite]:
        yield self.site

    def read(self) -> CleanupList:
        self.runs += 1
        return read_pending(self.database, self.settings, self.clock, "demo", TODAY, f"run-{self.runs}", self.factory)

    def approve(self) -> None:
        WITHDRAWALS.approve(self.database, self.clock, "demo", TODAY, "member", "run")

    def clean(self, *, live: bool = True) -> dict[str, Outcome]:
        self.runs += 1
        with CleanupRun.opened(
            self.database, self.settings, self.clock, "demo", TODAY, f"run-{self.runs}", live=live,
            site_factory=self.factory,
        ) as run:  # fmt: skip
            return {entry.slug: run.deliver(entry) for entry in run.planned()}

    def outcomes(self) -> dict[str, str | None]:
        with self.database.reading() as session:
            return {row.profile_slug: row.outcome for row in session.scalars(select(SentInvitation))}

    def statuses(self) -> list[str]:
        return [row.status for row in interactions_of(self.database, "demo")]


@pytest.fixture
def here(database: Database, settings: Settings, clock: ManualClock) -> Here:
    site = MemorySite(today=lambda: TODAY)
    site.invitations = [PendingInvitation(slug, slug.title(), "Sent", days) for slug, days in AGES.items()]
    return Here(database, settings, clock, site, an_account(database))


def at_step(slug: str, error: BaseException) -> Callable[[Recipient], None]:
    def hook(person: Recipient) -> None:
        if person.profile_slug == slug:
            raise error

    return hook


def test_the_stale_ones_are_withdrawn_oldest_first_once_and_reported(here: Here) -> None:
    planned = [entry.slug for entry in here.read().planned]
    assert planned == ["old-200", "old-61"]
    here.approve()
    assert {each.status for each in here.clean(live=False).values()} == {InteractionStatus.REHEARSED}
    assert here.site.withdrawals == []
    assert {each.status for each in here.clean().values()} == {InteractionStatus.SENT}
    assert here.site.withdrawals == ["old-200", "old-61"]
    assert here.clean() == {}
    assert here.outcomes() == {"new-1": None, "odd-1": None, "old-61": "withdrawn", "old-200": "withdrawn"}
    with here.database.reading() as session:
        days = session.scalars(select(SentInvitation.re_invite_on).where(SentInvitation.re_invite_on.is_not(None)))
        assert set(days) == {date(2026, 4, 8)}
    report = campaign_report(here.database, here.clock, "demo", TODAY)
    assert [(each.kind, each.counts) for each in report.other_kinds] == [("invitation_withdrawal", {"sent": 2})]
    assert "withdrawal of an invitation: 2 sent. 2 of 10 spent today" in report.summary


def test_nothing_is_withdrawn_that_was_not_approved(here: Here) -> None:
    with pytest.raises(NotApprovedError, match="were not read"):
        here.clean()
    here.read()
    with pytest.raises(NotApprovedError, match="were not approved"):
        here.clean()
    here.approve()
    here.site.invitations.append(PendingInvitation("old-300", "Old 300", "Sent", 300))
    here.read()
    with pytest.raises(ListChangedError):
        here.clean()
    here.site.invitations = here.site.invitations[:2]
    here.read()
    assert list(here.clean()) == ["old-61"]  # a list that became shorter stands
    assert here.outcomes()["old-200"] == "gone"


@pytest.mark.parametrize(
    ("step", "settled", "outcome"),
    [
        ("dialog", "failed", None),
        ("before-press", "failed", None),
        ("press", "failed", None),
        ("pressed", "sent", "withdrawn"),
        ("proof", "sent", "withdrawn"),
    ],
)
def test_a_kill_at_any_step_is_resolved_by_reading_the_list(
    here: Here, step: str, settled: str, outcome: str | None
) -> None:
    here.read()
    here.approve()
    here.site.hooks[step] = at_step("old-200", Killed())
    with pytest.raises(Killed):
        here.clean()
    here.site.hooks.clear()
    here.clock.advance(minutes=2)
    here.read()
    assert here.statuses()[0] == settled
    assert here.outcomes()["old-200"] == outcome
    here.clean()
    assert sorted(here.site.withdrawals) == ["old-200", "old-61"]


def test_a_press_that_nothing_proves_is_in_doubt_until_the_list_is_read_again(here: Here) -> None:
    here.read()
    here.approve()
    here.site.unproven.add("old-200")
    done = here.clean()
    assert (done["old-200"].status, done["old-200"].reason) == (InteractionStatus.IN_DOUBT, Reason.CLICK_UNPROVEN)
    assert done["old-61"].status is InteractionStatus.SENT  # what was in doubt was settled before it
    here.read()
    assert here.statuses() == ["sent", "sent"]
    assert here.outcomes()["old-200"] == "withdrawn"


def test_whoever_accepted_meanwhile_a_wrong_dialog_and_a_missing_one_are_outcomes_that_press_nothing(
    here: Here,
) -> None:
    here.site.invitations += [PendingInvitation(f"old-{days}", f"Old {days}", "Sent", days) for days in (90, 80)]
    here.read()
    here.approve()
    with here.database.writing() as session:
        row = session.scalars(select(SentInvitation).where(SentInvitation.profile_slug == "old-61")).one()
        assert row.contact_id is not None
    here.site.invitations = [each for each in here.site.invitations if each.slug != "old-61"]
    errors = {
        "old-200": WrongPersonError("names another."),
        "old-90": PageUnreadableError("no dialog."),
        "old-80": NamesakeError("two invitations bear this name."),
    }

    def hook(person: Recipient) -> None:
        if person.profile_slug in errors:
            raise errors[person.profile_slug]

    here.site.hooks["dialog"] = hook
    done = here.clean()
    assert {slug: (each.status, each.reason) for slug, each in done.items()} == {
        "old-200": (InteractionStatus.FAILED, Reason.WRONG_PERSON),
        "old-90": (InteractionStatus.FAILED, Reason.PAGE_UNREADABLE),
        "old-80": (EntryOutcome.SKIPPED, Reason.NO_SAFE_NAME),
        "old-61": (EntryOutcome.SKIPPED, Reason.INVITATION_GONE),
    }
    assert here.site.withdrawals == []
    assert here.outcomes() | {"new-1": None, "odd-1": None} == {
        "new-1": None, "odd-1": None, "old-200": "refused", "old-90": "refused", "old-80": "refused", "old-61": "gone",
    }  # fmt: skip


def test_the_quota_is_never_passed_and_the_rest_is_told_when(here: Here) -> None:
    here.site.invitations = [PendingInvitation(f"old-{n}", f"Old {n}", "Sent", 90) for n in range(14)]
    here.read()
    here.approve()
    rehearsed = [each.status for each in here.clean(live=False).values()]
    assert rehearsed == [InteractionStatus.REHEARSED] * 10 + [EntryOutcome.DEFERRED] * 4
    done = here.clean()
    assert [each.status for each in done.values()].count(InteractionStatus.SENT) == 10
    assert {each.reason for each in done.values() if each.status is EntryOutcome.DEFERRED} == {Reason.DAY_QUOTA}
    assert len(here.site.withdrawals) == 10


def test_another_day_cannot_be_read_and_a_connection_counts_as_accepted(here: Here) -> None:
    a_contact(here.database, here.account_id, "old-200")
    here.read()
    here.site.invitations = here.site.invitations[:2]
    here.read()
    assert here.outcomes()["old-200"] == "already_accepted"
    here.clock.advance(days=1)
    with pytest.raises(NotNowError, match="present day"):
        here.read()
    assert read_list(here.database, "demo", date(2026, 3, 19)) is None


def test_those_sent_by_hand_are_left_alone_until_asked_for(here: Here) -> None:
    here.read()
    with pytest.raises(UnknownContactError, match="nobody-1"):
        mark(here.database, "demo", ["old-200", "nobody-1"], Provenance.BY_HAND)
    mark(here.database, "demo", ["http://127.0.0.1:8765/in/old-200/"], Provenance.BY_HAND)
    assert [entry.slug for entry in here.read().planned] == ["old-61"]
    edit_account(here.database, here.account_id, invitation_cleanup={"older_than_days": 60, "by_hand_too": True})
    assert [entry.slug for entry in here.read().planned] == ["old-200", "old-61"]


def test_forgetting_takes_a_person_out_of_lists_and_approvals_and_the_others_stay_approved(here: Here) -> None:
    here.read()
    here.approve()
    marker = Marker(b"k" * 32)
    forgotten = Forgotten(marker, marker.of(Traces(slugs=frozenset({"old-200"}))))
    with here.database.writing() as session:
        erased = purge(session, here.account_id, forgotten, here.clock.now())
    assert (erased.rows["sent invitations"], erased.rows["approvals"], erased.rows["contacts"]) == (1, 1, 1)
    with here.database.reading() as session:
        [approval] = session.scalars(select(PlanApproval))
        assert len(approval.content.items) == 1
    assert list(here.clean()) == ["old-61"]

"""Congratulations on the rails of the ledger: approved words alone, once, never beside another message."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, ContactMoment, HandSentWish, Interaction, PlanApproval
from linkedin_pipelines.db.moments.moments import drop_old
from linkedin_pipelines.db.privacy.erasing import purge
from linkedin_pipelines.domain.forgetting import Forgotten, Marker, Traces
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.moments import Moment
from linkedin_pipelines.domain.states import EntryOutcome, InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.errors import ListChangedError, NotApprovedError, NotNowError
from linkedin_pipelines.services.birthdays.approvals import approve as approve_birthdays
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.moments.lists import read_list
from linkedin_pipelines.services.reporting.audits import audit_quotas
from linkedin_pipelines.services.reporting.reports import campaign_report, interactions_of
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.network.moment_scene import (
    ANNIVERSARY,
    BOTH,
    EXAMPLES,
    JOB,
    TODAY,
    Here,
    Killed,
    a_stage,
)


@pytest.fixture
def here(database: Database, settings: Settings, clock: ManualClock) -> Here:
    return a_stage(database, settings, clock)


def test_each_is_congratulated_once_in_approved_words_and_reported(here: Here) -> None:
    here.person("ada-1", (JOB, "Head of Data"))
    here.person("bob-2", (ANNIVERSARY, ""), language="fr")
    planned = {entry.slug: entry for entry in here.read().planned}
    assert list(planned) == ["ada-1", "bob-2"]
    assert (planned["ada-1"].template or "").startswith("en/new_job/")
    assert (planned["bob-2"].template or "").startswith("fr/work_anniversary/")
    here.approve()
    assert {each.status for each in here.congratulate(live=False).values()} == {InteractionStatus.REHEARSED}
    assert here.site.deliveries == []
    assert {each.status for each in here.congratulate().values()} == {InteractionStatus.SENT}
    assert here.site.deliveries == [(slug, entry.body) for slug, entry in planned.items()]
    assert here.congratulate() == {}
    here.clock.advance(days=2)
    assert here.reasons(here.read()) == {"ada-1": Reason.ALREADY_WISHED, "bob-2": Reason.ALREADY_WISHED}
    report = campaign_report(here.database, here.clock, "demo", TODAY)
    assert [(each.kind, each.counts) for each in report.other_kinds] == [("moment_message", {"sent": 2})]
    assert "congratulation: 2 sent. 0 of 5 spent today" in report.summary
    audited = {each.quota: each.day for each in audit_quotas(here.database, here.clock, "demo")}
    assert (audited["birthday_message"], audited["moment_message"]) == (2, 2)  # the total, and its own


def test_nothing_is_read_or_sent_that_was_not_asked_for_and_approved(here: Here) -> None:
    edit_account(here.database, here.account_id, moments={})
    with pytest.raises(NotNowError, match=r"moments\.congratulate"):
        here.read()
    edit_account(here.database, here.account_id, moments=BOTH)
    here.person("ada-1", (JOB, "Head of Data"))
    with pytest.raises(NotApprovedError, match="were not read"):
        here.congratulate()
    here.read()
    with pytest.raises(NotApprovedError, match="were not approved"):
        here.congratulate()
    here.approve()
    with here.database.writing() as session:
        session.scalars(select(Contact)).one().first_name = "Adalovelace"
    with pytest.raises(ListChangedError):  # other words than those approved
        here.congratulate()
    here.approve()
    here.person("bob-2", (JOB, "Cook"))
    here.read()
    with pytest.raises(ListChangedError):
        here.congratulate()
    edit_account(here.database, here.account_id, moments=BOTH | {"congratulate": []})
    assert here.congratulate() == {}  # a list that became shorter stands
    assert here.site.deliveries == []


def test_who_is_left_out_and_why(here: Here) -> None:
    here.person("ada-1", (JOB, "Head of Data"), (JOB, "Head of Everything"), (ANNIVERSARY, ""))
    here.person("birth-today", (ANNIVERSARY, ""), birth_month=3, birth_day=18)
    here.person("birth-soon", (JOB, "Cook"), birth_month=4, birth_day=16)
    here.person("birth-later", (JOB, "Cook"), birth_month=4, birth_day=17)
    here.person("late-one", (JOB, "Cook"), birth_month=3, birth_day=12)
    here.person("no-words", (JOB, "Cook"), language="xx")
    here.person("leave-me", (JOB, "Cook"), do_not_contact_since=here.clock.now(), do_not_contact_reason="said so")
    here.site.moment_cards.append(Moment("stranger-1", "Stranger One", JOB, TODAY, "Cook"))
    talked = here.person("talked-1", (JOB, "Cook"))
    with here.database.writing() as session:
        session.add(
            HandSentWish(
                account_id=here.account_id, contact_id=talked, sent_at=here.clock.now() - timedelta(days=20), body="Hi"
            )
        )
    seen = here.read()
    assert [(entry.slug, entry.detail) for entry in seen.planned] == [
        ("ada-1", "Head of Data"),
        ("birth-later", "Cook"),
    ]
    assert {entry.slug: entry.reason for entry in seen.entries if entry not in seen.planned} == {
        "ada-1": Reason.WRITTEN_LATELY,
        "birth-today": Reason.BIRTHDAY_SOON,
        "birth-soon": Reason.BIRTHDAY_SOON,
        "late-one": Reason.BIRTHDAY_SOON,
        "no-words": Reason.NO_TEMPLATE,
        "leave-me": Reason.DO_NOT_CONTACT,
        "stranger-1": Reason.NOT_CONNECTED,
        "talked-1": Reason.TALKED_LATELY,
    }


@pytest.mark.parametrize(
    ("ago", "own", "reason"),
    [
        (29, True, Reason.TALKED_LATELY),
        (29, False, Reason.TALKED_LATELY),
        (None, True, Reason.TALKED_LATELY),
        (30, True, None),
        (30, False, None),
    ],
)
def test_what_the_conversation_shows_holds_a_congratulation_back_and_never_a_birthday(
    here: Here, ago: int | None, own: bool, reason: Reason | None
) -> None:
    here.person("ada-1", (JOB, "Head of Data"))
    here.person("born-today", birth_month=3, birth_day=18)
    for slug in ("ada-1", "born-today"):
        here.site.say(slug, "See you on Friday", TODAY - timedelta(days=ago) if ago is not None else None, own=own)
    assert here.day()["ada-1"].reason is reason
    assert here.wish()["born-today"].status is InteractionStatus.SENT


def test_a_request_to_stop_is_proposed_to_the_member(here: Here) -> None:
    here.person("ada-1", (JOB, "Head of Data"))
    here.site.say("ada-1", "Please stop messaging me", TODAY - timedelta(days=400), own=False)
    assert here.day()["ada-1"].reason is Reason.STOP_REQUESTED
    assert here.reasons(here.read()) == {"ada-1": Reason.STOP_REQUESTED}


@pytest.mark.parametrize(
    ("step", "settled"),
    [("open", "failed"), ("write", "failed"), ("before-click", "failed"), ("after-click", "sent"), ("proof", "sent")],
)
def test_a_kill_at_any_step_is_settled_by_the_conversation_and_nobody_hears_twice(
    here: Here, step: str, settled: str
) -> None:
    here.person("ada-1", (JOB, "Head of Data"))
    here.read()
    here.approve()

    def kill(_: Recipient) -> None:
        raise Killed

    here.site.hooks[step] = kill
    with pytest.raises(Killed):
        here.congratulate()
    here.site.hooks.clear()
    here.clock.advance(minutes=2)
    here.congratulate()
    rows = [row for row in interactions_of(here.database, "demo") if row.kind == "moment_message"]
    assert rows[0].status == settled
    assert [slug for slug, _ in here.site.deliveries] == ["ada-1"]


def test_its_own_quota_and_the_total_with_birthdays_are_never_passed(here: Here) -> None:
    for n in range(7):
        here.person(f"job-{n}", (JOB, f"Cook {n}"))
    for n in range(14):
        here.person(f"born-{n}", birth_month=3, birth_day=18)
    own = {"moment_message": {"per_run": 2, "per_day": 2, "per_week": 4}}
    few = {"birthday_message": {"per_run": 3, "per_day": 3, "per_week": 9}}
    edit_account(here.database, here.account_id, quotas=own | few)
    here.wish()
    assert len(here.site.deliveries) == 3
    assert {each.reason for each in here.day().values()} == {Reason.DAY_QUOTA}  # the total is used up
    nine = {"birthday_message": {"per_run": 9, "per_day": 9, "per_week": 99}}
    edit_account(here.database, here.account_id, quotas=own | nine)
    rehearsed = [each.status for each in here.congratulate(live=False).values()]
    assert rehearsed == [InteractionStatus.REHEARSED] * 2 + [EntryOutcome.DEFERRED] * 5
    done = here.congratulate()
    assert [each.status for each in done.values()].count(InteractionStatus.SENT) == 2
    assert {each.reason for each in done.values() if each.status is EntryOutcome.DEFERRED} == {Reason.DAY_QUOTA}
    assert {each.reason for each in here.congratulate().values()} == {Reason.DAY_QUOTA}
    here.wish()
    assert len(here.site.deliveries) == 9  # birthdays count what congratulations took of the total


def test_approved_birthdays_keep_their_messages_and_visits(here: Here) -> None:
    here.person("job-1", (JOB, "Cook"))
    for n in range(4):
        here.person(f"born-{n}", birth_month=3, birth_day=18)
    build_list(here.database, here.clock, "demo", TODAY, "run")
    approve_birthdays(here.database, here.clock, "demo", TODAY, "member", "run")
    for quotas in (
        {"birthday_message": {"per_run": 4, "per_day": 4, "per_week": 9}},
        {"profile_visit": {"per_run": 4, "per_day": 4, "per_week": 9}},
    ):
        edit_account(here.database, here.account_id, quotas=quotas)
        outcome = here.day()["job-1"]
        assert (outcome.status, outcome.reason) == (EntryOutcome.DEFERRED, Reason.DAY_QUOTA)
    assert here.site.deliveries == []


def test_a_message_by_hand_that_becomes_known_before_the_click_stops_it(here: Here) -> None:
    contact = here.person("ada-1", (JOB, "Head of Data"))
    here.read()
    here.approve()

    def import_a_wish(_: Recipient) -> None:
        with here.database.writing() as session:
            session.add(
                Interaction(
                    account_id=here.account_id, contact_id=contact, kind="birthday_message", occasion_key="2025",
                    occurrence_year=2025, status=InteractionStatus.SENT, origin=InteractionOrigin.BY_HAND,
                    claimed_at=here.clock.now(), local_day=TODAY, settled_at=here.clock.now(),
                    sent_at=here.clock.now(),
                )
            )  # fmt: skip

    here.site.hooks["write"] = import_a_wish
    outcome = here.congratulate()["ada-1"]
    assert outcome.reason is Reason.WRITTEN_LATELY
    assert here.site.deliveries == []


def test_an_anniversary_that_the_page_still_shows_in_the_new_year_is_the_same_one(here: Here) -> None:
    here.clock.advance(days=(date(2026, 12, 30) - TODAY).days)
    here.person("ada-1", (ANNIVERSARY, ""))
    here.read()
    here.clock.advance(days=3)
    here.site.moment_cards = [Moment("ada-1", "Ada One", ANNIVERSARY, here.today)]
    assert [entry.occasion_key for entry in here.read().entries] == ["work_anniversary:2026"]
    here.clock.advance(days=5)
    assert here.reasons(here.read()) == {"ada-1": Reason.TOO_LATE}
    here.clock.advance(days=357)
    here.site.moment_cards = [Moment("ada-1", "Ada One", ANNIVERSARY, here.today)]
    assert [entry.occasion_key for entry in here.read().planned] == ["work_anniversary:2027"]


def test_forgetting_and_upkeep_know_the_table(here: Here) -> None:
    here.person("ada-1", (JOB, "Head of Data"))
    here.person("bob-2", (JOB, "Cook"))
    here.day()
    marker = Marker(b"k" * 32)
    forgotten = Forgotten(marker, marker.of(Traces(slugs=frozenset({"ada-1"}))))
    with here.database.writing() as session:
        erased = purge(session, here.account_id, forgotten, here.clock.now())
        assert (erased.rows["moments"], erased.rows["approvals"]) == (1, 1)
        [approval] = session.scalars(select(PlanApproval))
        assert len(approval.content.items) == 1
        assert drop_old(session, here.account_id, TODAY) == 0
        assert drop_old(session, here.account_id, TODAY + timedelta(days=1)) == 1
        assert session.scalars(select(ContactMoment)).all() == []
    assert read_list(here.database, "demo", TODAY) is None


spans = st.lists(st.tuples(st.integers(0, 12), st.booleans(), st.integers(0, 2)), min_size=1, max_size=12)


@hypothesis_settings(
    max_examples=12, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(spans, st.integers(1, 20))
def test_at_most_once_in_n_days_over_all_kinds(
    sqlite: Database, settings: Settings, steps: list[tuple[int, bool, int]], spacing: int
) -> None:
    """Days pass, moments of one person turn up, the birthday comes: no two messages are too close."""
    clock = ManualClock()
    here = a_stage(sqlite, settings, clock, f"demo-{next(EXAMPLES)}", spacing_days=spacing, quiet_days=0, late_days=14)
    here.person("ada-1", birth_month=4, birth_day=7)
    sent: list[date] = []
    for number, (days, wishes, moments) in enumerate(steps):
        clock.advance(days=days)
        here.site.moment_cards = [Moment("ada-1", "Ada", JOB, here.today, f"{number} {n}") for n in range(moments)]
        before = len(here.site.deliveries)
        if wishes:
            here.wish()
        here.day()
        sent += [here.today] * (len(here.site.deliveries) - before)
    assert all((later - earlier).days >= spacing for earlier, later in pairwise(sent))


def test_a_congratulation_of_an_assisted_account_is_the_members_own_press(
    here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":99")
    here.settings = here.settings.model_copy(update={"browser_headless": False})
    edit_account(here.database, here.account_id, mode="assisted")
    here.person("ada-1", (JOB, "Head of Data"))

    def press(recipient: Recipient) -> None:
        here.site.deliveries.append((recipient.profile_slug, here.site.editor))
        here.site.say(recipient.profile_slug, here.site.editor, here.today)

    here.site.hooks["wait"] = press
    assert {slug: each.status for slug, each in here.day().items()} == {"ada-1": InteractionStatus.SENT}
    assert here.congratulate() == {}
    assert len(here.site.deliveries) == 1

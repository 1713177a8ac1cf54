"""How attempts end, and who may say so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.accounts.leases import Lease
from linkedin_pipelines.db.models import AccountBreaker, Interaction
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines.domain.states import BreakerState, InteractionOrigin, InteractionStatus, Reason
from linkedin_pipelines.errors import LeaseLostError, LedgerConflictError
from linkedin_pipelines_tests.integration.ledger.conftest import Desk

SENT, FAILED, IN_DOUBT = InteractionStatus.SENT, InteractionStatus.FAILED, InteractionStatus.IN_DOUBT


def test_a_proven_wish_is_sent_with_its_moment_and_evidence(desk: Desk) -> None:
    interaction = desk.claimed()
    clicked = desk.clock.advance(seconds=10)
    desk.click(interaction)
    desk.clock.advance(seconds=5)
    assert desk.settle(
        interaction, SENT, sent_at=clicked, evidence=Evidence(event="urn:1", event_text="Happy birthday!")
    )
    with desk.database.reading() as session:
        row = session.get_one(Interaction, interaction)
    assert (row.status, row.clicked_at, row.sent_at, row.settled_at) == (SENT, clicked, clicked, desk.clock.now())
    assert row.evidence == Evidence(event="urn:1", event_text="Happy birthday!")


def test_a_settlement_repeated_changes_nothing_and_another_is_refused(desk: Desk) -> None:
    interaction = desk.send()
    assert not desk.settle(interaction, SENT)
    for status in (FAILED, IN_DOUBT):
        with pytest.raises(LedgerConflictError, match="settled already, as sent"):
            desk.settle(interaction, status, Reason.NOT_DELIVERED, not_sent_proven=True)


def test_no_attempt_is_settled_under_another_accounts_lease(desk: Desk) -> None:
    interaction = desk.claimed()
    other = Desk(desk.database, desk.clock, slug="other")
    with pytest.raises(ValueError, match="another account's"):
        desk.settle(interaction, FAILED, Reason.NOT_DELIVERED, lease=other.lease)
    assert desk.status(interaction) is InteractionStatus.SENDING


def test_an_attempt_that_does_not_exist_is_named(desk: Desk) -> None:
    with pytest.raises(LedgerConflictError, match="there is no interaction 999"):
        desk.settle(999, SENT)


def test_a_click_is_announced_once(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.click(interaction)
    with pytest.raises(LedgerConflictError, match="must not click"):
        desk.click(interaction)


def test_nothing_is_sent_without_an_announced_click(desk: Desk) -> None:
    with pytest.raises(ValueError, match="never announced"):
        desk.settle(desk.claimed(), SENT)


def test_after_the_click_failed_takes_proof(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.click(interaction)
    with pytest.raises(ValueError, match="takes proof"):
        desk.settle(interaction, FAILED, Reason.PAGE_UNREADABLE)
    desk.settle(interaction, IN_DOUBT, Reason.CLICK_UNPROVEN)
    with pytest.raises(ValueError, match="takes proof"):
        desk.settle(interaction, FAILED, Reason.NOT_DELIVERED)
    desk.settle(interaction, FAILED, Reason.NOT_DELIVERED, not_sent_proven=True)


@pytest.mark.parametrize("status", [FAILED, IN_DOUBT])
def test_an_end_that_is_not_good_has_a_reason(desk: Desk, status: InteractionStatus) -> None:
    with pytest.raises(ValueError, match="reason"):
        desk.settle(desk.claimed(), status)


@pytest.mark.parametrize("status", [InteractionStatus.SENDING, InteractionStatus.REHEARSED])
def test_only_three_ends_exist(desk: Desk, status: InteractionStatus) -> None:
    interaction = desk.claimed()
    with pytest.raises(ValueError, match="no attempt is settled as"):
        desk.settle(interaction, status)
    assert desk.status(interaction) is InteractionStatus.SENDING


def test_readings_in_vain_are_counted_and_keep_reason_and_evidence(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.click(interaction)
    desk.settle(
        interaction, IN_DOUBT, Reason.CLICK_UNPROVEN, explanation="No proof came.", evidence=Evidence(event="1")
    )
    for reading in (1, 2, 3):
        assert desk.settle(interaction, IN_DOUBT)
        (left,) = desk.unsettled()
        assert (left.doubt_readings, left.waits_for_member) == (reading, reading == 3)
        assert (left.explanation, left.evidence) == ("No proof came.", Evidence(event="1"))


def test_the_member_decides_about_doubts_alone(desk: Desk) -> None:
    interaction = desk.claimed()
    with pytest.raises(LedgerConflictError, match="under way in another run"):
        desk.settle(interaction, FAILED, Reason.NOT_DELIVERED, lease=None, not_sent_proven=True)
    desk.click(interaction)
    desk.settle(interaction, IN_DOUBT, Reason.CLICK_UNPROVEN)
    assert desk.settle(interaction, SENT, lease=None)


STEPS: dict[str, Callable[[Session, int, Lease, datetime], object]] = {
    "click": ledger.mark_clicked,
    "settle": lambda session, interaction, lease, now: ledger.settle(
        session, interaction, lease, now, FAILED, reason=Reason.INTERRUPTED, not_sent_proven=True
    ),
    "adopt": lambda session, _interaction, lease, now: ledger.adopt_stranded(session, lease, now),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_run_that_slept_through_its_lease_can_do_nothing(desk: Desk, step: str) -> None:
    interaction = desk.claimed()
    old = desk.expired()
    with pytest.raises(LeaseLostError), desk.database.writing() as session:
        STEPS[step](session, interaction, old, desk.clock.now())
    assert desk.status(interaction) is InteractionStatus.SENDING


def test_an_expired_lease_is_lost_even_if_nobody_took_it(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.clock.advance(seconds=61)
    with pytest.raises(LeaseLostError):
        desk.click(interaction)


def test_the_next_holder_cannot_settle_what_it_did_not_adopt(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.expired()
    with pytest.raises(LedgerConflictError, match="under way in another run"):
        desk.settle(interaction, FAILED, Reason.INTERRUPTED, not_sent_proven=True)
    with pytest.raises(LedgerConflictError, match="must not click"):
        desk.click(interaction)


def test_a_run_that_died_before_the_click_sent_nothing(desk: Desk) -> None:
    contact = desk.contact()
    interaction = desk.claimed(contact)
    desk.expired()
    assert [one.interaction_id for one in desk.unsettled()] == [interaction]
    assert desk.adopt() == 1
    assert desk.adopt() == 0
    assert desk.status(interaction) is FAILED
    desk.send(contact)


def test_a_run_that_died_around_the_click_leaves_a_doubt(desk: Desk) -> None:
    contact = desk.contact()
    interaction = desk.claimed(contact)
    desk.click(interaction)
    desk.expired()
    assert desk.adopt() == 1
    (left,) = desk.unsettled()
    assert (left.interaction_id, left.status, left.profile_slug) == (interaction, IN_DOUBT, left.profile_slug)
    assert desk.refused(contact).reason is Reason.IN_DOUBT
    assert desk.refused().reason is Reason.UNSETTLED_IN_DOUBT
    desk.settle(interaction, SENT)
    desk.claimed()


def test_what_the_living_run_is_doing_is_nobodys_to_settle(desk: Desk) -> None:
    interaction = desk.claimed()
    assert desk.unsettled() == []
    assert desk.adopt() == 0
    assert desk.status(interaction) is InteractionStatus.SENDING


def test_a_restored_ledger_may_have_lost_the_announcement_of_a_click(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.expired()
    with desk.database.writing() as session:
        ledger.put_settle_first(session, desk.account_id, desk.clock.now(), "The database was restored.")
    desk.adopt()
    assert desk.status(interaction) is IN_DOUBT
    with pytest.raises(LedgerConflictError, match="1 interactions"), desk.database.writing() as session:
        ledger.end_settle_first(session, desk.lease, desk.clock.now())
    desk.settle(interaction, FAILED, Reason.NOT_DELIVERED, not_sent_proven=True)
    with desk.database.writing() as session:
        ledger.end_settle_first(session, desk.lease, desk.clock.now())
    desk.claimed()


def test_a_probe_that_died_with_its_run_can_be_tried_again_at_once(desk: Desk) -> None:
    with desk.database.writing() as session:
        for _ in range(3):
            breakers.record_failure(session, desk.account_id, desk.clock.now(), "It failed.", lambda: 0.0)
    desk.clock.advance(minutes=15)
    desk.keep()
    desk.claimed()
    with desk.database.reading() as session:
        assert breakers.get(session, desk.account_id).state is BreakerState.HALF_OPEN
    desk.expired()
    desk.adopt()
    desk.claimed()


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": InteractionStatus.SENT},
        {"status": InteractionStatus.IN_DOUBT},
        {"settled_at": "now"},
        {"status": InteractionStatus.FAILED, "settled_at": "now"},
        {"status": InteractionStatus.SENT, "settled_at": "now"},
        {"status": InteractionStatus.REHEARSED, "settled_at": "now", "clicked_at": "now"},
        {"occasion_key": None},
        {"contact_id": 4711},
        {"occurrence_year": 26},
        {"doubt_readings": -1},
    ],
)
def test_the_database_itself_refuses_rows_that_cannot_be(desk: Desk, wrong: dict[str, Any]) -> None:
    interaction = desk.claimed()
    values = {name: desk.clock.now() if value == "now" else value for name, value in wrong.items()}
    with pytest.raises(Exception, match=r"(?i)constraint"), desk.database.writing() as session:
        session.execute(update(Interaction).where(Interaction.id == interaction).values(values))


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": BreakerState.OPEN},
        {"stop_sign": "challenge"},
        {"state": BreakerState.OPEN, "opened_at": "now"},
        {"state": BreakerState.OPEN, "opened_at": "now", "retry_at": "now", "stop_sign": "challenge"},
    ],
)
def test_the_database_itself_refuses_breakers_that_cannot_be(desk: Desk, wrong: dict[str, Any]) -> None:
    with desk.database.writing() as session:
        breakers.record_failure(session, desk.account_id, desk.clock.now(), "It failed.")
    values = {name: desk.clock.now() if value == "now" else value for name, value in wrong.items()}
    with pytest.raises(Exception, match=r"(?i)constraint"), desk.database.writing() as session:
        session.execute(update(AccountBreaker).values(values))


def test_the_member_settles_a_doubt_that_no_lease_of_ours_left(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.click(interaction)
    desk.settle(interaction, IN_DOUBT, Reason.CLICK_UNPROVEN)
    of_another_product = {"origin": InteractionOrigin.LEGACY, "run_id": None, "lease_token": None}
    with desk.database.writing() as session:
        session.execute(update(Interaction).where(Interaction.id == interaction).values(of_another_product))
    assert desk.settle(interaction, SENT, lease=None, sent_at=desk.clock.now())
    assert desk.status(interaction) is SENT


def test_late_settlement_of_a_doubt_does_not_look_like_a_clock_set_back(desk: Desk) -> None:
    interaction = desk.claimed()
    desk.click(interaction)
    desk.settle(interaction, IN_DOUBT, Reason.CLICK_UNPROVEN)
    desk.at(desk.clock.now() + timedelta(days=1))
    desk.settle(interaction, SENT)
    desk.claimed()

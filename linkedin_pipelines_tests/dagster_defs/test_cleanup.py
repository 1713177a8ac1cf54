"""Withdrawals as a run: a list, its approval, a step a person, the ledger and the report; nothing by default."""

from __future__ import annotations

import pytest

from linkedin_pipelines.domain.invitations import PendingInvitation
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.errors import PageUnreadableError, StopSignError
from linkedin_pipelines.services.accounts.registry import pause
from linkedin_pipelines_tests.dagster_defs.stage import Stage, metadata_of, outcomes, rows_of

AGES = {"new-1": 3, "old-61": 61, "old-200": 200, "odd-1": None}
JOB = "invitation_cleanup"


@pytest.fixture
def invited(stage: Stage) -> Stage:
    stage.site.invitations = [PendingInvitation(slug, slug.title(), "Sent", days) for slug, days in AGES.items()]
    return stage


def test_a_step_a_person_and_the_ledger_says_what_the_site_says(invited: Stage) -> None:
    invited.account()
    rehearsed = invited.run(job=JOB)
    assert rehearsed.success
    assert metadata_of(rehearsed, "invitation_withdrawals")["outcomes"] == {"rehearsed": 2}
    assert invited.site.withdrawals == []
    result = invited.run(job=JOB, live=True)
    assert result.success
    assert sum(step.startswith("invitation_withdrawals.withdraw[contact_") for step in outcomes(result)) == 2
    told = metadata_of(result, "pending_invitations")
    assert [(row["person"], row["outcome"]) for row in rows_of(told["people"].records)][:2] == [
        ("Old-200", "planned"),
        ("Old-61", "planned"),
    ]
    table = rows_of(metadata_of(result, "interactions")["interactions"].records)
    sent = [row["person"] for row in table if row["status"] == "sent"]
    assert sent == ["Old-200", "Old-61"]
    assert invited.site.withdrawals == ["old-200", "old-61"]
    report = metadata_of(result, "campaign_report")
    assert report["other_kinds"] == {"invitation_withdrawal": {"sent": 2}}
    assert all(each.passed for each in result.get_asset_check_evaluations())


def test_a_manual_account_stops_after_the_list_and_its_approval_starts_the_rest(invited: Stage) -> None:
    invited.account(approval="manual")
    stopped = invited.run(job=JOB, live=True)
    assert stopped.success
    assert invited.site.withdrawals == []
    assert not any(step.startswith("invitation_withdrawals.withdraw") for step in outcomes(stopped))
    assert invited.sensor_tick("withdrawal_approvals_sensor").skip_message
    assert invited.run("approved_withdrawals", job=JOB).success
    [request] = invited.sensor_tick("withdrawal_approvals_sensor").run_requests
    assert request.run_config == {"ops": {"invitation_withdrawals": {"config": {"live": True}}}}
    chosen = [key.to_user_string() for key in request.asset_selection]
    assert invited.run(*chosen, job=JOB, live=True).success
    assert invited.site.withdrawals == ["old-200", "old-61"]
    invited.site.invitations.append(PendingInvitation("old-300", "Old-300", "Sent", 300))
    assert invited.run("pending_invitations", job=JOB).success
    changed = invited.run("invitation_withdrawals", job=JOB, live=True)
    assert not changed.success  # somebody is on it whom nobody approved
    assert len(invited.site.withdrawals) == 2


def test_a_list_that_cannot_be_read_withdraws_nothing(invited: Stage) -> None:
    def unreadable() -> None:
        raise PageUnreadableError("the sent invitations count [3] people, but 4 were read; read them again later.")

    invited.account()
    invited.site.sent_invitations = unreadable  # type: ignore[method-assign, assignment]
    result = invited.run(job=JOB, live=True)
    assert not result.success
    assert invited.site.withdrawals == []


def test_a_stop_sign_ends_it_with_outcomes_and_the_check_says_so(invited: Stage) -> None:
    def limit(person: Recipient) -> None:
        if invited.site.withdrawals:
            raise StopSignError("challenge", "The site asks to confirm that you are a person.")

    invited.account()
    invited.site.hooks["dialog"] = limit
    result = invited.run(job=JOB, live=True)
    assert result.success
    assert invited.site.withdrawals == ["old-200"]
    assert metadata_of(result, "invitation_withdrawals")["outcomes"] == {"failed": 1, "sent": 1}
    [check] = [each for each in result.get_asset_check_evaluations() if each.check_name == "campaign_came_to_its_end"]
    assert not check.passed
    assert "stop sign" in (check.description or "")


def test_the_month_tells_a_withdrawal_that_a_pause_kept_back_as_the_day_does(invited: Stage) -> None:
    def pause_it(_: Recipient) -> None:
        pause(invited.database, invited.clock, "demo", "On holiday", "test")

    invited.account()
    invited.site.hooks["dialog"] = pause_it
    day = metadata_of(invited.run(job=JOB, live=True), "campaign_report")["other_kinds"]
    assert day == {"invitation_withdrawal": {"deferred": 1}}
    rows = rows_of(metadata_of(invited.run_month(), "monthly_report")["outcomes"].records)
    assert [(row["kind"], row["outcome"], row["times"]) for row in rows] == [("invitation_withdrawal", "deferred", 1)]

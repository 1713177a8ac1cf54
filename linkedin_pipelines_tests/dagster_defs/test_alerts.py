"""What an operator is warned of: stop signs in all places, each with its picture; sessions before they end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import dagster as dg
import pytest

from linkedin_pipelines.browser.stop_signs import MESSAGES, sign
from linkedin_pipelines.cli.status import lines_of
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.services.accounts.registry import accept_terms, resume
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list, read_list
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.services.reporting.status import account_status
from linkedin_pipelines_tests.builders import contacts
from linkedin_pipelines_tests.dagster_defs.stage import TODAY, Stage
from linkedin_pipelines_tests.memory_site import MemorySite

PICTURE = "demo/2026-03-18/100000-open-composer.png"


def alerts(caplog: pytest.LogCaptureFixture) -> list[dict[str, Any]]:
    """The alerts logged so far, without what every line has."""
    keys = ("level", "account", "check", "outcome", "stop_sign", "days_left")
    found = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    return [{key: each[key] for key in keys if key in each} for each in found if each.get("event") == "alert"]


def judged(stage: Stage, tick: Any) -> dict[str, dg.AssetCheckEvaluation]:
    """What the checks say that a look of the sensor asked for, by name."""
    [request] = tick.run_requests
    job = stage.definitions.resolve_job_def("account_checks")
    result = job.execute_in_process(instance=stage.instance, tags=request.tags)
    return {each.check_name: each for each in result.get_asset_check_evaluations()}


def send_to_two(stage: Stage) -> None:
    """A live campaign of two people, without a run."""

    @contextmanager
    def factory(*_: object) -> Iterator[MemorySite]:
        yield stage.site

    build_list(stage.database, stage.clock, "demo", TODAY, "run-1")
    approve(stage.database, stage.clock, "demo", TODAY, "member", "run-1")
    with CampaignRun.opened(
        stage.database, stage.settings, stage.clock, "demo", TODAY, "run-1", live=True, site_factory=factory
    ) as campaign:
        for entry in campaign.planned():
            campaign.deliver(entry)


@pytest.mark.parametrize("name", sorted(MESSAGES))
def test_every_stop_sign_shows_everywhere_with_its_picture(
    stage: Stage, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    contacts(stage.database, stage.account(), ["ada-byron", "grace-hopper"])

    def stop(_to: Recipient) -> None:
        error = sign(name)
        error.evidence = PICTURE
        raise error

    stage.site.hooks["open"] = stop
    cursor = stage.sensor_tick("alerts_sensor").cursor
    assert alerts(caplog) == []
    send_to_two(stage)

    [row] = interactions_of(stage.database, "demo", list_date=TODAY)
    assert (row.status, row.reason) == ("failed", "stop_sign")
    assert MESSAGES[name] in (row.explanation or "")
    assert (row.evidence or {})["screenshots"] == [PICTURE]
    view = read_list(stage.database, "demo", TODAY)
    assert view is not None
    assert all(entry.explanation for entry in view.entries if entry.outcome != "planned")

    status = account_status(stage.database, stage.clock, "demo")
    assert (status.breaker.stop_sign, status.breaker.evidence) == (name, PICTURE)
    assert name in status.waits_for[0]
    shown = "\n".join(lines_of(status, stage.settings.evidence))
    assert MESSAGES[name] in shown
    assert str(stage.settings.evidence / PICTURE) in shown

    told = stage.sensor_tick("alerts_sensor", cursor)
    error = {"level": "error", "account": "demo", "check": "no_stop_sign", "stop_sign": name}
    assert alerts(caplog) == [error | {"outcome": "action needed"}]
    check = judged(stage, told)["no_stop_sign"]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert MESSAGES[name] in (check.description or "")
    assert check.metadata["picture"].value == str(stage.settings.evidence / PICTURE)

    again = stage.sensor_tick("alerts_sensor", told.cursor)
    assert MESSAGES[name] in (again.skip_message or "")
    assert len(alerts(caplog)) == 1, "an alert is told once"


def test_the_end_of_a_stop_sign_is_told_too(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    account_id = stage.account()
    with stage.database.writing() as session:
        breakers.record_stop_sign(session, account_id, stage.clock.now(), "captcha", MESSAGES["captcha"])
    cursor = stage.sensor_tick("alerts_sensor").cursor
    resume(stage.database, stage.clock, "demo", "looked at it", "test")
    told = stage.sensor_tick("alerts_sensor", cursor)
    assert alerts(caplog)[1:] == [{"level": "info", "account": "demo", "check": "no_stop_sign", "outcome": "over"}]
    assert judged(stage, told)["no_stop_sign"].passed


def test_a_session_is_warned_of_days_before_it_ends(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    stage.account()
    ends = stage.clock.now() + timedelta(days=9)
    cookie = {"name": "li_at", "value": "x", "domain": "127.0.0.1", "path": "/", "expires": ends.timestamp()}
    save_session(stage.database, stage.settings, "demo", {"cookies": [cookie]}, "demo-member", stage.clock)

    def probe(told: Any) -> tuple[Any, str]:
        told = stage.sensor_tick("alerts_sensor", told and told.cursor)
        return told, "\n".join(account_status(stage.database, stage.clock, "demo").waits_for)

    told, waits = probe(None)
    assert (alerts(caplog), "session" in waits) == ([], False)
    stage.clock.advance(days=2, hours=1)
    told, waits = probe(told)
    check = judged(stage, told)["session_lasts"]
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    told, _ = probe(told)
    assert "The session ends in 6 days: sign in again with `session login demo`." in waits
    soon = {"level": "warning", "account": "demo", "check": "session_lasts", "outcome": "action needed soon"}
    assert alerts(caplog) == [soon | {"days_left": 6}]
    stage.clock.advance(days=1)
    told, _ = probe(told)
    assert alerts(caplog)[1:] == [soon | {"days_left": 5}], "once a day"
    stage.clock.advance(days=6)
    told, waits = probe(told)
    assert "The session ended on 2026-03-27" in waits
    assert alerts(caplog)[-1] == soon | {"level": "error", "outcome": "action needed", "days_left": -1}
    assert judged(stage, told)["session_lasts"].severity is dg.AssetCheckSeverity.ERROR


def test_nothing_is_sent_on_the_real_site_before_the_notice_is_accepted(stage: Stage) -> None:
    account_id = stage.account(
        base_url="https://www.linkedin.com", pace_seconds=[60, 90], columns={"terms_accepted_at": None}
    )
    contacts(stage.database, account_id, ["ada-byron"])
    build_list(stage.database, stage.clock, "demo", TODAY, "run-1")
    approve(stage.database, stage.clock, "demo", TODAY, "member", "run-1")
    assert not stage.sensor_tick("approvals_sensor").run_requests
    stage.run(live=True)
    assert stage.site.deliveries == []
    assert stage.browsers_opened == 0
    assert interactions_of(stage.database, "demo", list_date=TODAY) == []
    assert "accept-terms" in " ".join(account_status(stage.database, stage.clock, "demo").waits_for)
    accept_terms(stage.database, stage.clock, "demo", "test")
    build_list(stage.database, stage.clock, "demo", TODAY, "run-2")
    approve(stage.database, stage.clock, "demo", TODAY, "member", "run-2")
    assert len(stage.sensor_tick("approvals_sensor").run_requests or ()) == 1

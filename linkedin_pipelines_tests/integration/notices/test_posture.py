"""What is off or weakened is said, and no switch can be added without a protection that says so."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.errors import NoticeNotSentError
from linkedin_pipelines.services.maintenance.backups import take_backup
from linkedin_pipelines.services.notices.channels import channels_of
from linkedin_pipelines.services.notices.messages import Message
from linkedin_pipelines.services.notices.posture import ABOUT_ACCOUNTS, ABOUT_SETTINGS, HARMLESS, PROTECTIONS, posture
from linkedin_pipelines.services.notices.telling import deliver
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, edit_account
from linkedin_pipelines_tests.doubles import ManualClock


def test_every_setting_has_its_protection() -> None:
    for table, model in ((ABOUT_SETTINGS, Settings), (ABOUT_ACCOUNTS, AccountConfig)):
        assert set(table) == set(model.model_fields)
        assert set(table.values()) <= {HARMLESS, *PROTECTIONS}


def test_each_protection_is_on_until_something_weakens_it(
    sqlite: Database, settings: Settings, clock: ManualClock
) -> None:
    config: dict[str, Any] = {
        "mode": "rehearsal",
        "approval": "manual",
        "hours": "07:00-19:00",
        "pace_seconds": [60, 90],
    }
    account = an_account(sqlite, base_url="https://www.linkedin.com", **config)
    home = {"LINKEDIN_HOME": str(settings.home), "LINKEDIN_DATABASE_URL": sqlite.url, "LINKEDIN_SECRET_KEY": "k"}
    hook = {"LINKEDIN_NOTICE_WEBHOOK": "http://127.0.0.1:9/hook"}
    settings = Settings.from_environment(home | hook)
    settings.home.chmod(0o700)
    assert sqlite.file is not None
    sqlite.file.chmod(0o600)
    take_backup(sqlite, settings, clock)
    note = settings.home / "up.json"
    note.write_text(json.dumps({"url": "http://127.0.0.1:3000", "pid": 1, "status_url": "http://127.0.0.1:8787"}))

    def states() -> dict[str, str]:
        return {each.name: each.state.value for each in posture(sqlite, settings, clock)}

    assert {name: state for name, state in states().items() if state != "on"} == {}
    edit_account(sqlite, account, mode="live", approval="automatic", hours="00:00-24:00", canary={"valid_hours": 24})
    settings = Settings.from_environment(
        home
        | hook
        | {"LINKEDIN_ALLOWED_HOSTS": "box", "LINKEDIN_STATUS_URL": "http://box:8787", "LINKEDIN_BROWSER_SANDBOX": "0"}
    )
    settings.home.chmod(0o755)
    note.write_text(json.dumps({"url": "http://0.0.0.0:3000", "pid": 1, "status_url": "http://127.0.0.1:8787"}))
    clock.advance(timedelta(days=3))
    try:
        deliver(sqlite, clock, channels_of(settings, clock)[0], Message("k", "s", "t", None, {"cause": "trial"}))
    except NoticeNotSentError as error:
        why = str(error)
    found = {each.name: each for each in posture(sqlite, settings, clock)}
    assert {name for name, each in found.items() if each.state == "on"} == {
        "quotas_under_ceilings",
        "pace",
        "terms_accepted",
        "session_key",
    }
    assert why in found["notices_work"].text
    assert "demo" in found["rehearsal"].text
    edit_account(sqlite, account, approval="manual", base_url="http://127.0.0.1:8765", pace_seconds=[0, 0])
    assert (states()["approval"], states()["pace"]) == ("on", "weakened")
    edit_account(sqlite, account, mode="assisted")
    rehearsal = next(each for each in posture(sqlite, settings, clock) if each.name == "rehearsal")
    assert rehearsal.state == "weakened"
    assert "LINKEDIN_BROWSER_HEADLESS=0" in rehearsal.text

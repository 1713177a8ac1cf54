"""What was stored once is read again, whatever became of ceilings and limits since."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.payloads import Evidence
from linkedin_pipelines_tests.builders import account_config


def test_settings_above_a_lowered_ceiling_are_clamped_and_told():
    stored = account_config("demo").model_dump(mode="json")
    stored["quotas"]["birthday_message"]["per_day"] = 40
    stored["late"]["max_days"] = 90
    config = AccountConfig.from_stored(stored)
    assert (config.quotas.birthday_message.per_day, config.late.max_days) == (15, 14)
    assert config.lowered == (
        "late.max_days is stored as 90 and counts as 14, today's ceiling",
        "quotas.birthday_message.per_day is stored as 40 and counts as 15, today's ceiling",
    )
    assert stored["late"]["max_days"] == 90
    assert AccountConfig.from_stored(account_config("demo").model_dump(mode="json")).lowered == ()


def test_a_pace_below_a_raised_floor_is_slowed_on_the_real_site():
    stored = account_config("demo").model_dump(mode="json") | {"base_url": "https://www.linkedin.com"}
    config = AccountConfig.from_stored(stored | {"pace_seconds": [1, 2]})
    assert config.pace_seconds == (60, 60)
    assert config.lowered


def test_a_file_above_a_ceiling_is_refused_as_ever():
    with pytest.raises(ValidationError):
        account_config("demo", late={"max_days": 90})


@pytest.mark.parametrize(
    "url",
    [
        "http://www.linkedin.com\\@127.0.0.1",
        "http://www.linkedin.com@127.0.0.1",
        "http://user:word@127.0.0.1:8765",
        "http://127.0.0.1\\.evil.example",
        "http://127.0.0.1\t:80",
        "http://127.0.0.1\n",
        " http://127.0.0.1",
        "http://127.0.0.1?x",
        "http://127.0.0.1#x",
        "http://127.0.0.1:0",
        "http://127.0.0.1:99999",
        "http://127.0.0.1//",
        "https://www.linkedin.com\\",
        "http:\\\\127.0.0.1",
        "http://[::ffff:8.8.8.8]",
        "http://0177.0.0.1",
    ],
)
def test_an_address_that_only_looks_like_a_sandbox_is_refused(url):
    with pytest.raises(ValidationError, match="loopback address; nothing else"):
        account_config("demo", base_url=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1", "http://localhost:8765/", "http://[::1]:80", "http://127.9.9.9:1"])
def test_a_loopback_site_is_a_sandbox(url):
    assert account_config("demo", base_url=url).is_sandbox


@pytest.mark.parametrize("url", ["https://www.linkedin.com\\@evil/in/x", "https://a@www.linkedin.com/in/x", "/in/x\n"])
def test_a_profile_address_without_plain_host_is_refused(url):
    with pytest.raises(ValidationError, match="address of a profile"):
        account_config("demo", profile_url=url)


def test_what_a_page_showed_is_clipped_not_refused():
    evidence = Evidence(
        screenshots=[f"{number}.png" for number in range(12)] + ["x" * 500],
        recipient="u" * 900,
        read_back="🎂" * 9000,
        event_text="a\x00b" * 5000,
    )
    assert len(evidence.screenshots) == 10
    assert evidence.screenshots[-1] == "11.png"
    assert len(evidence.recipient or "") == 400
    assert "\x00" not in (evidence.event_text or "")
    assert len(evidence.model_dump_json().encode()) < 64 * 1024
    assert Evidence.from_stored({"recipient": "u" * 900, "of a newer version": 1}).recipient == "u" * 399 + "…"

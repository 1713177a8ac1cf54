"""accounts.yaml: what is right is read, and everything that is wrong is named at once, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.domain.account import Approval, LeapDay, Mode
from linkedin_pipelines.errors import ConfigurationError

RIGHT = """\
accounts:
  - slug: demo
    display_name: Demo Member
    profile_url: https://www.linkedin.com/in/demo-member
    base_url: http://127.0.0.1:8765
    timezone: Europe/Paris
    language: fr
    mode: live
    approval: automatic
    hours: 07:00-19:00
    weekdays: [fri, mon]
    pace_seconds: [0, 1.5]
    late: {max_days: 3}
    leap_day: mar1
    quotas:
      birthday_message: {per_run: 5, per_day: 10, per_week: 50}
  - slug: second
    display_name: "Zoë Müller"
    profile_url: www.linkedin.com/in/zoe
    timezone: UTC
    language: no
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "accounts.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(folder: Path, text: str | bytes) -> str:
    with pytest.raises(ConfigurationError) as error:
        load_accounts_file(write(folder, text))
    return str(error.value)


def test_a_right_file_is_read_in_its_order_with_defaults(tmp_path):
    demo, second = load_accounts_file(write(tmp_path, RIGHT))
    assert (demo.slug, demo.mode, demo.approval, demo.leap_day) == ("demo", Mode.LIVE, Approval.AUTOMATIC, LeapDay.MAR1)
    assert demo.weekdays == ("mon", "fri")
    assert demo.quotas.birthday_message.per_day == 10
    assert demo.quotas.profile_visit.per_day == 20
    assert (second.language, second.mode, second.late.max_days) == ("no", Mode.REHEARSAL, 7)


def test_a_file_of_a_windows_editor_is_read_too(tmp_path):
    text = b"\xef\xbb\xbf" + RIGHT.replace("\n", "\r\n").encode()
    assert len(load_accounts_file(write(tmp_path, text))) == 2


def test_an_empty_list_is_a_file_that_retires_everybody(tmp_path):
    assert load_accounts_file(write(tmp_path, "accounts: []\n")) == ()


def test_every_wrong_field_is_named_at_once_with_its_line(tmp_path):
    wrong = (
        RIGHT.replace("Europe/Paris", "Europe/Pariss")
        .replace("mode: live", "mode: alive")
        .replace("per_day: 10", "per_day: 16")
        .replace("per_week: 50", "per_week: true")
        .replace("max_days: 3", "max_days: 30")
        .replace("language: no", "language: NO\n    password: hunter2")
        .replace("    timezone: UTC\n", "")
    )
    message = refusal(tmp_path, wrong)
    assert message.splitlines() == [
        'accounts.yaml:6: demo.timezone: is not an IANA time zone, like Europe/Paris (found "Europe/Pariss")',
        "accounts.yaml:8: demo.mode: must be 'rehearsal', 'assisted' or 'live' (found \"alive\")",
        "accounts.yaml:13: demo.late.max_days: must be less than or equal to 14 (found 30)",
        "accounts.yaml:16: demo.quotas.birthday_message.per_day: must be less than or equal to 15 (found 16)",
        "accounts.yaml:16: demo.quotas.birthday_message.per_week: must be a valid integer (found true)",
        "accounts.yaml:17: second.timezone: is missing",
        'accounts.yaml:20: second.language: must match ^[a-z]{2}$ (found "NO")',
        "accounts.yaml:21: second.password: unknown key",
    ]
    assert "hunter2" not in message


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("slug: demo", "slug: De|mo", ":2: De|mo.slug: must match"),
        ("slug: demo", "slug: 17", ":2: account 1.slug: must be a valid string (found 17)"),
        ("slug: second", "slug: demo", ":17: demo.slug: is given twice; account 1 of the file has it too"),
        ("www.linkedin.com/in/zoe\n", "www.linkedin.com/in/DEMO-member/\n    base_url: http://127.0.0.1:8765\n",
         ":19: second.profile_url: is the member of account demo"),
        ("www.linkedin.com/in/zoe", "www.linkedin.com/company/zoe", ":19: second.profile_url: must be the address"),
        ("http://127.0.0.1:8765", "https://example.org", ":5: demo.base_url: must be https://www.linkedin.com"),
        ("http://127.0.0.1:8765", "https://www.linkedin.com.evil.test", ":5: demo.base_url"),
        ("    base_url: http://127.0.0.1:8765\n", "", ":11: demo.pace_seconds: must be at least 60"),
        ("[0, 1.5]", "[2, 1]", ":12: demo.pace_seconds: must name the shorter pause first"),
        ("[0, 1.5]", "[.nan, 1]", ":12: demo.pace_seconds.0: must be a valid number"),
        ("07:00-19:00", "19:00-07:00", ":10: demo.hours: must end after it starts"),
        ("07:00-19:00", "7-19", ':10: demo.hours: must look like "07:00-19:00"'),
        ("[fri, mon]", "[]", ":11: demo.weekdays: must name at least one day"),
        ("[fri, mon]", "[fri, fri]", ":11: demo.weekdays: must name at least one day, each once"),
        ("[fri, mon]", "[friday]", ":11: demo.weekdays.0: must be 'mon'"),
        ("birthday_message:", "birthday_messages:", ":16: demo.quotas.birthday_messages: unknown key"),
        ("per_run: 5, ", "", ":16: demo.quotas.birthday_message.per_run: is missing"),
        ("    mode: live\n", "    mode: live\n    mode: rehearsal\n", ":9: mode: is given twice"),
        ("mode: live", "mode:", ":8: demo.mode: must be 'rehearsal', 'assisted' or 'live' (found null)"),
        ("accounts:", "account:", ":1: account: unknown key"),
        ("accounts:\n", "version: 2\naccounts:\n", ":1: version: unknown key"),
        ("mode: live", "mode: &x live", ":8: anchors and aliases"),
        ("mode: live", "mode: !!python/name:os.system", ":8: tags (!) are not accepted"),
        ("mode: live", "mode: [[[[[[[[[[[[[[[[", ":8: is nested too deeply"),
        ("mode: live", "? [a, b]\n    : c", ":8: a key must be one word"),
        ("Demo Member", "Demo: Member: x", ":3: is not YAML"),
        ("Demo Member", '"Demo\\u0007Member"', ":3: demo.display_name: must be one line"),
        ("  - slug: second", "---\n  - slug: second", "is not YAML"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_line(tmp_path, old, new, fault):
    assert old in RIGHT
    assert fault in refusal(tmp_path, RIGHT.replace(old, new, 1))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "is empty"),
        ("# nothing yet\n", "is empty"),
        ("accounts:\n", "accounts: must be a list"),
        ("- demo\n", "must hold `accounts:` and a list"),
        ("accounts:\n  - demo\n", "account 1: must be a mapping"),
        ("accounts:\n  - slug: \x00\n", "is not YAML"),
        ("accounts:\n\t- slug: demo\n", "is not YAML"),
        (b"accounts:\n  - slug: \xff\xfe\n", "accounts.yaml:2: is not UTF-8"),
        ("<!doctype html><html></html>", "must hold `accounts:`"),
        ("#" * 1_000_001, "is over 1000 kB"),
        ("a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n", "accounts.yaml:1: anchors and aliases"),
    ],
)
def test_a_file_that_is_something_else_is_refused_in_one_line(tmp_path, text, fault):
    message = refusal(tmp_path, text)
    assert fault in message
    assert len(message.splitlines()) == 1


def test_a_missing_file_and_a_folder_are_told(tmp_path):
    with pytest.raises(ConfigurationError, match="no such file"):
        load_accounts_file(tmp_path / "accounts.yaml")
    with pytest.raises(ConfigurationError, match="is not a file"):
        load_accounts_file(tmp_path)

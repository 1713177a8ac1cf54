"""`doctor` on a wrong set-up: every fault at once, each with the way out."""

from __future__ import annotations

import sqlite3

import pytest

from linkedin_pipelines_tests.command_line import CommandLine


def test_every_fault_is_named_at_once_with_the_way_out(
    with_accounts: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = with_accounts.home
    (home / "accounts.yaml").unlink()
    (home / "secret.key").write_text("x")
    (home / "secret.key").chmod(0o644)
    home.chmod(0o755)
    with sqlite3.connect(home / "linkedin.db") as raw:
        raw.execute("UPDATE linkedin_schema_version SET version_num = '0001_of_another_product'")
    monkeypatch.setenv("LINKEDIN_BROWSER_EXECUTABLE", str(home / "no-such-browser"))

    told = with_accounts("doctor", "--json")

    assert told.code == 1
    faults = {each["check"]: each["found"] for each in told.facts if not each["well"]}
    ways_out = {
        "home": f"chmod 700 {home}",
        "database": "0001_of_another_product",
        "accounts file": "LINKEDIN_ACCOUNTS_FILE",
        "session key": f"chmod 600 {home / 'secret.key'}",
        "browser": "LINKEDIN_BROWSER_EXECUTABLE",
    }
    assert {check for check in ways_out if ways_out[check] not in faults.get(check, "")} == set(), faults
    well = {each["check"] for each in told.facts if each["well"]}
    assert {"python", "time zones"} <= well, "one fault hides no other check"


def test_a_machine_on_which_nothing_is_set_up_yet_has_one_fault(linkedin_pipelines: CommandLine) -> None:
    """Four faults were told of what `init` makes at once."""
    told = linkedin_pipelines("doctor", "--json")
    assert told.code == 1
    [fault] = [each["found"] for each in told.facts if not each["well"]]
    assert "`linkedin-pipelines init`" in fault
    assert {"python", "browser"} <= {each["check"] for each in told.facts if each["well"]}

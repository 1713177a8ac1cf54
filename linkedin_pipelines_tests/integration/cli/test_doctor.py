"""`doctor` on a wrong set-up: every fault at once, each with the way out."""

from __future__ import annotations

import sqlite3

import pytest
from cryptography.fernet import Fernet

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
    assert "holds no Fernet key" in faults["session key"], "its mode hides nothing of what is in it"
    well = {each["check"] for each in told.facts if each["well"]}
    assert {"python", "time zones"} <= well, "one fault hides no other check"


def test_a_key_that_could_seal_no_session_is_named_before_the_first_one(
    with_accounts: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password in place of a key passed, and the session of the first sign-in could not be kept."""

    def found() -> tuple[bool, str]:
        facts = {each["check"]: each for each in with_accounts("doctor", "--json").facts}
        return facts["session key"]["well"], facts["session key"]["found"]

    file = with_accounts.home / "secret.key"
    assert found() == (True, "none yet; made with the first session")
    file.write_bytes(Fernet.generate_key())
    file.chmod(0o600)
    assert found() == (True, f"{file}, closed to others")
    file.write_text("")
    well, why = found()
    assert (well, f"{file} holds no Fernet key" in why) == (False, True)
    monkeypatch.setenv("LINKEDIN_SECRET_KEY", "a password")
    well, why = found()
    assert (well, "LINKEDIN_SECRET_KEY holds no Fernet key" in why, "a password" in why) == (False, True, False)
    monkeypatch.setenv("LINKEDIN_SECRET_KEY", Fernet.generate_key().decode())
    assert found() == (True, "from LINKEDIN_SECRET_KEY")


def test_a_machine_on_which_nothing_is_set_up_yet_has_one_fault(linkedin_pipelines: CommandLine) -> None:
    """Four faults were told of what `init` makes at once."""
    told = linkedin_pipelines("doctor", "--json")
    assert told.code == 1
    [fault] = [each["found"] for each in told.facts if not each["well"]]
    assert "`linkedin-pipelines init`" in fault
    assert {"python", "browser"} <= {each["check"] for each in told.facts if each["well"]}

"""Accounts from the command line."""

from __future__ import annotations

import dagster as dg
import pytest

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines_tests.command_line import CommandLine
from linkedin_pipelines_tests.integration.cli.conftest import write_accounts


def test_apply_makes_the_home_the_database_and_the_partitions(with_accounts: CommandLine) -> None:
    with dg.DagsterInstance.from_config(str(with_accounts.home)) as instance:
        assert set(instance.get_dynamic_partitions("account")) == {"demo", "real"}
    assert [account["slug"] for account in with_accounts("accounts", "list", "--json").facts] == ["demo", "real"]


def test_apply_says_what_it_changed(with_accounts: CommandLine) -> None:
    write_accounts(with_accounts.home, {"demo": "http://127.0.0.1:9999", "new": "https://www.linkedin.com"})
    applied = with_accounts("accounts", "apply", "--json").facts
    assert applied == {"created": ["new"], "changed": ["demo"], "retired": ["real"], "unchanged": []}
    assert with_accounts("accounts", "apply").out == "unchanged: demo, new\n"


def test_a_wrong_file_changes_nothing_and_names_every_wrong_field(with_accounts: CommandLine) -> None:
    file = with_accounts.home / "accounts.yaml"
    good = file.read_text()
    file.write_text(good.replace("Europe/Paris", "Europe/Atlantis", 1) + "unknown: 1\n")
    result = with_accounts("accounts", "apply")
    assert result.code == 1
    assert "Europe/Atlantis" in result.err or "timezone" in result.err
    assert "unknown" in result.err
    assert "Traceback" not in result.err
    file.write_text(good)
    assert with_accounts("accounts", "apply").out == "unchanged: demo, real\n"


def test_without_a_file_there_is_one_line(linkedin_pipelines: CommandLine) -> None:
    assert linkedin_pipelines("accounts", "apply").refused_with("accounts.yaml")


def test_pause_and_resume_take_a_reason_and_show(with_accounts: CommandLine) -> None:
    assert with_accounts("accounts", "pause", "demo").code == 2
    assert with_accounts("accounts", "pause", "demo", "--reason", "on holiday").code == 0
    assert "paused: on holiday" in with_accounts("accounts", "list").out
    assert with_accounts("accounts", "resume", "demo", "--reason", "back").code == 0
    assert "paused" not in with_accounts("accounts", "list").out


@pytest.mark.parametrize(
    "arguments",
    [
        ("accounts", "pause", "nobody", "--reason", "x"),
        ("birthdays", "nobody"),
        ("status", "nobody"),
        ("stops", "nobody"),
        ("session", "show", "nobody"),
        ("run", "birthday_campaign", "--account", "nobody"),
        ("contact", "do-not-contact", "nobody", "jane", "--reason", "x"),
    ],
)
def test_an_unknown_account_is_one_line_that_names_those_there_are(
    with_accounts: CommandLine, arguments: tuple[str, ...]
) -> None:
    assert with_accounts(*arguments).refused_with("nobody", "demo", "real")


def test_status_says_what_waits_for_the_member(with_accounts: CommandLine) -> None:
    facts = with_accounts("status", "--json").facts
    assert [account["slug"] for account in facts] == ["demo", "real"]
    waits = " ".join(with_accounts("status", "real", "--json").facts["waits_for"])
    assert "User Agreement" in waits
    assert "waits for you" in with_accounts("status").out


def test_run_needs_a_stack_that_is_up(with_accounts: CommandLine) -> None:
    assert with_accounts("run", "birthday_campaign", "--account", "demo").refused_with("linkedin-pipelines up")


def test_an_up_note_that_nobody_stands_behind_is_seen_through(with_accounts: CommandLine) -> None:
    (with_accounts.home / "up.json").write_text('{"url": "http://127.0.0.1:9", "pid": 1}')
    assert with_accounts("run", "birthday_campaign", "--account", "demo").refused_with("nothing answers", "up")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("no_such_job", "--account", "demo"), ("no_such_job", "birthday_campaign", "import_contacts")),
        (("birthday_campaign", "--account", "demo", "--date", "2025-12-31"), ("2025-12-31", "2026-01-01")),
        (("import_contacts", "--account", "demo", "--live"), ("import_contacts", "birthday_campaign")),
    ],
)
def test_a_wrong_job_or_date_is_one_line_that_says_what_there_is(
    with_accounts: CommandLine, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    (with_accounts.home / "up.json").write_text('{"url": "http://127.0.0.1:9", "pid": 1}')
    assert with_accounts("run", *arguments).refused_with(*words)


def test_the_doctor_finds_what_is_wrong(with_accounts: CommandLine) -> None:
    result = with_accounts("doctor", "--json")
    assert result.code == 0, result.out
    (with_accounts.home / "secret.key").write_text("x")
    (with_accounts.home / "secret.key").chmod(0o644)
    result = with_accounts("doctor", "--json")
    assert result.code == 1
    assert [each["check"] for each in result.facts if not each["well"]] == ["session key"]


def test_status_tells_of_todays_list_and_of_what_is_read_first(with_accounts: CommandLine) -> None:
    assert "  today  " not in with_accounts("status", "demo").out
    database = Database(f"sqlite:///{with_accounts.home / 'linkedin.db'}")
    try:
        account = get_account(database, "demo")
        clock = SystemClock()
        build_list(database, clock, "demo", local_day(clock.now(), account.config.zone), "a run")
        with database.writing() as session:
            session.get_one(Account, account.id).settle_first_since = clock.now()
            session.get_one(Account, account.id).settle_first_reason = "a backup was restored."
    finally:
        database.dispose()
    told = with_accounts("status", "demo").out
    [today] = [line for line in told.splitlines() if line.startswith("  today  ")]
    assert all(word in today for word in ("planned", "deferred", "skipped"))
    assert "  first     conversations are read before anything is sent: a backup was restored." in told


def test_an_empty_ledger_and_the_jobs_are_told_in_words(with_accounts: CommandLine) -> None:
    assert with_accounts("interactions", "list", "demo").out.startswith("no interactions of demo yet")
    assert "birthday_campaign, import_contacts" in with_accounts("run", "--help").out

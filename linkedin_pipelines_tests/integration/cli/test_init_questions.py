"""`init` at a terminal: what it asks, what it makes of the answers, and that it never touches what is there."""

from __future__ import annotations

import os
import pty
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.cli.first_account import fault_of, machine_zone
from linkedin_pipelines.domain.account import Approval, Mode
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.contacts.imports import list_birthdays
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.e2e.processes import PROGRAMS, environment
from linkedin_pipelines_tests.member_files import connection, connections_csv, vcard, written

PROFILE = "https://www.linkedin.com/in/jane-doe-12ab"


def at_a_terminal(home: Path, *arguments: str, answers: Iterable[tuple[str, str]] = ()) -> str:
    """What `init` shows on a terminal; each answer is typed once its question stands there."""
    terminal, its_end = pty.openpty()
    command = [str(PROGRAMS / "linkedin-pipelines"), "init", *arguments]
    with subprocess.Popen(
        command, env=environment(LINKEDIN_HOME=str(home), LANG="C.UTF-8"), stdin=its_end, stdout=its_end, stderr=its_end
    ) as process:
        os.close(its_end)
        shown, unread, waiting = "", "", list(answers)
        while True:
            try:
                piece = os.read(terminal, 65536).decode()
            except OSError:  # the command has ended, and its end of the terminal is closed
                break
            shown, unread = shown + piece, unread + piece
            if waiting and waiting[0][0] in unread:
                unread = unread.partition(waiting[0][0])[2]
                os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
        os.close(terminal)
    assert (process.returncode, waiting) == (0, []), shown
    return shown.replace("\r\n", "\n")


ACCEPTED = [
    ("Your name [Jane Doe]", 'Jane Dö: "J"'),
    ("Short name of the account here [jane-doe-12ab]", "jane"),
    ("Your time zone", "Europe/Paris"),
    ("Language of your wishes (de, en, es, fr) [en]", ""),
    ("[07:00-19:00]", ""),
]


def test_answers_become_an_account_with_its_files_in(tmp_path: Path) -> None:
    """A wrong answer is refused with the words of accounts.yaml, and asked for again."""
    home, folder = tmp_path / "home", tmp_path / "my files"
    folder.mkdir()
    written(folder / "Connections.csv", connections_csv(connection("Ada Nguyen", "ada-nguyen")))
    written(folder / "book.vcf", vcard("Ada Nguyen", "BDAY:1990-03-04"))
    shown = at_a_terminal(
        home,
        answers=[
            ("Address of your own LinkedIn profile", "jane"),
            ("must be the address of a profile", PROFILE),
            *ACCEPTED[:2],
            ("Your time zone", "Paris"),
            ("is not an IANA time zone", "Europe/Paris"),
            ACCEPTED[3],
            ("[07:00-19:00]", "22:00-06:00"),
            ("must end after it starts", ""),
            ("[none yet]", f"{folder}/nothing.csv"),
            ("no such file", f"'{folder}/Connections.csv' '{folder}/book.vcf'"),
        ],
    )
    (account,) = load_accounts_file(home / "accounts.yaml")
    assert (account.slug, account.display_name, account.profile_url) == ("jane", 'Jane Dö: "J"', PROFILE)
    assert (account.timezone, account.language, account.hours) == ("Europe/Paris", "en", "07:00-19:00")
    assert (account.mode, account.approval) == (Mode.REHEARSAL, Approval.MANUAL)
    database = open_database(Settings.from_environment({}, home=home))
    mirrored = get_account(database, "jane")
    assert mirrored.config == account
    assert mirrored.terms_accepted_at is None, "the notice is shown; it is accepted at `session login`"
    assert [row.name for row in list_birthdays(database, "jane", on=None)] == ["Ada Nguyen"]
    database.dispose()
    assert "User Agreement" in shown
    assert "session login jane" in shown
    assert "http://127.0.0.1:3000/assets/birthday_list" in shown
    assert f"export LINKEDIN_HOME={home}" in shown

    before = (home / "accounts.yaml").read_bytes()
    again = at_a_terminal(home)
    assert "session login jane" in again
    assert (home / "accounts.yaml").read_bytes() == before


def test_a_database_that_knows_accounts_gets_no_file_of_one(tmp_path: Path) -> None:
    """Mirroring a file with one account would retire all others."""
    home = tmp_path / "home"
    at_a_terminal(home, answers=[("own LinkedIn profile", PROFILE), *ACCEPTED, ("[none yet]", "")])
    (home / "accounts.yaml").unlink()
    assert "the database has accounts already: jane" in at_a_terminal(home)
    assert not (home / "accounts.yaml").exists()


@pytest.mark.parametrize("arguments", [("--yes",), ("--json",)])
def test_nothing_is_asked_when_told_so(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    assert "profile" not in at_a_terminal(tmp_path / "home", *arguments)
    assert not (tmp_path / "home" / "accounts.yaml").exists()


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("slug", "jane", None),
        ("slug", "Jane Doe", "must match"),
        ("display_name", "  ", "one line of visible text"),
        ("profile_url", "jane", "the address of a profile"),
        ("timezone", "Paris", "IANA"),
        ("language", "french", "must match"),
        ("hours", "7-19", "07:00-19:00"),
    ],
)
def test_each_answer_is_judged_by_the_rules_of_the_file(field: str, value: str, fault: str | None) -> None:
    found = fault_of(field, value)
    assert found is None if fault is None else fault in (found or "")


def test_the_zone_of_the_machine_is_proposed(tmp_path: Path) -> None:
    link, name, nothing = tmp_path / "localtime", tmp_path / "timezone", tmp_path / "nothing"
    link.symlink_to("/usr/share/zoneinfo/Asia/Tokyo")
    name.write_text("Europe/Rome\n")
    assert machine_zone(nothing, name) == "Europe/Rome"
    assert machine_zone(link, nothing) == "Asia/Tokyo"
    assert machine_zone(nothing, nothing) == "UTC"

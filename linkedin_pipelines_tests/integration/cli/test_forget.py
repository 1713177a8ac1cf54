"""Forgetting and accepting the notice, by command."""

from __future__ import annotations

from pathlib import Path

from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines_tests.command_line import CommandLine
from linkedin_pipelines_tests.member_files import connection, connections_csv, written


def test_a_person_is_forgotten_after_a_rehearsal_and_not_without_a_yes(
    with_accounts: CommandLine, tmp_path: Path
) -> None:
    file = written(tmp_path / "Connections.csv", connections_csv(connection("Ada Byron", "ada-byron-1")))
    assert with_accounts("import", "demo", file).code == 0
    assert with_accounts("forget", "demo", "nobody-there", "--yes").refused_with("no contact nobody-there")

    rehearsed = with_accounts("forget", "demo", "ada-byron-1", "--rehearsal", "--json").facts
    assert (rehearsed["rehearsal"], rehearsed["rows"]) == (True, {"contacts": 1})
    assert with_accounts("forget", "demo", "ada-byron-1").code != 0, "nobody typed the address again"
    assert with_accounts("status", "demo", "--json").facts["contacts"]["connected"] == 1

    done = with_accounts("forget", "demo", "https://www.linkedin.com/in/ada-byron-1", "--yes", "--json")
    assert done.facts["rows"] == {"contacts": 1}
    assert b"Byron" not in (with_accounts.home / "linkedin.db").read_bytes()
    file.write_bytes(file.read_bytes() + b"\r\n")
    again = with_accounts("import", "demo", file)
    assert "1 asked to be forgotten" in again.out
    assert with_accounts("status", "demo", "--json").facts["contacts"]["connected"] == 0

    (with_accounts.home / "forgotten.key").rename(tmp_path / "forgotten.key")
    file.write_bytes(file.read_bytes() + b"\r\n")
    assert with_accounts("import", "demo", file).refused_with("forgotten.key", "bring it back")
    assert with_accounts("status", "demo", "--json").facts["contacts"]["connected"] == 0


def test_do_not_contact_survives_another_export(with_accounts: CommandLine, tmp_path: Path) -> None:
    file = written(tmp_path / "Connections.csv", connections_csv(connection("Ada Byron", "ada-byron-1")))
    with_accounts("import", "demo", file)
    assert with_accounts("contact", "do-not-contact", "demo", "ada-byron-1", "--reason", "asked by phone").code == 0
    newer = connections_csv(connection("Ada Byron", "ada-byron-1", company="Engines", connected_on="09 Feb 2026"))
    assert "1 changed" in with_accounts("import", "demo", written(tmp_path / "Newer.csv", newer)).out
    assert with_accounts("status", "demo", "--json").facts["do_not_contact"] == 1


def test_the_notice_can_be_accepted_by_itself_once(with_accounts: CommandLine) -> None:
    first = with_accounts("accounts", "accept-terms", "real", "--yes")
    assert (first.code, TERMS_NOTICE in first.err) == (0, True)
    again = with_accounts("accounts", "accept-terms", "real")
    assert (again.code, again.out) == (0, first.out)

"""A member's files from the command line: the whole of a real set of them, and single wrong ones."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkedin_pipelines_tests.command_line import CommandLine

DATA = Path(__file__).parents[2] / "data"
FILES = sorted(path for path in DATA.iterdir() if path.suffix in (".zip", ".vcf", ".csv", ".ics"))
TRUTH = json.loads((DATA / "expected.json").read_text())


@pytest.mark.parametrize("order", [FILES, FILES[::-1]], ids=["by name", "the other way round"])
def test_all_files_in_any_order_come_to_the_truth_and_again_change_nothing(
    with_accounts: CommandLine, order: list[Path]
) -> None:
    for file in order:
        assert with_accounts("import", "demo", file).code == 0
    assert birthdays(with_accounts) == TRUTH["birthdays"]

    again = with_accounts("import", "demo", *order, "--json")
    assert {file["outcome"] for file in again.facts["files"]} == {"already_imported"}
    assert again.facts["totals"]["unmatched_birthdays"] == TRUTH["unmatched_birthdays"]
    assert again.facts["totals"]["wished_by_hand"] == len(TRUTH["wished_by_hand"])
    assert birthdays(with_accounts) == TRUTH["birthdays"]

    asked = {each["slug"] for each in with_accounts("stops", "demo", "--json").facts}
    assert asked == set(TRUTH["asked_to_stop"])


def birthdays(linkedin_pipelines: CommandLine) -> dict[str, list[int | None]]:
    rows = linkedin_pipelines("birthdays", "demo", "--all", "--json").facts
    assert {frozenset(row) for row in rows} == {frozenset({"slug", "name", "month", "day", "year", "source"})}
    return {row["slug"]: [row["month"], row["day"], row["year"]] for row in rows}


def test_a_reply_that_asks_to_stop_is_decided_by_the_member(with_accounts: CommandLine) -> None:
    assert with_accounts("import", "demo", *FILES).code == 0
    first, second, *_ = TRUTH["asked_to_stop"]
    assert with_accounts("stops", "demo", "--accept", first).code == 0
    assert with_accounts("stops", "demo", "--decline", second).code == 0
    waiting = {each["slug"] for each in with_accounts("stops", "demo", "--json").facts}
    assert waiting == set(TRUTH["asked_to_stop"]) - {first, second}
    assert with_accounts("status", "demo", "--json").facts["do_not_contact"] == 1


def test_who_is_on_do_not_contact_stays_there_whatever_is_imported(with_accounts: CommandLine) -> None:
    slug = next(slug for slug in TRUTH["birthdays"] if slug.isascii() and slug[0].isalpha())
    assert with_accounts("contact", "do-not-contact", "demo", slug, "--reason", "x").refused_with(slug)
    assert with_accounts("import", "demo", *FILES).code == 0
    address = f"https://www.linkedin.com/in/{slug}/"
    assert with_accounts("contact", "do-not-contact", "demo", address, "--reason", "asked by phone").code == 0
    assert with_accounts("import", "demo", *FILES).code == 0
    assert with_accounts("status", "demo", "--json").facts["do_not_contact"] == 1
    assert with_accounts("contact", "do-not-contact", "demo", slug, "--undo").code == 0
    assert with_accounts("status", "demo", "--json").facts["do_not_contact"] == 0


def test_the_days_asked_for_are_the_days_shown(with_accounts: CommandLine) -> None:
    assert with_accounts("import", "demo", *FILES).code == 0
    day = with_accounts("birthdays", "demo", "--date", "2026-11-12", "--json").facts
    assert {(row["month"], row["day"]) for row in day} == {(11, 12)}
    assert {row["slug"] for row in day} == {
        slug for slug, (month, day_of_month, _) in TRUTH["birthdays"].items() if (month, day_of_month) == (11, 12)
    }
    assert with_accounts("birthdays", "demo", "--all", "--date", "2026-11-12").code == 2


def test_a_wrong_file_is_one_line_and_nothing_of_it_or_of_others_is_imported(
    with_accounts: CommandLine, tmp_path: Path
) -> None:
    page = tmp_path / "Connections.csv"
    page.write_text("<!DOCTYPE html><html><body>Please sign in</body></html>")
    assert with_accounts("import", "demo", FILES[0], page).refused_with("Connections.csv", "nothing was imported")
    assert with_accounts("status", "demo", "--json").facts["contacts"]["connected"] == 0

"""A member's files from the command line: the whole of a real set of them, and single wrong ones."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import dagster as dg
import pytest

from linkedin_pipelines.domain.forgetting import Forgotten, Marker, Traces
from linkedin_pipelines.orchestrator.forgotten_runs import DagsterHistory
from linkedin_pipelines.orchestrator.runs import instance_of
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


def test_the_asset_contacts_shows_an_import_of_the_command_line(with_accounts: CommandLine) -> None:
    """It said "never materialized", however much was imported; and what it shows goes with whoever is forgotten."""
    card = with_accounts.home / "book.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ada Moss\nBDAY:1985-04-15\nEND:VCARD\n")
    assert (with_accounts.home / "dagster.yaml").is_file()
    done = with_accounts("import", "demo", card)
    assert (done.code, done.err) == (0, "")
    with instance_of(with_accounts.home) as instance:
        event = instance.get_latest_materialization_event(dg.AssetKey("contacts"))
        assert event is not None
        shown = event.asset_materialization
        assert shown is not None
        assert shown.partition == "demo"
        unmatched = shown.metadata["birthdays_to_settle"].value
        assert [record.data["name"] for record in unmatched.records] == ["Ada Moss"]
        assert {"files", "rows_refused", "dagster/row_count"} <= set(shown.metadata)
        run = instance.get_run_by_id(event.run_id)
        assert run is not None
        assert run.status is dg.DagsterRunStatus.SUCCESS
        history = DagsterHistory(instance, with_accounts.home)
        marker = Marker(b"k" * 32)
        ada = Forgotten(marker, marker.of(Traces(names=frozenset({"ada moss"}))))
        assert history.showing("demo", ada) == [event.run_id]


def test_an_import_that_dagster_cannot_be_told_of_is_still_an_import(with_accounts: CommandLine) -> None:
    (with_accounts.home / "dagster.yaml").write_text(
        "storage: {postgres: {postgres_url: 'postgresql://127.0.0.1:1/x'}}\n"
    )
    card = with_accounts.home / "book.vcf"
    card.write_text("BEGIN:VCARD\nVERSION:3.0\nFN:Ada Moss\nBDAY:1985-04-15\nEND:VCARD\n")
    done = with_accounts("import", "demo", card, "--json")
    assert done.code == 0
    assert done.facts["totals"]["unmatched_birthdays"] == 1
    assert "Dagster cannot be told" in done.err


def test_unmatched_birthdays_are_settled_by_a_reviewed_table_and_by_name(with_accounts: CommandLine) -> None:
    """The page is written, filled in and handed back, as a member does it; then one entry is decided by itself."""
    folder = with_accounts.home
    (folder / "Connections.csv").write_text(
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
        "Robert,Moss,https://www.linkedin.com/in/bob,,,,08 Feb 2026\n"
        "Cle,Dahl,https://www.linkedin.com/in/cle,,,,08 Feb 2026\n"
    )
    (folder / "book.vcf").write_text(
        "".join(f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nBDAY:--0412\nEND:VCARD\n" for name in ("Aunt Jo", "Bob Moss"))
    )
    assert with_accounts("import", "demo", folder / "Connections.csv", folder / "book.vcf").code == 0
    table = list(csv.DictReader(io.StringIO(with_accounts("birthdays", "list", "demo", "--unmatched", "--csv").out)))
    assert [row["name"] for row in table] == ["Aunt Jo", "Bob Moss"]
    for row, decision in zip(table, ("none", "bob"), strict=True):
        row["decision"] = decision
    with (folder / "reviewed.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(table[0]))
        writer.writeheader()
        writer.writerows(table)
    settled = with_accounts("birthdays", "settle", "demo", "--file", folder / "reviewed.csv")
    assert "2 settled, 0 taken back; 1 birthdays have found their contact" in settled.out
    assert set(birthdays(with_accounts)) == {"bob"}

    aunt, bob = (row["entry"] for row in table)
    assert with_accounts("birthdays", "settle", "demo", bob, "--undo").code == 0
    assert with_accounts("birthdays", "settle", "demo", aunt, "--contact", "cle", "--json").facts["settled"] == 1
    assert set(birthdays(with_accounts)) == {"cle"}
    assert with_accounts("birthdays", "settle", "demo", aunt).code == 2
    assert with_accounts("birthdays", "settle", "demo", aunt, "--contact", "nowhere").refused_with("nowhere")
    assert set(birthdays(with_accounts)) == {"cle"}

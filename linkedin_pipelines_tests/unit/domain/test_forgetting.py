"""Marks know a person again, tell nobody who it is, and leave everybody else alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from linkedin_pipelines.db.models import Base
from linkedin_pipelines.domain.forgetting import FORGOTTEN, Forgotten, Marker, Traces
from linkedin_pipelines.services.contacts.mentions import holds, overwrite

DAY = date(2026, 2, 8)
TRACES = Traces(
    slugs=frozenset({"ada-byron-1"}),
    emails=frozenset({"ada@example.org"}),
    names=frozenset({"Ada Byron, PhD"}),
    shared_names=frozenset({"Ada King"}),
    connections=frozenset({("ada byron", DAY)}),
)
MARKER = Marker(b"k" * 32)
ADA = Forgotten(MARKER, MARKER.of(TRACES))


def test_marks_hold_no_word_of_the_person() -> None:
    marks = repr(MARKER.of(TRACES)).casefold()
    assert not any(word in marks for word in ("ada", "byron", "king", "example"))
    assert MARKER.of(TRACES) != Marker(b"x" * 32).of(TRACES), "without the key nothing can be tried out"


def test_a_connection_is_known_by_any_one_thing_that_tells_it() -> None:
    assert ADA.connection("ada-byron-1", None, "Another Name", None)
    assert ADA.connection("new-address", "Ada@Example.org", "Another Name", None)
    assert ADA.connection("new-address", None, "ADA BYRON", DAY)
    assert ADA.connection(None, None, "Ada Byron", None)


def test_namesakes_are_other_people() -> None:
    assert not ADA.connection("ada-byron-2", "ada@elsewhere.org", "Ada Byron", date(2020, 1, 1))
    assert not ADA.connection(None, None, "Ada King", None)
    assert ADA.shares_name("ada king")
    assert not ADA.name("ada king")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Ada Byron wrote", f"{FORGOTTEN} wrote"),
        ("Byron,Ada,https://x/in/ada-byron-1/", f"{FORGOTTEN},https://x/in/{FORGOTTEN}/"),
        ("mail <ADA@example.org>!", f"mail <{FORGOTTEN}>!"),
        ("/in/ada%2Dbyron%2D1", FORGOTTEN),
        ("Ada met Lord Byron", "Ada met Lord Byron"),
        ("Ada King", "Ada King"),
        ("", ""),
    ],
)
def test_words_of_theirs_are_taken_out_of_a_text(text: str, masked: str) -> None:
    assert ADA.masked(text) == masked
    assert ADA.mentions(text) == (text != masked)


def test_a_name_or_address_of_one_common_word_is_looked_for_in_no_text() -> None:
    cher = Forgotten(MARKER, MARKER.of(Traces(slugs=frozenset({"cher"}), names=frozenset({"Cher"}))))
    assert cher.masked("Mon cher ami") == "Mon cher ami"
    assert cher.masked("see /in/cher") == f"see /{FORGOTTEN}"
    assert cher.profile("cher")
    assert cher.name("cher")


def test_nobody_is_known_without_marks_and_no_key_is_needed() -> None:
    assert not Forgotten()
    assert Forgotten().masked("Ada Byron") == "Ada Byron"
    with pytest.raises(ValueError, match="key"):
        Forgotten(None, MARKER.of(TRACES))


def test_a_log_is_overwritten_in_place_and_stays_as_long(tmp_path: Path) -> None:
    log = tmp_path / "errors.log"
    before = '{"who": "Ada Byron", "at": "é"}\nnothing here\n{"mail": "ada@example.org"}\n'
    log.write_text(before, "utf-8")
    assert overwrite(log, ADA, really=False)
    assert log.read_text("utf-8") == before
    assert overwrite(log, ADA, really=True)
    assert log.read_text("utf-8") == '{"who": "xxx xxxxx", "at": "é"}\nnothing here\n{"mail": "xxx@xxxxxxx.xxx"}\n'
    assert not holds(log, ADA)


def test_every_table_is_one_of_which_forgetting_knows_what_to_do() -> None:
    """A new table goes onto this list once `db.erasing` erases what it holds of a person, or it holds nothing."""
    assert set(Base.metadata.tables) == {
        "account_breakers",
        "account_changes",
        "account_leases",
        "accounts",
        "approval_links",
        "birthday_decisions",
        "birthday_lists",
        "birthday_records",
        "browser_sessions",
        "canary_sights",
        "contact_aliases",
        "contacts",
        "forgettings",
        "forgotten_marks",
        "contact_moments",
        "hand_sent_wishes",
        "imports",
        "interactions",
        "invitation_snapshots",
        "launch_requests",
        "moment_readings",
        "legacy_contacts",
        "legacy_imports",
        "legacy_rows",
        "linkedin_selectors",
        "list_approvals",
        "list_decisions",
        "list_entries",
        "metric_values",
        "notice_deliveries",
        "notices",
        "occasion_holds",
        "people_searches",
        "plan_approvals",
        "reconciled_threads",
        "refused_rows",
        "run_heartbeats",
        "search_results",
        "sent_invitations",
        "site_readings",
        "sourced_profiles",
        "sources",
        "stop_requests",
    }

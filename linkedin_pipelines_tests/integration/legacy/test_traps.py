"""What databases of the reference product hold that would mislead an import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger.holds import held_occasions
from linkedin_pipelines.db.ledger.spending import used_in_week
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.legacy.importing import decide_hold, holds_of, undo
from linkedin_pipelines.services.privacy.opting_out import set_do_not_contact
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.legacy.taking_over import DATA, NOW, build, dump, prepared, rows_of, take_over

_V2 = (
    "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, profile_url TEXT, birth_date DATE, status TEXT)",
    "CREATE TABLE interactions (id INTEGER PRIMARY KEY, contact_id INT, type TEXT, status TEXT, payload, created_at)",
    "INSERT INTO contacts VALUES (1, 'Ada Mill', 'https://www.linkedin.com/in/ada-mill', NULL, 'new')",
)
_COLUMNS = "id INTEGER PRIMARY KEY, contact_id, contact_name, message_text, sent_at, is_late, days_late, script_mode"
_V1 = (
    "CREATE TABLE contacts (id INTEGER PRIMARY KEY, name TEXT, linkedin_url TEXT)",
    f"CREATE TABLE birthday_messages ({_COLUMNS})",
)


@pytest.fixture
def database(sqlite_url: str) -> Database:
    return prepared(sqlite_url, connections=False)[0]


def _sent(row_id: int, payload: str, status: str = "success", kind: str = "birthday_sent") -> str:
    day = f"2026-0{1 + row_id % 9}-10 08:00:00"
    return f"INSERT INTO interactions VALUES ({row_id}, 1, '{kind}', '{status}', {payload}, '{day}')"


@pytest.mark.parametrize(
    ("payload", "status"),
    [
        ("NULL", "sent"),
        ("'null'", "sent"),
        ("'{\"dry_run\": false}'", "sent"),
        ("'{\"dry_run\": true}'", "rehearsed"),
        (f"'{json.dumps(json.dumps({'dry_run': True}))}'", "rehearsed"),
        ("'{\"score\": NaN}'", "sent"),
        ('\'{"message": "\\ud83c"}\'', "sent"),
        ("'[1, 2]'", "in_doubt"),
        ("'\"text\"'", "in_doubt"),
        ("'" + "[" * 5000 + "]" * 5000 + "'", "in_doubt"),
        ("x'ff00'", "in_doubt"),
        ("7", "in_doubt"),
        ("'{\"dry_run\": fal'", "in_doubt"),
    ],
)
def test_a_payload_that_nobody_can_read_may_have_been_a_rehearsal(
    database: Database, tmp_path: Path, payload: str, status: str
) -> None:
    done = take_over(database, build(tmp_path / "a.db", *_V2, _sent(1, payload)))
    assert done.rows["interactions"]["1"]["status"] == status


def test_several_visits_of_one_person_in_a_year_all_count(database: Database, tmp_path: Path) -> None:
    visits = [_sent(number, "NULL", kind="visit") for number in range(1, 6)]
    done = take_over(database, build(tmp_path / "a.db", *_V2, *visits))
    assert done.ledger == {"profile_visit": {"sent": 5}}
    with database.reading() as session:
        used = used_in_week(session, 1, InteractionKind.PROFILE_VISIT, NOW.replace(month=3, day=11))
    assert len(used) >= 1


def test_a_repeated_greeting_counts_in_the_week_and_occupies_nothing(database: Database, tmp_path: Path) -> None:
    rows = [
        f"INSERT INTO interactions VALUES ({n}, 1, 'birthday_sent', 'success', NULL, '2026-11-2{n} 08:00:00')"
        for n in (1, 2)
    ]
    done = take_over(database, build(tmp_path / "a.db", *_V2, *rows))
    assert (done.occasions, done.repeats) == (1, 1)
    with database.reading() as session:
        assert len(used_in_week(session, 1, InteractionKind.BIRTHDAY_MESSAGE, NOW)) == 2


def test_a_view_under_a_tables_name_is_not_read_and_triggers_do_not_run(database: Database, tmp_path: Path) -> None:
    view = "CREATE VIEW birthday_messages AS SELECT 1 AS id, 'Ada' AS contact_name, '2026-01-01' AS sent_at"
    trigger = "CREATE TRIGGER t AFTER INSERT ON interactions BEGIN DELETE FROM contacts; END"
    done = take_over(database, build(tmp_path / "a.db", *_V2, view, trigger))
    assert "birthday_messages" not in done.tables
    assert done.tables["contacts"] == {"rows": 1, "imported": 1}


def test_text_that_is_no_utf8_and_other_types_do_not_stop_the_rest(database: Database, tmp_path: Path) -> None:
    path = build(
        tmp_path / "a.db",
        *_V1,
        "INSERT INTO birthday_messages VALUES (1, NULL, CAST(x'41646120ff' AS TEXT), x'00ff', '2026-02-01', 0, 0, 7)",
        "INSERT INTO birthday_messages VALUES (2, 'x', 'Bo Lund', 5, '2026-02-02T08:00:00', 'yes', x'01', 'standard')",
        "INSERT INTO birthday_messages VALUES (3, NULL, 'Cy Moss', 'x', 20260202, 0, 0, NULL)",
    )
    done = take_over(database, path)
    assert done.tables["birthday_messages"] == {"rows": 3, "imported": 2, "refused": 1}
    assert done.reasons["no_time"] == 1


@pytest.mark.parametrize(
    ("zone", "at"),
    [("UTC", "2026-03-29T02:30:00Z"), ("Europe/Paris", "2026-03-29T01:30:00Z")],
)
def test_an_hour_that_never_was_is_read_all_the_same(database: Database, tmp_path: Path, zone: str, at: str) -> None:
    row = "INSERT INTO birthday_messages VALUES (1, NULL, 'Ada Mill', 'x', '2026-03-29T02:30:00', 0, 0, NULL)"
    done = take_over(database, build(tmp_path / "a.db", *_V1, row), zone=zone)
    assert done.rows["birthday_messages"]["1"]["at"] == at


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ((), "no_tables"),
        (("CREATE TABLE notes (id INTEGER, text TEXT)",), "other_schema"),
        (("CREATE TABLE contacts (id INTEGER, name TEXT)",), "other_schema"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(
    database: Database, tmp_path: Path, content: tuple[str, ...], why: str
) -> None:
    path = build(tmp_path / "a.db", "PRAGMA user_version = 1", *content)
    with pytest.raises(RefusedFileError, match=why):
        take_over(database, path)


def test_a_damaged_file_is_refused_whole(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    content = bytearray((DATA / "v2_small.db").read_bytes())
    content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)
    before = dump(database)
    with pytest.raises(RefusedFileError, match="corrupt"):
        take_over(database, path)
    text = tmp_path / "text.db"
    text.write_text("no database at all, but long enough")
    with pytest.raises(RefusedFileError, match="not_sqlite"):
        take_over(database, text)
    assert dump(database) == before


def test_a_name_that_two_bear_is_held_until_the_member_decides(sqlite_url: str) -> None:
    database, _ = prepared(sqlite_url)
    take_over(database, DATA / "v1_small.db")
    held = holds_of(database, "demo")
    assert {hold.slug for hold in held} == {"dario-nunez-000ee6", "dario-nunez-0828bc"}
    keys = [(hold.contact_id, hold.occurrence_year) for hold in held]
    with database.reading() as session:
        assert "Dario Núñez" in held_occasions(session, [held[0].contact_id])[keys[0]]
    decide_hold(database, ManualClock(NOW), "demo", held[0].id, "free")
    with database.reading() as session:
        assert keys[1:] == list(held_occasions(session, [hold.contact_id for hold in held]))


def test_a_later_copy_adds_only_what_is_new_and_each_is_undone_alone(database: Database, tmp_path: Path) -> None:
    row = _sent(1, "NULL")
    empty = dump(database)
    one = take_over(database, build(tmp_path / "a.db", *_V2, row))
    after_one = dump(database)
    two = take_over(database, build(tmp_path / "b.db", *_V2, row, _sent(2, "NULL", kind="visit")))
    assert two.ledger == {"profile_visit": {"sent": 1}}
    assert two.rows["interactions"]["1"]["why"] == "same_row"
    assert two.import_id is not None
    assert one.import_id is not None
    undo(database, ManualClock(NOW), "demo", two.import_id)
    assert dump(database) == after_one
    undo(database, ManualClock(NOW), "demo", one.import_id)
    assert dump(database) == empty


def test_do_not_contact_that_the_member_set_or_lifted_stands(database: Database, tmp_path: Path) -> None:
    block = "CREATE TABLE blacklist (id INTEGER PRIMARY KEY, contact_name TEXT, linkedin_url TEXT, is_active)"
    entry = "INSERT INTO blacklist VALUES (1, 'Ada Mill', '/in/ada-mill', 1)"
    done = take_over(database, build(tmp_path / "a.db", *_V2, block, entry))
    assert done.do_not_contact == ("ada-mill",)
    set_do_not_contact(database, ManualClock(NOW), "demo", "ada-mill", None)
    take_over(database, build(tmp_path / "b.db", *_V2, block, entry, _sent(1, "NULL")))
    [(reason,)] = rows_of(database, "SELECT do_not_contact_reason FROM contacts")
    assert reason is None

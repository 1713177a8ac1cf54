"""The schema has a version; models, migrations and the two databases agree on it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Constraint, Index, inspect, text

from linkedin_pipelines.db.core import migrating, schema
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.core.engine import parse_url
from linkedin_pipelines.db.models import Base
from linkedin_pipelines.errors import ConfigurationError, DatabaseUnavailableError, SchemaError
from linkedin_pipelines_tests.builders import a_contact, an_account


def conditions(index: Any) -> str:
    return " ".join(sorted(f"{name}={value}" for name, value in index.get("dialect_options", {}).items()))


def tables_in_detail(connection: Connection) -> dict[str, Any]:
    """Everything the database itself says of our tables, in a form that can be compared."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": {(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(table)},
            "key": inspector.get_pk_constraint(table),
            "checks": {(c["name"], c["sqltext"]) for c in inspector.get_check_constraints(table)},
            "uniques": {(c["name"], tuple(c["column_names"])) for c in inspector.get_unique_constraints(table)},
            "indexes": {
                (i["name"], tuple(i["column_names"]), bool(i["unique"]), conditions(i))
                for i in inspector.get_indexes(table)
            },
            "references": {
                (k["name"], tuple(k["constrained_columns"]), k["referred_table"], str(k["options"]))
                for k in inspector.get_foreign_keys(table)
            },
        }
        for table in inspector.get_table_names()
        if table != schema.VERSION_TABLE
    }


def test_the_head_that_is_named_and_the_files_are_the_migrations() -> None:
    migrations = ScriptDirectory.from_config(migrating.migrations())
    assert migrations.get_heads() == [schema.HEAD]
    assert {each.revision for each in migrations.walk_revisions()} == schema.revisions()


def test_a_process_that_changes_no_schema_does_without_alembic() -> None:
    listing = "import sys; from linkedin_pipelines.db.core.database import Database; print('alembic' in sys.modules)"
    asked = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    assert asked.stdout.strip() == "False"


def test_a_process_that_finds_the_schema_current_does_without_alembic(sqlite_url: str) -> None:
    """`up` asks for the upgrade at each start, and runs for weeks."""
    listing = (
        "import sys; from linkedin_pipelines.db.core.database import Database; "
        f"Database({sqlite_url!r}).upgrade(); print('alembic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", listing], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_migrations_make_exactly_the_tables_of_the_models(bare_url: str, tmp_path: Path) -> None:
    database = Database(bare_url)
    with database.writing() as session:
        Base.metadata.create_all(session.connection())
        by_models = tables_in_detail(session.connection())
        Base.metadata.drop_all(session.connection())
    database.upgrade()
    with database.reading() as session:
        by_migrations = tables_in_detail(session.connection())
        context = MigrationContext.configure(
            session.connection(), opts={"version_table": schema.VERSION_TABLE, "compare_type": True}
        )
        differences = compare_metadata(context, Base.metadata)
    database.dispose()
    assert by_migrations == by_models
    assert differences == []


def test_every_constraint_has_a_name_that_postgres_does_not_cut() -> None:
    for table in Base.metadata.tables.values():
        things: list[Constraint | Index] = [*table.constraints, *table.indexes]
        for thing in things:
            assert thing.name is not None, thing
            assert len(str(thing.name)) <= 63, thing.name


def test_down_and_up_again_with_rows_in_the_tables(bare_url: str) -> None:
    database = Database(bare_url)
    database.upgrade()
    a_contact(database, an_account(database), "anna-arendt")
    database.downgrade("0002_people")
    with pytest.raises(SchemaError, match=r"is at schema 0002_people, .*`linkedin-pipelines db upgrade` upgrades it"):
        database.require_current_schema()
    database.upgrade()
    database.require_current_schema()
    with database.reading() as session:
        assert session.execute(text("SELECT full_name FROM contacts")).scalars().all() == ["Anna Arendt"]
    database.downgrade("base")
    with database.reading() as session:
        assert set(inspect(session.connection()).get_table_names()) <= {schema.VERSION_TABLE}
    database.dispose()


def test_upgrade_is_repeatable_and_leaves_rows_alone(database: Database) -> None:
    a_contact(database, an_account(database), "anna-arendt")
    database.upgrade()
    database.require_current_schema()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM contacts")).scalar() == 1


def test_a_schema_newer_than_the_program_is_refused_and_left_alone(database: Database) -> None:
    with database.writing() as session:
        session.execute(text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999_future'"))
    for work in (database.require_current_schema, database.upgrade, lambda: database.downgrade("base")):
        with pytest.raises(SchemaError, match="9999_future, which a newer version of this program made"):
            work()
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM accounts")).scalar() == 0


def test_an_empty_database_is_refused_with_the_command_that_makes_it(bare_url: str) -> None:
    database = Database(bare_url)
    with pytest.raises(SchemaError, match="has no tables; `linkedin-pipelines init`"):
        database.require_current_schema()
    if database.file is not None:
        assert not database.file.exists()
    database.dispose()


def test_an_unknown_version_to_go_back_to_is_refused(database: Database) -> None:
    with pytest.raises(SchemaError, match="no schema version '0042_nowhere'"):
        database.downgrade("0042_nowhere")


def test_dagsters_version_table_in_the_same_database_is_not_ours(postgres: Database) -> None:
    with postgres.writing() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        session.execute(text("INSERT INTO alembic_version VALUES ('7e2f3204cf8e')"))
    postgres.upgrade()
    postgres.require_current_schema()


def test_a_failed_upgrade_leaves_nothing_behind(bare_url: str) -> None:
    database = Database(bare_url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE interactions (a INTEGER)"))
    with pytest.raises(Exception, match="interactions"):
        database.upgrade()
    with database.reading() as session:
        assert inspect(session.connection()).get_table_names() == ["interactions"]
    database.dispose()


def test_the_sqlite_file_is_its_owners_alone(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/deep/er/linkedin.db")
    database.upgrade()
    assert database.file is not None
    assert stat.S_IMODE(database.file.stat().st_mode) == 0o600
    database.dispose()


def test_sqlite_survives_a_power_cut_and_checks_references(sqlite: Database) -> None:
    with sqlite.writing() as session:
        names = ("journal_mode", "synchronous", "foreign_keys")
        pragmas = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in names}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_postgres_confirms_commits_and_limits_waits(postgres: Database) -> None:
    with postgres.writing() as session:
        names = ("synchronous_commit", "statement_timeout", "lock_timeout", "transaction_isolation", "timezone")
        found = {name: session.execute(text(f"SHOW {name}")).scalar() for name in names}
    assert found == {
        "synchronous_commit": "on",
        "statement_timeout": "1min",
        "lock_timeout": "30s",
        "transaction_isolation": "read committed",
        "timezone": "UTC",
    }


def test_a_reading_transaction_sees_one_moment_and_writes_nothing(database: Database) -> None:
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM accounts")).scalar() == 0
        an_account(database)
        assert reader.execute(text("SELECT count(*) FROM accounts")).scalar() == 0
    with pytest.raises(DatabaseUnavailableError, match=r"read-?only"), database.reading() as reader:
        reader.execute(text("DELETE FROM accounts"))
    with database.reading() as reader:
        assert reader.execute(text("SELECT count(*) FROM accounts")).scalar() == 1
    an_account(database, "another")
    with pytest.raises(DatabaseUnavailableError, match=r"read-?only"), database.reading() as reader:
        reader.execute(text("DELETE FROM accounts"))


def test_sqlite_keeps_what_it_compiled_from_one_writing_transaction_to_the_next(sqlite: Database) -> None:
    with sqlite.writing() as session:
        raw: Any = session.connection().connection.dbapi_connection
    seen: list[str] = []
    raw.set_trace_callback(seen.append)
    an_account(sqlite)
    assert "BEGIN IMMEDIATE" in seen
    assert not [statement for statement in seen if "PRAGMA" in statement]


def test_writing_inside_writing_is_refused_instead_of_waiting_for_itself(database: Database) -> None:
    with database.writing(), pytest.raises(RuntimeError, match="writing already"), database.writing():
        pass
    with database.writing():
        pass


@pytest.mark.parametrize(
    ("url", "fact"),
    [
        ("postgresql://me:hush@127.0.0.1:1/ledger", "Postgres database ledger at 127.0.0.1:1 cannot be used"),
        ("sqlite:////nonexistent/folder/linkedin.db", "SQLite file /nonexistent/folder/linkedin.db cannot be used"),
    ],
)
def test_an_absent_database_is_one_clear_line_without_the_password(url: str, fact: str) -> None:
    with pytest.raises(DatabaseUnavailableError, match=fact) as caught, Database(url).reading():
        pass
    assert "hush" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("These are my notes, and no database at all. " * 50)
    with pytest.raises(DatabaseUnavailableError, match="file is not a database"):
        Database(f"sqlite:///{tmp_path}/notes.db").require_current_schema()


@pytest.mark.parametrize("url", ["mysql://me:hush@localhost/x", "sqlite://", "sqlite:///:memory:", "hush hush"])
def test_addresses_of_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        parse_url(url)
    assert "hush" not in str(caught.value)


def test_a_missing_table_is_not_called_an_absent_database(bare_url: str) -> None:
    database = Database(bare_url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE other (a INTEGER)"))
    with pytest.raises(Exception, match="nowhere") as caught, database.reading() as session:
        session.execute(text("SELECT * FROM nowhere"))
    assert not isinstance(caught.value, DatabaseUnavailableError)
    database.dispose()


def test_ids_of_erased_people_are_not_given_to_others(sqlite: Database) -> None:
    account = an_account(sqlite)
    first = a_contact(sqlite, account)
    with sqlite.writing() as session:
        session.execute(text("DELETE FROM contacts"))
    assert a_contact(sqlite, account) > first


def test_no_sqlite_below_the_version_that_our_statements_need() -> None:
    assert sqlite3.sqlite_version_info >= (3, 35)

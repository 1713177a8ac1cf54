"""Changing which values a text column's CHECK constraint admits, and other constraints, on both databases.

SQLite cannot alter a constraint, and Alembic's batch mode would lose every other CHECK of the table: it does not see
them. So the table's own statement is taken, the list of values in it replaced, and the rows moved over.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from alembic import op


def replace_values(table: str, column: str, old: Sequence[str], new: Sequence[str]) -> None:
    """Let `column` hold `new` instead of `old`; its constraint is called `ck_<table>_<column>`."""
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, {f"{column} IN ({_listed(old)})": f"{column} IN ({_listed(new)})"})
        return
    name = f"ck_{table}_{column}"
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"{column} IN ({_listed(new)})")


def drop_values(table: str, column: str, values: Sequence[str]) -> None:
    """Let `column` hold any text instead of `values` alone: the set grows, and the code reads what it does not know."""
    name = f"ck_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, {f", \n\tCONSTRAINT {name} CHECK ({column} IN ({_listed(values)}))": ""})
        return
    op.drop_constraint(op.f(name), table, type_="check")


def add_values(table: str, column: str, values: Sequence[str]) -> None:
    """Let `column` hold `values` alone; its rows must hold nothing else by now."""
    name = f"ck_{table}_{column}"
    if op.get_bind().dialect.name == "sqlite":
        rebuild(table, {"\n)": f", \n\tCONSTRAINT {name} CHECK ({column} IN ({_listed(values)}))\n)"})
        return
    op.create_check_constraint(op.f(name), table, f"{column} IN ({_listed(values)})")


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def rebuild(table: str, replacements: Mapping[str, str]) -> None:
    """SQLite: make the table anew from its own statement with parts of it replaced, and move the rows over.

    Each part must occur exactly once, or else the table is not the one that the migration was written for.
    """
    connection = op.get_bind()

    def all_of(query: str) -> list[str]:
        return list(connection.execute(sa.text(query), {"table": table}).scalars())

    def run(statement: str) -> None:
        connection.exec_driver_sql(statement)  # words of ours alone, and a colon in them is no parameter

    [statement] = all_of("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    indexes = all_of("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL")
    highest = all_of("SELECT seq FROM sqlite_sequence WHERE name = :table") if "AUTOINCREMENT" in statement else []
    for old, new in replacements.items():
        if statement.count(old) != 1:
            raise AssertionError(f"table {table} does not hold what this migration replaces: {old!r}")
        statement = statement.replace(old, new)
    head, _, body = statement.partition("(")
    assert head.split()[:2] == ["CREATE", "TABLE"]
    run(f'CREATE TABLE "new_{table}" ({body}')
    run(f'INSERT INTO "new_{table}" SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
    run(f'DROP TABLE "{table}"')
    run(f'ALTER TABLE "new_{table}" RENAME TO "{table}"')
    for index in indexes:
        run(index)
    for seq in highest:  # an id of an erased newest row is never given out again
        run(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")  # noqa: S608
        run(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {int(seq)})")  # noqa: S608

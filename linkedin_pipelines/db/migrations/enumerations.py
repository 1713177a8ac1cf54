"""Changing which values a text column's CHECK constraint admits, on both databases.

SQLite cannot alter a constraint, and Alembic's batch mode would lose every other CHECK of the table: it does not see
them. So the table's own statement is taken, the list of values in it replaced, and the rows moved over.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def replace_values(table: str, column: str, old: Sequence[str], new: Sequence[str]) -> None:
    """Let `column` hold `new` instead of `old`; its constraint is called `ck_<table>_<column>`."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild(table, f"{column} IN ({_listed(old)})", f"{column} IN ({_listed(new)})")
        return
    name = f"ck_{table}_{column}"
    op.drop_constraint(op.f(name), table, type_="check")
    op.create_check_constraint(op.f(name), table, f"{column} IN ({_listed(new)})")


def _listed(values: Sequence[str]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _rebuild(table: str, old: str, new: str) -> None:
    connection = op.get_bind()

    def all_of(query: str) -> list[str]:
        return list(connection.execute(sa.text(query), {"table": table}).scalars())

    def run(statement: str) -> None:
        connection.exec_driver_sql(statement)  # words of ours alone, and a colon in them is no parameter

    [statement] = all_of("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table")
    indexes = all_of("SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table AND sql IS NOT NULL")
    highest = all_of("SELECT seq FROM sqlite_sequence WHERE name = :table") if "AUTOINCREMENT" in statement else []
    if statement.count(old) != 1:
        raise AssertionError(f"table {table} does not hold the constraint that this migration replaces")
    head, _, body = statement.partition("(")
    assert head.split()[:2] == ["CREATE", "TABLE"]
    run(f'CREATE TABLE "new_{table}" ({body.replace(old, new)}')
    run(f'INSERT INTO "new_{table}" SELECT * FROM "{table}"')  # noqa: S608 - a table of ours
    run(f'DROP TABLE "{table}"')
    run(f'ALTER TABLE "new_{table}" RENAME TO "{table}"')
    for index in indexes:
        run(index)
    for seq in highest:  # an id of an erased newest row is never given out again
        run(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")  # noqa: S608
        run(f"INSERT INTO sqlite_sequence (name, seq) VALUES ('{table}', {int(seq)})")  # noqa: S608

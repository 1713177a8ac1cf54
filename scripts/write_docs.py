"""Writes the pages of docs/ that are drawn from the code: the picture of the data's way, and the database's tables.

`make docs` calls it; `unit/test_written_docs.py` fails when a page is no longer what this would write.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from sqlalchemy import Table

from linkedin_pipelines.db.models import Base
from linkedin_pipelines.definitions import build_definitions

DOCS = Path(__file__).resolve().parents[1] / "docs"
BEGIN, END = "<!-- drawn by scripts/write_docs.py -->\n", "<!-- end -->\n"


def screenshot() -> str:
    """The assets and what each is made from, by group, as a Mermaid flow chart."""
    graph = build_definitions().resolve_asset_graph()
    nodes = sorted(graph.asset_nodes, key=lambda node: node.key.to_user_string())
    lines = ["```mermaid", "flowchart LR"]
    for group in sorted({node.group_name for node in nodes}):
        lines.append(f"  subgraph {group}")
        lines += [f"    {_name(node.key)}" for node in nodes if node.group_name == group]
        lines.append("  end")
    for node in nodes:
        lines += [f"  {_name(parent)} --> {_name(node.key)}" for parent in sorted(node.parent_keys)]
    return "\n".join([*lines, "```", ""])


def _name(key: dg.AssetKey) -> str:
    return "_".join(key.path)


def database() -> str:
    """Every table with its purpose, columns, keys, constraints and indexes."""
    head = (
        "# Database\n\n"
        "Written from the models by `make docs`; a test holds it current. SQLite and Postgres have the same tables.\n"
        "Times are UTC. Dagster keeps tables of its own, which are not here.\n"
    )
    mapped = {mapper.local_table: mapper.class_ for mapper in Base.registry.mappers}
    parts = [_table(table, mapped[table]) for table in sorted(Base.metadata.tables.values(), key=lambda one: one.name)]
    return "\n".join([head, *parts])


def _table(table: Table, model: type) -> str:
    """One table's section."""
    purpose = inspect.cleandoc(model.__doc__ or "")
    rows = ["| column | type | null | refers to |", "| --- | --- | --- | --- |"]
    for column in table.columns:
        key = " (key)" if column.primary_key else ""
        targets = ", ".join(sorted(f"`{each.target_fullname}`" for each in column.foreign_keys))
        rows.append(f"| `{column.name}`{key} | {column.type!s} | {'yes' if column.nullable else 'no'} | {targets} |")
    rules = list(_rules(table))
    listed = ["", *rules] if rules else []
    return "\n".join([f"## `{table.name}`", "", purpose, "", *rows, *listed, ""])


def _rules(table: Table) -> Iterator[str]:
    """Unique constraints and indexes, with the condition under which they hold."""
    for constraint in sorted(table.constraints, key=lambda one: str(one.name)):
        if type(constraint).__name__ == "UniqueConstraint":
            yield f"- unique `{constraint.name}`: {', '.join(column.name for column in constraint.columns)}"
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        condition = index.dialect_options["postgresql"].get("where")
        where = f", where {' '.join(str(condition).split())}" if condition is not None else ""
        over = ", ".join(getattr(each, "name", str(each)) for each in index.expressions)
        yield f"- {'unique ' if index.unique else ''}index `{index.name}`: {over}{where}"


def pages() -> dict[Path, str]:
    """What each page should hold; of the architecture only the picture is drawn."""
    architecture = DOCS / "architecture.md"
    before, _, rest = architecture.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return {architecture: before + BEGIN + screenshot() + END + after, DOCS / "database.md": database()}


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
        print(f"{path.name}: {len(text.splitlines())} lines")

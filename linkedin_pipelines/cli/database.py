"""`db`: the database's schema brought to what this version of the program needs."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, as_json, print_json


@click.group("db")
def command() -> None:
    """The database's schema."""


@command.command("upgrade")
@as_json
@click.pass_obj
def upgrade(around: CliContext, *, as_json: bool) -> None:
    """Bring the schema to the newest version; the database is created if there is none.

    `up` does the same when it starts. Take a `backup` first: there is no way back but restoring one.
    """
    with around.database(upgrade=True) as database:
        dialect = database.dialect
    if as_json:
        print_json({"database": dialect, "schema": "current"})
    else:
        click.echo(f"{dialect}, schema current")

"""What every command stands on: settings, the database, the clock, and how facts are printed."""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime, time
from typing import Any, TypeVar

import click
from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.text import Text

from linkedin_pipelines.clock import Clock, SystemClock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.logging import configure_logging
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.settings import Settings

F = TypeVar("F", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
account_argument = click.argument("account")


class Day(click.ParamType[date]):
    """A date on the command line, as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a date like 2026-11-20", param, ctx)


@dataclass(frozen=True)
class CliContext:
    """Handed to every command as click's context object."""

    settings: Settings
    clock: Clock
    debug: bool

    @classmethod
    def prepare(cls, *, debug: bool) -> CliContext:
        """Read the environment and set logging up: warnings and worse, or everything with `--debug`."""
        settings = Settings.from_environment()
        configure_logging(settings.log_format, level="DEBUG" if debug else "WARNING")
        return cls(settings, SystemClock(), debug)

    @contextmanager
    def database(self, *, upgrade: bool = False) -> Iterator[Database]:
        """The database, with the schema that this code needs; `upgrade` brings it there.

        Raises:
            SchemaError: the schema is not the one this code needs.
            DatabaseUnavailableError: there is no reaching the database.
        """
        if upgrade:
            make_home(self.settings)
        database = open_database(self.settings)
        try:
            if upgrade:
                database.upgrade()
            else:
                database.require_current_schema()
            yield database
        finally:
            database.dispose()


def who() -> str:
    """Who gives the order, for audit rows: `cli:<login>`."""
    try:
        return f"cli:{getpass.getuser()}"
    except (OSError, KeyError):  # a user without a name, as in some containers
        return "cli"


def print_json(facts: object) -> None:
    """Facts as JSON on stdout."""
    click.echo(json.dumps(facts, default=_plain, ensure_ascii=False, indent=2))


def print_table(columns: list[str], rows: list[list[object]], *, title: str | None = None) -> None:
    """Facts as a table on stdout; as wide as it needs where nobody looks at a terminal."""
    console = Console(file=sys.stdout, highlight=False)
    if not console.is_terminal:
        console = Console(file=sys.stdout, highlight=False, width=200)
    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        # Text, not str: a name may hold what rich would take for markup
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    console.print(table)


def _plain(value: object) -> object:
    """What JSON has no word of its own for: views become objects, moments and days ISO 8601."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, set | frozenset):
        return sorted(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)

"""`import`: files of the member taken in, at once, without the queue."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.contacts.import_reports import ImportReport
from linkedin_pipelines.services.contacts.imports import import_files


@click.command("import")
@account_argument
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
@click.pass_obj
def command(around: CliContext, *, account: str, files: tuple[Path, ...], as_json: bool) -> None:
    """Import FILES for ACCOUNT: LinkedIn's archive or files of it, vCard, Google or Outlook CSV, iCalendar.

    The same file again changes nothing. Every row that is refused is kept and counted, with its reason.
    """
    with around.database() as database:
        report = import_now(around, database, account, files)
    if as_json:
        print_json(report)
    else:
        click.echo(str(report))


def import_now(around: CliContext, database: Database, account: str, files: Sequence[Path]) -> ImportReport:
    """Import the files, with a bar a file, and let Dagster know.

    Raises:
        UnknownAccountError: there is no such account.
        RefusedFileError: at least one file cannot be trusted; nothing was imported.
    """
    with rows_counted() as progress:
        report = import_files(database, around.clock, account, files, progress=progress)
        _tell_dagster(around, database, report)
    return report


def _tell_dagster(around: CliContext, database: Database, report: ImportReport) -> None:
    """Let the asset `contacts` show the import; that Dagster cannot be told is no failure of the import."""
    home = around.settings.home
    if not (home / "dagster.yaml").is_file():  # a home without an instance, such as one that only imports
        return
    from linkedin_pipelines.orchestrator.materializations import report_contacts

    try:
        report_contacts(home, around.settings, database, around.clock, report)
    except Exception as error:  # noqa: BLE001 -- Dagster's storage raises whatever its driver does
        click.echo(
            f"warning: imported, but Dagster cannot be told ({type(error).__name__}: {error}); "
            "its page of `contacts` shows the state of the last import that it knows",
            err=True,
        )


@contextmanager
def rows_counted() -> Iterator[Callable[[str, int], None]]:
    """A bar a file on stderr; the callable is told the file's name and how many rows of it were read."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.completed} rows"),
        TimeElapsedColumn(),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        tasks = {}

        def tell(name: str, rows: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=None)
            bars.update(tasks[name], completed=rows)

        yield tell

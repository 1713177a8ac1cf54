"""`evidence`: what is kept of pages that were refused, made fit to be shown to others."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from linkedin_pipelines.cli.context import CliContext, Day, account_argument, as_json, print_json


@click.group("evidence")
def command() -> None:
    """What is kept of pages that were refused."""


@command.command("export")
@account_argument
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--date", "day", type=Day(), help="Only what was refused on this day of the account.")
@as_json
@click.pass_obj
def export_command(around: CliContext, *, account: str, folder: Path, day: date | None, as_json: bool) -> None:
    """Write copies of the refused pages of ACCOUNT into a new FOLDER, every name and word of people masked.

    How the pages are built stays, so a report of a defect can stand on them. Pictures are left out: they cannot be
    masked.
    """
    from linkedin_pipelines.services.maintenance.evidence import export_evidence  # loads the browser's labels

    with around.database() as database:
        exported = export_evidence(database, around.settings, account, folder, day)
    if as_json:
        print_json(exported)
    else:
        click.echo(
            f"{len(exported.files)} masked files in {folder}; {exported.screenshots_left_out} screenshots were left out"
        )

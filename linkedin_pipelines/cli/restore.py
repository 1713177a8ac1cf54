"""`restore`: a backup put in the place of the database."""

from __future__ import annotations

from pathlib import Path

import click

from linkedin_pipelines.cli.context import CliContext, as_json, print_json
from linkedin_pipelines.runtime.home import make_home, only_stack
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.maintenance import backups


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_obj
def command(around: CliContext, *, file: Path, yes: bool, as_json: bool) -> None:
    """Replace the database by the backup FILE. Stop the stack first, on every machine.

    Afterwards every account reads its recent conversations before it sends anything, since the backup knows nothing of
    what happened after it was taken.
    """
    make_home(around.settings)
    with only_stack(around.settings.home):
        if not yes:
            click.confirm(f"Replace the database by {file}?", abort=True, err=True)
        database = open_database(around.settings)
        try:
            done = backups.restore_backup(database, around.settings, around.clock, file)
        finally:
            database.dispose()
    if as_json:
        print_json(done)
        return
    click.echo(f"restored {done.restored.path.name} of {done.restored.taken_at:%Y-%m-%d %H:%M} UTC")
    if done.replaced is not None:
        click.echo(f"what was replaced: {done.replaced}")
    if done.forgotten_again:
        click.echo(f"forgotten again, since they had asked to be: {done.forgotten_again} people")
    if done.accounts:
        click.echo(f"read their recent conversations before they send: {', '.join(done.accounts)}")

"""`backup`: a copy of the database, tried out when it is taken."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, as_json, print_json, print_table
from linkedin_pipelines.services.maintenance import backups


@click.command("backup")
@click.option("--keep", type=click.IntRange(min=1), default=backups.KEEP, show_default=True, help="Backups to keep.")
@click.option("--list", "listing", is_flag=True, help="Only show the backups that are kept.")
@as_json
@click.pass_obj
def command(around: CliContext, *, keep: int, listing: bool, as_json: bool) -> None:
    """Copy the database, try the copy out, and let go of the oldest. Runs may go on meanwhile.

    Backups lie in `backups` in the home. They do not hold the session key.
    """
    if listing:
        kept = backups.list_backups(around.settings)
    else:
        with around.database() as database:
            kept = (backups.take_backup(database, around.settings, around.clock, keep=keep),)
    if as_json:
        print_json(kept if listing else kept[0])
        return
    print_table(
        ["file", "taken at", "megabytes", "interactions", "schema"],
        [
            [
                each.path,
                f"{each.taken_at:%Y-%m-%d %H:%M} UTC",
                f"{each.bytes / 1e6:.1f}",
                each.rows.get("interactions", 0),
                each.revision,
            ]
            for each in kept
        ],
    )

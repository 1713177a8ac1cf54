"""`canary`: what the last look at the site's pages saw, and having them looked at again."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.domain.canary import MEANINGS
from linkedin_pipelines.services.actions.canary import ask_again, latest_probes


@click.command("canary")
@account_argument
@click.option("--again", is_flag=True, help="Forget what was seen: the next campaign looks before it acts.")
@as_json
@click.pass_obj
def command(around: CliContext, *, account: str, again: bool, as_json: bool) -> None:
    """Say which elements of the site could be read when they were last looked at for ACCOUNT."""
    with around.database() as database:
        if again:
            ask_again(database, account)
        seen = latest_probes(database, account)
    if as_json:
        print_json(seen)
    elif not seen:
        click.echo("not looked at yet: the next campaign that has somebody to write to looks before it acts")
    else:
        print_table(
            ["element", "", "seen (UTC)", "why", "picture"],
            [
                [
                    MEANINGS[each.element],
                    each.outcome.value,
                    f"{each.checked_at:%Y-%m-%d %H:%M}",
                    each.reason,
                    each.evidence,
                ]
                for each in seen
            ],
        )

"""`contact`: what the member decides about one person."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, account_argument
from linkedin_pipelines.services.privacy.opting_out import set_do_not_contact


@click.group("contact")
def command() -> None:
    """Decide about one person."""


@command.command("do-not-contact")
@account_argument
@click.argument("profile")
@click.option("--reason", help="Why; kept with the mark.")
@click.option("--undo", is_flag=True, help="Take the mark back.")
@click.pass_obj
def do_not_contact(around: CliContext, *, account: str, profile: str, reason: str | None, undo: bool) -> None:
    """Never write to the person of PROFILE (address or slug) from ACCOUNT again; imports do not change that."""
    if undo == bool(reason):
        raise click.UsageError("give a --reason, or --undo to take the mark back")
    with around.database() as database:
        set_do_not_contact(database, around.clock, account, profile, reason)
    click.echo(f"{profile}: may be written to again" if undo else f"{profile}: on do-not-contact")

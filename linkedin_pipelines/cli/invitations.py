"""`invitations`: sent invitations as the page last showed them, and who sent them."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.domain.invitations import Provenance
from linkedin_pipelines.services.invitations.lists import latest_list
from linkedin_pipelines.services.invitations.provenance import mark


@click.group("invitations")
def command() -> None:
    """Sent invitations that wait for an answer."""


@command.command("list")
@account_argument
@as_json
@click.pass_obj
def list_(around: CliContext, *, account: str, as_json: bool) -> None:
    """List the invitations of ACCOUNT as the page last showed them: those to withdraw first."""
    with around.database() as database:
        found = latest_list(database, account)
    if as_json:
        print_json(found)
    elif found is None:
        click.echo("not read yet: `run invitation_cleanup` reads them, and withdraws nothing without --live")
    else:
        print_table(
            ["person", "", "why", "sent by", "profile"],
            [
                [each.full_name, each.outcome.value, each.explanation, each.provenance, each.slug]
                for each in found.entries
            ],
            title=f"{len(found.entries)} invitations wait, read on {found.list_date}",
        )


@command.command("mark")
@account_argument
@click.argument("profiles", nargs=-1, required=True)
@click.option("--by-hand", "provenance", flag_value=Provenance.BY_HAND.value, help="You sent them yourself.")
@click.option("--by-tool", "provenance", flag_value=Provenance.BY_TOOL.value, help="Another tool sent them.")
@click.pass_obj
def mark_(around: CliContext, *, account: str, profiles: tuple[str, ...], provenance: str | None) -> None:
    """Say who sent the invitations of ACCOUNT to PROFILES: those sent by hand are only withdrawn if you ask for it."""
    if provenance is None:
        raise click.UsageError("say --by-hand or --by-tool")
    with around.database() as database:
        slugs = mark(database, account, profiles, Provenance(provenance))
    click.echo(f"{len(slugs)} marked")

"""`sources`: address books, calendars and the member's own data on a service, read beside files."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.importers.portability import OFFICIAL
from linkedin_pipelines.services.contacts import sources


@click.group("sources")
def command() -> None:
    """CardDAV, CalDAV and LinkedIn's own data interface, for an account: read every night, never changed."""


@command.command("add")
@account_argument
@click.argument("name")
@click.argument("url")
@click.option("--user", required=True, help="User name at the server.")
@click.password_option("--password", confirmation_prompt=False, help="Better left out: it is asked for.")
@click.pass_obj
def add(around: CliContext, *, account: str, name: str, url: str, user: str, password: str) -> None:
    """Keep the source at URL for ACCOUNT as NAME, once it could be read. Use an app password where there are such."""
    with around.database() as database:
        found = sources.add_source(database, around.settings, around.clock, account, name, url, user, password)
    for collection in found:
        click.echo(f"{collection.kind}: {collection.url}")


@command.command("add-linkedin")
@account_argument
@click.argument("name")
@click.option("--url", default=OFFICIAL, help="A stand-in on this machine, for trying it out.")
@click.password_option("--token", confirmation_prompt=False, help="Better left out: it is asked for.")
@click.pass_obj
def add_linkedin(around: CliContext, *, account: str, name: str, url: str, token: str) -> None:
    """Keep a token of LinkedIn's Member Data Portability API (EEA and Switzerland) for ACCOUNT as NAME.

    It reads the member's connections and messages, as their archive would have them. Untried on the real service.
    """
    with around.database() as database:
        sources.add_own_data(database, around.settings, around.clock, account, name, token, url)


@command.command("list")
@account_argument
@as_json
@click.pass_obj
def show(around: CliContext, *, account: str, as_json: bool) -> None:
    """The sources of ACCOUNT, without their passwords."""
    with around.database() as database:
        found = sources.list_sources(database, account)
    if as_json:
        print_json(found)
    else:
        rows: list[list[object]] = [
            [one.name, one.kind, one.url, one.username, one.synced_at, one.failure] for one in found
        ]
        print_table(["name", "kind", "address", "user", "last read", "failure"], rows)


@command.command("remove")
@account_argument
@click.argument("name")
@click.pass_obj
def remove(around: CliContext, *, account: str, name: str) -> None:
    """Forget a source and its password; what was imported from it stays."""
    with around.database() as database:
        sources.remove_source(database, account, name)


@command.command("sync")
@account_argument
@as_json
@click.pass_obj
@click.pass_context
def sync(context: click.Context, around: CliContext, *, account: str, as_json: bool) -> None:
    """Read all sources of ACCOUNT now. Exit code 1 if one could not be read."""
    with around.database() as database:
        reports = sources.sync(database, around.settings, around.clock, account)
    if as_json:
        print_json(reports)
    for report in () if as_json else reports:
        click.echo("\n".join([f"{report.name}:", *(f"  {note}" for note in report.notes)]))
        for file in report.files:
            click.echo("\n".join(f"  {line}" for line in file.lines()))
    for report in reports:
        if report.failure:
            click.echo(f"error: {report.name}: {report.failure}", err=True)
    context.exit(1 if any(report.failure for report in reports) else 0)

"""`accounts`: the file mirrored, the accounts listed, one of them paused or resumed."""

from __future__ import annotations

from pathlib import Path

import click

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.cli.context import (
    CliContext,
    account_argument,
    as_json,
    print_json,
    print_table,
    who,
)
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines.services.accounts import registry as services
from linkedin_pipelines.services.accounts.mirroring import note_applied
from linkedin_pipelines.services.accounts.registry import AccountView, AppliedAccounts


@click.group("accounts")
def command() -> None:
    """Mirror accounts.yaml into the database; list, pause and resume accounts."""


@command.command("apply")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@as_json
@click.pass_obj
def apply(around: CliContext, *, file: Path | None, as_json: bool) -> None:
    """Make the database agree with FILE (default: the installation's accounts.yaml).

    An account that is no longer in the file is retired: it sends nothing, and its history stays.
    """
    applied = apply_file(around, file or around.settings.accounts_file)
    if as_json:
        print_json(applied)
    else:
        click.echo(sentence_of(applied))


def apply_file(around: CliContext, path: Path) -> AppliedAccounts:
    """Mirror the file into the database, and give Dagster the accounts' partitions.

    Raises:
        ConfigurationError: the file is wrong, or names a member under another slug; nothing was changed.
    """
    configs = load_accounts_file(path)
    with around.database(upgrade=True) as database:
        applied = services.apply_accounts(database, around.clock, configs, who())
        note_applied(around.settings, path)
    add_partitions(around.settings.home, [config.slug for config in configs])
    return applied


def add_partitions(home: Path, slugs: list[str]) -> None:
    """Give Dagster a partition for each account, where Dagster has been in this home.

    Where it has not, its own sensor adds them after the first `up`.
    """
    if not (home / "dagster.yaml").exists():
        return
    from linkedin_pipelines.orchestrator.partitions import accounts
    from linkedin_pipelines.orchestrator.runs import instance_of

    with instance_of(home) as instance:
        assert accounts.name is not None  # a dimension that is kept in the instance has one
        instance.add_dynamic_partitions(accounts.name, slugs)


def sentence_of(applied: AppliedAccounts) -> str:
    """What the file changed, in words."""
    parts = {
        "created": applied.created,
        "changed": applied.changed,
        "retired": applied.retired,
        "unchanged": applied.unchanged,
    }
    return "; ".join(f"{what}: {', '.join(slugs)}" for what, slugs in parts.items() if slugs) or "no accounts"


@command.command("list")
@click.option("--all", "everyone", is_flag=True, help="Retired accounts too.")
@as_json
@click.pass_obj
def list_(around: CliContext, *, everyone: bool, as_json: bool) -> None:
    """List the accounts as the database has them."""
    with around.database() as database:
        views = services.list_accounts(database, retired=everyone)
    if as_json:
        print_json(views)
        return
    for view in views:
        for sentence in view.config.lowered:
            click.echo(f"{view.slug}: {sentence}; mend accounts.yaml and run `accounts apply`", err=True)
    columns = ["account", "member", "site", "mode", "approval", "hours", "time zone", "state"]
    print_table(columns, [_row(view) for view in views])


def _row(view: AccountView) -> list[object]:
    config = view.config
    member = config.display_name
    return [
        view.slug,
        member,
        config.base_url,
        config.mode,
        config.approval,
        config.hours,
        config.timezone,
        _state(view),
    ]


def _state(view: AccountView) -> str:
    if view.retired:
        return "retired"
    if view.paused:
        return f"paused: {view.pause_reason}"
    return "settles its threads first" if view.settle_first_since else "active"


@command.command("rename")
@click.argument("old")
@click.argument("new")
@click.pass_obj
def rename(around: CliContext, *, old: str, new: str) -> None:
    """Give account OLD the slug NEW, with its ledger and all it knows; then write NEW into accounts.yaml."""
    with around.database() as database:
        services.rename_account(database, around.clock, old, new, who())
    inbox = around.settings.inbox
    if (inbox / old).is_dir() and not (inbox / new).exists():
        (inbox / old).rename(inbox / new)
    add_partitions(around.settings.home, [new])
    click.echo(f"{old} is {new} now; write `slug: {new}` into accounts.yaml")


@command.command("pause")
@account_argument
@click.option("--reason", required=True, help="For whoever reads the account later.")
@click.pass_obj
def pause(around: CliContext, *, account: str, reason: str) -> None:
    """Stop ACCOUNT from sending until it is resumed."""
    with around.database() as database:
        services.pause(database, around.clock, account, reason, who())
    click.echo(f"{account} is paused")


@command.command("resume")
@account_argument
@click.option(
    "--reason",
    default="resumed by hand",
    show_default=True,
    help="What was cleared; for whoever reads the account later.",
)
@click.pass_obj
def resume(around: CliContext, *, account: str, reason: str) -> None:
    """Let ACCOUNT send again, after a pause or a stop sign that you have cleared."""
    with around.database() as database:
        services.resume(database, around.clock, account, reason, who())
    click.echo(f"{account} is resumed")


@command.command("accept-terms")
@account_argument
@click.option("--yes", is_flag=True, help="You have read the notice and take the risk.")
@click.pass_obj
def accept_terms(around: CliContext, *, account: str, yes: bool) -> None:
    """Show the notice that nothing is sent without, and record that you accept it for ACCOUNT; once."""
    with around.database() as database:
        view = with_terms(database, around.clock, account, accepted=yes)
    when = view.terms_accepted_at
    click.echo(f"{account}: accepted on {when:%Y-%m-%d %H:%M} UTC" if when else f"{account}: a sandbox needs no notice")


def with_terms(database: Database, clock: Clock, slug: str, *, accepted: bool) -> AccountView:
    """The account, its notice shown and accepted; once, and not for a sandbox, whose people are invented."""
    view = services.get_account(database, slug)
    if view.config.is_sandbox or view.terms_accepted_at is not None:
        return view
    click.echo(f"{TERMS_NOTICE}\n", err=True)
    if not accepted:
        click.confirm("Do you take that risk?", abort=True, err=True)
    return services.accept_terms(database, clock, slug, who())

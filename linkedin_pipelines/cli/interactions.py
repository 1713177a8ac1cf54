"""`interactions`: what was done, and the member's word on what nobody saw the end of."""

from __future__ import annotations

from datetime import datetime

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table, who
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.actions.decisions import decide, in_doubt
from linkedin_pipelines.services.reporting.reports import interactions_of


@click.group("interactions")
def command() -> None:
    """What was done to whom; decide what is in doubt."""


@command.command("list")
@account_argument
@click.option("--in-doubt", is_flag=True, help="Only sends whose end nobody saw, with the evidence to judge them by.")
@as_json
@click.pass_obj
def list_command(around: CliContext, *, account: str, in_doubt: bool, as_json: bool) -> None:
    """List the interactions of ACCOUNT."""
    if in_doubt:
        _print_doubts(around, account, as_json=as_json)
        return
    with around.database() as database:
        done = interactions_of(database, account)
        zone = get_account(database, account, retired=True).config.zone
    if as_json:
        print_json(done)
    elif not done:
        click.echo(f"no interactions of {account} yet: they come with its first campaign")
    else:
        print_table(
            ["id", "person", "kind", "status", "origin", "reason", f"claimed ({zone})"],
            [
                [
                    each.interaction_id,
                    each.full_name,
                    each.kind,
                    each.status,
                    each.origin,
                    each.reason,
                    f"{each.claimed_at.astimezone(zone):%Y-%m-%d %H:%M}",
                ]
                for each in done
            ],
        )


def _print_doubts(around: CliContext, account: str, *, as_json: bool) -> None:
    with around.database() as database:
        doubts = in_doubt(database, around.settings, account)
    if as_json:
        print_json(doubts)
        return
    print_table(
        ["id", "person", "text", "clicked", "readings", "waits for", "last picture"],
        [
            [
                each.interaction_id,
                f"{each.full_name}\n{each.profile_url}",
                each.text,
                _minute(each.clicked_at or each.claimed_at),
                each.readings,
                "you" if each.waits_for_member else "the next run",
                each.screenshots[-1] if each.screenshots else "",
            ]
            for each in doubts
        ],
    )


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


@command.command("decide")
@account_argument
@click.argument("interaction_id", metavar="ID", type=click.IntRange(min=1))
@click.argument("outcome", type=click.Choice(["sent", "failed"]))
@click.option("--reason", required=True, help="What you saw in the conversation; kept with the row.")
@click.pass_obj
def decide_command(around: CliContext, *, account: str, interaction_id: int, outcome: str, reason: str) -> None:
    """Say what became of interaction ID of ACCOUNT: look into the conversation first.

    `failed` frees the person and the quota, so they may be written to again. Rows in doubt are shown by `interactions
    list ACCOUNT --in-doubt`.
    """
    if not reason.strip():
        raise click.UsageError("--reason must say something")
    with around.database() as database:
        settled = decide(database, around.clock, account, interaction_id, InteractionStatus(outcome), reason, who())
    click.echo(
        f"interaction {interaction_id}: {outcome}"
        if settled
        else f"interaction {interaction_id}: was {outcome} already"
    )

"""`sandbox`: the bundled site alone, for trying things by hand or from other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from linkedin_pipelines.cli.context import CliContext
from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.runtime.signals import ended_by_signal
from linkedin_pipelines.sandbox.scenarios import SCENARIOS, world_of
from linkedin_pipelines.sandbox.server import SandboxServer


@click.command("sandbox")
@click.option("--port", type=click.IntRange(0, 65535), default=8765, show_default=True, help="TCP port; 0: a free one.")
@click.option(
    "--scenario",
    default="demo",
    show_default=True,
    help=f"Who lives there: {', '.join(SCENARIOS)}, or the path of a world's JSON file.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File of the site's record, so that a restart forgets nothing.",
)
@click.option(
    "--from-account",
    help="Contacts of this account live there; Dagster starts too, in a home of its own, to rehearse with them.",
)
@click.pass_obj
def command(around: CliContext, *, port: int, scenario: str, state: Path | None, from_account: str | None) -> None:
    """Run the sandbox: a site on loopback that imitates LinkedIn for invented people; Ctrl-C stops it.

    GET /__sandbox__/deliveries says what was delivered to whom.

    With --from-account it is a trial: your own contacts, today's list, approval and rehearsal in Dagster's UI. Nothing
    reaches LinkedIn or your account's ledger and quotas; the end of the trial erases its copies.
    """
    if from_account is not None:
        if scenario != "demo" or state is not None:
            raise click.UsageError("--from-account goes with --port alone")
        # Loads the whole product, which the site alone does not need.
        from linkedin_pipelines.cli.trial import run_trial

        with ended_by_signal() as ended:
            run_trial(around, from_account, port, ended)
        return
    try:
        world = world_of(scenario, date.today())  # noqa: DTZ011 - the site goes by the machine's own day
        server = SandboxServer(world, port, state)
    except (OSError, ValueError) as error:
        raise ConfigurationError(error.strerror or str(error) if isinstance(error, OSError) else str(error)) from error
    with ended_by_signal() as ended, server:
        accounts = ", ".join(member.account for member in world.members)
        click.echo(f"sandbox at {server.url}, accounts: {accounts}; Ctrl-C stops it")
        ended.wait()

"""`sandbox`: the bundled site alone, for trying things by hand or from other programs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

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
def command(*, port: int, scenario: str, state: Path | None) -> None:
    """Run the sandbox: a site on loopback that imitates LinkedIn for invented people; Ctrl-C stops it.

    GET /__sandbox__/deliveries says what was delivered to whom.
    """
    try:
        world = world_of(scenario, date.today())  # noqa: DTZ011 - the site goes by the machine's own day
        server = SandboxServer(world, port, state)
    except (OSError, ValueError) as error:
        raise ConfigurationError(error.strerror or str(error) if isinstance(error, OSError) else str(error)) from error
    with ended_by_signal() as ended, server:
        accounts = ", ".join(member.account for member in world.members)
        click.echo(f"sandbox at {server.url}, accounts: {accounts}; Ctrl-C stops it")
        ended.wait()

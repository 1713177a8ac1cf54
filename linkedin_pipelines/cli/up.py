"""`up`: the Dagster UI, its daemon and the status server together."""

from __future__ import annotations

import json

import click

from linkedin_pipelines.cli.context import CliContext
from linkedin_pipelines.runtime.signals import ended_by_signal
from linkedin_pipelines.runtime.stack import Stack


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that the UI listens on.")
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="TCP port; 0: a free one.")
@click.option(
    "--status-port",
    type=click.IntRange(0, 65535),
    default=8787,
    show_default=True,
    help="The status server's; 0: free.",
)
@click.pass_obj
def command(around: CliContext, *, host: str, port: int, status_port: int) -> None:
    """Start the Dagster UI, its daemon and the status server; Ctrl-C stops them and whatever they run."""
    with (
        ended_by_signal() as ended,
        Stack(around.settings, ended, host=host, port=port, status_port=status_port) as stack,
    ):
        told = f"up at {stack.url}, status at {stack.status_url}, home {around.settings.home}; Ctrl-C stops it"
        _say(around, "up", told, url=stack.url, status_url=stack.status_url)
        stack.wait()
        _say(around, "stopping", "stopping; a run under way finishes the person it is at")


def _say(around: CliContext, event: str, told: str, **facts: str) -> None:
    """Tell the member, or whatever reads JSON lines."""
    if around.settings.log_format == "json":
        moment = around.clock.now().isoformat(timespec="seconds")
        told = json.dumps({"event": event, "level": "info", "process": "up", "timestamp": moment, **facts})
    click.echo(told)

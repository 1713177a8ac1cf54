"""`up`: the Dagster UI and its daemon together."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.signals import ended_by_signal
from linkedin_pipelines.cli.stack import Stack
from linkedin_pipelines.cli.surroundings import Surroundings


@click.command("up")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that the UI listens on.")
@click.option("--port", type=click.IntRange(0, 65535), default=3000, show_default=True, help="TCP port; 0: a free one.")
@click.pass_obj
def command(around: Surroundings, *, host: str, port: int) -> None:
    """Start the Dagster UI and its daemon; Ctrl-C stops both and whatever they run."""
    with ended_by_signal() as ended, Stack(around.settings, ended, host=host, port=port) as stack:
        click.echo(f"up at {stack.url}, home {around.settings.home}; Ctrl-C stops it")
        stack.wait()
        click.echo("stopping; a run under way finishes the person it is at")

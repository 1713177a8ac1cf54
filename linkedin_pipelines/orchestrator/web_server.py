"""Dagster's web server behind our guard: `python -m linkedin_pipelines.orchestrator.web_server --workspace FILE`.

Dagster's own command offers no place for the guard, so its application is built and served here in the way that command
does it (dagster-webserver 1.13, `cli.py`). Whoever starts `dagster-webserver` instead has no guard.
"""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

import click
import dagster as dg
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster._utils.log import configure_loggers
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.version import __version__

from linkedin_pipelines.logging import configure_logging
from linkedin_pipelines.orchestrator import migration_scripts
from linkedin_pipelines.runtime.listening import serve
from linkedin_pipelines.runtime.web_guard import WebGuard
from linkedin_pipelines.settings import Settings

_STATEMENT_MILLISECONDS = 15_000
_POOL_RECYCLE_SECONDS = 3600
_POOL_OVERFLOW = 5
"""Dagster's own 20 a database would take 63 connections of a Postgres server that admits 100."""
_POLL_MILLISECONDS = 2000
"""How often the UI asks for news."""


@click.command()
@click.option("--workspace", type=click.Path(path_type=Path, exists=True, dir_okay=False), required=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(1, 65535), default=3000, show_default=True)
@click.option("--fd", "descriptor", type=click.IntRange(3), help="Descriptor of a bound socket, instead of --port.")
@click.option("--allow-host", multiple=True, help="Name under which other services of the deployment reach this one.")
@click.option("--log-level", default="warning", show_default=True)
@click.option("--log-format", type=click.Choice(["colored", "json", "rich"]), default="colored", show_default=True)
def command(
    *,
    workspace: Path,
    host: str,
    port: int,
    descriptor: int | None,
    allow_host: tuple[str, ...],
    log_level: str,
    log_format: str,
) -> None:
    """Serve the Dagster UI of the instance in DAGSTER_HOME, to this installation's own pages and programs alone."""
    settings = Settings.from_environment()
    configure_loggers(formatter=log_format, log_level=log_level.upper())
    configure_logging(settings.log_format, level=log_level.upper())
    for name in ("dagster", "dagster-webserver"):
        logging.getLogger(name).propagate = False  # they have a handler of their own
    with contextlib.ExitStack() as stack:
        instance = stack.enter_context(dg.DagsterInstance.get())
        migration_scripts.read_once()  # each launch makes a database of events, whose revision is compared
        instance.optimize_for_webserver(_STATEMENT_MILLISECONDS, _POOL_RECYCLE_SECONDS, _POOL_OVERFLOW)
        process = stack.enter_context(
            WorkspaceProcessContext(
                instance,
                version=__version__,
                read_only=False,
                workspace_load_target=WorkspaceFileTarget([str(workspace)]),
            )
        )
        app = create_app_from_workspace_process_context(process, "", _POLL_MILLISECONDS)
        serve(WebGuard(app, {host, *allow_host, *settings.allowed_hosts}), host, port, descriptor)


if __name__ == "__main__":
    command()

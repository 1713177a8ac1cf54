"""`python -m linkedin_pipelines.status_server`: the status server as a process of its own."""

from __future__ import annotations

import click

from linkedin_pipelines.clock import SystemClock
from linkedin_pipelines.logging import configure_logging
from linkedin_pipelines.runtime.listening import serve
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.settings import Settings
from linkedin_pipelines.status_server.app import create_app
from linkedin_pipelines.status_server.graphql import DagsterWeb


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8787, show_default=True, help="TCP port.")
@click.option("--fd", "descriptor", type=click.IntRange(3), help="Descriptor of a bound socket, instead of --port.")
@click.option("--web-server", help="Address of Dagster's web server; without it Dagster is not watched.")
def main(*, host: str, port: int, descriptor: int | None, web_server: str | None) -> None:
    """Serve health, readiness, metrics and the read API until SIGTERM."""
    settings = Settings.from_environment()
    configure_logging(settings.log_format, level="INFO")
    database = open_database(settings)
    try:
        app = create_app(settings, database, SystemClock(), DagsterWeb(web_server) if web_server else None)
        serve(app, host, port, descriptor, access_log=False, server_header=False)
    finally:
        database.dispose()


if __name__ == "__main__":
    main()

"""`demo`: the main job, end to end, on the bundled sandbox: files in, a list, an approval, wishes, and their proof."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from pathlib import Path

import click
from rich.console import Console

from linkedin_pipelines.cli.context import CliContext
from linkedin_pipelines.cli.demo.home import ACCOUNT, DemoHome
from linkedin_pipelines.cli.demo.outcome import print_outcome
from linkedin_pipelines.cli.separate_home import clean_environment
from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines.errors import LinkedInPipelinesError
from linkedin_pipelines.runtime.signals import ended_by_signal
from linkedin_pipelines.runtime.stack import Stack
from linkedin_pipelines.sandbox.demo import DemoMember, demo_world
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.settings import checkout


class DemoError(LinkedInPipelinesError):
    """The demo did not come to its end; says where to look."""


@click.command("demo")
@click.option(
    "--home",
    type=click.Path(path_type=Path, file_okay=False),
    default=lambda: (checkout() or Path.cwd()) / ".demo",
    help="Folder of the demo's own installation; default: .demo in the checkout, or where you are.",
)
@click.pass_context
def command(context: click.Context, *, home: Path) -> None:
    """Run the main job on the bundled sandbox and print what became of everybody.

    A second demo on the same day sends nothing, and says why for each person. Another day begins anew.
    """
    around: CliContext = context.obj
    click.echo("This is a sandbox: every person is invented, and nothing leaves this machine.")
    click.echo(f"For real use you should know:\n{TERMS_NOTICE}\n")
    began = datetime.now(UTC)
    today = began.date()
    with ended_by_signal() as ended:
        demo = DemoHome.prepare(home.resolve(), today, around.settings)
        # The member's clock, the account's and the site's all go by UTC, so that they agree on which day it is.
        world = demo_world(today, [DemoMember(ACCOUNT, timezone="UTC")])
        with SandboxServer(world, state=demo.sandbox_state) as sandbox:
            failures = _run(demo, sandbox.url, today, ended)
            deliveries = demo.deliveries(sandbox.url)
    database = open_database(demo.settings)
    try:
        agrees = print_outcome(database, today, began, deliveries)
    finally:
        database.dispose()
    for line in failures:
        click.echo(f"error: {line} (see {demo.logs})", err=True)
    if failures or not agrees:
        context.exit(1)


def _run(demo: DemoHome, site: str, today: date, ended: threading.Event) -> list[str]:
    """Carry out the job through the real queue; what failed in it."""
    steps = Console(stderr=True)
    with steps.status("starting Dagster") as status:
        demo.furnish(site)
        with Stack(
            demo.settings, ended, port=0, status_port=0, logs=demo.logs, environment=clean_environment()
        ) as stack:
            from linkedin_pipelines.orchestrator.runs import (
                Launcher,
                configuration_of,
                failures_of,
                held_because,
                tags_of,
            )

            def pause(seconds: float) -> None:
                stack.require_alive()
                if ended.wait(seconds):
                    raise KeyboardInterrupt

            click.echo(f"up: sandbox {site}, Dagster {stack.url}, logs {demo.logs}")
            launcher = Launcher(demo.home)
            for job, live in (("import_contacts", False), ("read_birthdays", False), ("birthday_campaign", True)):
                status.update(f"{job} runs")
                run = launcher.launch(job, tags_of(demo.home, job, ACCOUNT, today), configuration_of(job, live=live))
                run = launcher.wait(run, pause)
                click.echo(f"{job}: {run.status.lower()}")
                if run.succeeded and (held := held_because(demo.home, run.run_id)):
                    return held
                if not run.succeeded:
                    return failures_of(demo.home, run.run_id) or [f"{job} ended as {run.status.lower()}"]
    return []

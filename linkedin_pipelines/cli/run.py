"""`run`: one run of a job, through the queue of the instance that is up."""

from __future__ import annotations

from datetime import date

import click
from rich.console import Console

from linkedin_pipelines.cli.surroundings import Day, Surroundings, as_json, print_json
from linkedin_pipelines.services.accounts import get_account


@click.command("run")
@click.argument("job")
@click.option("--account", required=True, help="Slug of the account to run for.")
@click.option("--date", "day", type=Day(), help="Day of the campaign; default: the account's today.")
@click.option("--live", is_flag=True, help="Really send, if the account's mode is live too; else a rehearsal.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Stay until the run has ended.")
@as_json
@click.pass_context
def command(
    context: click.Context, *, job: str, account: str, day: date | None, live: bool, wait: bool, as_json: bool
) -> None:
    """Launch JOB for an account, and say how it ended.

    Exit code 0: the run succeeded, or, with --no-wait, was queued.
    """
    around: Surroundings = context.obj
    with around.database() as database:
        zone = get_account(database, account).config.zone
    from linkedin_pipelines.cli.runs import Launcher, configuration_of, failures_of, tags_of

    launcher = Launcher(around.settings.home)
    config = configuration_of(job, live=live)
    tags = tags_of(around.settings.home, job, account, day or around.clock.now().astimezone(zone).date())
    run = launcher.launch(job, tags, config)
    if wait:
        with Console(stderr=True).status(f"{job} runs as {run.page}"):
            run = launcher.wait(run)
    if as_json:
        print_json(run)
    else:
        click.echo(f"{run.status.lower()}: {run.page}")
    if wait and not run.succeeded:
        for line in failures_of(around.settings.home, run.run_id):
            click.echo(f"error: {line}", err=True)
        context.exit(1)

"""`run`: one run of a job, through the queue of the instance that is up."""

from __future__ import annotations

from datetime import date

import click
from rich.console import Console

from linkedin_pipelines.cli.context import CliContext, Day, as_json, print_json, print_table
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.reporting.reports import campaign_report


@click.command("run")
@click.argument("job")
@click.option("--account", required=True, help="Slug of the account to run for.")
@click.option(
    "--date", "day", type=Day(), help="Day of the campaign, or any day of the month; default: the account's today."
)
@click.option("--live", is_flag=True, help="Really send, if the account's mode is live too; else a rehearsal.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Stay until the run has ended.")
@as_json
@click.pass_context
def command(
    context: click.Context, *, job: str, account: str, day: date | None, live: bool, wait: bool, as_json: bool
) -> None:
    """Launch JOB for an account, and say how it ended.

    JOB is birthday_campaign, import_contacts, read_birthdays, sourcing_campaign, invitation_cleanup, moments_campaign,
    report_month, upkeep, account_checks or backup. A birthday campaign ends with what became of everybody on its list.
    For an account with manual approval it stops after the list: approve that in the UI, at approved_messages.

    Exit code 0: the run succeeded and its campaign came to its end, or, with --no-wait, was queued.
    """
    around: CliContext = context.obj
    with around.database() as database:
        zone = get_account(database, account).config.zone
    from linkedin_pipelines.orchestrator.runs import Launcher, configuration_of, failures_of, held_because, tags_of

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
    if wait and not as_json and job == "birthday_campaign":
        with around.database() as database:
            day_of_run = date.fromisoformat(tags["dagster/partition/date"])
            print_outcome(database, around.clock, account, day_of_run, ui=run.page.partition("/runs/")[0])
    if wait:
        home = around.settings.home
        problems = held_because(home, run.run_id) if run.succeeded else failures_of(home, run.run_id)
        for line in problems:
            click.echo(f"error: {line}", err=True)
        if problems or not run.succeeded:
            context.exit(1)


def print_outcome(database: Database, clock: Clock, account: str, day: date, *, ui: str) -> None:
    """What became of everybody on the day's list, as the evening's report has it; `ui` is Dagster's address."""
    report = campaign_report(database, clock, account, day)
    if report.people:
        print_table(
            ["person", "birthday", "outcome", "why, or the words"],
            [[each.full_name, each.occurs_on, each.status, each.explanation or each.text] for each in report.people],
            title=f"{account}, {day}, {report.mode}",
        )
    click.echo(report.summary)
    if report.people and not report.approved:
        click.echo(
            f"nobody approved the list of {day} yet: read it at {ui}/assets/birthday_list, approve it by materializing "
            f"{ui}/assets/approved_messages for that day and {account}"
        )

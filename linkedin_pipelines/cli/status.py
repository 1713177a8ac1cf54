"""`status`: how accounts stand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from linkedin_pipelines.cli.context import CliContext, as_json, print_json
from linkedin_pipelines.domain.canary import MEANINGS
from linkedin_pipelines.services.accounts.registry import get_account, list_accounts
from linkedin_pipelines.services.maintenance.event_log import event_log_bytes
from linkedin_pipelines.services.reporting.calendar_feed import secret_of
from linkedin_pipelines.services.reporting.status import StatusView, account_status


@click.command("status")
@click.argument("account", required=False)
@as_json
@click.option("--calendar", is_flag=True, help="Print the secret path of ACCOUNT's birthday feed instead.")
@click.pass_obj
def command(around: CliContext, *, account: str | None, as_json: bool, calendar: bool) -> None:
    """Say how ACCOUNT (default: each) stands: what it may do, what holds it up, what waits for you."""
    if calendar:
        if account is None:
            raise click.UsageError("--calendar needs an ACCOUNT: each has a feed of its own")
        with around.database() as database:
            found = get_account(database, account)
        path = f"/calendar/{secret_of(around.settings, found.slug)}.ics"
        if as_json:
            print_json({"account": found.slug, "path": path})
        else:
            click.echo(path)
        return
    with around.database() as database:
        slugs = [account] if account else [view.slug for view in list_accounts(database)]
        size = event_log_bytes(database, around.settings.home)
        views = [replace(account_status(database, around.clock, slug), event_log_bytes=size) for slug in slugs]
    if as_json:
        print_json(views[0] if account else views)
    elif not views:
        click.echo("no accounts: fill accounts.yaml and run `accounts apply`")
    else:
        click.echo("\n\n".join("\n".join(lines_of(view, around.settings.evidence)) for view in views))
        if size is not None:
            click.echo(f"\nDagster's event log: {size / 1_000_000:.1f} MB")


def lines_of(view: StatusView, evidence: Path) -> Iterator[str]:
    """How an account stands, line by line; `evidence` is the folder of the screenshots."""
    yield f"{view.slug}: {view.display_name} on {view.site}, {view.mode}, approval {view.approval}"
    zone = ZoneInfo(view.timezone)
    opening = "open now" if view.open_now else f"opens {view.next_opening.astimezone(zone):%Y-%m-%d %H:%M}"
    yield f"  hours     {view.hours} {view.timezone}, {opening} (there it is {view.local_time})"
    breaker = view.breaker
    yield f"  breaker   {', '.join(filter(None, [breaker.state, breaker.stop_sign, breaker.cause]))}"
    if breaker.evidence is not None:
        yield f"  picture   {evidence / breaker.evidence}"
    yield f"  session   {_session(view)}"
    for quota in view.quotas:
        yield f"  quota     {quota.kind}: {quota.bars}"
    people = ", ".join(f"{count} {status}" for status, count in view.contacts.items())
    yield f"  people    {people}; {view.birthdays} birthdays, {view.do_not_contact} on do-not-contact"
    for probed in view.unreadable:
        where = f" ({evidence / probed.evidence})" if probed.evidence else ""
        yield f"  canary    {MEANINGS[probed.element]} cannot be read{where}: {probed.reason}"
    yield f"  catch-up  {view.catch_up_page.text}"
    if view.last_import_at is not None:
        yield f"  import    {view.last_import_file}, {view.last_import_at.astimezone(zone):%Y-%m-%d %H:%M}"
    if view.lease is not None:
        yield f"  at work   run {view.lease.holder}"
    for doubt in view.in_doubt:
        claimed = f"{doubt.claimed_at.astimezone(zone):%Y-%m-%d %H:%M}"
        yield f"  in doubt  {doubt.full_name}, claimed {claimed}: {doubt.explanation or ''}"
    if view.today is not None:
        yield f"  today     {view.today}"
    if view.settle_first_reason is not None:
        yield f"  first     conversations are read before anything is sent: {view.settle_first_reason}"
    for wait in view.waits_for:
        yield f"  waits for you: {wait}"


def _session(view: StatusView) -> str:
    if view.session is None:
        return "none"
    ends = f", until {view.session.expires_at:%Y-%m-%d}" if view.session.expires_at else ""
    return f"stored {view.session.stored_at:%Y-%m-%d}{ends}"

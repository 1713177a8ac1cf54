"""`status`: how accounts stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from linkedin_pipelines.cli.surroundings import Surroundings, as_json, print_json
from linkedin_pipelines.domain.canary import MEANINGS
from linkedin_pipelines.services.accounts import list_accounts
from linkedin_pipelines.services.status import StatusView, account_status


@click.command("status")
@click.argument("account", required=False)
@as_json
@click.pass_obj
def command(around: Surroundings, *, account: str | None, as_json: bool) -> None:
    """Say how ACCOUNT (default: each) stands: what it may do, what holds it up, what waits for you."""
    with around.database() as database:
        slugs = [account] if account else [view.slug for view in list_accounts(database)]
        views = [account_status(database, around.clock, slug) for slug in slugs]
    if as_json:
        print_json(views[0] if account else views)
    elif not views:
        click.echo("no accounts: fill accounts.yaml and run `accounts apply`")
    else:
        click.echo("\n\n".join("\n".join(lines_of(view, around.settings.evidence)) for view in views))


def lines_of(view: StatusView, evidence: Path) -> Iterator[str]:
    """How an account stands, line by line; `evidence` is the folder of the pictures."""
    yield f"{view.slug}: {view.display_name} on {view.site}, {view.mode}, approval {view.approval}"
    opening = "open now" if view.open_now else f"opens {view.next_opening:%Y-%m-%d %H:%M}"
    yield f"  hours     {view.hours} {view.timezone}, {opening} (there it is {view.local_time})"
    breaker = view.breaker
    yield f"  breaker   {', '.join(filter(None, [breaker.state, breaker.stop_sign, breaker.cause]))}"
    if breaker.evidence is not None:
        yield f"  picture   {evidence / breaker.evidence}"
    yield f"  session   {_session(view)}"
    for quota in view.quotas:
        yield f"  quota     {quota.kind}: {quota.text}"
    people = ", ".join(f"{count} {status}" for status, count in view.contacts.items())
    yield f"  people    {people}; {view.birthdays} birthdays, {view.do_not_contact} on do-not-contact"
    for sight in view.unreadable:
        where = f" ({evidence / sight.evidence})" if sight.evidence else ""
        yield f"  canary    {MEANINGS[sight.element]} cannot be read{where}: {sight.reason}"
    yield f"  catch-up  {view.catch_up_page.text}"
    if view.last_import_at is not None:
        yield f"  import    {view.last_import_file}, {view.last_import_at:%Y-%m-%d %H:%M} UTC"
    if view.lease is not None:
        yield f"  at work   run {view.lease.holder}"
    for doubt in view.in_doubt:
        yield f"  in doubt  {doubt.full_name}, claimed {doubt.claimed_at:%Y-%m-%d %H:%M} UTC: {doubt.explanation or ''}"
    for wait in view.waits_for:
        yield f"  waits for you: {wait}"


def _session(view: StatusView) -> str:
    if view.session is None:
        return "none"
    ends = f", until {view.session.expires_at:%Y-%m-%d}" if view.session.expires_at else ""
    return f"stored {view.session.stored_at:%Y-%m-%d}{ends}"

"""`stops`: replies like "please stop" that wait for the member's decision."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.services.privacy.opting_out import decide_stop_request, undecided_stop_requests


@click.command("stops")
@account_argument
@click.option("--accept", metavar="PROFILE", help="They meant it: leave this person alone from now on.")
@click.option("--decline", metavar="PROFILE", help="They did not: this person may be wished again.")
@as_json
@click.pass_obj
def command(around: CliContext, *, account: str, accept: str | None, decline: str | None, as_json: bool) -> None:
    """List the replies of ACCOUNT that may ask to stop, or decide one by profile address or slug.

    Until you decide, their writers are left out of every list.
    """
    if accept and decline:
        raise click.UsageError("--accept and --decline go one at a time")
    with around.database() as database:
        if person := accept or decline:
            decided = decide_stop_request(database, around.clock, account, person, accept=bool(accept))
        waiting = undecided_stop_requests(database, account)
    if as_json:
        print_json(waiting)
    elif person:
        done = "accepted, on do-not-contact" if accept else "declined"
        click.echo(f"{person}: {done}" if decided else f"{person}: nothing was waiting")
    else:
        print_table(
            ["person", "profile", "said at", "words"],
            [[each.full_name, each.slug, f"{each.said_at:%Y-%m-%d %H:%M}", each.excerpt] for each in waiting],
        )

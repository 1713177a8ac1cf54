"""`notices`: what the member and the operator were told, and a message to try the channels with."""

from __future__ import annotations

import click

from linkedin_pipelines.cli.context import CliContext, as_json, print_json, print_table
from linkedin_pipelines.errors import ConfigurationError, NoticeNotSentError
from linkedin_pipelines.services.notices.overview import latest_notices, try_channels


@click.command("notices")
@click.option("--test", "test", is_flag=True, help="Send a message by every channel that is set up.")
@as_json
@click.pass_obj
def command(around: CliContext, *, test: bool, as_json: bool) -> None:
    """List the newest notices, or try the channels: e-mail, webhook, Apprise (docs/notices.md)."""
    with around.database() as database:
        if test:
            tried = try_channels(database, around.settings, around.clock)
            if as_json:
                print_json(tried)
            for each in tried if not as_json else ():
                click.echo(f"{each.channel}: {each.failure or f'sent to {each.to}'}")
            if not tried:
                raise ConfigurationError("no channel is set up: LINKEDIN_SMTP_URL or LINKEDIN_NOTICE_WEBHOOK does that")
            if failures := [each.failure for each in tried if each.failure]:
                raise NoticeNotSentError("; ".join(failures))
            return
        found = latest_notices(database)
    if as_json:
        print_json(found)
    else:
        print_table(
            ["account", "notice", "since", "over"],
            [
                [each.account, each.title, f"{each.since:%Y-%m-%d %H:%M}", each.over and f"{each.over:%Y-%m-%d %H:%M}"]
                for each in found
            ],
        )

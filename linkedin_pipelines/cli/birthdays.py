"""`birthdays`: who has a birthday, as the files and pages say, and where they contradict each other."""

from __future__ import annotations

from datetime import date

import click

from linkedin_pipelines.cli.surroundings import Day, Surroundings, account_argument, as_json, print_json, print_table
from linkedin_pipelines.services.accounts import get_account
from linkedin_pipelines.services.disputes import disputed_birthdays
from linkedin_pipelines.services.imports import list_birthdays


@click.command("birthdays")
@account_argument
@click.option("--date", "day", type=Day(), help="First day; default: the account's today.")
@click.option("--days", type=click.IntRange(1, 366), default=1, show_default=True, help="How many days from there.")
@click.option("--all", "everyone", is_flag=True, help="Every birthday that is known, whatever the day.")
@click.option("--disputed", is_flag=True, help="Only people whose sources name different days, and what each says.")
@as_json
@click.pass_obj
def command(
    around: Surroundings,
    *,
    account: str,
    day: date | None,
    days: int,
    everyone: bool,
    disputed: bool,
    as_json: bool,
) -> None:
    """List the birthdays that are known of ACCOUNT's contacts."""
    if everyone and day is not None:
        raise click.UsageError("--all lists every birthday, so it goes without --date")
    if disputed:
        if everyone or day is not None:
            raise click.UsageError("--disputed lists every dispute, so it goes without --date and --all")
        _print_disputes(around, account, as_json=as_json)
        return
    with around.database() as database:
        zone = get_account(database, account).config.zone
        start = None if everyone else day or around.clock.now().astimezone(zone).date()
        rows = list_birthdays(database, account, on=start, days=days, everyone=everyone)
    if as_json:
        keys = ("slug", "name", "month", "day", "year", "source")
        print_json([{key: getattr(row, key) for key in keys} for row in rows])
        return
    print_table(
        ["name", "profile", "birthday", "source"],
        [[row.name, row.slug, _when(row.month, row.day, row.year), row.source] for row in rows],
    )


def _print_disputes(around: Surroundings, account: str, *, as_json: bool) -> None:
    with around.database() as database:
        disputes = disputed_birthdays(database, account)
    if as_json:
        print_json(disputes)
        return
    print_table(
        ["name", "profile", "birthday", "source", "seen"],
        [
            [
                dispute.name,
                dispute.slug,
                _when(one.month, one.day, None),
                one.source,
                f"{one.seen_at:%Y-%m-%d}" if one.seen_at else "",
            ]
            for dispute in disputes
            for one in dispute.statements
        ],
    )


def _when(month: int, day: int, year: int | None) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}" if year else f"{month:02d}-{day:02d}"

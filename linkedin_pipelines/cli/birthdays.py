"""`birthdays`: who has a birthday, as the files and pages say, and where they contradict each other."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from linkedin_pipelines.cli.context import CliContext, Day, account_argument, as_json, print_json, print_table, who
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.birthdays.list_amendments import (
    contact_of,
    leave_out,
    take_back_in,
    write_own_text,
)
from linkedin_pipelines.services.contacts.disputes import disputed_birthdays
from linkedin_pipelines.services.contacts.imports import list_birthdays
from linkedin_pipelines.services.contacts.unmatched import (
    NO_CONTACT,
    RULES,
    as_csv,
    read_decisions,
    settle,
    unmatched_entries,
)


class _ListedByDefault(click.Group):
    """`birthdays ACCOUNT` lists; `birthdays settle ACCOUNT` is another command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in {*self.commands, "--help"}:
            args = ["list", *args]
        return super().parse_args(ctx, args)


@click.group("birthdays", cls=_ListedByDefault)
def command() -> None:
    """List the birthdays that are known, settle whose the doubtful ones are, or change a day's list by hand.

    `birthdays ACCOUNT` is short for `birthdays list ACCOUNT`.
    """


@command.command("settle")
@account_argument
@click.argument("entry", required=False)
@click.option("--contact", metavar="SLUG", help="The connection whose birthday it is.")
@click.option("--nobody", "no_contact", is_flag=True, help="It is of none of your connections.")
@click.option("--undo", is_flag=True, help="Take the decision back; the rules decide again.")
@click.option(
    "--file",
    "reviewed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A table that `--unmatched --csv` wrote, with its column `decision` filled in.",
)
@as_json
@click.pass_obj
def settle_command(
    around: CliContext,
    *,
    account: str,
    entry: str | None,
    contact: str | None,
    no_contact: bool,
    undo: bool,
    reviewed: Path | None,
    as_json: bool,
) -> None:
    """Settle whose birthday an ENTRY of ACCOUNT's files is. The decision outlives every later import."""
    if (entry is None) is (reviewed is None) or (entry is not None) != (bool(contact) + no_contact + undo == 1):
        raise click.UsageError("name an ENTRY and one of --contact, --nobody and --undo; or hand in a --file")
    if reviewed is not None:
        decided = read_decisions(reviewed.read_text("utf-8-sig"))
    else:
        decided = {str(entry): contact or (NO_CONTACT if no_contact else RULES)}
    with around.database() as database:
        report = settle(database, around.clock, account, decided)
    if as_json:
        print_json(report)
    else:
        click.echo(
            f"{account}: {report.settled} settled, {report.taken_back} taken back; "
            f"{report.matched} birthdays have found their contact"
        )


@command.command("amend")
@account_argument
@click.argument("profile")
@click.option("--date", "day", type=Day(), help="Date of the list; default: the account's today.")
@click.option("--leave-out", "why", metavar="REASON", help="Do not wish the person for this birthday, on any list.")
@click.option("--take-back", is_flag=True, help="Undo --leave-out.")
@click.option("--words", metavar="TEXT", help="Send these words instead of ours, on this list.")
@as_json
@click.pass_obj
def amend_command(
    around: CliContext,
    *,
    account: str,
    profile: str,
    day: date | None,
    why: str | None,
    take_back: bool,
    words: str | None,
    as_json: bool,
) -> None:
    """Change ACCOUNT's list for the person of PROFILE (address or slug). The list is built anew and needs a new yes.

    What is decided here outlives every later build of the list.
    """
    if (why is not None) + take_back + (words is not None) != 1:
        raise click.UsageError("give one of --leave-out REASON, --take-back and --words TEXT")
    with around.database() as database:
        zone = get_account(database, account).config.zone
        on = day or around.clock.now().astimezone(zone).date()
        contact = contact_of(database, account, profile)
        if why is not None:
            view = leave_out(database, around.clock, account, on, contact, why, who()[:64])
        elif words is not None:
            view = write_own_text(database, around.clock, account, on, contact, words, who()[:64])
        else:
            view = take_back_in(database, around.clock, account, on, contact, who()[:64])
    entries = [entry for entry in view.entries if entry.contact_id == contact]
    if as_json:
        print_json(entries)
        return
    for entry in entries:
        click.echo(f"{entry.full_name}, {on}: {entry.outcome.value}. {entry.explanation or entry.body or ''}")
    click.echo("Read the list again and approve it: an earlier approval does not cover it.")


@command.command("list")
@account_argument
@click.option("--date", "day", type=Day(), help="First day; default: the account's today.")
@click.option("--days", type=click.IntRange(1, 366), default=1, show_default=True, help="How many days from there.")
@click.option("--all", "everyone", is_flag=True, help="Every birthday that is known, whatever the day.")
@click.option("--disputed", is_flag=True, help="Only people whose sources name different days, and what each says.")
@click.option("--unmatched", is_flag=True, help="Only birthdays without a contact, and whose they may be.")
@click.option("--csv", "as_table", is_flag=True, help="With --unmatched: a table to review and hand to `settle`.")
@as_json
@click.pass_obj
def list_command(
    around: CliContext,
    *,
    account: str,
    day: date | None,
    days: int,
    everyone: bool,
    disputed: bool,
    unmatched: bool,
    as_table: bool,
    as_json: bool,
) -> None:
    """List the birthdays that are known of ACCOUNT's contacts."""
    if everyone and day is not None:
        raise click.UsageError("--all lists every birthday, so it goes without --date")
    if as_table and not unmatched:
        raise click.UsageError("--csv goes with --unmatched")
    if unmatched:
        if everyone or disputed or day is not None:
            raise click.UsageError("--unmatched lists every unmatched birthday, so it goes alone")
        _print_unmatched(around, account, as_json=as_json, as_table=as_table)
        return
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


def _print_unmatched(around: CliContext, account: str, *, as_json: bool, as_table: bool) -> None:
    with around.database() as database:
        entries = unmatched_entries(database, account)
    if as_json:
        print_json([each.model_dump() for each in entries])
    elif as_table:
        click.echo(as_csv(entries), nl=False)
    else:
        print_table(
            ["entry", "name", "birthday", "source", "why", "may be"],
            [
                [
                    each.entry,
                    each.name,
                    each.date,
                    each.source,
                    each.reason,
                    ", ".join(f"{person.name} ({person.key})" for person in each.likeliest),
                ]
                for each in entries
            ],
        )


def _print_disputes(around: CliContext, account: str, *, as_json: bool) -> None:
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

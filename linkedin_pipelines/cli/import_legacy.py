"""`import-legacy`: take over from the reference product, undo that, and decide on namesakes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.services.legacy import importing
from linkedin_pipelines.services.legacy.reports import LegacyReport


@click.command("import-legacy")
@account_argument
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--plan/--apply", "plan", default=True, help="Only say what would happen (the default), or do it.")
@click.option("--zone", default="UTC", help="Zone of times written without one. [default: UTC]")
@click.option("--undo", type=click.IntRange(min=1), metavar="ID", help="Take import ID back.")
@click.option("--holds", is_flag=True, help="List birthdays that wait for your word on who was wished.")
@click.option("--decide", nargs=2, type=(int, click.Choice(["wished", "free"])), metavar="HOLD wished|free")
@as_json
@click.pass_obj
def command(
    around: CliContext,
    *,
    account: str,
    file: Path | None,
    plan: bool,
    zone: str,
    undo: int | None,
    holds: bool,
    decide: tuple[int, str] | None,
    as_json: bool,
) -> None:
    """Import the database FILE of the product used before into ACCOUNT; its log is read too, and nothing is written.

    Every row is accounted for: imported, merged, refused with its reason, or kept out. Without FILE the imports that
    were done are listed.
    """
    if sum((file is not None, undo is not None, holds, decide is not None)) > 1:
        raise click.UsageError("give FILE, --undo, --holds or --decide, one at a time")
    with around.database() as database:
        if undo is not None:
            importing.undo(database, around.clock, account, undo)
            click.echo(f"import {undo} of account {account} was taken back")
        elif decide is not None:
            importing.decide_hold(database, around.clock, account, *decide)
            click.echo(f"held birthday {decide[0]}: {decide[1]}")
        elif holds:
            found = importing.holds_of(database, account)
            if as_json:
                print_json(found)
                return
            print_table(
                ["id", "person", "profile", "year", "decision", "why"],
                [[h.id, h.full_name, h.slug, h.occurrence_year, h.decision or "yours", h.explanation] for h in found],
            )
        elif file is None:
            done = importing.imports_of(database, account)
            if as_json:
                print_json(done)
                return
            print_table(
                ["id", "file", "schema", "zone", "imported"],
                [[d.id, d.file_name, d.schema, d.zone, f"{d.imported_at:%Y-%m-%d %H:%M} UTC"] for d in done],
            )
        else:
            report = importing.import_legacy(database, around.clock, account, file, zone=zone, apply=not plan)
            if as_json:
                print_json(report)
                return
            _print(report)


def _print(report: LegacyReport) -> None:
    columns = ["rows", "imported", "merged", "refused", "kept_out"]
    print_table(
        ["table", *columns],
        [[table, *(counts.get(column, 0) for column in columns)] for table, counts in report.tables.items()],
        title=f"{report.file}: {report.schema}, {report.outcome}",
    )
    click.echo("\n".join(_lines(report)))


def _lines(report: LegacyReport) -> Iterator[str]:
    if report.outcome == "already_imported":
        yield f"already imported on {report.imported_at:%Y-%m-%d %H:%M} UTC as {report.import_id}; nothing changed"
        return
    for why, count in report.reasons.items():
        yield f"  {count} {why}"
    for kind, statuses in report.ledger.items():
        yield f"ledger: {kind}: " + ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
    yield f"{report.occasions} birthdays are occupied; {report.repeats} greetings were repeats of them"
    yield (
        f"{report.rows_without_zone} times have no zone and were read as {report.naive_zone}; "
        f"{report.rows_that_change_their_day} of them change their day under the account's own zone (--zone)"
    )
    if report.do_not_contact:
        yield f"do-not-contact: {len(report.do_not_contact)} contacts"
    if report.held:
        yield f"{report.held} birthdays are held: several connections bear the name (--holds, --decide)"
    if report.settle_first:
        yield "some greetings failed without proof: recent conversations are read before anything is sent"
    yield from (f"note: {note}" for note in report.notes)
    if report.outcome == "planned":
        yield "nothing was changed; --apply does it"
    else:
        yield f"imported as {report.import_id}; `--undo {report.import_id}` takes it back"

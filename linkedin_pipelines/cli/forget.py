"""`forget`: a person erased, everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import click

from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json, print_table
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.services.maintenance.backups import KEEP
from linkedin_pipelines.services.privacy.forgetting import ForgettingView, forget


@click.command("forget")
@account_argument
@click.argument("person")
@click.option("--rehearsal", is_flag=True, help="Only say what would be erased.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@as_json
@click.pass_obj
def command(around: CliContext, *, account: str, person: str, rehearsal: bool, yes: bool, as_json: bool) -> None:
    """Erase PERSON (profile address or slug) from everything that ACCOUNT keeps, for good.

    What stays: marks that tell nobody's name, so that no file brings the person back, and rows of the ledger without
    name and text, so that limits are kept. Cut off half-way, it is finished by the same order given again.
    """
    from linkedin_pipelines.orchestrator.forgotten_runs import DagsterHistory
    from linkedin_pipelines.orchestrator.runs import instance_of

    make_home(around.settings)
    with around.database() as database, instance_of(around.settings.home) as instance:
        history = DagsterHistory(instance, around.settings.home)

        def carry_out(*, rehearse: bool) -> ForgettingView:
            return forget(database, around.settings, around.clock, account, person, history, rehearsal=rehearse)

        if not rehearsal and not yes:
            click.echo("\n".join(_lines(carry_out(rehearse=True), around)), err=True)
            given = click.prompt("There is no way back. Type the person's address again", err=True)
            if given.strip() != person.strip():
                raise click.UsageError("that is not the address given first; nothing was erased")
        view = carry_out(rehearse=rehearsal)
    if as_json:
        print_json(view)
        return
    print_table(["place", "would be erased" if view.rehearsal else "erased"], list(_places(view)))
    click.echo("\n".join(_lines(view, around)))


def _places(view: ForgettingView) -> Iterator[list[object]]:
    yield from ([f"database: {place}", count] for place, count in view.rows.items())
    yield from ([f"files: {place}", count] for place, count in view.files.items())
    yield ["Dagster: runs that show the person, with their logs", view.runs]


def _lines(view: ForgettingView, around: CliContext) -> Iterator[str]:
    if view.known_before:
        yield "this person was forgotten before; whatever was left undone then is part of this"
    if view.rehearsal:
        told = sum(view.rows.values()), sum(view.files.values()), view.runs
        yield "to be erased: {} rows, {} files, {} runs of Dagster".format(*told)
    if view.backups:
        last = (around.clock.now() + timedelta(days=KEEP)).date()
        yield (
            f"{len(view.backups)} backups from before may still hold the person; with one a night the last of them is "
            f"gone by {last}, with `backup --keep 1` at once. A restore of one of them forgets the person again."
        )
    for path in view.to_review:
        yield f"this file could not be looked into; see for yourself: {path}"
    for other in view.other_accounts:
        yield f"account {other} knows the same profile: `forget {other} …` is an order of its own"

"""The table of what things cost: `python -m linkedin_pipelines_tests.bench`."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Iterator
from pathlib import Path

import click

from linkedin_pipelines_tests import scratch
from linkedin_pipelines_tests.bench import claims, crowds, imports, installed, ledger, lists, messages, reads, starts
from linkedin_pipelines_tests.bench.figures import Figure, table
from linkedin_pipelines_tests.doubles import ManualClock

NOT_HERE = {
    "all messages of 100 accounts, and the read API beside them": "`make load`",
    "`make test`": "tells its own time, and its slowest tests",
}
"""Rows that the table does not have, and why."""
GROUPS = ("ledger", "claims", "lists", "reads", "starts", "messages", "imports", "installed", "crowds")
REST_MINUTES, HURRIED_MINUTES = 2.0, 2.0


def figures_of(group: str, folder: Path, *, tiny: bool) -> Iterator[Figure]:
    """The figures of one group; a `tiny` one shows that the bench works, and no more."""
    clock = ManualClock()
    turns, fewer = (1, 1) if tiny else (5, 3)  # fewer where a turn takes long
    match group:
        case "ledger":
            small, large = (100, 200) if tiny else (10_000, 500_000)
            yield from ledger.figures(folder, clock, small=small, large=large, turns=turns)
        case "claims":
            yield from claims.figures(folder, clock, processes=2 if tiny else 8, accounts=1 if tiny else 4, turns=fewer)
        case "lists":
            yield from lists.figures(folder, clock, people=800 if tiny else 1_000_000, turns=fewer)
        case "reads":
            yield from reads.figures(folder, clock, interactions=200 if tiny else 1_000_000, turns=3 * turns)
        case "starts":
            yield from starts.figures(folder, turns=fewer)
        case "messages":
            yield from messages.figures(folder, clock, turns=0 if tiny else turns)
        case "imports":
            people, without, million = (200, 100, 600) if tiny else (100_000, 30_000, 1_000_000)
            yield from imports.figures(folder, people=people, without=without, million=million, turns=fewer)
            yield imports.refused_bomb(folder, lines=200_000 if tiny else 8_000_000)
        case "installed" if not tiny:
            yield from installed.figures(folder, turns=2, minutes=REST_MINUTES, hurried_minutes=HURRIED_MINUTES)
        case "crowds" if not tiny:
            yield from crowds.figures(folder, accounts=100)


@click.command()
@click.option("--tiny", is_flag=True, help="Sizes at which the figures mean nothing: whether the bench works.")
@click.option(
    "--only", multiple=True, type=click.Choice(GROUPS), help="Groups of figures to measure; all, if not given."
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the figures as JSON.")
def main(*, tiny: bool, only: tuple[str, ...], out: Path | None) -> None:
    """Measure, print the table, write the JSON."""
    folder = scratch.make()
    begun = time.monotonic()
    try:
        figures: list[Figure] = []
        for group in only or GROUPS:
            (folder / group).mkdir()
            for one in figures_of(group, folder / group, tiny=tiny):
                figures.append(one)
                at = f"{time.monotonic() - begun:4.0f} s"
                click.echo(f"{at}: {one.name}: {one.ratio:.2f} ({one.lowest:.2f} to {one.highest:.2f})", err=True)
    finally:
        scratch.remove_at_exit(folder)
    click.echo(table(figures))
    click.echo("\nnot measured here:")
    for name, why in NOT_HERE.items():
        click.echo(f"  {name}: {why}")
    if out is not None:
        machine = {"system": platform.platform(), "processor": platform.machine(), "python": platform.python_version()}
        out.write_text(json.dumps({"machine": machine, "figures": [one.as_json() for one in figures]}, indent=2) + "\n")


if __name__ == "__main__":
    main()

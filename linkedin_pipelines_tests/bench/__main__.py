"""The table of what things cost: `python -m linkedin_pipelines_tests.bench`."""

from __future__ import annotations

import importlib.util
import json
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from linkedin_pipelines_tests.bench import ledger, lists, messages, starts
from linkedin_pipelines_tests.bench.figures import Figure, from_elsewhere, table
from linkedin_pipelines_tests.doubles import ManualClock

NOT_HERE = {
    "a run besides its messages, launch to first page": "needs `up` with its daemon and queue, minutes of wall time",
    "claims and settles a second by 8 processes": "two cores measure the scheduler; tests count statements",
    "`up` at rest, resting for hours": "needs hours",
    "launching 100 accounts, their memory": "needs a machine with the memory of 14 browsers",
    "`make test`": "tells its own slowest tests",
}
"""Rows that the table does not have, and why."""


def all_figures(folder: Path, *, tiny: bool) -> Iterator[Figure]:
    """Every figure, one after the other."""
    clock = ManualClock()
    turns = 1 if tiny else 5
    yield from ledger.figures(folder, clock, small=100 if tiny else 10_000, large=200 if tiny else 500_000, turns=turns)
    yield from lists.figures(folder, clock, people=800 if tiny else 1_000_000, turns=turns)
    yield from starts.figures(folder, turns=turns)
    yield from messages.figures(folder, clock, turns=0 if tiny else turns)
    if importlib.util.find_spec("linkedin_pipelines_tests.bench.imports") is not None:
        imports = importlib.import_module("linkedin_pipelines_tests.bench.imports")
        yield from_elsewhere(imports.new_rows(*([200] if tiny else [])))
        yield from_elsewhere(imports.same_people(*([200] if tiny else [])))
        yield from_elsewhere(imports.without_addresses(*([100, 200] if tiny else [])))
        if not tiny:
            yield from_elsewhere(imports.without_addresses(beside=1_000_000))
            yield from_elsewhere(imports.refused_bomb())


@click.command()
@click.option("--tiny", is_flag=True, help="Sizes at which the figures mean nothing: whether the bench works.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File for the figures as JSON.")
def main(*, tiny: bool, out: Path | None) -> None:
    """Measure, print the table, write the JSON."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    try:
        figures: list[Figure] = []
        for one in all_figures(folder, tiny=tiny):
            figures.append(one)
            click.echo(f"measured: {one.name}: {one.ratio:.2f} ({one.lowest:.2f} to {one.highest:.2f})", err=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    click.echo(table(figures))
    click.echo("\nnot measured here:")
    for name, why in NOT_HERE.items():
        click.echo(f"  {name}: {why}")
    if out is not None:
        machine = {"system": platform.platform(), "processor": platform.machine(), "python": platform.python_version()}
        out.write_text(json.dumps({"machine": machine, "figures": [one.as_json() for one in figures]}, indent=2) + "\n")


if __name__ == "__main__":
    main()

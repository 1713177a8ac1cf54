"""`python -m linkedin_pipelines_tests.mutations`: send one message on each of many mutated sites, and judge each.

Seeds are dealt out to lanes, processes with a browser and a sandbox of their own. A seed depends on nothing but itself
and is played again with the command that is printed where it went wrong.
"""

from __future__ import annotations

import argparse
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from io import StringIO

import click
from rich.console import Console
from rich.table import Table

from linkedin_pipelines_tests.lanes import lines_of
from linkedin_pipelines_tests.mutations.play import Played, play_all, reason
from linkedin_pipelines_tests.readings import refusals

AGAIN = "python -m linkedin_pipelines_tests.mutations --only"


def main() -> int:
    """Play; 0 if nothing was wrong."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    asked = _arguments()
    if asked.only:
        return _lane(asked.only)
    begun = time.monotonic()
    seeds = range(asked.first, asked.first + asked.seeds)
    lanes = [seeds[lane :: asked.lanes] for lane in range(min(asked.lanes, len(seeds)))]
    command = [sys.executable, "-m", "linkedin_pipelines_tests.mutations", "--only"]
    started = [subprocess.Popen([*command, *map(str, lane)], stdout=subprocess.PIPE, text=True) for lane in lanes]
    played: list[Played] = []
    try:
        for line in lines_of(started):
            played.append(Played.from_json(line))
            _tell(played, len(seeds))
    finally:
        for process in started:
            process.terminate()
        codes = [process.wait() for process in started]
        click.echo(table(played, time.monotonic() - begun))
    if lost := len(seeds) - len(played):
        click.echo(f"{lost} seeds were not played (exit codes {codes})")
    return int(bool(lost) or any(each.wrong for each in played))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m linkedin_pipelines_tests.mutations", description=__doc__)
    parser.add_argument("--seeds", type=int, default=60, help="how many")
    parser.add_argument("--first", type=int, default=0, help="the first of them")
    parser.add_argument("--lanes", type=int, default=2)
    parser.add_argument("--only", type=int, nargs="+", help="play these here, a line of JSON each")
    return parser.parse_args()


def _lane(seeds: Sequence[int]) -> int:
    wrong = False
    for played in play_all(seeds):
        click.echo(played.to_json())
        sys.stdout.flush()
        wrong = wrong or bool(played.wrong)
    return int(wrong)


def _tell(played: list[Played], of: int) -> None:
    last = played[-1]
    if last.wrong:
        click.echo(f"seed {last.seed} ({last.kind}) WRONG: {last.wrong}; again: {AGAIN} {last.seed}")
    if len(played) % 100 == 0:
        click.echo(f"{len(played)} of {of} seeds, {sum(each.said == 'sent' for each in played)} sent and proven")


def table(played: Sequence[Played], seconds: float) -> str:
    """What became of the seeds, by outcome and reason."""
    shown = Table("outcome", "reason", "seeds", "share", title="mutated pages")
    outcomes = Counter((each.said, reason(each)) for each in played)
    for (said, why), count in sorted(outcomes.items(), key=lambda row: (row[0][0] != "sent", row[0][0], -row[1])):
        shown.add_row(said, why or "proven", str(count), f"{count / len(played):.1%}")
    text = StringIO()
    console = Console(file=text, width=160)
    console.print(shown)
    told = Counter(each.said for each in played)
    delivered = sum(each.delivered for each in played)
    console.print(
        f"{len(played)} seeds in {seconds:.0f} s. {delivered} delivered "
        f"({delivered / max(1, len(played)):.1%}): {told['sent']} said sent, {told['in_doubt']} said in doubt of which "
        f"{sum(each.delivered for each in played if each.said == 'in_doubt')} were delivered. "
        f"{told['failed']} refused. Wrong: {sum(bool(each.wrong) for each in played)}."
    )
    console.print("refused, by which reading")
    for line in refusals(each.why for each in played if each.said == "failed"):
        console.print(line, markup=False, highlight=False)
    return text.getvalue()


if __name__ == "__main__":
    sys.exit(main())

"""`python -m linkedin_pipelines_tests.hosts`: two hosts on one Postgres, one of them without its cable for a minute.

Needs root, `ip`, and for clocks that are off libfaketime. Scenes are dealt out to lanes, which are processes of their
own with two namespaces and a database server each. A scene that went wrong is played again with `--only NUMBER`.
"""

from __future__ import annotations

import argparse
import secrets
import shutil
import signal
import subprocess
import sys
import time
import traceback

import click

from linkedin_pipelines_tests import scratch
from linkedin_pipelines_tests.hosts.namespaces import two_hosts, why_not_here
from linkedin_pipelines_tests.hosts.rounds import FAKETIME, HostsRound
from linkedin_pipelines_tests.hosts.scenes import scenes
from linkedin_pipelines_tests.hosts.stage import SharedPostgres
from linkedin_pipelines_tests.lanes import lines_of
from linkedin_pipelines_tests.torture.played import Played


def main() -> int:
    """Play; 0 if nothing was wrong."""
    asked = _arguments()
    if asked.lane:
        return _lane(asked)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if (reason := why_not_here()) is not None:
        raise SystemExit(f"cannot be played on this machine: {reason}")
    numbers = asked.only or range(len(scenes(asked.seconds)))
    click.echo(
        f"seed {asked.seed}, {len(numbers)} scenes, each cable out for {asked.seconds:g} s; "
        + (f"clocks by {FAKETIME}" if FAKETIME else "no libfaketime here: no clock is off")
    )
    folder, begun = scratch.make(), time.monotonic()
    command = [sys.executable, "-m", __spec__.parent, "--lane", "--seed", asked.seed, "--seconds", str(asked.seconds)]
    started = [
        subprocess.Popen(
            [*command, "--only", *map(str, list(numbers)[lane :: asked.lanes])], stdout=subprocess.PIPE, text=True
        )
        for lane in range(min(asked.lanes, len(numbers)))
    ]
    played: list[Played] = []
    try:
        for line in lines_of(started):
            played.append(Played.from_json(line))
            _tell(played[-1])
    finally:
        for process in started:
            process.terminate()
        codes = [process.wait() for process in started]
    books = [each.books for each in played]
    click.echo(
        f"{sum(each.kills.total() for each in played)} scenes played, "
        f"{sum(each.missed.total() for each in played)} ended before their step, {time.monotonic() - begun:.0f} s; "
        f"{sum(one.deliveries for one in books)} delivered, {sum(one.settled for one in books)} settled by reading. "
        f"Wrong: {sum(len(each.wrong) for each in played)}."
    )
    if lost := len(numbers) - len(played):
        click.echo(f"{lost} scenes did not come to their end (exit codes {codes})")
    if lost or any(each.wrong for each in played):
        return 1  # the folder stays: the logs in it tell why
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.parent}", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long a cable is out")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="text; chosen and printed if left out")
    parser.add_argument("--lanes", type=int, default=4, help="most of the time a lane waits")
    parser.add_argument("--only", type=int, nargs="+", help="play these scenes")
    parser.add_argument("--lane", action="store_true", help="play them here, one after the other")
    return parser.parse_args()


def _lane(asked: argparse.Namespace) -> int:
    """Play some scenes one after the other; each result is a line of JSON."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    wrong = False
    with two_hosts() as network:
        postgres = SharedPostgres(network)
        try:
            for number in asked.only:
                try:
                    played = HostsRound(number, asked.seed, postgres, network).play_scene(scenes(asked.seconds)[number])
                except Exception:  # noqa: BLE001 - the lane's other scenes are played all the same
                    click.echo(f"scene {number} broke off; seed {asked.seed}", err=True)
                    traceback.print_exc()
                    wrong = True
                else:
                    click.echo(played.to_json())
                    wrong = wrong or bool(played.wrong)
        finally:
            postgres.stop()
    return int(wrong)


def _tell(played: Played) -> None:
    what = next(iter(played.kills or played.missed), "nothing")
    books = played.books
    click.echo(
        f"{played.number:3} {what}{'' if played.kills else ' (not reached)'}: {books.deliveries} delivered, "
        f"{books.failed} failed, {books.settled} settled by reading, {played.seconds:.0f} s: "
        + ("WRONG" if played.wrong else "ok")
    )
    for line in played.wrong:
        click.echo(f"    {line}")
    if played.wrong:
        click.echo(f"    logs: {played.folder}; again: --only {played.number}")


if __name__ == "__main__":
    sys.exit(main())

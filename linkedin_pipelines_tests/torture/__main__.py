"""`python -m linkedin_pipelines_tests.torture`: kill a campaign many times, and see that nothing is lost by it.

Rounds of some kills each are dealt out to lanes, which are processes of their own with a database server of their own.
Every round depends on its seed and number alone; a round that went wrong is played again with the command it prints.
"""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any

import click

from linkedin_pipelines_tests import scratch
from linkedin_pipelines_tests.lanes import lines_of
from linkedin_pipelines_tests.torture.network import NetworkRound
from linkedin_pipelines_tests.torture.played import Played
from linkedin_pipelines_tests.torture.report import table
from linkedin_pipelines_tests.torture.rounds import Round
from linkedin_pipelines_tests.torture.servers import KillablePostgres

KILLS_A_ROUND = 50
NETWORK_KILLS_A_ROUND = 10
"""Fewer, since each takes longer; so that all lanes have rounds."""
STACK_KILLS_A_ROUND = 17


def main() -> int:
    """Play; 0 if nothing was wrong."""
    asked = _arguments()
    if asked.only is not None or asked.only_stack is not None:
        return _lane(asked)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = scratch.make()
    begun = time.monotonic()
    rounds = len(_dealt(asked))
    of_stack = len(_deal(asked.stack_kills, STACK_KILLS_A_ROUND))
    lanes = [["--only", *map(str, range(lane, rounds, asked.lanes))] for lane in range(min(asked.lanes, rounds))]
    if of_stack:
        lanes.append(["--only-stack", *map(str, range(of_stack))])
    click.echo(
        f"seed {asked.seed}, {asked.kills} kills, {asked.stack_kills} of them through the whole stack, "
        f"{asked.database}, {rounds} + {of_stack} rounds in {len(lanes)} lanes",
    )
    started = [subprocess.Popen([*_again(asked), *lane], stdout=subprocess.PIPE, text=True) for lane in lanes]
    played: list[Played] = []
    try:
        for line in lines_of(started):
            played.append(Played.from_json(line))
            _tell(played[-1], asked)
    finally:
        for process in started:
            process.terminate()
        codes = [process.wait() for process in started]
        click.echo(table(played, time.monotonic() - begun))
    lost = rounds + of_stack - len(played)
    if lost:
        click.echo(f"{lost} rounds did not come to their end (exit codes {codes})")
    if lost or any(each.wrong for each in played):
        return 1  # the folder stays: the logs in it tell why
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _deal(kills: int, a_round: int) -> list[int]:
    """The kills of each round."""
    return [min(a_round, kills - done) for done in range(0, kills, a_round)]


def _dealt(asked: argparse.Namespace) -> list[int]:
    """The kills of each round that does not go through the whole stack."""
    return _deal(asked.kills - asked.stack_kills, NETWORK_KILLS_A_ROUND if asked.network else KILLS_A_ROUND)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m linkedin_pipelines_tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--stack-kills", type=int, help="of all kills, those through the whole stack; default 1 in 20")
    parser.add_argument("--seed", default=None, help="text; chosen and printed if left out")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument(
        "--network", action="store_true", help="visits, withdrawals and congratulations instead of birthdays"
    )
    parser.add_argument("--lanes", type=int, default=2 * (os.cpu_count() or 1), help="half of the time a lane waits")
    parser.add_argument("--only", type=int, nargs="+", help="play these rounds here")
    parser.add_argument("--only-stack", type=int, nargs="+", help="play these rounds through the stack here")
    asked = parser.parse_args()
    asked.seed = asked.seed or secrets.token_hex(4)
    if asked.stack_kills is None:
        asked.stack_kills = 0 if asked.network else -(-asked.kills // 20)
    return asked


def _again(asked: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "linkedin_pipelines_tests.torture", "--kills", str(asked.kills),
        "--stack-kills", str(asked.stack_kills), "--seed", asked.seed, "--database", asked.database,
        *(["--network"] if asked.network else []),
    ]  # fmt: skip


def _lane(asked: argparse.Namespace) -> int:
    """Play some rounds one after the other; each result is a line of JSON."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    postgres = KillablePostgres() if asked.database == "postgres" else None
    wrong = False
    try:
        for play, number, kills in _games(asked, postgres):
            try:
                played = play(number, asked.seed, postgres).play(kills)
            except Exception:  # noqa: BLE001 - the lane's other rounds are played all the same
                click.echo(f"round {number} of {play.__name__} broke off; seed {asked.seed}", err=True)
                traceback.print_exc()
                wrong = True
            else:
                click.echo(played.to_json())
                wrong = wrong or bool(played.wrong)
    finally:
        if postgres is not None:
            postgres.stop()
    return int(wrong)


def _games(asked: argparse.Namespace, postgres: KillablePostgres | None) -> Iterator[tuple[type[Any], int, int]]:
    if asked.only is not None:
        dealt = _dealt(asked)
        play = NetworkRound if asked.network else Round
        yield from ((play, number, dealt[number]) for number in asked.only)
    if asked.only_stack is not None:
        # It loads Dagster, which the other lanes do without.
        from linkedin_pipelines_tests.torture.stack import StackRound  # noqa: PLC0415

        dealt = _deal(asked.stack_kills, STACK_KILLS_A_ROUND)
        yield from ((StackRound, number, dealt[number]) for number in asked.only_stack)


def _tell(played: Played, asked: argparse.Namespace) -> None:
    books = played.books
    verdict = "WRONG" if played.wrong else "ok"
    which = "stack round" if played.through_stack else "round"
    click.echo(
        f"{which} {played.number}: {played.kills.total()} kills in {played.seconds:.0f} s, "
        f"{books.deliveries} delivered, {books.failed} failed, {books.in_doubt} in doubt, "
        f"{books.settled} settled later: {verdict}",
    )
    if played.wrong:
        for line in played.wrong:
            click.echo(f"    {line}")
        only = "--only-stack" if played.through_stack else "--only"
        click.echo(f"    logs: {played.folder}; again: {' '.join([*_again(asked), only, str(played.number)])}")


if __name__ == "__main__":
    sys.exit(main())

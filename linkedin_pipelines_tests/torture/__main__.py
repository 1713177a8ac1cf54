"""`python -m linkedin_pipelines_tests.torture`: kill a campaign many times, and see that nothing is lost by it.

Rounds of some kills each are dealt out to lanes, which are processes of their own with a database server of their own.
Every round depends on its seed and number alone; a round that went wrong is played again with the command it prints.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from typing import IO

from linkedin_pipelines_tests.torture.report import table
from linkedin_pipelines_tests.torture.rounds import Played, Round
from linkedin_pipelines_tests.torture.oracle import Books
from linkedin_pipelines_tests.torture.servers import KillablePostgres

KILLS_A_ROUND = 25


def main() -> int:
    """Play; 0 if nothing was wrong."""
    asked = _arguments()
    if asked.only is not None:
        return _lane(asked)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    begun = time.monotonic()
    rounds = -(-asked.kills // KILLS_A_ROUND)
    lanes = min(asked.lanes, rounds)
    print(f"seed {asked.seed}, {asked.kills} kills, {asked.database}, {rounds} rounds in {lanes} lanes", flush=True)
    started = [
        subprocess.Popen(
            [*_again(asked), "--only", *map(str, range(lane, rounds, lanes))], stdout=subprocess.PIPE, text=True
        )
        for lane in range(lanes)
    ]
    played: list[Played] = []
    try:
        for line in _lines(started):
            played.append(_read(line))
            _tell(played[-1], asked)
    finally:
        for process in started:
            process.terminate()
        codes = [process.wait() for process in started]
    print(table(played, time.monotonic() - begun))
    lost = rounds - len(played)
    if lost:
        print(f"{lost} rounds did not come to their end (exit codes {codes})")
    return int(bool(lost) or any(each.wrong for each in played))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m linkedin_pipelines_tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", default=None, help="text; chosen and printed if left out")
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--only", type=int, nargs="+", help="play these rounds here")
    asked = parser.parse_args()
    asked.seed = asked.seed or secrets.token_hex(4)
    return asked


def _again(asked: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "linkedin_pipelines_tests.torture", "--kills", str(asked.kills), "--seed", asked.seed,
        "--database", asked.database,
    ]  # fmt: skip


def _lane(asked: argparse.Namespace) -> int:
    """Play some rounds one after the other; each result is a line of JSON."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    postgres = KillablePostgres() if asked.database == "postgres" else None
    wrong = False
    try:
        for number in asked.only:
            kills = min(KILLS_A_ROUND, asked.kills - number * KILLS_A_ROUND)
            played = Round(number, asked.seed, postgres).play(kills)
            print(json.dumps(vars(played) | {"books": vars(played.books)}), flush=True)
            wrong = wrong or bool(played.wrong)
    finally:
        if postgres is not None:
            postgres.stop()
    return int(wrong)


def _lines(processes: list[subprocess.Popen[str]]) -> Iterator[str]:
    """Every line of all of them, as it comes."""
    with selectors.DefaultSelector() as selector:
        for process in processes:
            selector.register(process.stdout, selectors.EVENT_READ)
        while selector.get_map():
            for key, _ in selector.select():
                stream: IO[str] = key.fileobj
                line = stream.readline()
                if line:
                    yield line
                else:
                    selector.unregister(stream)


def _read(line: str) -> Played:
    values = json.loads(line)
    values["books"] = Books(**values["books"])
    return Played(**values | {name: Counter(values[name]) for name in ("kills", "missed")})


def _tell(played: Played, asked: argparse.Namespace) -> None:
    books = played.books
    verdict = "ok" if not played.wrong else "WRONG"
    print(
        f"round {played.number:3}: {played.kills.total()} kills in {played.seconds:.0f} s, {books.deliveries} delivered, "
        f"{books.failed} failed, {books.in_doubt} in doubt, {books.settled} settled later: {verdict}",
        flush=True,
    )
    if played.wrong:
        for line in played.wrong:
            print(f"    {line}")
        print(
            f"    logs: {played.folder}; again: {' '.join([*_again(asked), '--only', str(played.number)])}", flush=True
        )


if __name__ == "__main__":
    sys.exit(main())

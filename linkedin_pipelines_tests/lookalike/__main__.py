"""Play the product itself on the cases, and judge it by the site's oracle.

    python -m linkedin_pipelines_tests.lookalike [--cases REGEX ...] [--jobs 2] [--out results.jsonl]
    python -m linkedin_pipelines_tests.lookalike --report results.jsonl          # the tables again, nothing played

Each case gets a home of its own: accounts.yaml (live, automatic, no pace, all hours, terms accepted), the look-alike's
own session file, a Connections.csv and (unless birthdays come from the site alone) a vCard file, all by the product's
importers. Then the product's services do what its jobs do: read_birthdays (where the case is about the catch-up page,
or with --reading always), build_list, approve, the canary's look, every planned person's delivery, and for what is in
doubt a second run two minutes later. Nothing of the site's truth reaches the product.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import structlog

from linkedin_pipelines_tests.lookalike import cases
from linkedin_pipelines_tests.lookalike.oracle import Site
from linkedin_pipelines_tests.lookalike.play import play, share_browser
from linkedin_pipelines_tests.lookalike.product import template_home
from linkedin_pipelines_tests.lookalike.tables import group_of, report


def worker(names: list[str], args: argparse.Namespace) -> None:
    """One site, one case after the other, a line of JSON each."""
    os.environ["TMPDIR"] = str(args.scratch)
    tempfile.tempdir = None

    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=Path(os.devnull).open("w")))

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="play-"))
    template, site = template_home(folder), Site(folder)
    if not args.fresh_browser:
        share_browser()
    done = {json.loads(line)["case"] for line in args.out.read_text().splitlines()} if args.out.exists() else set()
    try:
        for name in names:
            if name in done:
                continue
            result = play(site, folder, template, name, args)
            with args.out.open("a") as out:
                out.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")
            one = result.get("first", {})
            print(
                f"{result['seconds']:6.1f}s {name:60} {dict(Counter(one.get('ends', {}).values()))} "
                f"{one.get('sign', '')} {'WRONG ' + str(one['wrong']) if one.get('wrong') else ''}"
                f"{'CRASH ' + result['crash'].splitlines()[-1] if 'crash' in result else ''}",
                flush=True,
            )
            if "hang" in name or "dies" in name:
                site.stop()
                site.start()
    finally:
        site.close()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--cases", nargs="*", default=[""], help="regular expressions; a case is played if one is found in its name"
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("results.jsonl"))
    parser.add_argument("--scratch", type=Path, default=Path(tempfile.gettempdir()))
    parser.add_argument("--reading", choices=("auto", "always", "never"), default="auto")
    parser.add_argument("--timeouts", choices=("quick", "real"), default="quick")
    parser.add_argument(
        "--look",
        dest="probe",
        choices=("auto", "always", "never"),
        default="auto",
        help="the canary's look before the deliveries",
    )
    parser.add_argument("--fresh-browser", action="store_true", help="a Chromium for each run, as the product has it")
    parser.add_argument("--full", action="store_true", help="trap cases with their third person too")
    parser.add_argument("--each", type=int, default=99, help="so many cases of each kind")
    parser.add_argument("--once", action="store_true", help="no second run for what is in doubt")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--share", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.report:
        return report(args.report)
    names = [n for n in cases.CASES if any(re.search(p, n) for p in args.cases)]
    seen: Counter[str] = Counter()
    places = {}
    for name in names:
        group = group_of({"case": name})
        places[name] = seen[group]
        seen[group] += 1
    names = sorted(
        (n for n in names if places[n] < args.each), key=places.__getitem__
    )  # every kind once, then twice, ...
    if args.share:
        number, total = map(int, args.share.split("/"))
        worker(names[number::total], args)
        return 0
    shares = [
        subprocess.Popen(
            [sys.executable, "-m", "linkedin_pipelines_tests.lookalike", *sys.argv[1:], "--share", f"{n}/{args.jobs}"]
        )
        for n in range(args.jobs)
    ]
    for share in shares:
        share.wait()
    return report(args.out)


if __name__ == "__main__":
    sys.exit(main())

"""The pictures of README, taken of the running product on the sandbox: `python -m linkedin_pipelines_tests.pictures`.

The walk is that of the member in `e2e/test_member_walk.py`; everybody in the pictures is invented.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from PIL import Image

from linkedin_pipelines_tests.e2e.member_walk import walk

MOST_BYTES = 200_000
"""Of one picture: a checkout stays small."""
PICTURES = {
    "05 list": "list",
    "08 run under way": "run",
    "11 failed check": "check",
    "14 report": "report",
}
"""Screenshots of the walk that README shows, and the names of its pictures."""
_COLOURS = (128, 64, 32, 16)


def small(source: Path, target: Path) -> int:
    """Write a screenshot as a PNG of few colours; the bytes it takes.

    Raises:
        ValueError: it does not become small enough.
    """
    with Image.open(source) as whole:
        for colours in _COLOURS:
            whole.convert("RGB").quantize(colours).save(target, optimize=True)
            if target.stat().st_size <= MOST_BYTES:
                return target.stat().st_size
    raise ValueError(f"{source.name} takes {target.stat().st_size} bytes, more than {MOST_BYTES}")


def main() -> None:
    """Walk, and write the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/pictures"), help="folder of the pictures")
    parser.add_argument("--keep", type=Path, help="folder that keeps every screenshot of the walk as well")
    wanted = parser.parse_args()
    os.environ.setdefault("LINKEDIN_FIRST_DAY", "2026-01-01")  # the tests' homes ask for it; the walk drops it
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        screenshots = wanted.keep or folder / "screenshots"
        screenshots.mkdir(parents=True, exist_ok=True)
        with walk(folder, screenshots) as member:
            member.arrive()
            member.read_list()
            member.approve()
            stopped = member.watch_it_stop()
            member.read_check()
            member.resume()
            member.watch_it_go_on(stopped)
            member.read_report()
        wanted.out.mkdir(parents=True, exist_ok=True)
        for source, name in PICTURES.items():
            size = small(screenshots / f"{source}.png", wanted.out / f"{name}.png")
            sys.stdout.write(f"{wanted.out / name}.png: {size:,} bytes\n")


if __name__ == "__main__":
    main()

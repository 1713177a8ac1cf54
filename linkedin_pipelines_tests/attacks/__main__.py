"""`python -m linkedin_pipelines_tests.attacks`: attack an installation of its own, or the server at --url, and tell."""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import click

from linkedin_pipelines.runtime.stack import Stack
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.attacks.play import own_page_works, play


def main() -> int:
    """Play; 0 if every attack was refused and the UI works."""
    parser = argparse.ArgumentParser(prog="python -m linkedin_pipelines_tests.attacks", description=__doc__)
    parser.add_argument("--url", help="a Dagster web server that is running; its state is changed")
    parser.add_argument("--picture", dest="screenshot", help="where to keep a screenshot of the UI")
    asked = parser.parse_args()
    settings = Settings.from_environment()
    wrong = 0
    with ExitStack() as stack:
        url = asked.url
        if url is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            scratch = Settings.from_environment({"LINKEDIN_HOME": str(folder / "home")})
            url = stack.enter_context(Stack(scratch, threading.Event(), port=0, logs=folder / "log")).url
        for attack, obeyed in play(url, settings):
            wrong += obeyed
            click.echo(f"{'OBEYED' if obeyed else 'refused':8} {attack.name}")
        for what, works in own_page_works(url, settings, asked.screenshot).items():
            wrong += not works
            click.echo(f"{'works' if works else 'BROKEN':8} {what}")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

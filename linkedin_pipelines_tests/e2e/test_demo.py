"""`demo`: what a newcomer sees first, whole, with the real daemon and a real browser."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import pytest

from linkedin_pipelines_tests.e2e.processes import (
    PROGRAMS,
    START_SECONDS,
    STOP_SECONDS,
    environment,
    processes_of,
    started,
    wait_until,
)


def demo(home: Path) -> subprocess.CompletedProcess[str]:
    # What a caller has set for another installation must not leak in.
    env = environment(
        LINKEDIN_HOME="/nowhere", DAGSTER_HOME="/nowhere", LINKEDIN_DATABASE_URL="sqlite:////nowhere/x.db"
    )
    command = [str(PROGRAMS / "linkedin-pipelines"), "demo", "--home", str(home)]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def deliveries(home: Path) -> list[tuple[str, str]]:
    entries = [json.loads(line) for line in (home / "sandbox.jsonl").read_text().splitlines()]
    return [(entry["recipient"], entry["text"]) for entry in entries if entry["kind"] == "delivery"]


@pytest.mark.timeout(1200)
def test_everybody_is_wished_once_and_the_site_agrees(tmp_path: Path) -> None:
    home = tmp_path / "demo"
    first = demo(home)
    assert first.returncode == 0, first.stderr
    assert first.stdout.startswith("This is a sandbox: every person is invented")
    assert "User Agreement" in first.stdout
    received = deliveries(home)
    people = [slug for slug, _ in received]
    assert len(people) == len(set(people)) > 0
    table, agreement = first.stdout.splitlines()[-1 - 4 :], first.stdout.splitlines()[-1]
    assert agreement.startswith(
        f"{len(received)} messages received by the sandbox = {len(received)} sent by the ledger"
    )
    assert any("│" in line for line in table)
    assert all(text in first.stdout for _, text in received)
    assert (home / "log" / "daemon.log").exists()
    assert processes_of(str(home)) == []

    second = demo(home)
    assert second.returncode == 0, second.stderr
    assert deliveries(home) == received
    rows = [line for line in second.stdout.splitlines() if line.startswith("│")]
    assert len(rows) >= len(received)
    assert all("skipped" in row for row in rows)
    assert sum("Was done on" in row for row in rows) == len(received)


@pytest.mark.timeout(600)
def test_an_interruption_leaves_nothing_behind(tmp_path: Path) -> None:
    home, log = tmp_path / "demo", tmp_path / "demo.log"
    with started("linkedin-pipelines", "demo", "--home", home, env=environment(), log=log) as process:
        wait_until(lambda: "up: sandbox" in log.read_text(), process, log, START_SECONDS)
        process.send_signal(signal.SIGINT)
        assert process.wait(STOP_SECONDS) == 130
    assert log.read_text().splitlines()[-1] == "error: interrupted"
    assert processes_of(str(home)) == []


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("chapter one")
    refused = demo(tmp_path)
    assert refused.returncode == 1
    assert refused.stderr == f"error: {tmp_path} holds something else than a demo: choose another folder with --home\n"
    assert (tmp_path / "thesis.txt").read_text() == "chapter one"

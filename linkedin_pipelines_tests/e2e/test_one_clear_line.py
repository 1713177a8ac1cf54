"""What goes wrong in everyday life ends in one line that names the fact and the way out, and changes nothing."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from linkedin_pipelines.browser.executable import executable_of
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.command_line import CommandLine
from linkedin_pipelines_tests.e2e.homes import Friend, Home, world_of, zone_far_from_midnight
from linkedin_pipelines_tests.integration.cli.conftest import write_accounts
from linkedin_pipelines_tests.site_control import told


@pytest.fixture
def linkedin_pipelines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> CommandLine:
    """The command, in a home with an account on a sandbox that is away."""
    it = CommandLine(tmp_path / "home", monkeypatch, capsys)
    write_accounts(it.home, {"demo": "http://127.0.0.1:9"})
    assert it("accounts", "apply").code == 0
    return it


def contents(home: Path) -> list[str]:
    """Everything in the database."""
    with sqlite3.connect(f"file:{home / 'linkedin.db'}?mode=ro", uri=True) as database:
        return list(database.iterdump())


def test_a_wrong_accounts_file(linkedin_pipelines: CommandLine) -> None:
    before = contents(linkedin_pipelines.home)
    file = linkedin_pipelines.home / "accounts.yaml"
    file.write_text(file.read_text().replace("Europe/Paris", "Europe/Atlantis") + "  mode: lively\n  surprise: 1\n")
    refused = linkedin_pipelines("accounts", "apply")
    assert refused.refused_with("accounts.yaml", "timezone", "Europe/Paris", "mode", "live", "surprise"), refused
    assert contents(linkedin_pipelines.home) == before


def test_a_wrong_file(linkedin_pipelines: CommandLine, tmp_path: Path) -> None:
    before = contents(linkedin_pipelines.home)
    page = tmp_path / "Connections.csv"
    page.write_text("<!DOCTYPE html><html><body>Please sign in</body></html>")
    refused = linkedin_pipelines("import", "demo", page)
    assert refused.refused_with("Connections.csv", "a web page", "download the file again"), refused
    assert contents(linkedin_pipelines.home) == before


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (("run", "birthday_campaign", "--account", "demo", "--date", "2026-02-30"), ("2026-02-30", "2026-11-20")),
        (("run", "birthday_campaign", "--account", "demo", "--date", "tomorrow"), ("tomorrow", "2026-11-20")),
        (("birthdays", "demo", "--date", "20.11.2026"), ("20.11.2026", "2026-11-20")),
    ],
)
def test_a_wrong_date(linkedin_pipelines: CommandLine, command: tuple[str, ...], words: tuple[str, ...]) -> None:
    before = contents(linkedin_pipelines.home)
    refused = linkedin_pipelines(*command)
    assert refused.refused_with(*words), refused
    assert contents(linkedin_pipelines.home) == before


@pytest.mark.parametrize("command", ["up", "sandbox"])
def test_a_port_in_use(linkedin_pipelines: CommandLine, command: str) -> None:
    before = contents(linkedin_pipelines.home)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        refused = linkedin_pipelines(command, "--port", port)
    assert refused.refused_with(port, "choose another with --port"), refused
    assert contents(linkedin_pipelines.home) == before


def test_no_browser_for_a_session(
    linkedin_pipelines: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(linkedin_pipelines.home)
    monkeypatch.setenv("LINKEDIN_BROWSER_EXECUTABLE", str(tmp_path / "chromium"))
    refused = linkedin_pipelines("session", "import", "demo", session_file(tmp_path))
    assert refused.refused_with("no browser", str(tmp_path / "chromium"), "make setup"), refused
    assert contents(linkedin_pipelines.home) == before


def test_a_dead_sandbox_for_a_session(linkedin_pipelines: CommandLine, tmp_path: Path) -> None:
    before = contents(linkedin_pipelines.home)
    refused = linkedin_pipelines("session", "import", "demo", session_file(tmp_path))
    assert refused.refused_with("http://127.0.0.1:9"), refused
    assert contents(linkedin_pipelines.home) == before


def session_file(folder: Path) -> Path:
    """A session's cookie, as a browser exports it."""
    file = folder / "state.json"
    cookie = {"name": "li_at", "value": "x" * 40, "domain": "127.0.0.1", "path": "/", "expires": 4102444800}
    file.write_text(json.dumps({"cookies": [cookie], "origins": []}))
    return file


@dataclass(frozen=True)
class Running:
    """A stack that is up, with `demo` on a sandbox and `left` on one that has gone; only the test launches runs."""

    home: Home
    sandbox: SandboxServer
    browser: Path
    """Where the stack looks for its browser; nothing is there."""

    def bring_browser(self) -> None:
        real = executable_of(Settings.from_environment({})) or playwright_s_own()
        self.browser.write_text(f'#!/bin/sh\nexec {real} "$@"\n')
        self.browser.chmod(0o755)

    def campaign(self, account: str) -> subprocess.CompletedProcess[str]:
        return self.home("run", "birthday_campaign", "--account", account, "--live")


def playwright_s_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("running")
    zone = zone_far_from_midnight()
    friends = {"demo": [Friend("Jane", "Whitfield")], "left": [Friend("Thierry", "Hier"), Friend("Maria", "Silva")]}
    browser = folder / "chromium"
    home = Home(folder, zone, LINKEDIN_BROWSER_EXECUTABLE=str(browser))
    with SandboxServer(world_of(friends, zone)) as sandbox, home.up():
        home.only_by_hand()
        with SandboxServer(world_of(friends, zone)) as other:
            home.furnish({"demo": sandbox.url, "left": other.url}, approval="automatic")
        yield Running(home, sandbox, browser)
    home.close()


@pytest.mark.timeout(900)
def test_no_browser_for_a_campaign(running: Running) -> None:
    running.browser.unlink(missing_ok=True)
    ended = running.campaign("demo")
    assert ended.returncode == 1, ended.stdout
    assert one_line(ended.stderr, "no browser", str(running.browser), "make setup", "1 person is deferred")
    assert running.home.ledger("demo") == []
    assert told(running.sandbox.url, "deliveries") == []


@pytest.mark.timeout(900)
def test_a_dead_sandbox_for_a_campaign(running: Running) -> None:
    running.bring_browser()
    ended = running.campaign("left")
    assert ended.returncode == 1, ended.stdout
    assert one_line(ended.stderr, "cannot be reached", "see whether it is up", "2 people are deferred")
    assert running.home.ledger("left") == []
    assert told(running.sandbox.url, "deliveries") == []


def one_line(stderr: str, *words: str) -> bool:
    lines = stderr.splitlines()
    assert len(lines) == 1, stderr
    assert lines[0].startswith("error: "), stderr
    assert all(word in stderr for word in words), stderr
    return True

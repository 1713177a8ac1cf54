"""Signing in by hand and bringing sessions, against the sandbox with a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.browser.launch import running_chromium
from linkedin_pipelines.browser.session import signed_in
from linkedin_pipelines.browser.sign_in import wait_for_sign_in
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines.errors import SessionMissingError
from linkedin_pipelines.sandbox.demo import demo_world
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.command_line import CommandLine
from linkedin_pipelines_tests.integration.cli.conftest import write_accounts
from linkedin_pipelines_tests.site_control import storage_state


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxServer]:
    """The demo's site, with two members."""
    with SandboxServer(demo_world(date(2026, 11, 20), ["demo", "amelie"])) as server:
        yield server


@pytest.fixture
def signed_up(with_accounts: CommandLine, sandbox: SandboxServer) -> CommandLine:
    """The command, in a home whose account `demo` is on the sandbox, and `real` is not."""
    write_accounts(with_accounts.home, {"demo": sandbox.url, "real": "https://www.linkedin.com"})
    assert with_accounts("accounts", "apply").code == 0
    return with_accounts


def state_of(sandbox: SandboxServer, account: str, folder: Path) -> Path:
    file = folder / f"{account}.json"
    file.write_text(json.dumps(storage_state(sandbox.url, account)))
    return file


def test_a_session_is_brought_tried_and_shown_without_its_contents(
    signed_up: CommandLine, sandbox: SandboxServer, tmp_path: Path
) -> None:
    file = state_of(sandbox, "demo", tmp_path)
    secret = json.loads(file.read_text())["cookies"][0]["value"]
    brought = signed_up("session", "import", "demo", file, "--json")
    assert brought.code == 0, brought.err
    assert brought.facts["member_slug"] == "demo-member"
    shown = signed_up("session", "show", "demo")
    assert "signed in as demo-member" in shown.out
    assert secret not in brought.out + brought.err + shown.out + shown.err
    assert secret.encode() not in (signed_up.home / "linkedin.db").read_bytes()


def test_another_member_s_session_is_refused(signed_up: CommandLine, sandbox: SandboxServer, tmp_path: Path) -> None:
    refused = signed_up("session", "import", "demo", state_of(sandbox, "amelie", tmp_path))
    assert refused.refused_with()
    assert signed_up("session", "show", "demo").refused_with("no session is stored")


def test_a_file_that_is_no_session_is_refused_without_a_browser(signed_up: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "cookies.txt"
    file.write_text("no cookies here")
    assert signed_up("session", "import", "demo", file).refused_with("cookies.txt")


def test_the_notice_is_shown_before_an_account_of_the_real_site_and_no_is_no(
    signed_up: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state.json"
    file.write_text("{}")
    with (tmp_path / "no").open("w+") as answer:
        answer.write("n\n")
        answer.seek(0)
        monkeypatch.setattr("sys.stdin", answer)
        result = signed_up("session", "import", "real", file)
    assert result.code == 130
    assert TERMS_NOTICE in result.err
    assert signed_up("status", "real", "--json").facts["terms_accepted_at"] is None


def test_acceptance_is_recorded_once(signed_up: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    file.write_text("{}")
    assert TERMS_NOTICE in signed_up("session", "import", "real", file, "--accept-terms").err
    first = signed_up("status", "real", "--json").facts["terms_accepted_at"]
    assert first is not None
    assert signed_up("session", "import", "real", file).refused_with("state.json")
    assert signed_up("status", "real", "--json").facts["terms_accepted_at"] == first


@pytest.fixture
def account(signed_up: CommandLine) -> tuple[Settings, AccountConfig]:
    settings = Settings.from_environment({"LINKEDIN_HOME": str(signed_up.home)})
    accounts = load_accounts_file(settings.accounts_file)
    return settings, next(each for each in accounts if each.slug == "demo")


def test_signing_in_by_hand_is_waited_for_and_verified(account: tuple[Settings, AccountConfig]) -> None:
    settings, config = account
    polls: list[str] = []

    def member(page: Page) -> None:
        polls.append(page.url)
        if len(polls) == 2:
            page.get_by_label("Email or phone").fill("demo@example.com")
            page.get_by_label("Password").fill("correct-horse")
            page.get_by_role("button", name="Sign in").click()

    with running_chromium(settings) as chromium, signed_in(chromium, settings, config, None) as browser:
        wait_for_sign_in(browser.page, config.base_url, seconds=60, waiting=member)
        browser.verify()
        assert any(cookie["name"] == "li_at" for cookie in browser.storage_state()["cookies"])
    assert len(polls) >= 2


def test_nobody_signing_in_stores_nothing(account: tuple[Settings, AccountConfig]) -> None:
    settings, config = account
    with running_chromium(settings) as chromium, signed_in(chromium, settings, config, None) as browser:
        with pytest.raises(SessionMissingError, match="nobody had signed in"):
            wait_for_sign_in(browser.page, config.base_url, seconds=0)
        with pytest.raises(SessionMissingError, match="closed"):
            wait_for_sign_in(browser.page, config.base_url, seconds=60, waiting=lambda page: page.close())

"""`session`: the signed-in browser session of an account, made by the member's own hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from linkedin_pipelines.cli.accounts import with_terms
from linkedin_pipelines.cli.context import CliContext, account_argument, as_json, print_json
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.errors import SessionMissingError
from linkedin_pipelines.services.accounts.session_files import read_session_file
from linkedin_pipelines.services.accounts.sessions import SessionView, describe_session, save_session
from linkedin_pipelines.settings import Settings

accepting = click.option("--accept-terms", is_flag=True, help="You have read the notice and take the risk.")


@click.group("session")
def command() -> None:
    """Sign in by hand, bring a session from elsewhere, or see what is stored."""


@command.command("login")
@account_argument
@click.option("--minutes", type=click.IntRange(1, 120), default=15, show_default=True, help="How long to wait for you.")
@accepting
@as_json
@click.pass_obj
def login(around: CliContext, *, account: str, minutes: int, accept_terms: bool, as_json: bool) -> None:
    """Open a visible browser, wait until you have signed in by hand, see that it is you, and store the session.

    No password is read or stored. Any code, puzzle or confirmation that the site asks for is yours to answer.
    """
    from linkedin_pipelines.browser.launch import running_chromium
    from linkedin_pipelines.browser.session import signed_in
    from linkedin_pipelines.browser.sign_in import wait_for_sign_in

    settings = around.settings
    with around.database() as database:
        view = with_terms(database, around.clock, account, accepted=accept_terms)
        click.echo(
            f"sign in as {view.config.profile_url} in the window that opens; waiting {minutes} minutes", err=True
        )
        with (
            running_chromium(settings, headless=False) as chromium,
            signed_in(chromium, settings, view.config, None, clock=around.clock) as browser,
        ):
            wait_for_sign_in(browser.page, view.config.base_url, seconds=60.0 * minutes)
            browser.verify()
            state = browser.storage_state()
        stored = _save(database, settings, view.config, state, around.clock)
    _tell(stored, as_json=as_json)


@command.command("import")
@account_argument
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@accepting
@as_json
@click.pass_obj
def import_(around: CliContext, *, account: str, file: Path, accept_terms: bool, as_json: bool) -> None:
    r"""Bring a session that was signed in elsewhere: Playwright's storage state, a cookie file, an add-on's JSON.

    It is tried before it is stored: the site must say that ACCOUNT's own member is signed in.

    \b
    To get one, on a machine with a screen, Python and `pip install playwright`:
      playwright install chromium
      playwright open --save-storage=session.json https://www.linkedin.com/login
    Sign in by hand, close the window, copy session.json here, import it, and delete both copies.
    """
    from linkedin_pipelines.browser.session import open_browser

    with around.database() as database:
        view = with_terms(database, around.clock, account, accepted=accept_terms)
        given = read_session_file(file, view.config.base_url)
        with open_browser(around.settings, view.config, given, clock=around.clock) as browser:
            state = browser.storage_state()
        stored = _save(database, around.settings, view.config, state, around.clock)
    _tell(stored, as_json=as_json)


@command.command("show")
@account_argument
@as_json
@click.pass_obj
def show(around: CliContext, *, account: str, as_json: bool) -> None:
    """Say what is stored for ACCOUNT: whose it is and how long it lasts, never what it holds."""
    with around.database() as database:
        stored = describe_session(database, account, around.clock)
    if stored is None:
        raise SessionMissingError(
            f"no session is stored for {account}: bring one with `session login` or `session import`"
        )
    _tell(stored, as_json=as_json)


def _save(
    database: Database, settings: Settings, config: AccountConfig, state: dict[str, Any], clock: Clock
) -> SessionView:
    return save_session(database, settings, config.slug, state, config.profile_slug, clock)


def _tell(stored: SessionView, *, as_json: bool) -> None:
    if as_json:
        print_json(stored)
        return
    ends = f"until {stored.expires_at:%Y-%m-%d}, {stored.days_left} days" if stored.expires_at else "no end stated"
    whose = f", signed in as {stored.member_slug}" if stored.member_slug else ""
    click.echo(f"{stored.account}: stored {stored.stored_at:%Y-%m-%d %H:%M} UTC{whose}, {ends}")
    if stored.expires_soon:
        click.echo(f"it ends soon: sign in again with `session login {stored.account}`", err=True)

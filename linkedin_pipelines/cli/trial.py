"""A trial: an account's own contacts on the sandbox, in a home of its own that is erased when the trial ends.

The real account is only read. The trial has its own database, so ledger, quotas and occasions of the real one stay as
they are; its only site is the sandbox on loopback.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import click
import yaml
from filelock import FileLock, Timeout
from rich.console import Console

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.cli.accounts import add_partitions
from linkedin_pipelines.cli.context import CliContext, who
from linkedin_pipelines.cli.imports import import_now
from linkedin_pipelines.cli.run import print_outcome
from linkedin_pipelines.cli.separate_home import clean_environment, fetch_exports, separate_settings, session_of
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.runtime.home import StackError, make_home
from linkedin_pipelines.runtime.stack import Stack
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.phrases import labels_of
from linkedin_pipelines.sandbox.server import SandboxServer
from linkedin_pipelines.sandbox.world import Member, Person, Relation, World
from linkedin_pipelines.services.accounts.installation import open_database
from linkedin_pipelines.services.accounts.registry import apply_accounts, get_account
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.services.contacts.connections import ConnectionView, connections_of
from linkedin_pipelines.settings import Settings


def run_trial(around: CliContext, account: str, port: int, ended: threading.Event) -> None:
    """Serve a site of the account's contacts and a stack of the trial's own, with today's list built, until `ended`.

    Raises:
        UnknownAccountError: there is no such account.
        ConfigurationError: it has no contacts that could be written to.
        StackError: a trial runs already.
    """
    with around.database() as database:
        own = get_account(database, account).config
        contacts = list(connections_of(database, account))
    people = [each for each in contacts if each.slug is not None and not each.do_not_contact]
    if not people:
        raise ConfigurationError(
            f"{account} has no contacts to try: bring some with `linkedin-pipelines import {account}`"
        )
    trial = f"{own.slug[:42]}-trial"
    click.echo(
        f"{len(people)} of {len(contacts)} contacts of {account} live on a site of this machine (the others: no "
        "profile address, or not to be written to). Nothing reaches LinkedIn, and your own account stays as it is."
    )
    with _home(around.settings) as settings, _site(world_of(own, trial, people), port) as site:
        _furnish(around, settings, site.url, own, trial)
        steps = Console(stderr=True)
        with steps.status("starting Dagster") as status:
            stack = Stack(settings, ended, port=0, status_port=0, logs=settings.logs, environment=clean_environment())
            with stack:
                status.update("birthday_campaign builds the list")
                _build_list(around, settings, stack, trial, ended)
                status.stop()
                stack.wait()
                click.echo(f"stopping; {settings.home} is erased")


def _site(world: World, port: int) -> SandboxServer:
    try:
        return SandboxServer(world, port)
    except OSError as error:
        raise ConfigurationError(error.strerror or str(error)) from error


def world_of(own: AccountConfig, account: str, people: Iterable[ConnectionView]) -> World:
    """The site on which the account's contacts live, each a connection of the member, without a conversation so far."""
    first, last = _name_parts(own.display_name, own.display_name.partition(" ")[0])
    known = {person.slug: person for each in people if (person := _person(each)) is not None}
    since = {each.slug: each.connected_on for each in people}
    member = Member(
        account=account,
        slug=own.profile_slug,
        first_name=first,
        last_name=last,
        timezone=own.timezone,
        interface=Interface(language=_site_language(own.language)),
        relations=tuple(Relation(person=slug, connected_on=since[slug]) for slug in known),
    )
    return World(members=(member,), people=tuple(known.values()))


def _person(view: ConnectionView) -> Person | None:
    if view.slug is None:
        return None
    first, last = _name_parts(view.full_name, view.first_name)
    birthday = "" if view.birth_month is None else f"{view.birth_month:02}-{view.birth_day:02}"
    return Person(
        slug=view.slug,
        first_name=first,
        last_name=last,
        headline=view.position or "",
        company=view.company or "",
        position=view.position or "",
        birthday=birthday,
        birth_year=view.birth_year,
    )


def _name_parts(full: str, first: str) -> tuple[str, str]:
    """First and last name that together are the full one, as the site shows it."""
    return (first, full.removeprefix(first).strip()) if full.startswith(f"{first} ") else (full, "")


def _site_language(language: str) -> str:
    try:
        labels_of(language)
    except ValueError:
        return "en"
    return language


@contextmanager
def _home(callers: Settings) -> Iterator[Settings]:
    """A new home for the trial, erased at its end: it holds copies of contacts, which nothing else would look after."""
    make_home(callers)
    try:
        lock = FileLock(callers.home / "trial.lock").acquire(timeout=0)
    except Timeout:
        raise StackError(f"a trial runs already in {callers.home}; stop that one first") from None
    with lock:
        shutil.rmtree(callers.trial, ignore_errors=True)  # of a trial that was killed
        settings = separate_settings(callers.trial, callers)
        make_home(settings)
        try:
            yield settings
        finally:
            shutil.rmtree(settings.home, ignore_errors=True)


def _furnish(around: CliContext, settings: Settings, site: str, own: AccountConfig, trial: str) -> None:
    """The trial's account in its database, signed in, with its contacts and birthdays imported as files."""
    account = _account(own, trial, site)
    settings.accounts_file.write_text(yaml.safe_dump({"accounts": [account]}, sort_keys=False, allow_unicode=True))
    database = open_database(settings)
    try:
        database.upgrade()
        apply_accounts(database, around.clock, load_accounts_file(settings.accounts_file), who())
        add_partitions(settings.home, [trial])
        save_session(database, settings, trial, session_of(site, trial), own.profile_slug, around.clock)
        import_now(
            replace(around, settings=settings), database, trial, fetch_exports(site, trial, settings.home / "files")
        )
    finally:
        database.dispose()


def _account(own: AccountConfig, trial: str, site: str) -> dict[str, Any]:
    """The real account's settings that say what is written to whom; day and night, without pauses, told to nobody."""
    same = {"display_name", "profile_url", "timezone", "language", "late", "leap_day", "quotas"}
    return {
        "slug": trial,
        **own.model_dump(mode="json", include=same),
        "base_url": site,
        "mode": "rehearsal",
        "approval": "manual",
        "hours": "00:00-24:00",
        "pace_seconds": [0, 1],
        "site_birthdays": {"catch_up": False},  # what is known of birthdays came along
    }


def _build_list(around: CliContext, settings: Settings, stack: Stack, trial: str, ended: threading.Event) -> None:
    """Build today's list through the queue, and say how to go on."""
    from linkedin_pipelines.orchestrator.partitions import campaign_key
    from linkedin_pipelines.orchestrator.runs import Launcher, failures_of, tags_of

    def pause(seconds: float) -> None:
        stack.require_alive()
        if ended.wait(seconds):
            raise KeyboardInterrupt

    database = open_database(settings)
    try:
        day = around.clock.now().astimezone(get_account(database, trial).config.zone).date()
        launcher = Launcher(settings.home)
        run = launcher.launch("birthday_campaign", tags_of(settings.home, "birthday_campaign", trial, day), {})
        run = launcher.wait(run, pause)
        for line in () if run.succeeded else failures_of(settings.home, run.run_id):
            click.echo(f"error: {line}", err=True)
        print_outcome(database, around.clock, trial, day, ui=stack.url)
    finally:
        database.dispose()
    page = f"{stack.url}/assets/{{}}?view=partitions&partition={quote(str(campaign_key(trial, day)))}"
    click.echo(f"read the list:  {page.format('birthday_list')}")
    click.echo(f"approve it:     {page.format('approved_messages')} (Materialize…)")
    click.echo(f"watch:          {stack.url}/runs (the rehearsal starts about half a minute later)")
    click.echo(f"its end:        {page.format('campaign_report')}")
    click.echo("Ctrl-C stops the trial and erases it")

"""`init`: a home made ready: configuration, an inbox, a database with the current schema, and the first account."""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import click

from linkedin_pipelines.cli.accounts import apply_file, sentence_of
from linkedin_pipelines.cli.context import CliContext, as_json, print_json
from linkedin_pipelines.cli.first_account import ask_account, write_account
from linkedin_pipelines.cli.imports import import_now
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.terms import TERMS_NOTICE
from linkedin_pipelines.errors import ConfigurationError, LinkedInPipelinesError, RefusedFileError
from linkedin_pipelines.runtime.home import NotUpError, UpNote, make_home
from linkedin_pipelines.services.accounts.registry import list_accounts
from linkedin_pipelines.settings import Settings, default_home
from linkedin_pipelines.templates import HOME_FILES, TEMPLATES

_UI = "http://127.0.0.1:3000"
"""Where `up` puts Dagster's UI unless it is told otherwise."""


@dataclass(frozen=True)
class MadeHome:
    """What `init` found and made."""

    home: Path
    created: tuple[str, ...]
    kept: tuple[str, ...]
    """Files that were there before; they are never overwritten."""
    database: str


@click.command("init")
@click.argument("home", required=False, type=click.Path(path_type=Path, file_okay=False))
@click.option("--yes", is_flag=True, help="Ask nothing; without a terminal, or with --json, nothing is asked anyway.")
@as_json
@click.pass_obj
def command(around: CliContext, *, home: Path | None, yes: bool, as_json: bool) -> None:
    """Make HOME ready for use (default: LINKEDIN_HOME): configuration, inbox, database, and the first account.

    Asks about the account where there is none yet, writes accounts.yaml, and imports the first files. Nothing is sent;
    what is there stays, so running it again does no harm.
    """
    here = replace(around, settings=Settings.from_environment(home=home))
    settings = here.settings
    before = {name for name in HOME_FILES if (settings.home / name).exists()}
    make_home(settings)
    try:
        for name in HOME_FILES:
            if not (settings.home / name).exists():
                shutil.copyfile(TEMPLATES / name, settings.home / name)
        settings.inbox.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"the home {settings.home} cannot be used: {error.strerror}") from error
    with here.database(upgrade=True) as database:
        made = MadeHome(
            home=settings.home,
            created=tuple(name for name in HOME_FILES if name not in before),
            kept=tuple(name for name in HOME_FILES if name in before),
            database=f"{database.dialect}, schema current",
        )
        if as_json:
            print_json(made)
            return
        click.echo(f"home: {made.home} ({', '.join(made.created) or 'nothing'} created)")
        click.echo(f"database: {made.database}")
        if not yes and not settings.accounts_file.exists() and _at_a_terminal():
            _ask_for_the_first_account(here, database)
        click.echo("\n".join(_next_steps(settings, database)))


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _ask_for_the_first_account(around: CliContext, database: Database) -> None:
    known = ", ".join(account.slug for account in list_accounts(database))
    if known:  # a file with one account would retire these
        click.echo(f"the database has accounts already: {known}; bring their accounts.yaml to this home")
        return
    path = around.settings.accounts_file
    answers = ask_account()
    write_account(path, answers)
    try:
        applied = apply_file(around, path)
    except LinkedInPipelinesError:
        path.unlink()  # it was ours; the next `init` asks again
        raise
    click.echo(f"written: {path}; {sentence_of(applied)}\n\n{TERMS_NOTICE}")
    click.echo("`session login` asks whether you take that risk; until then nothing is opened on LinkedIn.\n")
    _ask_for_files(around, database, answers["slug"])


def _ask_for_files(around: CliContext, database: Database, account: str) -> None:
    click.echo("Files to import: LinkedIn's archive, and an address book or calendar that knows birthdays.")
    while True:
        paths = click.prompt("Their paths, with spaces between", default="none yet", value_proc=_files)
        if not paths:
            return
        try:
            click.echo(str(import_now(around, database, account, paths)))
        except RefusedFileError as error:
            click.echo(f"Error: {error}")
        else:
            return


def _files(answer: str) -> list[Path]:
    if answer.strip() in ("", "none yet"):
        return []
    try:
        paths = [Path(part).expanduser() for part in shlex.split(answer)]
    except ValueError as error:  # a quote that does not end
        raise click.UsageError(f"{answer}: {error}") from error
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise click.UsageError(f"no such file: {', '.join(missing)}")
    return paths


def _next_steps(settings: Settings, database: Database) -> Iterator[str]:
    """What the member does now, in words; what is done already is left out where that can be seen."""
    accounts = list_accounts(database)
    yield ""
    if not settings.accounts_file.exists():
        yield f"next: copy {settings.home / 'accounts.example.yaml'} to {settings.accounts_file} and make it yours,"
        yield "      then `linkedin-pipelines accounts apply` and `linkedin-pipelines doctor`"
    elif not accounts:
        yield f"next: `linkedin-pipelines accounts apply`, which mirrors {settings.accounts_file}"
    else:
        yield from _steps_of(settings, accounts[0].config)
    if settings.home != default_home().expanduser().resolve():
        yield f"other commands find this home by: export LINKEDIN_HOME={shlex.quote(str(settings.home))}"


def _steps_of(settings: Settings, account: AccountConfig) -> Iterator[str]:
    slug = account.slug
    try:
        ui = UpNote.read(settings.home).url
    except NotUpError:
        ui = _UI
    yield f"Next, for {slug} ({account.mode}):"
    yield f"  linkedin-pipelines sandbox --from-account {slug}"
    yield "      Tries your contacts on a site of this machine, day or night: list, approval, rehearsal."
    yield f"  linkedin-pipelines session login {slug}"
    yield "      A browser opens; you sign in by hand. No screen here: `session import --help`."
    yield "  linkedin-pipelines up"
    yield f"      Stays open. The day's list is made in your hours ({account.hours}, {account.timezone}); at once, from"
    yield f"      another terminal: linkedin-pipelines run birthday_campaign --account {slug}"
    yield f"  {ui}/assets/birthday_list"
    yield "      Read the list of the day's partition; approve it by materializing approved_messages of that partition."
    yield "      Within your hours the campaign starts about half a minute later."

"""`init`: a home made ready: configuration from the templates, an inbox, and a database with the current schema."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import click

from linkedin_pipelines.cli.context import CliContext, as_json, print_json
from linkedin_pipelines.errors import ConfigurationError
from linkedin_pipelines.runtime.home import make_home
from linkedin_pipelines.settings import Settings, default_home
from linkedin_pipelines.templates import HOME_FILES, TEMPLATES


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
@as_json
@click.pass_obj
def command(around: CliContext, *, home: Path | None, as_json: bool) -> None:
    """Make HOME ready for use (default: LINKEDIN_HOME): configuration, inbox, database. What is there stays.

    It asks nothing and sends nothing; running it again does no harm.
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
    else:
        _print_steps(settings, made)


def _print_steps(settings: Settings, made: MadeHome) -> None:
    click.echo(f"home: {made.home} ({', '.join(made.created) or 'nothing'} created)")
    click.echo(f"database: {made.database}")
    if not settings.accounts_file.exists():
        click.echo(f"next: copy {made.home / 'accounts.example.yaml'} to {settings.accounts_file} and make it yours,")
        click.echo("      then `linkedin-pipelines accounts apply` and `linkedin-pipelines doctor`")
    if settings.home != default_home().expanduser().resolve():
        click.echo(f"other commands find this home by: export LINKEDIN_HOME={made.home}")

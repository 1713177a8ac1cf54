"""`doctor`: what the product needs from this machine, looked at one by one."""

from __future__ import annotations

import stat
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from linkedin_pipelines.accounts import load_accounts_file
from linkedin_pipelines.cli.surroundings import Surroundings, as_json, print_json, print_table
from linkedin_pipelines.domain.selector_health import SelectorStanding
from linkedin_pipelines.errors import ConfigurationError, LinkedInPipelinesError, PageUnreadableError
from linkedin_pipelines.services.selector_health import selector_health


@dataclass(frozen=True)
class Finding:
    """What one look found."""

    check: str
    well: bool
    found: str


@click.command("doctor")
@as_json
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Look at everything the product needs; exit code 1 if something is wrong."""
    around: Surroundings = context.obj
    findings = [_look(name, check, around) for name, check in CHECKS.items()]
    if as_json:
        print_json(findings)
    else:
        print_table(
            ["check", "", "found"], [[each.check, "ok" if each.well else "WRONG", each.found] for each in findings]
        )
    if not all(each.well for each in findings):
        context.exit(1)


def _look(name: str, check: Callable[[Surroundings], str], around: Surroundings) -> Finding:
    try:
        return Finding(name, well=True, found=check(around))
    except (LinkedInPipelinesError, OSError) as error:
        return Finding(name, well=False, found=str(error))


def _python(_around: Surroundings) -> str:
    version = sys.version.split()[0]
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        raise ConfigurationError(f"{version}: 3.11 to 3.13 is needed")
    return version


def _browser(around: Surroundings) -> str:
    from linkedin_pipelines.browser.launch import running_chromium

    with running_chromium(around.settings, headless=True) as browser:
        return f"Chromium {browser.version} starts"


def _home(around: Surroundings) -> str:
    home = around.settings.home
    if not home.is_dir():
        raise ConfigurationError(f"{home} does not exist; `linkedin-pipelines accounts apply` or `up` makes it")
    with tempfile.TemporaryFile(dir=home):
        return f"{home} can be written to"


def _database(around: Surroundings) -> str:
    with around.database() as database:
        return f"{database.dialect}, schema current"


def _accounts_file(around: Surroundings) -> str:
    configs = load_accounts_file(around.settings.accounts_file)
    return f"{around.settings.accounts_file}: {len(configs)} account{'' if len(configs) == 1 else 's'}"


def _key(around: Surroundings) -> str:
    settings = around.settings
    if settings.secret_key is not None:
        return "from LINKEDIN_SECRET_KEY"
    if not settings.key_file.exists():
        return "none yet; made with the first session"
    return _private(settings.key_file)


def _private(path: Path) -> str:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise ConfigurationError(f"{path} can be read by others (mode {mode:04o}): chmod 600 {path}")
    return f"{path}, mode {mode:04o}"


def _time_zones(_around: Surroundings) -> str:
    try:
        ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError as error:
        raise ConfigurationError("no time zone data: run `make setup`, it brings tzdata") from error
    return "there"


def _selectors(around: Surroundings) -> str:
    """How well pages are read, by what was learnt when they last were."""
    with around.database() as database:
        elements = selector_health(database)
    troubled = [each.text for each in elements if each.standing is not SelectorStanding.WELL]
    if any(each.standing is SelectorStanding.LOST for each in elements):
        raise PageUnreadableError(" ".join(troubled))
    return " ".join(troubled) or (f"{len(elements)} elements, all found" if elements else "no page read yet")


CHECKS: dict[str, Callable[[Surroundings], str]] = {
    "python": _python,
    "time zones": _time_zones,
    "home": _home,
    "database": _database,
    "accounts file": _accounts_file,
    "session key": _key,
    "browser": _browser,
    "site elements": _selectors,
}
"""Each look, by the name that the member sees."""

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

from linkedin_pipelines.accounts_file import load_accounts_file
from linkedin_pipelines.browser.window import why_no_window
from linkedin_pipelines.cli.context import CliContext, as_json, print_json, print_table
from linkedin_pipelines.db.core.clocks import require_clock
from linkedin_pipelines.domain.account import Mode
from linkedin_pipelines.domain.selector_health import SelectorUse
from linkedin_pipelines.errors import (
    ConfigurationError,
    LinkedInPipelinesError,
    NoSchemaError,
    NoScreenError,
    PageUnreadableError,
)
from linkedin_pipelines.services.accounts.crypto import fault_of_session_key
from linkedin_pipelines.services.accounts.registry import list_accounts
from linkedin_pipelines.services.notices.posture import posture
from linkedin_pipelines.services.reporting.audits import selector_health


@dataclass(frozen=True)
class Finding:
    """What one look found."""

    check: str
    well: bool
    found: str
    state: str | None = None
    """Of a protection: on, weakened, off or unknown; one that is off was set so, and is no fault of the machine."""


@click.command("doctor")
@as_json
@click.pass_context
def command(context: click.Context, *, as_json: bool) -> None:
    """Look at everything the product needs; exit code 1 if something is wrong.

    Before `init` it looks at the machine alone: what `init` makes is told as one fault, not as many.
    """
    around: CliContext = context.obj
    if (missing := _nothing_set_up(around)) is not None:
        findings = [*(_examine(name, CHECKS[name], around) for name in OF_THE_MACHINE), missing]
    else:
        findings = [*(_examine(name, check, around) for name, check in CHECKS.items()), *_protections(around)]
    if as_json:
        print_json(findings)
    else:
        print_table(
            ["check", "", "found"],
            [[each.check, each.state or ("ok" if each.well else "WRONG"), each.found] for each in findings],
        )
    if not all(each.well for each in findings):
        context.exit(1)


def _examine(name: str, check: Callable[[CliContext], str], around: CliContext) -> Finding:
    try:
        return Finding(name, well=True, found=check(around))
    except (LinkedInPipelinesError, OSError) as error:
        return Finding(name, well=False, found=str(error))


def _nothing_set_up(around: CliContext) -> Finding | None:
    """The one fault of an installation on which `init` was never run; None if there is one, however wrong it is."""
    if around.settings.accounts_file.exists():
        return None
    try:
        with around.database():
            return None
    except NoSchemaError:
        home = around.settings.home
        return Finding("home", well=False, found=f"nothing is set up in {home} yet; `linkedin-pipelines init` does it")
    except LinkedInPipelinesError:
        return None  # told by the look at the database


def _protections(around: CliContext) -> list[Finding]:
    try:
        with around.database() as database:
            found = posture(database, around.settings, around.clock)
    except (LinkedInPipelinesError, OSError) as error:
        return [Finding("protections", well=False, found=str(error))]
    return [Finding(f"protection {each.name}", well=True, found=each.text, state=each.state.value) for each in found]


def _python(_around: CliContext) -> str:
    version = sys.version.split()[0]
    if not (3, 11) <= sys.version_info[:2] < (3, 14):
        raise ConfigurationError(f"{version}: 3.11 to 3.13 is needed")
    return version


def _browser(around: CliContext) -> str:
    from linkedin_pipelines.browser.launch import running_chromium

    with running_chromium(around.settings, headless=True) as browser:
        return f"Chromium {browser.version} starts"


def _window(around: CliContext) -> str:
    """Whether members who press Send themselves would see where."""
    with around.database() as database:
        assisted = [each.slug for each in list_accounts(database) if each.config.mode is Mode.ASSISTED]
    if not assisted:
        return "not needed: no account is assisted"
    if (why := why_no_window(around.settings)) is not None:
        raise NoScreenError(f"{', '.join(assisted)} cannot press Send: {why}")
    return f"shown, for {', '.join(assisted)} to press Send in"


def _home(around: CliContext) -> str:
    home = around.settings.home
    if not home.is_dir():
        raise ConfigurationError(f"{home} does not exist; `linkedin-pipelines init` makes it")
    mode = stat.S_IMODE(home.stat().st_mode)
    if mode & 0o077:
        raise ConfigurationError(f"{home} is open to other users of this machine (mode {mode:04o}): chmod 700 {home}")
    with tempfile.TemporaryFile(dir=home):
        return f"{home} can be written to, mode {mode:04o}"


def _database(around: CliContext) -> str:
    with around.database() as database:
        require_clock(database)
        shared = ", its clock and this machine's agree" if database.dialect == "postgresql" else ""
        return f"{database.dialect}, schema current{shared}"


def _accounts_file(around: CliContext) -> str:
    configs = load_accounts_file(around.settings.accounts_file)
    return f"{around.settings.accounts_file}: {len(configs)} account{'' if len(configs) == 1 else 's'}"


def _key(around: CliContext) -> str:
    settings = around.settings
    from_file = settings.secret_key is None
    if from_file and not settings.key_file.exists():
        return "none yet; made with the first session"
    of_file = [_open_to_others(settings.key_file)] if from_file else []
    if faults := [fault for fault in (*of_file, fault_of_session_key(settings)) if fault is not None]:
        raise ConfigurationError("; ".join(faults))
    return f"{settings.key_file}, closed to others" if from_file else "from LINKEDIN_SECRET_KEY"


def _open_to_others(path: Path) -> str | None:
    mode = stat.S_IMODE(path.stat().st_mode)
    return f"{path} can be read by others (mode {mode:04o}): chmod 600 {path}" if mode & 0o077 else None


def _time_zones(_around: CliContext) -> str:
    try:
        ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError as error:
        raise ConfigurationError("no time zone data: install the package tzdata") from error
    return "there"


def _selectors(around: CliContext) -> str:
    """How well pages are read, by what was learnt when they last were."""
    with around.database() as database:
        elements = selector_health(database)
    troubled = [each.text for each in elements if each.state is not SelectorUse.WELL]
    if any(each.state is SelectorUse.LOST for each in elements):
        raise PageUnreadableError(" ".join(troubled))
    return " ".join(troubled) or (f"{len(elements)} elements, all found" if elements else "no page read yet")


CHECKS: dict[str, Callable[[CliContext], str]] = {
    "python": _python,
    "time zones": _time_zones,
    "home": _home,
    "database": _database,
    "accounts file": _accounts_file,
    "session key": _key,
    "browser": _browser,
    "browser window": _window,
    "site elements": _selectors,
}
"""Each look, by the name that the member sees."""
OF_THE_MACHINE = ("python", "time zones", "browser")
"""The looks that need no installation."""

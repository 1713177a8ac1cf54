"""Every protection of the installation, with its state: what is off or weakened is said, whoever set it so.

What belongs here: one list, `PROTECTIONS`, and which of them each setting can weaken. `doctor`, `/ready` and Dagster's
page `protections` show the whole list. A setting that stands in neither of the two tables fails a test, so that nobody
can add a switch that weakens something without its being said.
"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from linkedin_pipelines.browser.window import why_no_window
from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting import notices as notice_rows
from linkedin_pipelines.domain.account import Approval, Canary, Mode
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.services.maintenance.backups import list_backups
from linkedin_pipelines.services.notices.causes import BACKUP_AGE
from linkedin_pipelines.services.notices.channels import EMAIL, channels_of
from linkedin_pipelines.services.reporting.audits import audit_quotas
from linkedin_pipelines.settings import Settings, is_loopback


class State(StrEnum):
    """How far a protection holds."""

    ON = "on"
    WEAKENED = "weakened"
    OFF = "off"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Protection:
    """One protection as it stands."""

    name: str
    state: State
    text: str
    """What it is, or what weakens it, in one sentence."""


@dataclass(frozen=True)
class _Around:
    """What the looks look at."""

    database: Database
    settings: Settings
    clock: Clock
    accounts: tuple[AccountView, ...]

    def slugs(self, which: Callable[[AccountView], bool]) -> str:
        return ", ".join(account.slug for account in self.accounts if which(account))


Finding = tuple[State, str]


def posture(database: Database, settings: Settings, clock: Clock) -> list[Protection]:
    """Every protection, in the order of the list.

    Raises:
        DatabaseUnavailableError: nothing is known of the accounts then.
    """
    around = _Around(database, settings, clock, tuple(list_accounts(database)))
    return [Protection(name, *probe(around)) for name, probe in PROTECTIONS.items()]


def _rehearsal(around: _Around) -> Finding:
    if live := around.slugs(lambda account: account.config.mode is Mode.LIVE):
        return State.OFF, f"Messages really go out for {live}, where a run asks for it."
    if assisted := around.slugs(lambda account: account.config.mode is Mode.ASSISTED):
        why = why_no_window(around.settings)
        held = f" Not now: {why}." if why is not None else ""
        return State.WEAKENED, f"For {assisted} you press Send yourself, where a run asks for it.{held}"
    return State.ON, "No account is live: everything is done but the last click."


def _approval(around: _Around) -> Finding:
    if automatic := around.slugs(lambda account: account.config.approval is Approval.AUTOMATIC):
        return State.OFF, f"Lists of {automatic} are approved by the schedule, unread."
    mailed = around.slugs(lambda account: account.config.notices.morning_mail)
    if mailed and around.settings.smtp_url is not None:
        return State.WEAKENED, f"A list is sent once you approve it; for {mailed} whoever reads the morning mail can."
    return State.ON, "A list is sent once you have approved its exact texts."


def _quotas(around: _Around) -> Finding:
    over = around.slugs(
        lambda account: not all(each.kept for each in audit_quotas(around.database, around.clock, account.slug))
    )
    if over:
        return State.OFF, f"Spending of the last fortnight, counted afresh, is above a ceiling for {over}."
    lowered = [sentence for account in around.accounts for sentence in account.config.lowered]
    return State.ON, " ".join(["Spending stays under the ceilings in code, which no file raises.", *lowered])


def _hours(around: _Around) -> Finding:
    if always := around.slugs(lambda account: account.config.hours == "00:00-24:00"):
        return State.OFF, f"{always} may be at work around the clock."
    return State.ON, "Accounts are at work within their own hours alone."


def _pace(around: _Around) -> Finding:
    if sandbox := around.slugs(lambda account: account.config.is_sandbox and account.config.pace_seconds[0] < 60):
        return State.WEAKENED, f"{sandbox}, on a site of this machine, pauses less than a minute between people."
    return State.ON, "At least a minute lies between two people."


def _canary(around: _Around) -> Finding:
    longest = Canary().valid_hours
    if late := around.slugs(lambda account: account.config.canary.valid_hours > longest):
        return State.WEAKENED, f"Pages are looked at less often than every {longest} hours for {late}."
    return State.ON, "Pages are looked at before a campaign; what cannot be read holds what needs it."


def _browser_sandbox(around: _Around) -> Finding:
    if not around.settings.browser_sandbox:
        return State.WEAKENED, "Chromium runs without its own sandbox (LINKEDIN_BROWSER_SANDBOX=0)."
    return State.ON, "Chromium keeps pages in its own sandbox, unless root runs it."


def _terms(around: _Around) -> Finding:
    missing = around.slugs(lambda account: account.terms_accepted_at is None and not account.config.is_sandbox)
    if missing:
        return State.OFF, f"The notice about LinkedIn's User Agreement is not accepted for {missing}: nothing is sent."
    return State.ON, "Every account on LinkedIn has its notice accepted."


def _guard(around: _Around) -> Finding:
    if hosts := ", ".join(around.settings.allowed_hosts):
        return State.WEAKENED, f"The UI's guard admits loopback and {hosts}."
    return State.ON, "The UI's guard admits pages of this machine alone."


def _loopback(around: _Around) -> Finding:
    try:
        note = json.loads((around.settings.home / "up.json").read_text())
        addresses = [str(note["url"]), str(note["status_url"])]
    except (OSError, ValueError, KeyError, TypeError):
        return (
            State.UNKNOWN,
            "Not known: nothing is up by `up` in this home. See where its ports are published.",
        )
    if out := [address for address in addresses if not is_loopback(urlsplit(address).hostname or "")]:
        return State.OFF, f"{', '.join(out)} can be reached from other machines, and Dagster's UI has no log-in."
    return State.ON, "UI and status server listen on loopback."


def _links(around: _Around) -> Finding:
    address = urlsplit(around.settings.status_url)
    if address.scheme == "http" and not is_loopback(address.hostname or ""):
        return State.OFF, f"Approval links lead over plain http to {address.hostname}: whoever listens can approve."
    return State.ON, "Approval links lead to this machine or over https."


def _modes(around: _Around) -> Finding:
    settings = around.settings
    own = [settings.home, settings.key_file, settings.marking_key_file, settings.api_key_file, settings.status_key_file]
    files = [*own, *((database,) if (database := around.database.file) else ())]
    if wide := [path.name for path in files if _is_open(path, inside=settings.home)]:
        return State.OFF, f"Other users of this machine can read {', '.join(wide)}: chmod go= mends that."
    return State.ON, "Home and keys can be read by their owner alone."


def _is_open(path: Path, *, inside: Path) -> bool:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return False  # not there yet
    closed_above = inside in path.parents and not stat.S_IMODE(inside.stat().st_mode) & 0o077
    return bool(mode & 0o077) and not (closed_above and path.suffix == ".db")


def _key(around: _Around) -> Finding:
    if around.settings.secret_key is not None:
        return State.ON, "Sessions are sealed with the key of LINKEDIN_SECRET_KEY."
    if around.settings.key_file.exists():
        return State.ON, "Sessions are sealed with secret.key of the home; a copy of the home holds both."
    return State.UNKNOWN, "No key yet: it is made with the first session."


def _backups(around: _Around) -> Finding:
    backups = list_backups(around.settings)
    if not backups:
        return State.OFF, "There is no backup."
    taken = backups[0].taken_at
    old = taken < around.clock.now() - BACKUP_AGE
    return State.OFF if old else State.ON, f"The newest backup, tried by a restore, is of {taken:%Y-%m-%d %H:%M} UTC."


def _notices(around: _Around) -> Finding:
    channels = channels_of(around.settings, around.clock)
    if not channels:
        return State.OFF, "No channel is set up: nobody is told what stops; docs/notices.md."
    failures = list(_failures(around, [channel.name for channel in channels]))
    if failures:
        return State.WEAKENED, "; ".join(failures)
    if EMAIL in {channel.name for channel in channels} and around.settings.notice_email is None:
        return (
            State.WEAKENED,
            "LINKEDIN_NOTICE_EMAIL names nobody: what concerns the installation is not mailed.",
        )
    return State.ON, f"People are told by {', '.join(channel.name for channel in channels)}."


def _failures(around: _Around, names: Iterable[str]) -> Iterator[str]:
    with around.database.reading() as session:
        for name in names:
            last = notice_rows.last_of_channel(session, name)
            if last is not None and last.failure is not None:
                yield f"{name}: {last.failure}"


PROTECTIONS: dict[str, Callable[[_Around], Finding]] = {
    "rehearsal": _rehearsal,
    "approval": _approval,
    "quotas_under_ceilings": _quotas,
    "hours": _hours,
    "pace": _pace,
    "canary": _canary,
    "terms_accepted": _terms,
    "ui_guard": _guard,
    "loopback": _loopback,
    "browser_sandbox": _browser_sandbox,
    "approval_links": _links,
    "file_modes": _modes,
    "session_key": _key,
    "backups_tried": _backups,
    "notices_work": _notices,
}
"""Each protection and what judges it, in the order in which it is shown."""

HARMLESS = "can weaken nothing"

ABOUT_SETTINGS: dict[str, str] = {
    "home": "file_modes",
    "database_url": "file_modes",
    "accounts_file": HARMLESS,
    "secret_key": "session_key",  # names of a setting and of a protection  # nosec B105
    "browser_executable": HARMLESS,
    "browser_headless": HARMLESS,
    "browser_sandbox": "browser_sandbox",
    "log_format": HARMLESS,
    "first_day": HARMLESS,
    "allowed_hosts": "ui_guard",
    "notice_email": "notices_work",
    "notice_from": HARMLESS,
    "smtp_url": "notices_work",
    "notice_webhook": "notices_work",
    "notice_apprise": "notices_work",
    "status_url": "approval_links",
}
"""Each setting of the environment, and the protection that says what it weakens."""

ABOUT_ACCOUNTS: dict[str, str] = {
    "slug": HARMLESS,
    "display_name": HARMLESS,
    "profile_url": HARMLESS,
    "base_url": "terms_accepted",
    "timezone": HARMLESS,
    "language": HARMLESS,
    "mode": "rehearsal",
    "assisted": HARMLESS,
    "approval": "approval",
    "hours": "hours",
    "weekdays": "hours",
    "pace_seconds": "pace",
    "late": HARMLESS,
    "leap_day": HARMLESS,
    "site_birthdays": "quotas_under_ceilings",
    "canary": "canary",
    "sourcing": "quotas_under_ceilings",
    "invitation_cleanup": "quotas_under_ceilings",
    "moments": "quotas_under_ceilings",
    "notices": "approval",
    "quotas": "quotas_under_ceilings",
}
"""Each key of an account, likewise."""

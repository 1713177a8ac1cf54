"""The first account, asked for question by question, and the accounts.yaml that holds the answers.

What belongs here: questions, defaults and the file's text. What a field may hold is decided by `domain.account`: it
checks each answer, and a wrong one is asked for again.
"""

from __future__ import annotations

import json
import locale
import re
from collections.abc import Callable
from pathlib import Path
from zoneinfo import available_timezones

import click
from pydantic import ValidationError

from linkedin_pipelines.accounts_file import wording_of
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.wording_files import built_in_wordings
from linkedin_pipelines.errors import ConfigurationError

_OTHER_FIELDS = {
    "slug": "me",
    "display_name": "Me",
    "profile_url": "https://www.linkedin.com/in/me",
    "timezone": "UTC",
}
"""Right values of the fields without a default, so that one field can be checked alone."""

_FILE = """\
# Every other key, with its default and what it means: accounts.example.yaml in the home.
# After a change: linkedin-pipelines accounts apply

accounts:
  - slug: {slug}
    display_name: {display_name}
    profile_url: {profile_url}
    timezone: {timezone}
    language: {language}
    hours: {hours} # nothing is sent outside
    mode: rehearsal # everything but the last click; `assisted`: you press Send yourself; `live` is the real thing
    approval: manual # you approve each day's list; `automatic` leaves it to the schedule
"""


def ask_account() -> dict[str, str]:
    """Ask for the account on the terminal; the answers by field, each of them right by the rules of accounts.yaml."""
    click.echo("One account to begin with. Enter takes what stands in brackets; accounts.yaml holds it, to be changed.")
    profile_url = _ask("profile_url", "Address of your own LinkedIn profile", None)
    own = slug_of(profile_url) or ""
    return {
        "profile_url": profile_url,
        "display_name": _ask("display_name", "Your name", _name_in(own)),
        "slug": _ask("slug", "Short name of the account here", _short_name_in(own)),
        "timezone": _ask("timezone", "Your time zone", machine_zone()),
        "language": _ask("language", f"Language of your wishes ({', '.join(_languages())})", _machine_language()),
        "hours": _ask("hours", "Hours in which something may be sent", "07:00-19:00"),
    }


def write_account(path: Path, answers: dict[str, str]) -> None:
    """Write accounts.yaml, in rehearsal and with approval by hand; one that is there stays.

    Raises:
        ConfigurationError: there is a file already, or it cannot be written.
    """
    text = _FILE.format(**{field: json.dumps(value, ensure_ascii=False) for field, value in answers.items()})
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}") from error


def fault_of(field: str, value: str) -> str | None:
    """What is wrong with a field of an account, in words; None if nothing is."""
    try:
        AccountConfig.model_validate_json(json.dumps(_OTHER_FIELDS | {field: value}), strict=True)
    except ValidationError as error:
        return "; ".join(wording_of(detail) for detail in error.errors(include_url=False))
    return None


def machine_zone(localtime: Path = Path("/etc/localtime"), timezone: Path = Path("/etc/timezone")) -> str:
    """The machine's IANA time zone, as its two usual files tell it; UTC where they do not."""
    _, _, linked = localtime.resolve().as_posix().partition("/zoneinfo/")
    named = timezone.read_text(encoding="utf-8", errors="replace").strip() if timezone.is_file() else ""
    zones = available_timezones()
    return next((zone for zone in (named, linked) if zone in zones), "UTC")


def _ask(field: str, question: str, default: str | None) -> str:
    return str(click.prompt(question, default=default, value_proc=_right(field)))


def _right(field: str) -> Callable[[str], str]:
    def checked(answer: str) -> str:
        answer = answer.strip()
        if (fault := fault_of(field, answer)) is not None:
            raise click.UsageError(f"{field}: {fault}")
        return answer

    return checked


def _languages() -> tuple[str, ...]:
    return built_in_wordings().languages


def _machine_language() -> str:
    language = (locale.getlocale()[0] or "")[:2]
    return language if language in _languages() else "en"


def _name_in(profile: str) -> str | None:
    """`Jane Doe` for the profile `jane-doe-12ab34`: a guess, to be typed over."""
    words = [word for word in profile.split("-") if word.isalpha()]
    return " ".join(word.capitalize() for word in words) or None


def _short_name_in(profile: str) -> str | None:
    short = re.sub(r"[^a-z0-9]+", "-", profile.lower()).strip("-")[:48].rstrip("-")
    return short or None

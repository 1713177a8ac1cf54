"""Words of the people search, the sent invitations and profile sections: a table a language, apart from the main ones.

They are apart so that a language can be taught here without its conversations being taken for understood: a language
that has no main table is still refused wherever a message would be written.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from linkedin_pipelines.browser.labels import MessageText
from linkedin_pipelines.errors import ConfigurationError

FOLDER = Path(__file__).parent


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class InvitationLabels(_Table):
    """Controls and whole lines of the sent invitations; a unit without NUMBER is one of it."""

    withdraw: MessageText = ()
    load_more: MessageText = ()
    count: MessageText = ()
    empty: MessageText = ()
    today: MessageText = ()
    days: MessageText = ()
    weeks: MessageText = ()
    months: MessageText = ()
    years: MessageText = ()


class SearchLabels(_Table):
    """Whole lines of search results."""

    hidden_member: MessageText = ()
    empty: MessageText = ()


class ProfileLabels(_Table):
    """Headings of a profile's sections."""

    experience: MessageText = ()
    skills: MessageText = ()
    certifications: MessageText = ()


class MomentLabels(_Table):
    """Whole lines of the catch-up page's tabs; DETAIL is what makes a new job this one and no other."""

    work_anniversary: MessageText = ()
    new_job: MessageText = ()
    anniversaries_count: MessageText = ()
    jobs_count: MessageText = ()
    empty: MessageText = ()


class NetworkLabels(_Table):
    """All of them, of one language."""

    language: str
    invitations: InvitationLabels = InvitationLabels()
    search: SearchLabels = SearchLabels()
    profile: ProfileLabels = ProfileLabels()
    moments: MomentLabels = MomentLabels()


def available() -> tuple[str, ...]:
    """The languages that have a table."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


@cache
def load(language: str) -> NetworkLabels:
    """The table of one language, checked; a language without a table has an empty one.

    Raises:
        ConfigurationError: the table is broken; names what is wrong in it.
    """
    path = FOLDER / f"{language}.toml"
    if language not in available():
        return NetworkLabels(language=language)
    try:
        return NetworkLabels.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise ConfigurationError(f"{path.name} of the labels is broken: {' '.join(str(error).split())}") from error


def for_page(declared: str | None) -> NetworkLabels:
    """The words of a page by the language that it declares; none where it declares none."""
    return load((declared or "").strip().lower().partition("-")[0].partition("_")[0])

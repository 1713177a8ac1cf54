"""One stated birthday out of whatever a format calls its fields."""

from __future__ import annotations

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import too_long

RAW_LIMIT = 100


def stated_birthday(
    part: Part,
    line: int,
    source: BirthdaySource,
    *,
    name: str,
    slugs: tuple[str, ...],
    emails: tuple[str, ...],
    birthday: BirthDate | RefusedDate,
    raw: str,
) -> StatedBirthday | RefusedRow:
    """The record of a person's birthday, or the refusal of a row that names nobody."""
    if not (name or slugs or emails):
        return part.refuse(line, "the birthday belongs to nobody: no name, no e-mail, no profile address", raw)
    if reason := too_long(name):
        return part.refuse(line, reason, name)
    raw = " ".join(raw.split())[:RAW_LIMIT]
    if isinstance(birthday, RefusedDate):
        return StatedBirthday(line, source, name, slugs, emails, None, None, None, raw, birthday.reason)
    return StatedBirthday(line, source, name, slugs, emails, birthday.month, birthday.day, birthday.year, raw, None)

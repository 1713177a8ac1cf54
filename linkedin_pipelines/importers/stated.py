"""One stated birthday out of whatever a format calls its fields."""

from __future__ import annotations

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate
from linkedin_pipelines.domain.names import DEATH_MARKS, CardName
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import too_long, visible

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
    other_names: tuple[str, ...] = (),
    short_name: str = "",
    died: bool = False,
) -> StatedBirthday | RefusedRow:
    """The record of a person's birthday, or the refusal of a row that names nobody."""
    if not (name or slugs or emails):
        return part.refuse(line, "the birthday belongs to nobody: no name, no e-mail, no profile address", raw)
    if reason := too_long(name):
        return part.refuse(line, reason, name)
    raw = " ".join(raw.split())[:RAW_LIMIT]
    others = tuple(other for other in other_names if other != name and too_long(other) is None)
    short = "" if short_name == name or too_long(short_name) else short_name
    if isinstance(birthday, RefusedDate):
        return StatedBirthday(
            line, source, name, slugs, emails, None, None, None, raw, birthday.reason, others, short, died
        )
    day = (birthday.month, birthday.day, birthday.year)
    return StatedBirthday(line, source, name, slugs, emails, *day, raw, None, others, short, died)


def row_of_table(
    part: Part,
    line: int,
    source: BirthdaySource,
    written: str,
    name: CardName,
    slugs: tuple[str, ...],
    emails: tuple[str, ...],
    died: bool,
    birthday: BirthDate | RefusedDate,
) -> StatedBirthday | RefusedRow:
    """The same of a row of an address book's table; a sign of death beside the name is no part of it."""
    return stated_birthday(
        part,
        line,
        source,
        name=visible(DEATH_MARKS.sub(" ", name.name)),
        other_names=name.others,
        short_name=name.short,
        slugs=slugs,
        emails=emails,
        birthday=birthday,
        raw=written,
        died=died,
    )

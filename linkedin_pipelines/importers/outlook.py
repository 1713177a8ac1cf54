"""Address books as tables: Outlook, Thunderbird, and the Contacts.csv of LinkedIn's archives until 2022.

Their columns carry the language of the program that wrote them. Thunderbird and some Outlooks write year, month and day
apart; others one column in the form of the machine that wrote it, which is read only where day and month cannot be
mistaken for each other, in the date itself or in the rest of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import partial
from typing import BinaryIO

from linkedin_pipelines.domain.birth_dates import BirthDate, RefusedDate, from_parts, read_birth_date
from linkedin_pipelines.domain.names import DEATH_MARKS, CardName, display_name, structured_name
from linkedin_pipelines.domain.records import RefusedRow, StatedBirthday
from linkedin_pipelines.domain.states import BirthdaySource
from linkedin_pipelines.importers.date_order import DateOrder
from linkedin_pipelines.importers.part import Part
from linkedin_pipelines.importers.people import distinct, email_of, profile_slugs, visible
from linkedin_pipelines.importers.stated import row_of_table
from linkedin_pipelines.importers.tables import Table

PARTS = ("Birth Year", "Birth Month", "Birth Day")
COLUMNS: dict[str, frozenset[str]] = {
    field: frozenset(names.split("|"))
    for field, names in {
        "given": "first name|firstname|given name|vorname|prénom|prenom|nombre|nome|primeiro nome|nome próprio|"
        "voornaam|förnamn|fornavn|imię",
        "middle": "middle name|weitere vornamen|zweiter vorname|deuxième prénom|segundo nombre|secondo nome|"
        "segundo nome|nome do meio|middelste naam|tweede voornaam|tussenvoegsel",
        "family": "last name|lastname|surname|family name|nachname|familienname|nom|nom de famille|apellidos|apellido|"
        "cognome|sobrenome|apelido|último nome|achternaam|efternamn|etternavn|efternavn|nazwisko",
        "shown": "display name|fullname|full name|anzeigename|nom à afficher|nom affiché|nombre mostrado|"
        "nombre para mostrar|nome visualizzato|nome da visualizzare|nome de exibição|nome a mostrar|weergavenaam|"
        "schermnaam",
        "birthday": "birthday|geburtstag|geburtsdatum|anniversaire|date de naissance|cumpleaños|fecha de nacimiento|"
        "compleanno|data di nascita|aniversário|data de nascimento|verjaardag|geboortedatum|födelsedag|"
        "fødselsdag|bursdag",
        "year": "birth year|geburtsjahr|année de naissance|naissance : année|año de nacimiento|anno di nascita|"
        "ano de nascimento|geboortejaar",
        "month": "birth month|geburtsmonat|mois de naissance|naissance : mois|mes de nacimiento|mese di nascita|"
        "mês de nascimento|geboortemaand",
        "day": "birth day|geburtstag|jour de naissance|naissance : jour|día de nacimiento|giorno di nascita|"
        "dia de nascimento|geboortedag",
    }.items()
}
"""What a column is called in English, German, French, Spanish, Italian, Portuguese, Dutch and their neighbours."""
_EMAIL = re.compile(
    r"e-?mails?(?: \d+)?(?: address)?|(?:primary|secondary|additional) email|"
    r"(?:primäre |sekundäre )?e-mail(?:-adresse)?(?: \d+)?(?:: adresse)?|adresse de messagerie(?: \d+)?|"
    r"adresse e-?mail(?: \d+)?|"
    r"adresse électronique(?: principale| secondaire)?|dirección de correo(?: electrónico)?(?: \d+)?|"
    r"correo electrónico(?: principal| secundario)?|indirizzo (?:di )?(?:posta elettronica|e-?mail)(?: \d+)?|"
    r"(?:primo|secondo) indirizzo e-?mail|endereço de (?:e-?mail|correio eletrónico)(?: \d+)?|e-?mailadres(?: \d+)?|"
    r"(?:primair|secundair) e-mailadres|e-mail (?:principal|secundário)"
)
_ADDRESS = re.compile(
    r"(?:personal |business )?web ?page(?: \d+)?|custom \d+|user \d+|website(?: \d+)?|sites|profiles|webseite|"
    r"page web|página web|pagina web|página da web|webpagina|benutzerdefiniert \d+|benutzer \d+|"
    r"divers \d+|utilisateur \d+"
)
_NONE = re.compile(r"0+([/.-])0+\1(?:0+|4501)(?: .*)?")
"""What Outlook writes where there is no birthday."""
_SEVERAL = re.compile(r"[\s,;|]+")


def is_header(columns: AbstractSet[str]) -> bool:
    """Whether lower-cased columns are those of such an address book: a name, and a birthday whole or in parts."""

    def has(field: str) -> bool:
        return bool(COLUMNS[field] & columns)

    return _names_people(columns) and (has("birthday") or (has("year") and has("month") and has("day")))


def _names_people(columns: AbstractSet[str]) -> bool:
    return bool(COLUMNS["shown"] & columns) or bool(COLUMNS["given"] & columns and COLUMNS["family"] & columns)


def read(part: Part, stream: BinaryIO) -> Iterator[StatedBirthday | RefusedRow]:
    """The birthdays of one address book; rows without a birthday are counted and left out.

    Raises:
        RefusedFileError: the file has another header or cannot be read to its end.
    """
    refused: list[RefusedRow] = []
    without = 0
    order = DateOrder(part.today)
    table = Table(part, stream, (), refused, lenient=True, is_header=_names_people)
    field_of = {field: next((c for c in table.columns if c in names), None) for field, names in COLUMNS.items()}
    apart = all(field_of[field] for field in ("year", "month", "day"))
    emails = [column for column in table.columns if _EMAIL.fullmatch(column)]
    addresses = [column for column in table.columns if _ADDRESS.fullmatch(column)]
    for line, cells in table:
        yield from refused
        refused.clear()
        if not cells:
            continue
        row = dict(zip(table.columns, cells, strict=True))
        known = {field: row[column].strip() if column else "" for field, column in field_of.items()}
        found = _birthday(known, part, apart=apart)
        name = _name(known)
        died = bool(DEATH_MARKS.search(name.name))
        if found is None and not died:
            without += 1
            continue
        birthday, written = found or (RefusedDate("the address book says that this person has died"), "")
        yield from order.take(
            written,
            birthday,
            partial(
                row_of_table,
                part,
                line,
                BirthdaySource.OUTLOOK,
                written,
                name,
                distinct(slug for column in addresses for slug in profile_slugs(row[column])),
                distinct(email_of(each) for column in emails for each in _SEVERAL.split(row[column])),
                died,
            ),
        )
    yield from refused
    yield from order.rest()
    if without:
        part.notes.append(f"{without} people have no birthday")


def _name(known: dict[str, str]) -> CardName:
    shown = display_name(visible(known["shown"]))
    return structured_name(visible(known["given"]), visible(known["middle"]), visible(known["family"]), shown)


def _birthday(known: dict[str, str], part: Part, *, apart: bool) -> tuple[BirthDate | RefusedDate, str] | None:
    year, month, day = (known[field] for field in ("year", "month", "day"))
    if apart and (year or month or day):
        return from_parts(year, month, day, today=part.today), "-".join(cell or "?" for cell in (year, month, day))
    written = "" if apart and known["birthday"] == day else known["birthday"]
    if not written or _NONE.fullmatch(written):
        return None
    return read_birth_date(written, today=part.today, zone=part.zone), written

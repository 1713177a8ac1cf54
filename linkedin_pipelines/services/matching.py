"""Whose birthday is whose, derived again from everything that is known after each import.

What belongs here: the rules by which a stated birthday finds its contact, by which a contact gets one birthday out of
several statements, and by which a wish sent by hand occupies an occasion. All of it is a function of the stored facts,
so that the order in which files came in does not matter, and a later file may mend what an earlier one left open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from linkedin_pipelines.db import birthdays, hand_sent, people
from linkedin_pipelines.db.birthdays import ContactBirthday, RecordToMatch
from linkedin_pipelines.db.database import Session
from linkedin_pipelines.db.forgotten import known_to
from linkedin_pipelines.db.hand_sent import Wish, WishedPerson
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.birthday_sources import OF_THE_SITE, Statement, settle
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.domain.occasions import nearest_occurrence
from linkedin_pipelines.domain.states import MatchRule


def rederive(session: Session, account_id: int, config: AccountConfig, now: datetime) -> None:
    """Match all stated birthdays, settle each contact's birthday, and place all wishes sent by hand."""
    match_records(session, account_id)
    settle_birthdays(session, account_id, now)
    place_wishes(session, account_id, config)


def match_records(session: Session, account_id: int) -> None:
    """Find the contact of every stated birthday: by profile address, else e-mail, else a full name that one bears."""
    for batch in birthdays.records_to_match(session, account_id):
        found = _Connected(
            people.connected_by(session, account_id, "profile_slug", {slug for row in batch for slug in row.slugs}),
            people.connected_by(session, account_id, "email", {email for row in batch for email in row.emails}),
            people.connected_by(session, account_id, "name_key", {row.name_key for row in batch if row.name_key}),
            known_to(session, account_id),
        )
        changed = []
        for row in batch:
            match = _match(row, found)
            if match != (row.contact_id, row.rule, row.unmatched_reason):
                changed.append((row.id, *match))
        birthdays.write_matches(session, changed)


class _Connected(NamedTuple):
    by_slug: Mapping[str, list[int]]
    by_email: Mapping[str, list[int]]
    by_name: Mapping[str, list[int]]
    forgotten: Forgotten


def _match(row: RecordToMatch, found: _Connected) -> tuple[int | None, MatchRule | None, str | None]:
    for rule, keys, contacts, what in (
        (MatchRule.PROFILE_URL, row.slugs, found.by_slug, "its profile addresses are those of"),
        (MatchRule.EMAIL, row.emails, found.by_email, "its e-mail addresses are shown by"),
    ):
        ids = {contact_id for key in keys for contact_id in contacts.get(key, ())}
        if len(ids) == 1:
            return ids.pop(), rule, None
        if ids:  # an address that leads to several people is no reason to fall back on a mere name
            return None, None, f"{what} {_counted(len(ids))} of your connections"
    if row.source in OF_THE_SITE:  # a page tells people by their address; a namesake of another address is another one
        return None, None, f"none of your imported connections has the profile address {', '.join(row.slugs)}"
    return _match_by_name(row, found)


def _match_by_name(row: RecordToMatch, found: _Connected) -> tuple[int | None, MatchRule | None, str | None]:
    if not row.name_key:
        return None, None, "it has no name, and no connection has its e-mail or profile address"
    namesakes = found.by_name.get(row.name_key, [])
    if namesakes and found.forgotten.shares_name(row.name_key):
        return None, None, f"more than one person that you know, or knew, is called {row.name}"
    if len(namesakes) == 1:
        return namesakes[0], MatchRule.FULL_NAME, None
    if namesakes:
        return None, None, f"{_counted(len(namesakes))} of your connections are called {row.name}"
    return None, None, f"no connection is called {row.name}"


def _counted(number: int) -> str:
    return {2: "two", 3: "three"}.get(number, str(number))


def settle_birthdays(session: Session, account_id: int, now: datetime) -> None:
    """Give every contact the one birthday that its records come to; disagreement on the day is noted, not hidden."""
    for contacts, records in birthdays.contacts_with_records(session, account_id):
        by_contact: dict[int, list[Statement]] = defaultdict(list)
        for record in records:
            by_contact[record.contact_id].append(record)
        settled = [
            (contact, settled_birthday(contact.contact_id, by_contact[contact.contact_id])) for contact in contacts
        ]
        birthdays.write_birthdays(session, [after for before, after in settled if before != after], now)


def settled_birthday(contact_id: int, records: Iterable[Statement]) -> ContactBirthday:
    """The birthday that readable records of one contact come to, by the rules of `domain.birthday_sources`."""
    settled = settle(records)
    if settled is None:
        return ContactBirthday(contact_id, None, None, None, None, disputed=False)
    return ContactBirthday(
        contact_id, settled.month, settled.day, settled.year, settled.source, disputed=settled.disputed
    )


def place_wishes(session: Session, account_id: int, config: AccountConfig) -> None:
    """Let every wish sent by hand occupy the occasion that it was for, as far as birthdays are known now.

    Two wishes for one occasion are one: the first stands in the ledger, both stay stored. An occasion that a campaign
    occupied stays the campaign's; its message is the very one that the export shows.
    """
    for batch in hand_sent.wished_people(session, account_id):
        outdated: list[int] = []
        wanted: list[tuple[int, int, Wish]] = []
        for person in batch:
            first = _first_wishes(person, config)
            moments = {wish.sent_at: year for year, wish in first.items()}
            own = {wish.sent_at for wish in person.wishes}
            stale = [
                row for row in person.ledger if row.sent_at in own and moments.get(row.sent_at) != row.occurrence_year
            ]
            outdated += [row.interaction_id for row in stale]
            there = {row.occurrence_year for row in person.ledger if row not in stale}
            wanted += [(person.contact_id, year, wish) for year, wish in first.items() if year not in there]
        hand_sent.move_in_ledger(session, account_id, config.zone, outdated, wanted)


def _first_wishes(person: WishedPerson, config: AccountConfig) -> dict[int, Wish]:
    """The first wish of each occurrence year."""
    first: dict[int, Wish] = {}
    for wish in person.wishes:
        first.setdefault(occurrence_year(person.month, person.day, wish.sent_at, config), wish)
    return first


def occurrence_year(month: int | None, day: int | None, sent_at: datetime, config: AccountConfig) -> int:
    """Year of the birthday that a wish of that moment was for; the wish's own local year while no birthday is known."""
    local = sent_at.astimezone(config.zone).date()
    if month is None or day is None:
        return local.year
    return nearest_occurrence(month, day, local, config.leap_day).year

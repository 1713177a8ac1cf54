"""Whose birthday is whose, derived again from everything that is known after each import.

What belongs here: the rules by which a stated birthday finds its contact, by which a contact gets one birthday out of
several statements, and by which a wish sent by hand occupies an occasion. All of it is a function of the stored facts,
so that the order in which files came in does not matter, and a later file may mend what an earlier one left open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from linkedin_pipelines.db.birthdays import birthdays
from linkedin_pipelines.db.birthdays import unmatched as unmatched_rows
from linkedin_pipelines.db.birthdays.birthdays import ContactBirthday, RecordToMatch
from linkedin_pipelines.db.contacts import connections, hand_sent, imports, people
from linkedin_pipelines.db.contacts.hand_sent import Wish, WishedPerson
from linkedin_pipelines.db.contacts.people import ConnectedPerson
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.legacy import events as legacy_events
from linkedin_pipelines.db.legacy import people as legacy_people
from linkedin_pipelines.domain import names
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.birthday_sources import BY_ADDRESS, Statement, settle
from linkedin_pipelines.domain.forgetting import Forgotten
from linkedin_pipelines.domain.occasions import nearest_occurrence
from linkedin_pipelines.domain.states import MatchRule

_HALF_WRITTEN = "a file is being imported that may name a namesake; if that was interrupted, import the file again"


@dataclass
class Derivation:
    """One walk over everything that follows from the stored facts of an account.

    Each step reads and writes up to a batch and is consistent in itself, so an import may commit between two of them
    and hold the database's only write lock for moments, while all others do the whole walk in their own transaction.
    """

    account_id: int
    config: AccountConfig
    now: datetime
    importing: int | None = None
    """The import that this walk ends, if any."""
    held: bool = False
    """Whether a match was held back, since another import is half written; whoever ends that walks again."""
    _initials: dict[str, list[ConnectedPerson]] | None = None

    def steps(self) -> Iterator[Callable[[Session], object]]:
        """What is to be called in turn, each with a session of a writing transaction."""
        yield lambda session: legacy_people.place(session, self.account_id, self.now)
        yield from _repeated(self._settle_people)
        yield from _repeated(self._match_batch)
        yield from _repeated(self._settle_batch)
        yield from _repeated(self._place_batch)
        yield lambda session: legacy_events.place(session, self.account_id, self.config, self.now)

    def _settle_people(self, session: Session, after: int) -> int | None:
        return connections.settle_people_without_address(session, self.account_id, self.now, after)

    def _match_batch(self, session: Session, after: int) -> int | None:
        """Find the contact of stated birthdays.

        What the member settled stands above all; then the profile address, an e-mail address, and a full name that one
        connection bears. Evidence that contradicts is never overruled by weaker evidence: doubt is unmatched.

        While another import of the account is half written, a namesake may be yet to come: no record gets a new
        contact by its name until that import ends, or has plainly died.
        """
        batch = birthdays.records_to_match(session, self.account_id, after)
        if not batch:
            return None
        forgotten = known_to(session, self.account_id)
        decided = unmatched_rows.decisions(session, self.account_id)
        half_written = imports.others_unfinished(session, self.account_id, self.importing, self.now)
        found = _Connected(
            people.people_by(session, self.account_id, "profile_slug", {slug for row in batch for slug in row.slugs}),
            people.people_by(session, self.account_id, "email", {email for row in batch for email in row.emails}),
            people.people_by(session, self.account_id, "name_key", {form for row in batch for form in _forms(row)}),
            forgotten,
        )
        changed = []
        for row in batch:
            match = _match(row, found, decided)
            if match.contact_id is None and match.may_bear_initials:
                match = _match_by_initials(row, self._people_with_initials(session), forgotten) or match
            if half_written and match.rule is MatchRule.FULL_NAME and match.contact_id != row.contact_id:
                self.held = True
                match = _unmatched(_HALF_WRITTEN) if row.contact_id is None else _Match(row.contact_id, row.rule, None)
            if match[:3] != (row.contact_id, row.rule, row.unmatched_reason):
                changed.append((row.id, *match[:3]))
        birthdays.write_matches(session, changed)
        return batch[-1].id

    def _people_with_initials(self, session: Session) -> dict[str, list[ConnectedPerson]]:
        if self._initials is None:  # one walk over those who have any, however many records need it
            self._initials = defaultdict(list)
            for person in people.people_with_initials(session, self.account_id):
                self._initials[names.without_initials(person.name_key)].append(person)
        return self._initials

    def _settle_batch(self, session: Session, after: int) -> int | None:
        """Give contacts the one birthday that their records come to; disagreement on the day is noted, not hidden."""
        contacts, records, died = birthdays.contacts_with_records(session, self.account_id, after)
        if not contacts:
            return None
        by_contact: dict[int, list[Statement]] = defaultdict(list)
        for record in records:
            if record.contact_id not in died:  # nobody is wished a happy birthday who has died
                by_contact[record.contact_id].append(record)
        settled = [
            (contact, settled_birthday(contact.contact_id, by_contact[contact.contact_id])) for contact in contacts
        ]
        birthdays.write_birthdays(session, [after for before, after in settled if before != after], self.now)
        return contacts[-1].contact_id

    def _place_batch(self, session: Session, after: int) -> int | None:
        """Let wishes sent by hand occupy the occasion that they were for, as far as birthdays are known now.

        Two wishes for one occasion are one: the first stands in the ledger, both stay stored. An occasion that a
        campaign occupied stays the campaign's; its message is the very one that the export shows.
        """
        batch = hand_sent.wished_people(session, self.account_id, after)
        if not batch:
            return None
        outdated: list[int] = []
        wanted: list[tuple[int, int, Wish]] = []
        for person in batch:
            first = _first_wishes(person, self.config)
            moments = {wish.sent_at: year for year, wish in first.items()}
            own = {wish.sent_at for wish in person.wishes}
            stale = [
                row for row in person.ledger if row.sent_at in own and moments.get(row.sent_at) != row.occurrence_year
            ]
            outdated += [row.interaction_id for row in stale]
            there = {row.occurrence_year for row in person.ledger if row not in stale}
            wanted += [(person.contact_id, year, wish) for year, wish in first.items() if year not in there]
        hand_sent.move_in_ledger(session, self.account_id, self.config.zone, outdated, wanted)
        return batch[-1].contact_id


def _repeated(step: Callable[[Session, int], int | None]) -> Iterator[Callable[[Session], object]]:
    """The step again and again, each time from where it came to, until it comes to nothing."""
    at: int | None = 0

    def go_on(session: Session) -> None:
        nonlocal at
        assert at is not None
        at = step(session, at)

    while at is not None:
        yield go_on


def rederive(session: Session, account_id: int, config: AccountConfig, now: datetime) -> None:
    """Match all stated birthdays, settle each contact's birthday, and place all wishes sent by hand and legacy rows."""
    for step in Derivation(account_id, config, now).steps():
        step(session)


class _Connected(NamedTuple):
    by_slug: Mapping[str, list[ConnectedPerson]]
    by_email: Mapping[str, list[ConnectedPerson]]
    by_name: Mapping[str, list[ConnectedPerson]]
    forgotten: Forgotten


class _Match(NamedTuple):
    contact_id: int | None
    rule: MatchRule | None
    reason: str | None
    may_bear_initials: bool = False
    """Nobody bears the name; somebody may bear it with an initial in the middle."""


def _unmatched(reason: str) -> _Match:
    return _Match(None, None, reason[:1000])


def _forms(row: RecordToMatch) -> list[str]:
    keys = dict.fromkeys((row.name_key, *row.other_name_keys))
    whole = [form for key in keys if names.is_whole(key) for form in names.name_forms(key)]
    return [*whole, *([row.short_name_key] if row.short_name_key else []), *_without_initials(row)]


def _without_initials(row: RecordToMatch) -> list[str]:
    short = names.without_initials(row.name_key)
    return [short] if short != row.name_key and names.is_whole(short) else []


def _match(  # noqa: PLR0911 -- a rule a return
    row: RecordToMatch, found: _Connected, decided: Mapping[str, int | None]
) -> _Match:
    if row.entry_key in decided:
        contact_id = decided[row.entry_key]
        if contact_id is None:
            return _unmatched("you settled that it is of none of your connections")
        return _Match(contact_id, MatchRule.MEMBER, None)
    shown = _unique(person for slug in row.slugs for person in found.by_slug.get(slug, ()))
    if len(shown) == 1:
        return _Match(shown[0].id, MatchRule.PROFILE_URL, None)
    if shown:
        return _unmatched(f"its profile addresses are those of {_counted(len(shown))} of your connections")
    if row.source in BY_ADDRESS:  # a page tells people by their address; a namesake of another address is another one
        return _unmatched(f"none of your imported connections has the profile address {', '.join(row.slugs)}")
    sharing = _unique(person for email in row.emails for person in found.by_email.get(email, ()))
    if len(sharing) > 1:  # an address that leads to several people is no reason to fall back on a mere name
        return _unmatched(f"its e-mail addresses are shown by {_counted(len(sharing))} of your connections")
    if sharing:
        if not any(names.may_be_one_person(key, sharing[0].name_key) for key in (row.name_key, *row.other_name_keys)):
            return _unmatched(f"its e-mail address is shown by {sharing[0].full_name}, whose name is another")
        return _known_by_another_address(row, sharing[0]) or _Match(sharing[0].id, MatchRule.EMAIL, None)
    return _match_by_name(row, found)


def _known_by_another_address(row: RecordToMatch, person: ConnectedPerson) -> _Match | None:
    """A profile address that is not this person's speaks against them, however well the name fits."""
    if row.slugs and person.profile_slug is not None:
        theirs = f"{person.full_name} is known by the profile address {person.profile_slug}"
        return _unmatched(f"its profile address is {', '.join(row.slugs)}, and {theirs}")
    return None


def _match_by_name(row: RecordToMatch, found: _Connected) -> _Match:
    if not row.name_key:
        return _unmatched("it has no name, and no connection has its e-mail or profile address")
    keys = [key for key in dict.fromkeys((row.name_key, *row.other_name_keys)) if names.is_whole(key)]
    if not keys:
        return _unmatched(f"{row.name} alone is no full name, and no connection has its e-mail or profile address")
    tiers: list[list[str]] = [[form for key in keys for form in names.name_forms(key)]]
    tiers += [[row.short_name_key]] if row.short_name_key else []
    tiers += [_without_initials(row)]
    for tier in tiers:
        namesakes = _unique(person for form in tier for person in found.by_name.get(form, ()))
        if namesakes:
            return _one_of(row, namesakes, found.forgotten)
    return _unmatched(f"no connection is called {row.name}")._replace(may_bear_initials=True)


def _one_of(row: RecordToMatch, namesakes: list[ConnectedPerson], forgotten: Forgotten) -> _Match:
    if any(forgotten.shares_name(key) for key in {row.name_key, *(person.name_key for person in namesakes)}):
        return _unmatched(f"more than one person that you know, or knew, is called {row.name}")
    if len(namesakes) > 1:
        return _unmatched(f"{_counted(len(namesakes))} of your connections are called {row.name}")
    return _known_by_another_address(row, namesakes[0]) or _Match(namesakes[0].id, MatchRule.FULL_NAME, None)


def _match_by_initials(
    row: RecordToMatch, initials: Mapping[str, list[ConnectedPerson]], forgotten: Forgotten
) -> _Match | None:
    short = row.short_name_key or names.without_initials(row.name_key)
    namesakes = [
        person
        for person in initials.get(short, ())
        if names.is_whole(short) and names.middle_agrees(row.name_key, person.name_key, short)
    ]
    return _one_of(row, namesakes, forgotten) if namesakes else None


def _unique(found: Iterable[ConnectedPerson]) -> list[ConnectedPerson]:
    return list({person.id: person for person in found}.values())


def _counted(number: int) -> str:
    return {2: "two", 3: "three"}.get(number, str(number))


def settled_birthday(contact_id: int, records: Iterable[Statement]) -> ContactBirthday:
    """The birthday that readable records of one contact come to, by the rules of `domain.birthday_sources`."""
    settled = settle(records)
    if settled is None:
        return ContactBirthday(contact_id, None, None, None, None, disputed=False)
    return ContactBirthday(
        contact_id, settled.month, settled.day, settled.year, settled.source, disputed=settled.disputed
    )


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

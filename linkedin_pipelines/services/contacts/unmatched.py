"""Birthdays that no rule could match, the likeliest connections beside them, and what the member settles.

What belongs here: the page of doubtful birthdays, in every form in which it is shown or handed in. What does not: the
rules (`matching`), which a settled entry stands above, in this import and in every later one.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from pydantic import BaseModel, ConfigDict

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import unmatched as unmatched_rows
from linkedin_pipelines.db.contacts import people
from linkedin_pipelines.db.contacts.people import ConnectedPerson
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.errors import RefusedFileError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.contacts import matching

NO_CONTACT = "none"
"""What a reviewed row says of an entry that is of none of the connections."""
RULES = "rules"
"""What a reviewed row says to take a decision back: the rules decide again."""
COLUMNS = ("entry", "name", "date", "source", "reason", "likeliest", "decision")
_LIKELIEST = 3
_ENTRY_SHOWN = 12
_LEAST_SCORE = 0.45


class LikelyContact(BaseModel):
    """A connection that an unmatched birthday may be of."""

    model_config = ConfigDict(frozen=True)

    key: str
    """The profile's slug, or `name:<name>`; what a decision names."""
    name: str


class UnmatchedEntry(BaseModel):
    """An entry of the member's files for whose birthday no contact was found."""

    model_config = ConfigDict(frozen=True)

    entry: str
    """What a decision names it by."""
    name: str
    date: str
    source: str
    reason: str
    settled: bool
    """Whether the member settled that it is of nobody."""
    likeliest: tuple[LikelyContact, ...]


@dataclass(frozen=True)
class SettledReport:
    """What became of decisions that were handed in."""

    settled: int
    taken_back: int
    matched: int
    """Birthdays that have a contact now and had none before."""


def unmatched_entries(database: Database, account_slug: str) -> list[UnmatchedEntry]:
    """All unmatched birthdays by name, each with up to three connections that it may be of.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        rows = unmatched_rows.unmatched_birthdays(session, account.id)
        likely = _likeliest(session, account.id, {row.name for row in rows})
        told = people.people_by(session, account.id, "email", {email for row in rows for email in row.emails})
    entries = []
    for row in rows:
        near = [person for email in row.emails for person in told.get(email, ())] + likely.get(row.name, [])
        unique = list({person.id: person for person in near}.values())[:_LIKELIEST]
        entries.append(
            UnmatchedEntry(
                entry=row.entry_key[:_ENTRY_SHOWN],
                name=row.name,
                date=row.raw_date,
                source=row.source,
                reason="; ".join(filter(None, (row.reason, row.refusal))),
                settled=row.rule is not None,
                likeliest=tuple(LikelyContact(key=_key(person), name=person.full_name) for person in unique),
            )
        )
    return entries


def _key(person: ConnectedPerson) -> str:
    return person.profile_slug or f"name:{person.name_key}"


def _likeliest(session: Session, account_id: int, names: set[str]) -> dict[str, list[ConnectedPerson]]:
    """Connections with a word of the name, the most alike first; one walk over all, however many names there are."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for name in names:
        for word in name.casefold().replace(",", " ").split():
            if len(word) > 1:
                wanted[word].add(name)
    scored: dict[str, list[tuple[float, int, ConnectedPerson]]] = defaultdict(list)
    if not wanted:
        return {}
    for person in people.everyone_connected(session, account_id):
        for name in {name for word in person.name_key.split() for name in wanted.get(word, ())}:
            score = SequenceMatcher(None, name.casefold(), person.name_key).ratio()
            if score >= _LEAST_SCORE:
                best = scored[name]
                best.append((-score, person.id, person))
                if len(best) > 20 * _LIKELIEST:
                    best.sort(key=lambda each: each[:2])
                    del best[_LIKELIEST:]
    return {
        name: [person for _, _, person in sorted(best, key=lambda each: each[:2])[:_LIKELIEST]]
        for name, best in scored.items()
    }


def as_csv(entries: Iterable[UnmatchedEntry]) -> str:
    """The page as a table to review: fill in `decision` with a profile's slug, `none` or nothing, and hand it in."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in entries:
        likeliest = " | ".join(f"{person.key} ({person.name})" for person in each.likeliest)
        decision = NO_CONTACT if each.settled else ""
        writer.writerow([each.entry, each.name, each.date, each.source, each.reason, likeliest, decision])
    return text.getvalue()


def read_decisions(text: str) -> dict[str, str]:
    """The decisions of a reviewed table, by entry; rows without one are left open.

    Raises:
        RefusedFileError: it lacks a column, or decides one entry in two ways.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if not {"entry", "decision"} <= set(rows.fieldnames or ()):
        raise RefusedFileError(
            "the reviewed table needs the columns entry and decision; write it with --unmatched --csv"
        )
    decided: dict[str, str] = {}
    for row in rows:
        entry, decision = (row["entry"] or "").strip(), (row["decision"] or "").strip()
        if entry and decision and decided.setdefault(entry, decision) != decision:
            raise RefusedFileError(f"the reviewed table decides the entry {entry} in two ways")
    return decided


def settle(database: Database, clock: Clock, account_slug: str, decided: Mapping[str, str]) -> SettledReport:
    """Keep what the member decided: an entry's contact by its key, `none`, or `rules`; then match again.

    Raises:
        UnknownAccountError: there is no such account.
        RefusedFileError: an entry or a contact is not known; nothing is kept then.
    """
    account = get_account(database, account_slug)
    now = clock.now()
    with database.writing() as session:
        known = unmatched_rows.entries(session, account.id)
        before = unmatched_rows.count_unmatched(session, account.id)
        entries = {_whole_entry(entry, list(known)): decision for entry, decision in decided.items()}
        contacts = people.ids_by_key(session, account.id, set(entries.values()) - {NO_CONTACT, RULES})
        if missing := sorted(set(entries.values()) - {NO_CONTACT, RULES} - set(contacts)):
            raise RefusedFileError(
                f"none of your connections is {missing[0]!r}; name a profile's slug, or {NO_CONTACT}"
            )
        kept = {
            entry: None if decision == NO_CONTACT else contacts[decision]
            for entry, decision in entries.items()
            if decision != RULES
        }
        back = [entry for entry, decision in entries.items() if decision == RULES]
        unmatched_rows.put_decisions(session, account.id, kept, now)
        unmatched_rows.drop_decisions(session, account.id, back)
        matching.rederive(session, account.id, account.config, now)
        after = unmatched_rows.count_unmatched(session, account.id)
    return SettledReport(len(kept), len(back), max(0, before - after))


def _whole_entry(entry: str, known: Sequence[str]) -> str:
    found = [key for key in known if key.startswith(entry)] if len(entry) >= _ENTRY_SHOWN else []
    if len(set(found)) != 1:
        raise RefusedFileError(f"no entry is called {entry!r}; `birthdays ACCOUNT --unmatched` lists them")
    return found[0]

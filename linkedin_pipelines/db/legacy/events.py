"""Events, do-not-contact and holds derived from legacy rows, again after every import of any kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.legacy import ledger_rows, marks
from linkedin_pipelines.db.legacy.ledger_rows import WantedRow
from linkedin_pipelines.db.legacy.resolving import Resolved, contacts_by_id, contacts_by_key, resolve
from linkedin_pipelines.db.models import Contact, Interaction, LegacyRow
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.legacy import placing
from linkedin_pipelines.domain.legacy.facts import BLOCKED, LAST_MESSAGE, moment_and_day
from linkedin_pipelines.domain.legacy.placing import PlacedEvent, occurrence_year
from linkedin_pipelines.domain.states import OCCUPYING, InteractionStatus

SAME_ROW = "same_row"
SAME_PERSON = "same_person"
ALREADY_HERE = "already_here"


@dataclass(frozen=True)
class _Case:
    """A row with the contact that it was placed on."""

    one: Resolved
    contact: Contact


def place(session: Session, account_id: int, config: AccountConfig, now: datetime) -> None:
    """Let ledger, do-not-contact and holds say what legacy rows come to, as contacts and birthdays are known now."""
    found = resolve(session, account_id)
    cases = _cases(session, account_id, found)
    leads = _without_copies(cases)
    _people(leads)
    placed = _events(session, account_id, config, leads)
    marks.block(session, account_id, _blocked(found, cases), now)
    marks.hold(session, account_id, _holds(session, config, leads, placed))
    session.flush()
    marks.clean(session, account_id, {case.contact.id for case in cases})
    session.flush()


def _cases(session: Session, account_id: int, found: Sequence[Resolved]) -> list[_Case]:
    by_key = contacts_by_key(session, account_id, [one.identity_key for one in found if one.identity_key])
    by_id = contacts_by_id(
        session,
        [
            *(one.contact_id for one in found if one.contact_id is not None),
            *(contact_id for one in found for contact_id in one.namesakes),
            *(contact.id for contact in by_key.values()),
        ],
    )
    cases = []
    for one in found:
        if one.identity_key is not None:
            contact = by_id[by_key[one.identity_key].id]
        else:
            contact = by_id[one.contact_id if one.contact_id is not None else one.namesakes[0]]
        one.row.contact_id = contact.id
        one.row.outcome, one.row.why, one.row.into_row = "imported", None, None
        one.row.repeat_at = one.row.repeat_day = None
        one.row.notes = [*one.fact.notes, *_notes(one)]
        cases.append(_Case(one, contact))
    return cases


def _notes(one: Resolved) -> list[str]:
    if len(one.namesakes) > 1:
        return [f"ambiguous:{len(one.namesakes)}"]
    return ["name_only"] if one.fact.event is not None and one.is_by_name and one.identity_key else []


def _without_copies(cases: Sequence[_Case]) -> list[_Case]:
    """The first of every statement; the same row in a copy or a later state of the file adds nothing."""
    first: dict[tuple[str, str, str], _Case] = {}
    for case in cases:
        row = case.one.row
        lead = first.setdefault((row.table_name, row.row_id, row.digest), case)
        if lead is not case:
            row.outcome, row.why, row.into_row = "merged", SAME_ROW, _name(lead.one.row)
            if row.interaction_id is not None and lead.one.row.interaction_id is None:
                lead.one.row.interaction_id, lead.one.row.derived_status = row.interaction_id, row.derived_status
            row.interaction_id = row.derived_status = None
    return list(first.values())


def _name(row: LegacyRow) -> str:
    return f"{row.table_name}:{row.row_id}"


def _people(cases: Sequence[_Case]) -> None:
    """Rows of one table that turn out to be one person."""
    first: dict[tuple[int, str, int], _Case] = {}
    for case in cases:
        row = case.one.row
        if case.one.fact.event is None and row.table_name not in {BLOCKED, "blacklist"}:
            lead = first.setdefault((row.import_id, row.table_name, case.contact.id), case)
            if lead is not case:
                row.outcome, row.why, row.into_row = "merged", SAME_PERSON, _name(lead.one.row)


def _events(
    session: Session, account_id: int, config: AccountConfig, cases: Sequence[_Case]
) -> list[tuple[_Case, PlacedEvent]]:
    """Write the ledger; returns the events that stand or repeat, for the holds."""
    told = [case for case in cases if case.one.fact.event is not None]
    rows = [case.one.row for case in told]
    ledger = ledger_rows.stored(session, [row.interaction_id for row in rows if row.interaction_id is not None])
    events = [_placed(index, case, config, _decided(case.one.row, ledger)) for index, case in enumerate(told)]
    outcomes = placing.outcomes(events)
    here = ledger_rows.occupied_by_others(session, [case.contact.id for case in told])
    wanted: dict[int, WantedRow] = {}
    for event in events:
        row, outcome = rows[event.index], outcomes[event.index]
        row.occurrence_year = event.year
        if outcome.why == placing.COVERED:
            row.outcome, row.why = placing.COVERED, placing.COVERED
        elif outcome.why is not None:
            assert outcome.into is not None
            row.outcome, row.why, row.into_row = "merged", outcome.why, _name(rows[outcome.into])
            if outcome.why == placing.REPEAT:
                row.repeat_at, row.repeat_day = event.at, event.day
        elif _is_here(event, here):
            row.outcome, row.why = "merged", ALREADY_HERE
            row.into_row = f"ledger:{here[event.contact_id, event.year]}"
        else:
            stated = told[event.index].one.fact.event
            assert stated is not None
            wanted[event.index] = WantedRow(
                event.contact_id, event.kind, stated.status, event.at, event.day, event.year, stated.body
            )
            if _is_guess(event, told[event.index], config):
                row.notes = [*row.notes, "year_uncertain"]
    _write(session, account_id, rows, wanted, ledger)
    return [(told[event.index], event) for event in events if event.status in OCCUPYING]


def _is_here(event: PlacedEvent, here: dict[tuple[int, int], int]) -> bool:
    birthday = event.kind is InteractionKind.BIRTHDAY_MESSAGE and event.status in OCCUPYING
    return birthday and (event.contact_id, event.year) in here


def _is_guess(event: PlacedEvent, case: _Case, config: AccountConfig) -> bool:
    """Whether a wish shortly after New Year may have been last year's: no birthday, and the table tells no lateness."""
    del config
    contact, birthday = case.contact, event.kind is InteractionKind.BIRTHDAY_MESSAGE
    in_january = event.day.month == 1 and event.day.day <= 14
    return birthday and in_january and contact.birth_month is None and event.table == "interactions"


def _decided(row: LegacyRow, ledger: dict[int, Interaction]) -> InteractionStatus | None:
    """What the member decided on the row of the ledger, where they did."""
    before = ledger.get(row.interaction_id) if row.interaction_id is not None else None
    return before.status if before is not None and before.status != row.derived_status else None


def _placed(index: int, case: _Case, config: AccountConfig, decided: InteractionStatus | None) -> PlacedEvent:
    event, contact = case.one.fact.event, case.contact
    assert event is not None
    at, day = moment_and_day(event.moment, config.zone)
    born = (contact.birth_month, contact.birth_day) if contact.birth_month and contact.birth_day else None
    birthday = event.kind is InteractionKind.BIRTHDAY_MESSAGE
    return PlacedEvent(
        index=index,
        table=case.one.row.table_name,
        row_id=case.one.row.row_id,
        contact_id=contact.id,
        kind=event.kind,
        status=decided or event.status,
        at=at,
        day=day,
        dated_only=event.moment.at is None,
        year=occurrence_year(born, day, event.days_late, config.leap_day) if birthday else day.year,
    )


def _write(
    session: Session,
    account_id: int,
    rows: Sequence[LegacyRow],
    wanted: dict[int, WantedRow],
    ledger: dict[int, Interaction],
) -> None:
    outdated: list[int] = []
    decided: dict[int, Interaction] = {}
    new: dict[int, WantedRow] = {}
    for number, row in enumerate(rows):
        before = ledger.get(row.interaction_id) if row.interaction_id is not None else None
        want = wanted.get(number)
        if before is not None and want is not None and ledger_rows.says(before, want):
            continue
        if before is not None:
            outdated.append(before.id)
            if before.status != row.derived_status:
                decided[number] = before
        row.interaction_id = row.derived_status = None
        if want is not None:
            new[number] = want
    for each in decided.values():
        session.expunge(each)
    ledger_rows.remove(session, outdated)
    for number, interaction_id in ledger_rows.add(session, account_id, new, decided).items():
        rows[number].interaction_id = interaction_id
        rows[number].derived_status = new[number].status.value


def _blocked(found: Sequence[Resolved], cases: Sequence[_Case]) -> dict[int, str]:
    """Contacts to be left alone, with the reason; by a name, every connection that bears it."""
    reasons: dict[int, str] = {}
    contacts = {id(case.one): case.contact.id for case in cases}
    for one in found:
        if one.fact.blocked is not None:
            for contact_id in one.namesakes or (contacts[id(one)],):
                reasons.setdefault(contact_id, one.fact.blocked)
    return reasons


def _holds(
    session: Session, config: AccountConfig, cases: Sequence[_Case], placed: Sequence[tuple[_Case, PlacedEvent]]
) -> dict[tuple[int, int], str]:
    """Occasions of all who bear a name that a wish was noted under, also where all others of it were forgotten."""
    del cases
    holds: dict[tuple[int, int], str] = {}
    contacts = contacts_by_id(session, [each for case, _ in placed for each in case.one.namesakes])
    for case, event in placed:
        told_apart = case.one.identity_key is None or not case.one.namesakes
        if told_apart or event.kind is not InteractionKind.BIRTHDAY_MESSAGE:
            continue
        stated = case.one.fact.event
        assert stated is not None
        text = (
            f"{len(case.one.namesakes)} of your connections are called {case.one.fact.name}, and the product used "
            f"before wished one of them on {event.day}. Look into the conversations, then `import-legacy ACCOUNT "
            "--holds` and `--decide` say which."
        )
        for contact_id in case.one.namesakes:
            contact = contacts[contact_id]
            born = (contact.birth_month, contact.birth_day) if contact.birth_month and contact.birth_day else None
            year = occurrence_year(born, event.day, stated.days_late, config.leap_day)
            holds.setdefault((contact_id, year), text[:1000])
    return holds


def links_of(session: Session, import_id: int) -> list[int]:
    """Rows of the ledger that stand for rows of one import."""
    query = select(LegacyRow.interaction_id).where(
        LegacyRow.import_id == import_id, LegacyRow.interaction_id.is_not(None)
    )
    return [each for each in session.scalars(query) if each is not None]


__all__ = ["LAST_MESSAGE", "links_of", "place"]

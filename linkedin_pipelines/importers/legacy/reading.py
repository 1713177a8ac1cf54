"""From rows of either schema to facts; every row becomes facts, or a refusal with its reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from linkedin_pipelines.domain.birth_dates import RefusedDate, read_birth_date
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.identity import slug_of
from linkedin_pipelines.domain.legacy.facts import BLOCKED, LAST_MESSAGE, Event, Fact, Moment
from linkedin_pipelines.domain.states import InteractionStatus
from linkedin_pipelines.importers.legacy import values
from linkedin_pipelines.importers.legacy.tables import Row, Tables

_UTC = ZoneInfo("UTC")
_BIRTHDAY, _VISIT = InteractionKind.BIRTHDAY_MESSAGE, InteractionKind.PROFILE_VISIT
_TYPES = {
    "birthday_sent": _BIRTHDAY,
    "birthday_msg": _BIRTHDAY,
    "visit": _VISIT,
    "profile_visit": _VISIT,
    "invitation_withdrawn": InteractionKind.INVITATION_WITHDRAWAL,
    "invitation_withdraw": InteractionKind.INVITATION_WITHDRAWAL,
}
_BODY_LIMIT = 20_000


@dataclass(frozen=True)
class Refusal:
    """A row that was not taken (`refused`), or is none of ours (`kept_out`), and the class of its reason."""

    table: str
    row_id: str
    why: str
    outcome: str = "refused"


@dataclass
class LegacyFacts:
    """What a whole database states."""

    schema: str
    facts: list[Fact] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    kept_out: dict[str, tuple[int, str]] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    """Rows by table, all of them."""


class _Refuse(Exception):  # noqa: N818 - control flow of this module
    def __init__(self, why: str, outcome: str = "refused") -> None:
        super().__init__(why)
        self.why, self.outcome = why, outcome


def read_facts(tables: Tables, *, now: datetime, naive_zone: ZoneInfo, account_zone: ZoneInfo) -> LegacyFacts:
    """What all rows state; times without a zone are read as `naive_zone`'s, `now` is the moment of the import."""
    return _Reader(tables, now, naive_zone, account_zone).read()


class _Reader:
    def __init__(self, tables: Tables, now: datetime, naive_zone: ZoneInfo, account_zone: ZoneInfo) -> None:
        self._tables, self._now, self._naive, self._zone = tables, now, naive_zone, account_zone
        self._contacts = dict(tables.rows.get("contacts", ()))

    def read(self) -> LegacyFacts:
        found = LegacyFacts(self._tables.schema, kept_out=dict(self._tables.kept_out))
        found.rows = {table: count for table, (count, _) in self._tables.kept_out.items()}
        readers = {
            "contacts": self._contact,
            "scraped_profiles": self._scraped,
            "birthday_messages": self._message,
            "interactions": self._interaction,
            "profile_visits": self._visit,
            "blacklist": self._block,
        }
        for table, rows in self._tables.rows.items():
            found.rows[table] = len(rows)
            for row_id, row in rows:
                try:
                    found.facts += readers[table](row_id, row)
                except _Refuse as refused:
                    found.refusals.append(Refusal(table, row_id, refused.why, refused.outcome))
        return found

    def _contact(self, row_id: str, row: Row) -> Iterator[Fact]:
        slug, bad_address = self._address(row)
        name = values.name(row.get("name"))
        if slug is None and (bad_address or name is None):
            raise _Refuse("no_profile" if bad_address else "no_person")
        notes, born = [], None
        if name is None:
            notes.append("name_unknown")
        for column in ("birth_date", "next_birthday_date"):
            if (written := (values.text(row.get(column)) or "").strip()) and born is None:
                born = self._birthday(written, next_one=column == "next_birthday_date")
                notes += [] if born else ["no_birthday"]
        yield Fact("contacts", row_id, slug, name, birthday=born, notes=tuple(notes))
        for column in ("last_message_date", "last_birthday_message_at", "last_birthday_message_date"):
            when = values.moment(row.get(column), self._naive)
            if when is not None and values.possible(when, self._now, self._zone):
                event = Event(_BIRTHDAY, InteractionStatus.SENT, when)
                yield Fact(LAST_MESSAGE, row_id, slug, name, event, notes=("from_contact_row",))
                break
        if (values.text(row.get("status")) or "").strip().casefold() == "blacklisted":
            yield Fact(BLOCKED, row_id, slug, name, blocked="blacklisted by the product used before")

    def _birthday(self, written: str, *, next_one: bool) -> tuple[int, int, int | None] | None:
        born = read_birth_date(
            written,
            today=self._now.astimezone(self._zone).date(),
            year_omitted=next_one,  # the year of the next occurrence is no year of birth
        )
        return None if isinstance(born, RefusedDate) else (born.month, born.day, born.year)

    def _scraped(self, row_id: str, row: Row) -> Iterator[Fact]:
        slug, bad_address = self._address(row)
        if slug is None:
            raise _Refuse("no_profile" if bad_address else "no_person")
        parts = [values.name(row.get("first_name")), values.name(row.get("last_name"))]
        name = values.name(row.get("full_name")) or " ".join(filter(None, parts)) or None
        yield Fact("scraped_profiles", row_id, slug, name, notes=() if name else ("name_unknown",))

    def _message(self, row_id: str, row: Row) -> Iterator[Fact]:
        slug, name, notes = self._person(row.get("contact_id"), values.name(row.get("contact_name")))
        when = self._when(values.moment(row.get("sent_at"), self._naive))
        mode = values.text(row.get("script_mode"))
        status = InteractionStatus.REHEARSED if mode in values.REHEARSAL_MODES else InteractionStatus.SENT
        late = values.days_late(row.get("is_late"), row.get("days_late"))
        if values.truth(row.get("is_late")) and late is None:
            notes = (*notes, "late_unknown")
        event = Event(_BIRTHDAY, status, when, late, _body(row.get("message_text")))
        yield Fact("birthday_messages", row_id, slug, name, event, notes=notes)

    def _interaction(self, row_id: str, row: Row) -> Iterator[Fact]:
        word = (values.text(row.get("type")) or "").strip()
        if word == "quota_used":
            raise _Refuse("book_keeping", "kept_out")
        if (kind := _TYPES.get(word)) is None:
            raise _Refuse("unknown_type")
        state = (values.text(row.get("status")) or "").strip()
        if state == "pending":
            raise _Refuse("no_time")
        if state not in {"success", "failed"}:
            raise _Refuse("unknown_status")
        payload = values.payload(row.get("payload"))
        told = payload if isinstance(payload, dict) else {}
        slug, name, notes = self._person(row.get("contact_id"), values.name(told.get("contact_name")))
        if slug is None and kind is not _BIRTHDAY:
            raise _Refuse("no_person")
        when = self._when(self._created(row, told))
        rehearsed = None if payload is values.UNREADABLE else values.rehearsed(payload)
        if state == "failed":
            status, notes = InteractionStatus.FAILED, (*notes, "failed_without_proof")
        elif rehearsed:
            status = InteractionStatus.REHEARSED
        elif rehearsed is None and kind is _BIRTHDAY:
            status, notes = InteractionStatus.IN_DOUBT, (*notes, "payload_unreadable")
        else:
            status = InteractionStatus.SENT
        body = _body(told.get("message", told.get("message_text"))) if kind is _BIRTHDAY else None
        event = Event(kind, status, when, values.days_late(told.get("is_late"), told.get("days_late")), body)
        yield Fact("interactions", row_id, slug, name, event, notes=notes)

    def _created(self, row: Row, told: dict[str, object]) -> Moment | None:
        """SQLite sets the column itself, in UTC; a copied row holds another clock there, and its source beside it."""
        if told.get("migrated_from") and told.get("original_sent_at"):
            return values.moment(told["original_sent_at"], self._naive)
        written = values.text(row.get("created_at")) or ""
        copied = "." in written and bool(told.get("migrated_from"))
        when = values.moment(written, self._naive if copied else _UTC)
        return Moment(when.at, when.day) if when and not copied else when

    def _visit(self, row_id: str, row: Row) -> Iterator[Fact]:
        slug, bad_address = self._address(row)
        if slug is None:
            raise _Refuse("no_profile" if bad_address else "no_person")
        when = self._when(values.moment(row.get("visited_at"), self._naive))
        done = values.truth(row.get("success"))
        if (values.text(row.get("source_search")) or "").strip().endswith("dry_run"):
            status = InteractionStatus.REHEARSED
        elif done is None:
            status = InteractionStatus.IN_DOUBT
        else:
            status = InteractionStatus.SENT if done else InteractionStatus.FAILED
        yield Fact("profile_visits", row_id, slug, None, Event(_VISIT, status, when))

    def _block(self, row_id: str, row: Row) -> Iterator[Fact]:
        if "is_active" in row and row["is_active"] is not None and values.truth(row["is_active"]) is False:
            raise _Refuse("inactive", "kept_out")
        slug, bad_address = self._address(row)
        name = values.name(row.get("contact_name"))
        if slug is None and name is None:
            raise _Refuse("no_profile" if bad_address else "no_person")
        why = (values.text(row.get("reason")) or "").strip() or "no reason given"
        yield Fact("blacklist", row_id, slug, name, blocked=f"blacklisted in the product used before: {why[:300]}")

    def _person(self, contact_id: object, stated: str | None) -> tuple[str | None, str | None, tuple[str, ...]]:
        """Slug, name and notes of whom a row is about: an address in the linked row beats the name."""
        number = values.whole(contact_id)
        linked = self._contacts.get(str(number)) if number is not None else None
        slug, bad_address = self._address(linked) if linked else (None, False)
        name = stated or (values.name(linked.get("name")) if linked and not bad_address else None)
        if slug is None and name is None:
            raise _Refuse("no_profile" if bad_address else "no_person")
        notes = () if linked else ("no_link",) if contact_id is None else ("dangling_link",)
        return slug, name if slug is None else values.name(linked.get("name")) if linked else name, notes

    def _address(self, row: Row) -> tuple[str | None, bool]:
        """The slug of a row's address; and whether there is an address that leads to no profile."""
        for column in ("profile_url", "linkedin_url"):
            if written := (values.text(row.get(column)) or "").strip():
                slug = slug_of(written)
                return (slug, False) if slug and len(slug) <= 400 else (None, True)
        return None, False

    def _when(self, when: Moment | None) -> Moment:
        if when is None:
            raise _Refuse("no_time")
        if not values.possible(when, self._now.astimezone(UTC), self._zone):
            raise _Refuse("impossible_time")
        return when


def _body(value: object) -> str | None:
    plain = values.text(value)
    return plain[:_BODY_LIMIT] if plain else None

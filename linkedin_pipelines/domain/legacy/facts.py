"""One row of the reference product, as a fact that does not depend on the schema that it was read from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import InteractionStatus

LAST_MESSAGE = "contacts.last"
"""Table name given to the fact that a contact's own column tells of a wish."""
BLOCKED = "contacts.blocked"
"""Table name given to the fact that a contact's status forbids contact."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as the row wrote it."""

    at: datetime | None
    """None for a date without an hour."""
    day: date | None = None
    """The date, where there is no hour."""
    naive: datetime | None = None
    """The clock's reading, where no zone was written: `at` rests on an assumption."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done, tried or rehearsed."""

    kind: InteractionKind
    status: InteractionStatus
    moment: Moment
    days_late: int | None = None
    """Whole days from 1 to 365; None if it was not late, or nobody knows by how much."""
    body: str | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What one row states of a person: that they exist, what was done, or that they are to be left alone."""

    table: str
    row_id: str
    slug: str | None = None
    name: str | None = None
    """A name that a page showed; None where there is none, or it was made from the address."""
    event: Event | None = None
    birthday: tuple[int, int, int | None] | None = None
    blocked: str | None = None
    """Why nobody may write to this person."""
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 of what is stated: the same row of a copy, or of a later state, has the same one."""
        told = self.to_json()
        if self.event is not None and self.event.moment.naive is not None:
            told["event"]["at"] = None  # an assumption about the zone is no statement of the row
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()

    def to_json(self) -> dict[str, Any]:
        """The fact as JSON; `from_json` reads it back."""
        told = asdict(self)
        if self.event is not None:
            moment = self.event.moment
            told["event"] = {
                "kind": self.event.kind.value,
                "status": self.event.status.value,
                "at": moment.at.isoformat() if moment.at else None,
                "day": moment.day.isoformat() if moment.day else None,
                "naive": moment.naive.isoformat() if moment.naive else None,
                "days_late": self.event.days_late,
                "body": self.event.body,
            }
        told["notes"] = list(self.notes)
        told["birthday"] = list(self.birthday) if self.birthday else None
        return told

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Fact:
        """The fact that `to_json` wrote."""
        event = None
        if (stated := told["event"]) is not None:
            event = Event(
                kind=InteractionKind(stated["kind"]),
                status=InteractionStatus(stated["status"]),
                moment=Moment(
                    at=datetime.fromisoformat(stated["at"]) if stated["at"] else None,
                    day=date.fromisoformat(stated["day"]) if stated["day"] else None,
                    naive=datetime.fromisoformat(stated["naive"]) if stated["naive"] else None,
                ),
                days_late=stated["days_late"],
                body=stated["body"],
            )
        born = told["birthday"]
        return cls(
            table=told["table"],
            row_id=told["row_id"],
            slug=told["slug"],
            name=told["name"],
            event=event,
            birthday=(born[0], born[1], born[2]) if born else None,
            blocked=told["blocked"],
            notes=tuple(told["notes"]),
        )


def moment_and_day(moment: Moment, zone: ZoneInfo) -> tuple[datetime, date]:
    """The moment and the local day that the ledger keeps; a date without an hour stands at its local noon."""
    if moment.at is not None:
        return moment.at, moment.at.astimezone(zone).date()
    assert moment.day is not None
    noon = datetime(moment.day.year, moment.day.month, moment.day.day, 12, tzinfo=zone)
    return noon.astimezone(UTC), moment.day


def day_if_local(moment: Moment) -> date | None:
    """The local day if the clock showed the account's own time; None where the row wrote its zone, or no hour."""
    return None if moment.naive is None else moment.naive.date()

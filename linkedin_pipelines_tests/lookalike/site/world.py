"""The state behind the pages: one case on stage, the threads, and the record of all that happened."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from linkedin_pipelines_tests.lookalike.site import people as cast_of
from linkedin_pipelines_tests.lookalike.site.case import Case, Switch
from linkedin_pipelines_tests.lookalike.site.people import Message, Person
from linkedin_pipelines_tests.lookalike.site.stage import DEFAULT_WISHES, Stage, roles, set_stage, twin_slug

AGES = (0, 1, 3, 8, 16, 25, 40, 70, 100, 190, 400)  # days since a sent invitation, newest first


@dataclass
class Invitation:
    """A pending invitation that the member sent."""

    id: str
    person: Person
    days: int


@dataclass
class World:
    """One server's memory. Every change happens under ``lock``."""

    me: Person
    li_at: str
    base_people: list[Person] | None
    today: date
    stage: Stage = field(init=False)
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))
    lock: threading.RLock = field(default_factory=threading.RLock)
    threads: dict[str, list[Message]] = field(default_factory=dict)
    deliveries: list[dict[str, Any]] = field(default_factory=list)
    visits: list[dict[str, Any]] = field(default_factory=list)
    withdrawals: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, Any]] = field(default_factory=list)
    misdeeds: list[dict[str, Any]] = field(default_factory=list)
    invitations: list[Invitation] = field(default_factory=list)
    stopped_at: int | None = None

    def switch(self, case: Case, wishes: Sequence[str] = DEFAULT_WISHES, people: list[Person] | None = None) -> None:
        """Play another case from its beginning: new record, new threads, new class names."""
        people = (
            people
            or self.base_people
            or cast_of.default_people(self.today, *(case.cast[k] for k in ("today", "late", "old")))
        )
        stage = set_stage(case, people, self.today, wishes)
        with self.lock:
            self.stage = stage
            self.nonce = secrets.token_hex(4)
            self.threads = {p.urn: list(p.thread) for p in stage.people}
            for record in (self.deliveries, self.visits, self.withdrawals, self.requests, self.misdeeds):
                record.clear()
            self.stopped_at = None
            pool = cast_of.strangers(200 + case.options.invitations)[200:]
            step = max(1, len(pool) // len(AGES))
            self.invitations = [
                Invitation(f"inv{7_100_000 + 37 * n}", p, AGES[min(n // step, len(AGES) - 1)])
                for n, p in enumerate(pool)
            ]

    @property
    def case(self) -> Case:
        """The case being played."""
        return self.stage.case

    def words(self) -> dict[str, str]:
        """The label table of the interface."""
        from .labels import DATA

        return DATA[self.case.language]

    def trap(self, name: str, slug: str = "", surface: str = "") -> Switch | None:
        """The switch of a trap when it fires for this person and surface."""
        for s in self.case.traps:
            if s.name == name and s.at.fires(len(self.deliveries), slug, surface):
                return s
        return None

    def everybody(self) -> list[Person]:
        """The people, the member, and the strangers of the search."""
        return [*self.stage.people, self.me, *self.outsiders()]

    def outsiders(self) -> list[Person]:
        """Strangers: the search's and the invitations'."""
        found = cast_of.strangers(max(24, self.case.options.search_total))
        return [*found, *(i.person for i in self.invitations)]

    def by_slug(self, slug: str) -> Person | None:
        """Who bears a slug (already percent-decoded), in any letter case."""
        return next((p for p in self.everybody() if p.slug.lower() == slug.lower()), None)

    def by_id(self, member_id: str) -> Person | None:
        """Who bears the id that compose links carry."""
        return next((p for p in self.everybody() if p.id == member_id), None)

    def twin(self) -> Person | None:
        """The namesake of `same_name_twins`, when it is on."""
        switch = self.stage.trap("same_name_twins")
        if switch is None:
            return None
        cast = roles(self.stage.people, self.today, self.case.options.late_days)
        return self.stage.person(twin_slug(switch, cast))

    def now(self) -> datetime:
        """The time of day now, on the day the case plays."""
        return datetime.combine(self.today, datetime.now(UTC).time())

    def note(self, record: list[dict[str, Any]], **facts: Any) -> None:
        """Append to a record, with its number and the real time in UTC."""
        with self.lock:
            record.append({"n": len(record) + 1, "time": datetime.now(UTC).isoformat(timespec="milliseconds"), **facts})

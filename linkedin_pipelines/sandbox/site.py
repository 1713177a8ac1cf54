"""The sandbox as it runs: the world, and what has happened in it since.

Everything that must survive a restart is an entry of the record first and an effect second, by the same code that
replays the record at the start.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from linkedin_pipelines.sandbox.faults import Faults
from linkedin_pipelines.sandbox.record import Entry, Record
from linkedin_pipelines.sandbox.visits import Visits
from linkedin_pipelines.sandbox.world import Event, Member, Person, Relation, SentInvitation, World, thread_id_of

STRANGER = Relation(person="", degree=3)


class Site:
    """A running sandbox. One event loop uses it; nothing here blocks but the record's fsync."""

    def __init__(self, world: World, state: Path | None = None) -> None:
        self.salt = secrets.token_hex(8)
        """Of the hashed class names: new at every start, as after a deploy of the real site."""
        self.record = Record(state)
        self.faults = Faults()
        self.visits = Visits()
        self.stopping = False
        self.random = random.Random(self.salt)  # noqa: S311 - delays, not secrets
        self.challenged: dict[str, Member] = {}
        """Sign-ins that wait for their challenge, by the key in its address."""
        self.confirmed: set[str] = set()
        """Accounts whose human has passed the challenge outside the browser."""
        self.last_profile: dict[str, str] = {}
        self.shown_late: dict[tuple[str, str], datetime] = {}
        """Until when a withdrawn invitation is still on the list, by account and person."""
        self._replace(world)
        for entry in list(self.record.entries):
            self._apply(entry)

    # -- who is who ---------------------------------------------------------------------------------------------

    def member(self, name: str) -> Member | None:
        """The member of that account name, or profile slug."""
        return self._members.get(name)

    def member_of_token(self, token: str) -> Member | None:
        """The member whose browser holds this `li_at`."""
        for member in self.world.members:
            if secrets.compare_digest(token.encode(), self.token(member).encode()):
                return member
        return None

    def token(self, member: Member) -> str:
        """The member's present `li_at`; signing out changes it."""
        digest = hashlib.sha256(f"{member.account}|{member.slug}|{self._revocations[member.account]}".encode())
        return "AQED" + digest.hexdigest()

    def person(self, name: str) -> Person | None:
        """The person of a slug (in any case, present or former), a member id or a recipient id."""
        return self._people.get(name) or self._people.get(name.lower())

    def person_of_thread(self, member: Member, thread_id: str) -> Person | None:
        return next((p for p in self.acquaintances(member) if thread_id_of(member.account, p.slug) == thread_id), None)

    def relation(self, member: Member, person: Person) -> Relation:
        return self._relations.get((member.account, person.slug), STRANGER)

    def acquaintances(self, member: Member) -> list[Person]:
        """Everybody to whom the member stands in any relation, in the world's order."""
        return [self._people[relation.person] for relation in member.relations]

    # -- time ---------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The site's own time: the machine's, moved by whole days to where the world says it is."""
        return self.real_now() + timedelta(days=self._days)

    def real_now(self) -> datetime:
        """The machine's time, which cookies go by."""
        return datetime.now(UTC)

    def days_to(self, today: date | None) -> int:
        """By how many days the machine's clock has to be moved for it to be `today` here."""
        return (today - self.real_now().date()).days if today else 0

    def today(self, member: Member, zone: str = "") -> date:
        """The member's local day. `zone` is the browser's; the account's own setting goes first."""
        return self.now().astimezone(zone_of(member, zone)).date()

    # -- conversations ------------------------------------------------------------------------------------------

    def events(self, member: Member, person: Person) -> list[Event]:
        """A thread, oldest first."""
        return self._threads[member.account, person.slug]

    def draft(self, member: Member, person: Person) -> str:
        return self._drafts.get((member.account, person.slug), self.relation(member, person).draft)

    def keep_draft(self, member: Member, person: Person, text: str) -> None:
        self._drafts[member.account, person.slug] = text

    def bubbles(self, member: Member) -> list[str]:
        """The slugs of the people whose conversation is open, the latest last."""
        return self._bubbles[member.account]

    # -- what happens -------------------------------------------------------------------------------------------

    def do(self, kind: str, **fields: Any) -> Entry:
        """Keep an entry of the record (on the disk), then let it take effect."""
        entry = self.record.append(kind, **fields)
        self._apply(entry)
        return entry

    def deliver(self, member: Member, person: Person, text: str) -> Entry:
        """The member's message reaches the person."""
        entry = self.do(
            "delivery",
            id=secrets.token_hex(8),
            account=member.account,
            recipient=person.slug,
            recipient_name=person.name,
            text=text,
            delivered_at=self.now().isoformat(),
        )
        self._drafts[member.account, person.slug] = ""
        return entry

    def pending_invitations(self, member: Member) -> list[tuple[Person, SentInvitation]]:
        """The member's sent invitations that wait, newest first."""
        now = self.real_now()
        shown = {key for key, until in self.shown_late.items() if now < until}
        gone = self._withdrawn - shown
        waiting = [i for i in member.sent_invitations if (member.account, i.person) not in gone]
        return [(self._people[i.person], i) for i in sorted(waiting, key=lambda i: i.sent_on, reverse=True)]

    def hashed(self, name: str) -> str:
        """The class that this deploy of the site gives to `name`."""
        return "_" + hashlib.sha256((self.salt + name).encode()).hexdigest()[:8]

    def stop(self) -> None:
        """Let go of every request that hangs. May be called from another thread."""
        self.stopping = True

    def close(self) -> None:
        self.record.close()

    # -- the record's effects -----------------------------------------------------------------------------------

    def _apply(self, entry: Entry) -> None:
        key = (str(entry.get("account", "")), str(entry.get("recipient") or entry.get("person", "")))
        match entry["kind"]:
            case "world":
                self._replace(World.model_validate(entry["world"]))
                self._days = entry["days"]
            case "clock":
                self._days = entry["days"]
            case "delivery":
                at = datetime.fromisoformat(entry["delivered_at"])
                self._threads[key].append(Event(by="me", text=entry["text"], at=at))
            case "answer":
                at = datetime.fromisoformat(entry["at"])
                self._threads[key].append(Event(by="them", text=entry["text"], at=at))
            case "revocation":
                self._revocations[entry["account"]] += 1
            case "withdrawal":
                self._withdrawn.add(key)

    def _replace(self, world: World) -> None:
        self.world = world
        self._days = self.days_to(world.today)
        self._members = {m.slug: m for m in world.members} | {m.account: m for m in world.members}
        self._people: dict[str, Person] = {}
        for person in world.people:
            names = (*person.former_slugs, person.slug, person.slug.lower(), person.member_id, person.recipient)
            self._people |= dict.fromkeys(names, person)
        self._relations = {(m.account, r.person): r for m in world.members for r in m.relations}
        self._threads: dict[tuple[str, str], list[Event]] = defaultdict(list)
        for member in world.members:
            for relation in member.relations:
                self._threads[member.account, relation.person].extend(relation.thread)
        self._drafts: dict[tuple[str, str], str] = {}
        self._bubbles: dict[str, list[str]] = {m.account: list(m.open_bubbles) for m in world.members}
        self._revocations: dict[str, int] = defaultdict(int)
        self._withdrawn: set[tuple[str, str]] = set()


def zone_of(member: Member, zone: str) -> ZoneInfo:
    """The zone in which a member sees times: the account's, else the browser's, else UTC."""
    try:
        return ZoneInfo(member.timezone or zone or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

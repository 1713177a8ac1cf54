"""Who exists on the sandbox: members with their own accounts, invented people, and how they stand to each other.

A world is data: it comes from Python, from a JSON file or by `POST /__sandbox__/world`, and never changes by itself.
What happens afterwards (deliveries, withdrawals, drafts) is kept in `site`.
"""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from pathlib import Path
from typing import Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from linkedin_pipelines.sandbox.change import Mutation
from linkedin_pipelines.sandbox.interface import Interface, Model


def urn_of(seed: str) -> str:
    """A member id as the site writes it: `ACoAA` and 34 characters more, the same for the same seed."""
    digest = hashlib.sha256(seed.encode()).digest()
    return "ACoAA" + base64.urlsafe_b64encode(digest).decode()[:34]


class Event(Model):
    """One message of a thread."""

    by: Literal["me", "them"]
    text: str
    at: AwareDatetime
    kind: Literal["text", "picture", "voice", "reaction"] = "text"
    """All but a text are shown without words."""
    edited: bool = False
    preview: str = ""
    """The title of the page behind a link, shown below the message."""


class Job(Model):
    """One line of a person's experience."""

    title: str
    company: str
    since: str = "2019"


class Person(Model):
    """Somebody with a profile."""

    slug: str
    first_name: str
    last_name: str
    headline: str = ""
    location: str = "Paris, Île-de-France, France"
    company: str = ""
    position: str = ""
    email: str = ""
    website: str = ""
    urn: str = ""
    """The member id, `ACoAA…`; made from the slug when left out."""
    recipient_id: str = ""
    """What addresses the composer in `recipient=`; the member id when left out."""
    birthday: str = Field(default="", pattern=r"^(\d\d-\d\d)?$")
    """`MM-DD`, or empty."""
    birth_year: int | None = None
    birthday_visible: bool = True
    """Whether catch-up and contact info show the birthday."""
    former_slugs: tuple[str, ...] = ()
    """Addresses that the person gave up; the site leads from them to the present one."""
    gone: bool = False
    """The account was closed: the profile cannot be found."""
    experience: tuple[Job, ...] = ()
    skills: tuple[str, ...] = ()
    certifications: tuple[str, ...] = ()
    open_to_work: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def member_id(self) -> str:
        return self.urn or urn_of(self.slug)

    @property
    def recipient(self) -> str:
        return self.recipient_id or self.member_id


class Relation(Model):
    """How one member stands to one person."""

    person: str
    degree: Literal[1, 2, 3] = 1
    connected_on: date | None = None
    thread: tuple[Event, ...] = ()
    draft: str = ""
    """What the editor still holds when the composer opens, perhaps meant for somebody else."""
    composer: Literal["thread", "say_hello", "inmail", "paywall"] = "thread"
    """What the Message control leads to."""
    compose_link: Literal["recipient", "urn_only", "body", "contradictory"] = "recipient"
    """The profile's compose link: addressed, with `profileUrn` alone, addressed with a draft in `body=`, or with the
    `profileUrn` of the one and the `recipient` of another."""
    message_control: bool = True
    follow_only: bool = False
    """The profile offers Follow beside Message; such a person is no connection, whatever the control says."""
    invitation_pending: bool = False
    share_prompt: bool = False
    """After a message, the site proposes to share contact info."""
    reply: str = ""
    """What the person answers, about two seconds after a message."""
    blocked: bool = False
    """The person does not show up: profile and composer are not to be found."""


class SentInvitation(Model):
    """An invitation to connect that waits for its answer."""

    person: str
    sent_on: date
    age_text: str = ""
    """What the page says of its age, in place of the usual words."""


class OtherInvitation(Model):
    """An invitation to follow or attend, among the sent ones: no person, and no connection."""

    kind: Literal["company", "newsletters", "showcase", "events"]
    """The first part of its address."""
    name: str
    sent_on: date
    age_text: str = ""


class Moment(Model):
    """Something to congratulate on that is no birthday."""

    person: str
    kind: Literal["job_change", "work_anniversary", "education"]
    day: date
    years: int = 0
    title: str = ""
    """The new position; the person's present one when left out."""
    line: str = ""
    """What the card says, in place of the usual words."""
    hidden: bool = False
    """Shown as somebody without a name or profile."""


class Member(Model):
    """An account of our own: somebody who can sign in."""

    account: str
    """What deliveries, sessions and faults call it."""
    slug: str
    first_name: str
    last_name: str
    headline: str = "Keeps in touch"
    email: str = ""
    """To sign in with; `<account>@example.com` when left out."""
    password: str = "correct-horse"  # noqa: S105 - of an invented member
    pin: str = "482915"
    """The code that a PIN challenge wants."""
    sign_in_challenge: Literal["", "app", "pin", "captcha"] = ""
    """What signing in leads to before the feed."""
    session_days: int = 365
    timezone: str = ""
    """IANA name; empty follows the browser."""
    interface: Interface = Field(default_factory=Interface)
    relations: tuple[Relation, ...] = ()
    open_bubbles: tuple[str, ...] = ()
    """People whose conversation is open at the bottom of every page from the start."""
    sent_invitations: tuple[SentInvitation, ...] = ()
    other_invitations: tuple[OtherInvitation, ...] = ()
    moments: tuple[Moment, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def sign_in_email(self) -> str:
        return self.email or f"{self.account}@example.com"

    @property
    def member_id(self) -> str:
        return urn_of("member " + self.slug)


class World(Model):
    """Everybody, as they are when the sandbox starts."""

    today: date | None = None
    """The site's own date at the start; None follows the machine's clock."""
    members: tuple[Member, ...]
    people: tuple[Person, ...]
    tracker_url: str = ""
    """Address of a pixel on another host that pages load, as the real site's advertising does."""
    mutation: Mutation | None = None
    """A redesign that nobody has seen: what every page's HTML becomes before it is sent."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = [person.slug for person in self.people]
        for what, names in (("person", known), ("member", [m.account for m in self.members])):
            twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
            if twice:
                raise ValueError(f"{what} {twice[0]!r} is there twice")
        everyone = set(known)
        for member in self.members:
            named = [r.person for r in member.relations] + [i.person for i in member.sent_invitations]
            for slug in (*named, *(m.person for m in member.moments), *member.open_bubbles):
                if slug not in everyone:
                    raise ValueError(f"member {member.account!r} refers to {slug!r}, who is not among the people")
        return self

    @classmethod
    def load(cls, path: Path) -> Self:
        """The world in a JSON file.

        Raises:
            OSError: the file cannot be read.
            ValueError: it is no world; the message names each wrong field.
        """
        return cls.model_validate_json(path.read_text(encoding="utf-8"))


def thread_id_of(account: str, slug: str) -> str:
    """The id in `/messaging/thread/<id>/` of a member's conversation with a person."""
    digest = hashlib.sha256(f"{account}|{slug}".encode()).hexdigest()
    inner = f"{digest[:8]}-{digest[8:12]}-{digest[12:16]}-{digest[16:20]}-{digest[20:32]}_100"
    return "2-" + base64.b64encode(inner.encode()).decode()


def event_id_of(thread_id: str, at: datetime, number: int) -> str:
    """The id of the `number`th event of a thread."""
    inner = f"{int(at.timestamp() * 1000)}-{thread_id[2:10]}-{number}"
    return "2-" + base64.b64encode(inner.encode()).decode()

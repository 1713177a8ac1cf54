"""The demo world: for each member a few dozen invented people, birthdays around the day, a trap in every corner."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from linkedin_pipelines.sandbox.interface import Generation, Interface
from linkedin_pipelines.sandbox.names import HEADLINES, PLAIN, STRANGERS, TRADES
from linkedin_pipelines.sandbox.slugs import slug_for
from linkedin_pipelines.sandbox.world import Event, Member, Moment, Person, Relation, SentInvitation, World


@dataclass(frozen=True)
class DemoMember:
    """A member of the demo world, before its people are made up."""

    account: str
    language: str = "en"
    generation: Generation = "sdui"
    first_name: str = "Demo"
    last_name: str = "Member"
    slug: str = ""
    """`<account>-member` when left out."""
    timezone: str = ""
    interface: Interface | None = None
    """In place of one made of language and generation."""
    people: int = 36
    """How many connections, the peculiar ones included."""


@dataclass
class _Draft:
    """A person in the making, and how the member stands to them."""

    first: str
    last: str
    birthday: str = ""
    birth_year: int | None = None
    headline: str = ""
    thread: list[Event] = field(default_factory=list)
    draft: str = ""
    degree: int = 1
    share_prompt: bool = False
    reply: str = ""


def demo_world(today: date, members: Sequence[DemoMember | str] = ("demo",), *, seed: int = 1) -> World:
    """A world in which it is `today`; the same arguments make the same world.

    Each member has connections with birthdays today (several, one of whom was wished by hand today already, one had
    last year's wish in the very words of a template, one asked to stop, two are awkwardly named), yesterday, 3, 7
    and 9 days ago, tomorrow, on 29 February and 30 December, two people of one name, and strangers in the rail.
    """
    people: list[Person] = []
    made: list[Member] = []
    for wanted in members:
        one = DemoMember(wanted) if isinstance(wanted, str) else wanted
        member, theirs = _populate(one, today, random.Random(f"{seed} {one.account}"))  # noqa: S311 - invented people
        made.append(member)
        people += theirs
    return World(today=today, members=tuple(made), people=tuple(people))


def _populate(one: DemoMember, today: date, rng: random.Random) -> tuple[Member, list[Person]]:
    drafts = [*_peculiar(today), *_ordinary(today, rng, one.people), *_strangers(rng)]
    people, relations = [], []
    for number, draft in enumerate(drafts):
        slug = slug_for(f"{draft.first} {draft.last}", f"{one.account} {number}")
        title, company = TRADES[number % len(TRADES)]
        headline = draft.headline or HEADLINES[number % len(HEADLINES)].format(title=title, company=company)
        people.append(
            Person(
                slug=slug, first_name=draft.first, last_name=draft.last, headline=headline, company=company,
                position=title, birthday=draft.birthday, birth_year=draft.birth_year,
                email=f"{slug}@example.org" if number % 7 == 0 else "",
            )
        )  # fmt: skip
        connected = today - timedelta(days=rng.randrange(30, 4000)) if draft.degree == 1 else None
        relations.append(
            Relation(
                person=slug, degree=draft.degree, connected_on=connected, thread=tuple(draft.thread),
                draft=draft.draft, share_prompt=draft.share_prompt, reply=draft.reply,
                composer="thread" if draft.degree == 1 else "paywall",
            )
        )  # fmt: skip
    interface = one.interface or Interface(language=one.language, generation=one.generation)
    member = Member(
        account=one.account, slug=one.slug or f"{one.account}-member", first_name=one.first_name,
        last_name=one.last_name, timezone=one.timezone, interface=interface, relations=tuple(relations),
        sent_invitations=tuple(
            SentInvitation(person=p.slug, sent_on=today - timedelta(days=12 * i))
            for i, (p, r) in enumerate(pair for pair in zip(people, relations, strict=True) if pair[1].degree != 1)
        ),
        moments=(
            Moment(person=people[20].slug, kind="job_change", day=today),
            Moment(person=people[21].slug, kind="work_anniversary", day=today - timedelta(days=1), years=30),
        ),
    )  # fmt: skip
    return member, people


def _peculiar(today: date) -> Iterator[_Draft]:
    """The people who are there for a reason."""

    def on(days: int) -> str:
        return f"{today + timedelta(days=days):%m-%d}"

    def said(days_ago: int, by: str, text: str, hour: int = 9) -> Event:
        at = datetime.combine(today - timedelta(days=days_ago), time(hour, 1), UTC)
        return Event.model_validate({"by": by, "text": text, "at": at})

    yield _Draft("Jane", "Whitfield", on(0), 1985, share_prompt=True)
    yield _Draft("Thierry", "Hier", on(0), headline="Consultant · 30 days to a better today")
    yield _Draft("Amélie 🌟", "Fontaine", on(0), 1990, draft="Dear Thierry, about tomorrow's meeting")
    yield _Draft("Robert", "Doe, PhD", on(0), thread=[said(40, "them", "Good to see you at the fair!")])
    yield _Draft("Maria", "Silva", on(0), headline="Marine biologist")
    yield _Draft("Maria", "Silva", on(150), headline="Pastry chef")
    wish = "Happy birthday, Priya!"
    yield _Draft(
        "Priya", "Raghunathan", on(0), 1979,
        thread=[said(365, "me", wish), said(365, "them", "Thank you so much!", 10)],
        reply="Thank you!",
    )  # fmt: skip
    yield _Draft("Wei", "Zhang", on(0), thread=[said(0, "me", "Happy birthday Wei, all the best!", 0)])
    stop = "Please stop sending me these birthday messages."
    yield _Draft("Vera", "Ivanova", on(0), thread=[said(365, "me", "Happy birthday, Vera!"), said(364, "them", stop)])
    yield _Draft("João", "Almeida", on(-1), 1992)
    yield _Draft("Noémie", "Delacroix", on(-3))
    yield _Draft("Łukasz", "Wiśniewski", on(-7), 1970)
    yield _Draft("Björn", "Eriksen", on(-9))
    yield _Draft("Elif", "Yılmaz", on(1))
    yield _Draft("Hans", "van der Berg", "02-29", 1988)
    yield _Draft("Ana", "Sánchez", "12-30")


def _ordinary(today: date, rng: random.Random, people: int) -> Iterator[_Draft]:
    """The rest of the connections: birthdays well away from the day, or none."""
    for number in range(max(0, people - 16)):
        first, last = PLAIN[(number + 8) % len(PLAIN)]
        if number >= len(PLAIN):
            last = f"{last}-{PLAIN[number % 7][1]}"
        day = today + timedelta(days=rng.randrange(20, 330))
        yield _Draft(first, last, f"{day:%m-%d}" if number % 5 else "", 1960 + number if number % 3 == 0 else None)


def _strangers(rng: random.Random) -> Iterator[_Draft]:
    """People of the second and third degree: in the rail, in searches, among the sent invitations."""
    for number, (first, last) in enumerate(STRANGERS):
        yield _Draft(first, last, f"{rng.randrange(1, 13):02}-11", degree=2 + number % 2)

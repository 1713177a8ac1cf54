"""Both jobs' whole way on the sandbox with a real browser: what the site recorded is what the ledger holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkedin_pipelines.browser.session import SignedInBrowser
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Account
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.sandbox.world import Event, Job, Moment, Person, SentInvitation
from linkedin_pipelines.services.invitations.campaigns import CleanupRun
from linkedin_pipelines.services.invitations.lists import WITHDRAWALS, CleanupList, read_list, read_pending
from linkedin_pipelines.services.moments.approvals import CONGRATULATIONS
from linkedin_pipelines.services.moments.campaigns import MomentRun
from linkedin_pipelines.services.moments.lists import read_moments
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.services.visits.campaigns import VisitRun
from linkedin_pipelines.services.visits.scores import scored
from linkedin_pipelines.services.visits.searches import read_search
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.network.conftest import Scene, Shown
from linkedin_pipelines_tests.browser.stage import TODAY
from linkedin_pipelines_tests.builders import a_contact, an_account
from linkedin_pipelines_tests.doubles import ManualClock

LANGUAGES = [("en", "sdui"), ("fr", "ember"), ("de", "data_view"), ("es", "sdui"), ("pt", "ember")]


class Runs:
    """One account on the module's site, in whose browser every run works."""

    def __init__(self, sqlite: Database, settings: Settings, clock: ManualClock, shown: Shown, **config: Any) -> None:
        self.database, self.settings, self.clock, self.shown = sqlite, settings, clock, shown
        self.browser: SignedInBrowser = shown.stage.browser
        an_account(sqlite, base_url=shown.stage.server.url, timezone="UTC", **config)

    @contextmanager
    def factory(self, *_: object) -> Iterator[SignedInBrowser]:
        yield self.browser

    def around(self, run_id: str) -> tuple[Database, Settings, ManualClock, str, date, str]:
        return self.database, self.settings, self.clock, "demo", TODAY, run_id

    def read(self, run_id: str) -> CleanupList:
        return read_pending(self.database, self.settings, self.clock, "demo", TODAY, run_id, self.factory)

    def ledger(self, kind: str) -> list[str]:
        """Slugs of those to whom it was done, by the ledger."""
        rows = interactions_of(self.database, "demo")
        return [str(row.slug) for row in rows if row.kind == kind and row.status == "sent" and row.reason is None]


def day_of(number: int) -> date:
    return TODAY - timedelta(days=number)


def invited(number: int) -> tuple[tuple[Person, ...], tuple[SentInvitation, ...]]:
    people = tuple(
        Person(slug=f"invited-{n}", first_name="Ida", last_name=f"Number{n}", headline="Sent 9 months ago, says my bio")
        for n in range(number)
    )
    return people, tuple(SentInvitation(person=p.slug, sent_on=day_of(n)) for n, p in enumerate(people))


@pytest.fixture
def cleanup(scene: Scene, sqlite: Database, settings: Settings, clock: ManualClock) -> Callable[..., Runs]:
    def make(number: int, **interface: Any) -> Runs:
        people, sent = invited(number)
        shown = scene({"page_size": 20, **interface}, people, {}, sent_invitations=sent)
        return Runs(sqlite, settings, clock, shown, invitation_cleanup={"older_than_days": 50})

    return make


@pytest.mark.parametrize(
    ("language", "generation", "number"),
    [("fr", "ember", 64), *(pytest.param(*each, 120, marks=pytest.mark.long) for each in LANGUAGES)],
)
def test_a_cleanup_withdraws_on_the_site_what_the_ledger_says(
    cleanup: Callable[..., Runs], language: str, generation: str, number: int
) -> None:
    runs = cleanup(number, language=language, generation=generation)
    view = runs.read("read")
    assert len(view.entries) == number
    WITHDRAWALS.approve(runs.database, runs.clock, "demo", TODAY, "member", "yes")
    with CleanupRun.opened(*runs.around("rehearse"), live=False, site_factory=runs.factory) as run:
        assert run.deliver(run.planned()[0]).status is InteractionStatus.REHEARSED
    assert runs.shown.told("withdrawals") == []
    with CleanupRun.opened(*runs.around("clean"), live=True, site_factory=runs.factory) as run:
        done = [run.deliver(entry) for entry in run.planned()[:2]]
    assert [each.status for each in done] == [InteractionStatus.SENT] * 2
    assert runs.shown.told("withdrawals") == [f"invited-{number - 1}", f"invited-{number - 2}"]
    assert runs.shown.told("withdrawals") == runs.ledger("invitation_withdrawal")
    assert runs.shown.told("conduct") == []


@pytest.mark.parametrize(
    ("trap", "reason"),
    [
        ({"fault": "no_dialog"}, Reason.PAGE_UNREADABLE),
        ({"fault": "dialog_names_other"}, Reason.WRONG_PERSON),
        ({"fault": "withdraw_fails"}, Reason.CLICK_UNPROVEN),
        ({"fault": "stale_list", "seconds": 3.0}, None),
    ],
    ids=lambda value: value["fault"] if isinstance(value, dict) else "",
)
def test_a_trap_of_the_dialog_is_one_person_s_outcome_and_the_next_is_withdrawn(
    cleanup: Callable[..., Runs], trap: dict[str, Any], reason: Reason | None
) -> None:
    runs = cleanup(66)
    runs.read("read")
    WITHDRAWALS.approve(runs.database, runs.clock, "demo", TODAY, "member", "yes")
    runs.shown.fault(trap["fault"], person="invited-65", times=1, **{k: v for k, v in trap.items() if k != "fault"})
    with CleanupRun.opened(*runs.around("clean"), live=True, site_factory=runs.factory) as run:
        first, second = (run.deliver(entry) for entry in run.planned()[:2])
    assert first.reason is reason
    assert second.status is InteractionStatus.SENT
    recorded = runs.shown.told("withdrawals")
    assert recorded == (["invited-65"] if reason is None else []) + ["invited-64"]
    assert recorded == runs.ledger("invitation_withdrawal")
    runs.read("again")
    left = read_list(runs.database, "demo", TODAY)
    assert left is not None
    assert ("invited-65" in {entry.slug for entry in left.planned}) is (reason is not None)


def nurses(number: int) -> tuple[Person, ...]:
    return tuple(
        Person(
            slug=f"nurse-{n}",
            first_name="Nora",
            last_name=f"Number{n}",
            headline="Nurse",
            location="Lyon" if n % 2 else "Oslo",
            skills=("Nursing", "Care"),
            experience=(Job(title="Nurse", company="Clinic", since="2019 - Present · 7 yrs"),),
        )
        for n in range(number)
    )


@pytest.mark.parametrize(
    ("language", "generation"),
    [
        LANGUAGES[0],
        # Portuguese controls are not known: only where a profile's controls are links can it be read.
        *(pytest.param(*each, marks=pytest.mark.long) for each in (*LANGUAGES[1:4], ("pt", "sdui"))),
    ],
)
def test_a_sourcing_campaign_visits_on_the_site_whom_the_ledger_says(
    scene: Scene, sqlite: Database, settings: Settings, clock: ManualClock, language: str, generation: str
) -> None:
    shown = scene({"language": language, "generation": generation}, nurses(24), {})
    criteria = {"keywords": ["nursing"], "locations": ["Lyon"], "weights": {"keywords": 50, "location": 50}}
    sourcing = {"search": "nurse", "criteria": criteria}
    runs = Runs(
        sqlite,
        settings,
        clock,
        shown,
        sourcing=sourcing,
        quotas={"profile_visit": {"per_run": 4, "per_day": 4, "per_week": 9}},
    )
    found = read_search(*runs.around("search"), site_factory=runs.factory)
    assert (found.pages, len(found.planned), found.doubt) == (3, 4, None)
    with VisitRun.opened(*runs.around("rehearse"), live=False, site_factory=runs.factory) as run:
        assert {run.deliver(entry).status for entry in run.planned()} == {InteractionStatus.REHEARSED}
    assert shown.told("visits") == []
    with VisitRun.opened(*runs.around("visit"), live=True, site_factory=runs.factory) as run:
        planned = run.planned()
        done = {entry.slug: run.deliver(entry) for entry in planned}
    assert {each.status for each in done.values()} == {InteractionStatus.SENT}
    assert Counter(shown.told("visits")) == Counter(runs.ledger("profile_visit"))
    assert set(shown.told("visits")) == set(done)
    scores = {each.slug: each.score for each in scored(sqlite, "demo") if each.missing_since is None}
    assert scores == {slug: 100 if int(slug[6:]) % 2 else 50 for slug in scores}
    assert set(scores) == set(shown.told("visits"))


@pytest.mark.parametrize(
    ("language", "generation"),
    [LANGUAGES[1], *(pytest.param(*each, marks=pytest.mark.long) for each in (*LANGUAGES[:1], *LANGUAGES[2:4]))],
)
def test_a_moments_campaign_congratulates_on_the_site_whom_the_ledger_says(
    scene: Scene, sqlite: Database, settings: Settings, clock: ManualClock, language: str, generation: str
) -> None:
    friends = (
        Person(slug="ada-1", first_name="Ada", last_name="One", position="Cook"),
        Person(slug="bob-2", first_name="Bob", last_name="Two", birthday=f"{TODAY:%m-%d}"),
        Person(slug="cleo-3", first_name="Cleo", last_name="Three"),
        Person(slug="dora-4", first_name="Dora", last_name="Four"),
    )
    talk = Event(by="them", text="See you on Friday", at=datetime.combine(day_of(3), time(12), UTC))
    moments = (
        Moment(person="ada-1", kind="job_change", day=TODAY),
        *(Moment(person=p.slug, kind="work_anniversary", day=TODAY, years=2) for p in friends[1:]),
    )
    interface = {"language": language, "generation": generation}
    relations: dict[str, dict[str, Any]] = {p.slug: {} for p in friends} | {"cleo-3": {"thread": (talk,)}}
    shown = scene(interface, friends, relations, moments=moments)
    wanted = {"congratulate": ["work_anniversary", "new_job"]}
    runs = Runs(sqlite, settings, clock, shown, language=language, moments=wanted)
    with sqlite.reading() as session:
        account_id = session.scalars(select(Account.id)).one()
    for person in friends:
        month, day = (TODAY.month, TODAY.day) if person.birthday else (9, 9)
        named = {"first_name": person.first_name, "full_name": person.name}
        a_contact(sqlite, account_id, person.slug, birth_month=month, birth_day=day, **named)
    seen = read_moments(*runs.around("read"), runs.factory)
    assert [(entry.slug, entry.outcome) for entry in seen.planned] == [
        (slug, EntryOutcome.PLANNED) for slug in ("ada-1", "cleo-3", "dora-4")
    ]
    CONGRATULATIONS.approve(sqlite, clock, "demo", TODAY, "member", "yes")
    before = len(shown.stage.told("deliveries"))
    with MomentRun.opened(*runs.around("rehearse"), live=False, site_factory=runs.factory) as run:
        assert run.deliver(run.planned()[0]).status is InteractionStatus.REHEARSED
    assert shown.stage.told("deliveries")[before:] == []
    with MomentRun.opened(*runs.around("congratulate"), live=True, site_factory=runs.factory) as run:
        done = {entry.slug: run.deliver(entry) for entry in run.planned()}
    assert {slug: each.reason for slug, each in done.items()} == {
        "ada-1": None, "cleo-3": Reason.TALKED_LATELY, "dora-4": None,
    }  # fmt: skip
    delivered = [(each["recipient"], each["text"]) for each in shown.stage.told("deliveries")[before:]]
    assert delivered == [(entry.slug, entry.body) for entry in seen.planned if entry.slug != "cleo-3"]
    assert [slug for slug, _ in delivered] == runs.ledger("moment_message")
    assert shown.told("conduct") == []

"""Profiles opened, by the site's own record, against the ledger: real pages, a real browser."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.sandbox.world import Person
from linkedin_pipelines.services.birthdays.approvals import approve
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.lists import build_list
from linkedin_pipelines.services.maintenance.upkeep import settle_open_interactions
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.browser.conftest import StageMaker
from linkedin_pipelines_tests.browser.stage import TODAY, Stage
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.doubles import ManualClock

FIRST_NAMES = (
    "Ann",
    "Bea",
    "Cid",
    "Dan",
    "Eve",
    "Flo",
    "Gus",
    "Ida",
    "Jon",
    "Kim",
    "Leo",
    "Mia",
    "Ned",
    "Ola",
    "Pia",
    "Roy",
)
PEOPLE = tuple(
    Person(slug=f"{first.lower()}-poe", first_name=first, last_name="Poe", birthday="03-18") for first in FIRST_NAMES
)
VISITS = {"profile_visit": {"per_run": 2, "per_day": 20, "per_week": 80}}


def test_two_rehearsals_of_sixteen_people_and_a_reading_open_what_the_ledger_says(
    stage: StageMaker, sqlite: Database, settings: Settings, clock: ManualClock
) -> None:
    """The second rehearsal used to open everybody again, and no visit was counted at all."""
    here = stage(people=PEOPLE)
    account = an_account(sqlite, base_url=here.server.url, timezone="UTC", mode="rehearsal", quotas=VISITS)
    contacts(sqlite, account, [person.slug for person in PEOPLE])

    @contextmanager
    def site(*_: object) -> Iterator[object]:
        yield here.browser

    def rehearse(run: str) -> Counter[object]:
        build_list(sqlite, clock, "demo", TODAY, run)
        approve(sqlite, clock, "demo", TODAY, "member", run)
        with CampaignRun.opened(sqlite, settings, clock, "demo", TODAY, run, live=False, site_factory=site) as campaign:  # type: ignore[arg-type]
            outcomes = [campaign.deliver(entry) for entry in campaign.planned()]
        return Counter(each.reason or each.status for each in outcomes)

    assert rehearse("run-1") == {InteractionStatus.REHEARSED: 15}  # the sixteenth waits for the limit of a run
    assert rehearse("run-2") == {Reason.REHEARSED_TODAY: 15}
    assert visits_of_the_site(here) == visits_of_the_ledger(sqlite)
    assert visits_of_the_site(here).total() == 16  # the canary looks at one conversation

    now = clock.now()
    with sqlite.writing() as session:
        ledger.put_settle_first(session, account, now, "restored", now - timedelta(hours=10))
    for run in ("run-3", "run-4"):
        settle_open_interactions(sqlite, settings, clock, "demo", run, site)  # type: ignore[arg-type]
        assert visits_of_the_site(here) == visits_of_the_ledger(sqlite)
        clock.advance(days=1)
    assert visits_of_the_site(here).total() == 16 + 2 * VISITS["profile_visit"]["per_run"]


def visits_of_the_site(here: Stage) -> Counter[str]:
    return Counter(each["person"] for each in here.told("visits"))


def visits_of_the_ledger(database: Database) -> Counter[str | None]:
    query = select(Contact.profile_slug).join(Interaction, Interaction.contact_id == Contact.id)
    with database.reading() as session:
        return Counter(session.scalars(query.where(Interaction.kind == "profile_visit")))

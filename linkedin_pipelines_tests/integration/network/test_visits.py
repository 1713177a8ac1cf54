"""Visits on the rails of the ledger: within the quota, not again too soon, counted once begun; scored and exported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.fit_score import Criteria
from linkedin_pipelines.domain.messaging import Recipient
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import EntryOutcome, InteractionStatus, Reason
from linkedin_pipelines.errors import ExportRefusedError, NotOnListError, PageUnreadableError, RefusedSearchError
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.maintenance.upkeep import drop_old_profiles
from linkedin_pipelines.services.reporting.reports import interactions_of
from linkedin_pipelines.services.visits.campaigns import VisitRun
from linkedin_pipelines.services.visits.exports import export
from linkedin_pipelines.services.visits.scores import distribution, score_again, scored
from linkedin_pipelines.services.visits.searches import SourcedList, read_list, read_search
from linkedin_pipelines.settings import Settings
from linkedin_pipelines_tests.builders import an_account, edit_account
from linkedin_pipelines_tests.doubles import ManualClock
from linkedin_pipelines_tests.integration.network.test_stored_profiles import read
from linkedin_pipelines_tests.memory_site import MemorySite

TODAY = date(2026, 3, 18)
SOURCING = {"search": "nurse", "criteria": {"keywords": ["python"]}, "revisit_days": 30, "keep_days": 60}


class Killed(BaseException):
    """Nothing of the process runs after this."""


@dataclass
class Here:
    """One account, a search, and runs over it."""

    database: Database
    settings: Settings
    clock: ManualClock
    site: MemorySite
    runs: int = 0

    @contextmanager
    def factory(self, *_: object) -> Iterator[MemorySite]:
        yield self.site

    @property
    def today(self) -> date:
        return self.clock.now().date()

    def search(self, **more: Any) -> SourcedList:
        self.runs += 1
        return read_search(
            self.database, self.settings, self.clock, "demo", self.today, f"run-{self.runs}",
            site_factory=self.factory, **more,
        )  # fmt: skip

    def visit(self, *, live: bool = True) -> dict[str, Outcome]:
        self.runs += 1
        with VisitRun.opened(
            self.database, self.settings, self.clock, "demo", self.today, f"run-{self.runs}", live=live,
            site_factory=self.factory,
        ) as run:  # fmt: skip
            return {entry.slug: run.deliver(entry) for entry in run.planned()}


@pytest.fixture
def here(database: Database, settings: Settings, clock: ManualClock) -> Here:
    an_account(database, sourcing=SOURCING)
    site = MemorySite(today=lambda: TODAY)
    site.profiles = {f"nurse-{n}": read(f"nurse-{n}", ("Python",) if n % 2 else ("Rust",)) for n in range(20)}
    site.profiles["nurse-3"] = None
    return Here(database, settings, clock, site)


def test_a_rehearsal_reads_results_and_visits_nobody(here: Here) -> None:
    with pytest.raises(NotOnListError):
        here.visit()
    found = here.search()
    assert (found.query, len(found.entries), len(found.planned)) == ("keywords=nurse", 20, 15)
    assert {each.status for each in here.visit(live=False).values()} == {InteractionStatus.REHEARSED}
    assert here.site.visits == []
    assert scored(here.database, "demo") == ()


def test_an_assisted_account_visits_nobody(here: Here) -> None:
    """Not as a rehearsal either: assisted is for messages, and the run says so."""
    account_id = get_account(here.database, "demo").id
    edit_account(here.database, account_id, mode="assisted")
    here.search()
    outcomes = here.visit().values()
    assert {(each.status, each.reason) for each in outcomes} == {(EntryOutcome.DEFERRED, Reason.NOT_LIVE)}
    assert here.site.visits == []


def test_visits_keep_to_the_quota_the_order_and_their_distance_in_time(here: Here) -> None:
    here.search()
    first = here.visit()
    assert list(first) == here.site.visits == [f"nurse-{n}" for n in range(15)]
    assert {slug: each.reason for slug, each in first.items() if each.reason} == {"nurse-3": Reason.PROFILE_GONE}
    assert {each.status for each in first.values()} == {InteractionStatus.SENT}
    assert list(here.visit()) == [f"nurse-{n}" for n in range(15, 20)]  # 20 a day
    assert here.visit() == {}
    view = here.search()
    assert {entry.outcome for entry in view.entries} == {EntryOutcome.SKIPPED}
    here.clock.advance(days=29)
    assert here.search().planned == ()
    here.clock.advance(days=1)
    assert len(here.search().planned) == 15


def test_profiles_are_kept_with_their_score_scored_again_and_dropped_in_time(here: Here) -> None:
    here.search()
    here.visit()
    found = scored(here.database, "demo")
    assert [each.score for each in found] == [100] * 6 + [0] * 8 + [None]
    assert distribution(found)["90-100"] == 6
    assert (found[-1].slug, found[-1].missing_since, found[-1].name) == ("nurse-3", TODAY, None)
    visits = list(here.site.visits)
    again = score_again(here.database, "demo", Criteria(keywords=("rust",)))
    assert [each.score for each in again] == [100] * 8 + [0] * 6 + [None]
    assert "1 of 1 keywords found (rust)" in (again[0].explanation or "")
    assert here.site.visits == visits
    here.clock.advance(days=60)
    assert drop_old_profiles(here.database, here.clock, "demo") == 0
    here.clock.advance(days=1)
    assert drop_old_profiles(here.database, here.clock, "demo") == 15
    assert scored(here.database, "demo") == ()


@pytest.mark.parametrize("step", ["profile"])
def test_a_visit_that_a_kill_cut_off_counts_and_is_not_made_again(here: Here, step: str) -> None:
    def kill(_: Recipient) -> None:
        raise Killed

    here.search()
    here.site.hooks[step] = kill
    with pytest.raises(Killed):
        here.visit()
    here.site.hooks.clear()
    here.clock.advance(minutes=2)
    assert "nurse-0" not in here.visit()  # seen by the person, whatever became of the run
    assert here.site.visits.count("nurse-0") == 1
    rows = interactions_of(here.database, "demo")
    assert (rows[0].status, rows[0].purpose, rows[0].occasion_key) == ("sent", "sourcing", "sourcing:2026-03-18")
    here.clock.advance(days=1)
    assert "nurse-0" not in {entry.slug for entry in here.search().planned}


def test_a_profile_that_cannot_be_read_is_an_outcome_of_its_person_alone(here: Here) -> None:
    def unreadable(person: Recipient) -> None:
        if person.profile_slug == "nurse-1":
            raise PageUnreadableError("the top card cannot be read.")

    here.search()
    here.site.hooks["profile"] = unreadable
    done = here.visit()
    assert (done["nurse-1"].status, done["nurse-1"].reason) == (InteractionStatus.SENT, Reason.PAGE_UNREADABLE)
    assert done["nurse-2"].reason is None
    assert "nurse-1" not in {each.slug for each in scored(here.database, "demo")}


@pytest.mark.parametrize(
    "search",
    ["http://127.0.0.1:9999/search/results/people/?keywords=x", "http://169.254.169.254/search/results/people/?a=b"],
)
def test_a_search_of_another_host_or_wrong_criteria_are_refused_before_any_browser(here: Here, search: str) -> None:
    with pytest.raises(RefusedSearchError, match="no other host"):
        here.search(search=search)
    with pytest.raises(RefusedSearchError, match="min_years"):
        here.search(criteria={"keywords": ["x"], "min_years": 9, "max_years": 2})
    assert here.site.searches == []
    with pytest.raises(ValueError, match="no other host"):
        an_account(here.database, "other", sourcing={"search": search})


def test_exports_hold_every_profile_and_no_formula(here: Here, tmp_path: Path) -> None:
    here.site.profiles = {"nurse-0": read("nurse-0", ("=HYPERLINK(1)", "Python")), "nurse-3": None}
    here.search()
    here.visit()
    found = scored(here.database, "demo")
    for suffix in (".csv", ".parquet", ".svg"):
        assert export(found, tmp_path / f"profiles{suffix}") == 2
    table = pd.read_csv(tmp_path / "profiles.csv")
    assert list(table["slug"]) == ["nurse-0", "nurse-3"]
    assert table["skills"][0] == "'=HYPERLINK(1); Python"
    typed = pd.read_parquet(tmp_path / "profiles.parquet")
    assert (typed["score"][0], typed["skills"][0], typed["score"].isna()[1]) == (100, "=HYPERLINK(1); Python", True)
    assert ">1</text>" in (tmp_path / "profiles.svg").read_text()
    with pytest.raises(ExportRefusedError, match="must end in one of"):
        export(found, tmp_path / "profiles.xlsx")


def test_the_list_of_another_day_is_that_day_s(here: Here) -> None:
    here.search()
    with pytest.raises(NotOnListError):
        read_list(here.database, here.clock, "demo", date(2026, 3, 17))

"""The tabs of work anniversaries and new jobs, and their traps: one that is unclear costs that one alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from linkedin_pipelines.browser.pages.moments import MomentsPage
from linkedin_pipelines.domain.moments import MomentKind, SeenMoments
from linkedin_pipelines.errors import PageUnreadableError
from linkedin_pipelines.sandbox.world import Moment, Person
from linkedin_pipelines_tests.browser.network.conftest import Scene, Shown
from linkedin_pipelines_tests.browser.stage import TODAY

JOB, ANNIVERSARY = MomentKind.NEW_JOB, MomentKind.WORK_ANNIVERSARY
EVERY_LANGUAGE = [
    ("en", "sdui"),
    ("fr", "ember"),
    ("de", "data_view"),
    ("es", "ember"),
    ("pt", "sdui"),
    ("en", "ember"),
]
PEOPLE = (
    Person(slug="ada-1", first_name="Ada", last_name="One", headline="5 years at work, says my bio", position="Cook"),
    Person(slug="elodie-2", first_name="Élodie", last_name="Hier", headline="Today", position="Head of Data"),
    Person(slug="bob-3", first_name="Bob", last_name="Three", birthday=f"{TODAY:%m-%d}"),
    *(Person(slug=f"guest-{n}", first_name="Guest", last_name=f"Number{n}") for n in range(9)),
)
GUESTS = tuple(Moment(person=f"guest-{n}", kind="work_anniversary", day=TODAY, years=n + 1) for n in range(9))
MOMENTS = (
    Moment(person="ada-1", kind="job_change", day=TODAY),
    Moment(person="ada-1", kind="job_change", day=TODAY, title="Chief Cook"),
    Moment(person="elodie-2", kind="job_change", day=TODAY),
    Moment(person="bob-3", kind="work_anniversary", day=TODAY, years=1),
    *GUESTS,
)


@pytest.fixture
def tab(scene: Scene) -> Callable[..., tuple[Shown, MomentsPage]]:
    def show(interface: dict[str, Any] | None = None, moments: tuple[Moment, ...] = MOMENTS):
        here = scene(interface or {}, PEOPLE, {p.slug: {} for p in PEOPLE}, moments=moments)
        return here, MomentsPage(here.site)

    return show


def told(seen: SeenMoments) -> list[tuple[str, str]]:
    return sorted((each.slug, each.detail) for each in seen.moments)


@pytest.mark.parametrize(("language", "generation"), EVERY_LANGUAGE)
def test_each_tab_is_read_to_its_end_in_every_language(tab, language: str, generation: str) -> None:
    here, page = tab({"language": language, "generation": generation, "typographic": True, "page_size": 20})
    jobs, anniversaries = page.read(JOB, TODAY), page.read(ANNIVERSARY, TODAY)
    assert told(jobs) == [("ada-1", "chief cook"), ("ada-1", "cook"), ("elodie-2", "head of data")]
    assert len({each.occasion_key for each in jobs.moments}) == 3
    assert {each.slug for each in anniversaries.moments} == {"bob-3", *(f"guest-{n}" for n in range(9))}
    assert {each.occasion_key for each in anniversaries.moments} == {f"work_anniversary:{TODAY.year}"}
    assert (jobs.doubt, anniversaries.doubt) == (None, None)
    assert here.told("visits") == []


@pytest.mark.parametrize("generation", ["sdui", "data_view", "ember"])
def test_a_hidden_member_and_unknown_words_cost_nobody_else_anything(tab, generation: str) -> None:
    moments = (
        Moment(person="ada-1", kind="job_change", day=TODAY, hidden=True),
        Moment(person="bob-3", kind="job_change", day=TODAY, line="Bob won a prize for his soup"),
        Moment(person="guest-1", kind="job_change", day=TODAY, line="Élodie started a new position as Head of Data"),
        Moment(person="elodie-2", kind="job_change", day=TODAY),
    )
    seen = tab({"generation": generation}, moments)[1].read(JOB, TODAY)
    assert told(seen) == [("elodie-2", "head of data")]
    assert len(seen.unknown) == 2  # a line about somebody else is not the card's own either
    assert "2 of" in (seen.doubt or "")


def test_a_hidden_member_alone_is_nobodys_mistake(tab) -> None:
    hidden = Moment(person="ada-1", kind="job_change", day=TODAY, hidden=True)
    seen = tab({}, (hidden, Moment(person="elodie-2", kind="job_change", day=TODAY)))[1].read(JOB, TODAY)
    assert told(seen) == [("elodie-2", "head of data")]
    assert "hidden" in (seen.doubt or "")


def test_a_long_tab_is_loaded_to_its_end(tab) -> None:
    interface = {"load_more": "late", "page_size": 2, "autoload_pages": 0}
    assert len(tab(interface)[1].read(ANNIVERSARY, TODAY).moments) == 10


@pytest.mark.parametrize(("language", "generation"), EVERY_LANGUAGE[:5])
def test_an_empty_tab_is_one_that_says_so(tab, language: str, generation: str) -> None:
    here, page = tab({"language": language, "generation": generation}, ())
    assert page.read(JOB, TODAY) == SeenMoments((), None)
    here.fault("list_empty", times=None)
    here.fault("no_signs", times=None)
    with pytest.raises(PageUnreadableError, match="does not say"):
        page.read(JOB, TODAY)


def test_without_a_count_and_with_one_that_is_too_small_nothing_is_taken_for_whole(tab) -> None:
    assert "no count" in (tab({"counts": "absent"})[1].read(JOB, TODAY).doubt or "")
    nobody_reads = (Moment(person="bob-3", kind="job_change", day=TODAY, line="Bob won a prize"),)
    with pytest.raises(PageUnreadableError, match="no card"):
        tab({}, nobody_reads)[1].read(JOB, TODAY)

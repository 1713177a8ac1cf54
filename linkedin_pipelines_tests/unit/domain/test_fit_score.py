"""The fit score: bounded, monotone in each factor, true to the weights, and explained to the last point."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from linkedin_pipelines.domain.fit_score import Criteria, Factor, FitScore, Weights, fit_score
from linkedin_pipelines.domain.profiles import Depth, Fact, Missing, ReadProfile, Section

TOKENS = ("python", "dagster", "rust", "c++", "sql")
PLACES = ("Paris", "Lyon", "Berlin")
CERTIFICATES = ("CKA", "CISSP", "PMP")

missing = st.sampled_from([Missing.NOT_READ, Missing.UNREADABLE])


def facts(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    told = values.map(lambda value: Fact.read(value, "test"))
    return told | st.sampled_from(Missing).map(Fact.none)


def sections(values: tuple[str, ...]) -> st.SearchStrategy[Any]:
    items = st.lists(st.sampled_from(values), unique=True).map(tuple)
    return items.map(lambda found: Section(items=found, how="test")) | missing.map(lambda why: Section(missing=why))


def profile(**fields: Any) -> ReadProfile:
    shown: Fact[Any] = Fact.none(Missing.NOT_SHOWN)
    given_: dict[str, Any] = {
        "slug": "jane-doe", "name": "Jane Doe", "depth": Depth.FULL, "headline": shown, "location": shown,
        "role": shown, "company": shown, "years_of_experience": Fact.none(Missing.UNREADABLE),
        "open_to_work": Fact.read(False, "test"), "degree": Fact.read(2, "test"),
        "experience": Section(how="test"), "skills": Section(how="test"), "certifications": Section(how="test"),
    }  # fmt: skip
    return ReadProfile.model_validate({**given_, **fields})


profiles = st.builds(
    profile,
    headline=facts(st.sampled_from(["Python and SQL", "Nurse", "Rustic furniture"])),
    location=facts(st.sampled_from(["Paris, France", "Greater Berlin", "Oslo"])),
    years_of_experience=facts(st.integers(0, 50)),
    open_to_work=facts(st.booleans()),
    skills=sections(TOKENS),
    certifications=sections(CERTIFICATES),
)
weights = st.builds(Weights, **{factor.value: st.integers(1, 100) for factor in Factor})


@st.composite
def wanted(draw: st.DrawFn) -> Criteria:
    low = draw(st.none() | st.integers(0, 20))
    high = draw(st.none() | st.integers(low or 0, 40))
    return Criteria(
        keywords=tuple(draw(st.lists(st.sampled_from(TOKENS), unique=True, min_size=1))),
        min_years=low,
        max_years=high,
        locations=tuple(draw(st.lists(st.sampled_from(PLACES), unique=True))),
        open_to_work=draw(st.booleans()),
        certifications=tuple(draw(st.lists(st.sampled_from(CERTIFICATES), unique=True))),
        weights=draw(weights),
    )


def score(criteria: Criteria, one: ReadProfile) -> int:
    found = fit_score(criteria, one).score
    assert found is not None
    return found


@given(wanted(), profiles)
def test_score_and_confidence_stay_between_0_and_100(criteria: Criteria, one: ReadProfile) -> None:
    found = fit_score(criteria, one)
    assert 0 <= found.confidence <= 100
    assert found.score is None or 0 <= found.score <= 100
    assert (found.score is None) == all(part.value is None for part in found.parts)


@given(wanted(), profiles)
def test_the_explanation_adds_up_to_the_number(criteria: Criteria, one: ReadProfile) -> None:
    found = fit_score(criteria, one)
    said = [int(points) for points in re.findall(r": (\d+) points$", found.explanation, re.MULTILINE)]
    assert sum(said) == sum(part.points for part in found.parts) == (found.score or 0)
    assert [part.factor for part in found.parts] == list(criteria.asked())
    assert all(part.points == 0 for part in found.parts if not part.value)


@given(wanted(), profiles, st.permutations(TOKENS), st.integers(0, 4))
def test_one_more_skill_never_lowers_the_score(
    criteria: Criteria, one: ReadProfile, order: list[str], number: int
) -> None:
    few = one.model_copy(update={"skills": Section(items=tuple(order[:number]), how="test")})
    more = one.model_copy(update={"skills": Section(items=tuple(order[: number + 1]), how="test")})
    lower, higher = fit_score(criteria, few).score, fit_score(criteria, more).score
    assert lower is None or (higher is not None and lower <= higher)


@given(wanted(), profiles, st.permutations(CERTIFICATES), st.integers(0, 2))
def test_one_more_certification_never_lowers_the_score(
    criteria: Criteria, one: ReadProfile, order: list[str], number: int
) -> None:
    base = one.model_copy(update={"skills": Section(how="test")})
    few = base.model_copy(update={"certifications": Section(items=tuple(order[:number]), how="test")})
    more = base.model_copy(update={"certifications": Section(items=tuple(order[: number + 1]), how="test")})
    lower, higher = fit_score(criteria, few).score, fit_score(criteria, more).score
    assert lower is None or (higher is not None and lower <= higher)


@given(wanted(), profiles, st.integers(0, 50))
def test_a_year_nearer_to_the_range_never_lowers_the_score(criteria: Criteria, one: ReadProfile, years: int) -> None:
    if criteria.min_years is not None and years < criteria.min_years:
        nearer = years + 1
    elif criteria.max_years is not None and years > criteria.max_years:
        nearer = years - 1
    else:
        return
    known = one.model_copy(update={"skills": Section(how="test")})
    far = known.model_copy(update={"years_of_experience": Fact.read(years, "test")})
    near = known.model_copy(update={"years_of_experience": Fact.read(nearer, "test")})
    assert score(criteria, far) <= score(criteria, near)


@given(wanted(), profiles)
def test_the_right_place_and_being_open_never_lower_the_score(criteria: Criteria, one: ReadProfile) -> None:
    here = criteria.locations[0] if criteria.locations else "Paris"
    for better, worse in (
        ({"location": Fact.read(f"Around {here}", "test")}, {"location": Fact.read("Nowhere", "test")}),
        ({"open_to_work": Fact.read(True, "test")}, {"open_to_work": Fact.read(False, "test")}),
    ):
        low, high = (fit_score(criteria, one.model_copy(update=update)).score for update in (worse, better))
        assert low is None or (high is not None and low <= high)


@given(weights, st.integers(1, 100))
def test_a_heavier_factor_gives_more_and_a_weightless_one_nothing(given_: Weights, more: int) -> None:
    only_place = profile(location=Fact.read("Paris", "test"))
    criteria = Criteria(keywords=("python",), locations=("Paris",), weights=given_)
    heavier = min(100, given_.location + more)
    heavy = criteria.model_copy(update={"weights": given_.model_copy(update={"location": heavier})})
    light = criteria.model_copy(update={"weights": given_.model_copy(update={"location": 0})})
    assert score(light, only_place) == 0 <= score(criteria, only_place) <= score(heavy, only_place)
    share = 100 * given_.location / (given_.location + given_.keywords)
    assert abs(score(criteria, only_place) - share) <= 0.5


@given(wanted(), profiles)
def test_what_was_not_read_lowers_the_confidence_and_not_the_score(criteria: Criteria, one: ReadProfile) -> None:
    everything = one.model_copy(
        update={
            "headline": Fact.read(" ".join(criteria.keywords), "test"),
            "years_of_experience": Fact.read(criteria.min_years or criteria.max_years or 0, "test"),
            "location": Fact.read(" ".join(criteria.locations) or "Oslo", "test"),
            "open_to_work": Fact.read(True, "test"),
            "certifications": Section(items=CERTIFICATES, how="test"),
        }
    )
    if criteria.min_years is None or criteria.max_years != 0:
        assert score(criteria, everything) == 100
    unread = everything.model_copy(
        update={
            "location": Fact.none(Missing.UNREADABLE),
            "certifications": Section(missing=Missing.UNREADABLE),
            "years_of_experience": Fact.none(Missing.NOT_READ),
        }
    )
    found = fit_score(criteria, unread)
    assert found.score == 100
    left_out = {Factor.LOCATION, Factor.CERTIFICATIONS, Factor.YEARS} & set(criteria.asked())
    assert (found.confidence < 100) == bool(left_out)
    assert all("unknown" in part.explanation for part in found.parts if part.factor in left_out)


def test_an_empty_section_is_a_fact_and_an_unread_one_is_not() -> None:
    criteria = Criteria(certifications=("CKA",), locations=("Paris",))
    place = Fact.read("Paris", "test")
    empty = fit_score(criteria, profile(location=place))
    unread = fit_score(criteria, profile(location=place, certifications=Section(missing=Missing.UNREADABLE)))
    assert (empty.score, empty.confidence) == (50, 100)
    assert (unread.score, unread.confidence) == (100, 50)
    assert "unknown, since not all was read: CKA" in unread.explanation


def test_a_keyword_is_a_whole_word_in_any_case_and_without_accents() -> None:
    def found(keyword: str, headline: str) -> FitScore:
        return fit_score(Criteria(keywords=(keyword,)), profile(headline=Fact.read(headline, "test")))

    assert found("C++", "Rust, c++ and Go").score == 100
    assert found("ingénieur", "INGENIEUR").score == 100
    assert found("go", "Google").score == 0
    assert found("go", "Google").explanation.splitlines()[-1] == "score 0 of 100, confidence 100 %"


def test_nothing_known_is_no_score() -> None:
    found = fit_score(Criteria(min_years=3), profile())
    assert (found.score, found.confidence) == (None, 0)
    assert "no score" in found.explanation


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"keywords": ["a"], "weights": {"keywords": 0}},
        {"min_years": 9, "max_years": 3},
        {"min_years": -1},
        {"keywords": ["Python", "pythön"]},
        {"keywords": [" "]},
        {"keywords": ["a"], "weights": {"keywords": 101}},
        {"keyword": ["a"]},
    ],
)
def test_criteria_that_mean_nothing_are_refused(criteria: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Criteria.model_validate(criteria)

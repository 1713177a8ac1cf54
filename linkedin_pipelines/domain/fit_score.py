"""How well a profile fits what is looked for: 0 to 100, with every point of it explained.

Pure: the same criteria and the same profile give the same score, so that stored profiles are scored again without
another visit. What was not read is left out of the score and lowers the confidence instead; it never counts as a miss.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from linkedin_pipelines.domain.profiles import ReadProfile

Term = Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
Terms = Annotated[tuple[Term, ...], Field(max_length=50)]
Weight = Annotated[int, Field(ge=0, le=100)]


class Factor(StrEnum):
    """What is looked at."""

    KEYWORDS = "keywords"
    YEARS = "years"
    LOCATION = "location"
    OPEN_TO_WORK = "open_to_work"
    CERTIFICATIONS = "certifications"


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Weights(_Model):
    """How much each factor counts, relative to the others that are asked for."""

    keywords: Weight = 40
    years: Weight = 20
    location: Weight = 15
    open_to_work: Weight = 10
    certifications: Weight = 15


class Criteria(_Model):
    """What is looked for. A factor without criteria does not count at all."""

    keywords: Terms = ()
    """Looked for in headline, role, company and skills, as whole words without regard to case and accents."""
    min_years: int | None = Field(default=None, ge=0, le=80)
    max_years: int | None = Field(default=None, ge=0, le=80)
    locations: Terms = ()
    """Any one of them will do."""
    open_to_work: bool = False
    """Whether people who say that they are open to work are preferred."""
    certifications: Terms = ()
    weights: Weights = Weights()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.min_years is not None and self.max_years is not None and self.min_years > self.max_years:
            raise ValueError("min_years is above max_years")
        for terms in (self.keywords, self.locations, self.certifications):
            if len({_plain(term) for term in terms}) < len(terms):
                raise ValueError("a term is there twice")
        if not any(self.weight(factor) for factor in self.asked()):
            raise ValueError("nothing is asked for that has a weight")
        return self

    def asked(self) -> tuple[Factor, ...]:
        """The factors that there are criteria for."""
        there = {
            Factor.KEYWORDS: bool(self.keywords),
            Factor.YEARS: self.min_years is not None or self.max_years is not None,
            Factor.LOCATION: bool(self.locations),
            Factor.OPEN_TO_WORK: self.open_to_work,
            Factor.CERTIFICATIONS: bool(self.certifications),
        }
        return tuple(factor for factor in Factor if there[factor])

    def weight(self, factor: Factor) -> int:
        """How much a factor counts."""
        weight: int = getattr(self.weights, factor.value)
        return weight


@dataclass(frozen=True)
class Part:
    """What one factor adds."""

    factor: Factor
    weight: int
    points: int
    """Of the score; the points of all parts add up to it."""
    value: float | None
    """How far the criterion is met, 0 to 1; None if nothing of it is known."""
    known: float
    """The share of the criterion that could be judged, 0 to 1."""
    explanation: str


@dataclass(frozen=True)
class FitScore:
    """A score, how far it can be relied on, and where it comes from."""

    score: int | None
    """0 to 100; None where nothing that was asked for is known."""
    confidence: int
    """0 to 100: the share of the weight that could be judged."""
    parts: tuple[Part, ...]

    @property
    def explanation(self) -> str:
        """One line a factor, and the sum."""
        lines = [f"{part.explanation} (weight {part.weight}): {part.points} points" for part in self.parts]
        total = "no score: nothing that was asked for is known" if self.score is None else f"score {self.score} of 100"
        return "\n".join([*lines, f"{total}, confidence {self.confidence} %"])


@dataclass(frozen=True)
class _Judged:
    met: Fraction
    """Share of the criterion that is met, never above `known`."""
    known: Fraction
    explanation: str


def fit_score(criteria: Criteria, profile: ReadProfile) -> FitScore:
    """The score of a profile by these criteria."""
    judged = {factor: _JUDGES[factor](criteria, profile) for factor in criteria.asked()}
    weights = {factor: Fraction(criteria.weight(factor)) for factor in judged}
    known = sum((weights[factor] * each.known for factor, each in judged.items()), Fraction())
    total = sum(weights.values(), Fraction())
    shares = [weights[f] * each.met / known * 100 if known else Fraction() for f, each in judged.items()]
    score = int(sum(shares, Fraction()) + Fraction(1, 2))
    parts = [
        Part(
            factor, int(weights[factor]), points,
            float(each.met / each.known) if each.known else None, float(each.known), each.explanation,
        )
        for (factor, each), points in zip(judged.items(), _apportioned(score, shares), strict=True)
    ]  # fmt: skip
    return FitScore(score if known else None, int(known / total * 100), tuple(parts))


def _apportioned(score: int, shares: Sequence[Fraction]) -> list[int]:
    """Whole points that add up to the score, each next to its share: the largest remainders are rounded up."""
    points = [int(share) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda place: (points[place] - shares[place], place))
    for place in by_remainder[: score - sum(points)]:
        points[place] += 1
    return points


def _keywords(criteria: Criteria, profile: ReadProfile) -> _Judged:
    facts = (profile.headline, profile.role, profile.company)
    texts = [fact.value for fact in facts if fact.value is not None] + list(profile.skills.items)
    whole = profile.skills.known and all(fact.known for fact in facts)
    return _terms("keywords", criteria.keywords, texts, whole)


def _certifications(criteria: Criteria, profile: ReadProfile) -> _Judged:
    section = profile.certifications
    return _terms("certifications", criteria.certifications, section.items, section.known)


def _terms(what: str, terms: Sequence[str], texts: Iterable[str], whole: bool) -> _Judged:
    """A term that was not found counts as absent only if everything was read."""
    plain = [_plain(text) for text in texts]
    found = [term for term in terms if any(_holds(text, term) for text in plain)]
    absent = [term for term in terms if term not in found]
    explanation = f"{len(found)} of {len(terms)} {what} found"
    explanation += f" ({', '.join(found)})" if found else ""
    if absent:
        explanation += f"; {'not there' if whole else 'unknown, since not all was read'}: {', '.join(absent)}"
    known = len(terms) if whole else len(found)
    return _Judged(Fraction(len(found), len(terms)), Fraction(known, len(terms)), explanation)


def _years(criteria: Criteria, profile: ReadProfile) -> _Judged:
    low, high = criteria.min_years, criteria.max_years
    wanted = f"{low if low is not None else 0} to {high}" if high is not None else f"at least {low}"
    years = profile.years_of_experience.value
    if years is None:
        return _Judged(Fraction(), Fraction(), f"years of experience unknown, {wanted} wanted")
    met = Fraction(1)
    if low is not None and years < low:
        met = Fraction(years, low)
    elif high is not None and years > high:
        met = Fraction(high, years)
    return _Judged(met, Fraction(1), f"{years} years of experience, {wanted} wanted")


def _location(criteria: Criteria, profile: ReadProfile) -> _Judged:
    wanted = " or ".join(criteria.locations)
    if not profile.location.known:
        return _Judged(Fraction(), Fraction(), f"location unknown, {wanted} wanted")
    place = profile.location.value or ""
    met = any(_holds(_plain(place), each) for each in criteria.locations)
    return _Judged(Fraction(met), Fraction(1), f"location {place or 'not shown'}, {wanted} wanted")


def _open_to_work(_: Criteria, profile: ReadProfile) -> _Judged:
    if not profile.open_to_work.known:
        return _Judged(Fraction(), Fraction(), "open to work unknown")
    met = bool(profile.open_to_work.value)
    return _Judged(Fraction(met), Fraction(1), "open to work" if met else "not shown as open to work")


_JUDGES = {
    Factor.KEYWORDS: _keywords,
    Factor.YEARS: _years,
    Factor.LOCATION: _location,
    Factor.OPEN_TO_WORK: _open_to_work,
    Factor.CERTIFICATIONS: _certifications,
}


def _plain(text: str) -> str:
    """Without regard to case, accents and kinds of blanks."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def _holds(plain: str, term: str) -> bool:
    """Whether the term stands in the text as whole words: "go" is not in "Google", "C++" is in "C++, Rust"."""
    return re.search(rf"(?<!\w){re.escape(_plain(term))}(?!\w)", plain) is not None

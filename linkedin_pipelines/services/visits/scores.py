"""Profiles that visits read, by the score of their fit; scored again without another visit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import SourcedProfile
from linkedin_pipelines.db.visits import profiles
from linkedin_pipelines.domain.fit_score import Criteria
from linkedin_pipelines.domain.profiles import Fact, ReadProfile
from linkedin_pipelines.services.accounts.registry import get_account


@dataclass(frozen=True)
class ScoredProfile:
    """One profile as the latest visit read it."""

    slug: str
    name: str | None
    """None for a profile that is missing."""
    score: int | None
    confidence: int | None
    explanation: str | None
    headline: str | None
    location: str | None
    role: str | None
    company: str | None
    years_of_experience: int | None
    open_to_work: bool | None
    degree: int | None
    skills: tuple[str, ...]
    certifications: tuple[str, ...]
    unread: tuple[str, ...]
    """Names of the fields that the visit could not read, or did not go as far as; they are unknown, not empty."""
    read_on: date
    missing_since: date | None


def scored(database: Database, account_slug: str) -> tuple[ScoredProfile, ...]:
    """The account's profiles by score, those without one last.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return _scored(session, account.id)


def score_again(database: Database, account_slug: str, criteria: Criteria | None = None) -> tuple[ScoredProfile, ...]:
    """Score all stored profiles anew, and give them by score. Visits nobody.

    Without `criteria` those of the last search count, else the account's own; where there are none, nothing changes.

    Raises:
        UnknownAccountError: there is no such account.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        latest = profiles.latest_search(session, account.id)
        wanted = criteria or (latest.criteria if latest else None) or account.config.sourcing.criteria
        if wanted is not None:
            profiles.score_again(session, account.id, wanted)
        return _scored(session, account.id)


def distribution(found: tuple[ScoredProfile, ...]) -> dict[str, int]:
    """How many profiles have a score in each tenth of the scale; `100` belongs to the last."""
    bins = {f"{low}-{low + 9 if low < 90 else 100}": 0 for low in range(0, 100, 10)}
    names = list(bins)
    for each in found:
        if each.score is not None:
            bins[names[min(each.score // 10, 9)]] += 1
    return bins


def _scored(session: Session, account_id: int) -> tuple[ScoredProfile, ...]:
    return tuple(_view(row) for row in profiles.best_first(session, account_id))


def _view(row: SourcedProfile) -> ScoredProfile:
    values: Mapping[str, Any] = _facts(row.profile) if row.profile is not None else _NOTHING
    return ScoredProfile(
        slug=row.profile_slug,
        score=row.score,
        confidence=row.confidence,
        explanation=row.explanation,
        read_on=row.local_day,
        missing_since=row.missing_since,
        **values,
    )


_FIELDS = ("headline", "location", "role", "company", "years_of_experience", "open_to_work", "degree")
_SECTIONS = ("skills", "certifications")
_NOTHING: Mapping[str, Any] = {"name": None, "unread": ()} | dict.fromkeys(_FIELDS) | dict.fromkeys(_SECTIONS, ())


def _facts(profile: ReadProfile) -> Mapping[str, Any]:
    facts: dict[str, Fact[Any]] = {name: getattr(profile, name) for name in _FIELDS}
    sections = {name: getattr(profile, name) for name in _SECTIONS}
    unread = [name for name, fact in facts.items() if not fact.known]
    unread += [name for name, section in sections.items() if not section.known]
    return {
        "name": profile.name,
        "unread": tuple(unread),
        **{name: fact.value for name, fact in facts.items()},
        **{name: section.items for name, section in sections.items()},
    }

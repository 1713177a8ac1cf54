"""Rows of searches and of the profiles they found: kept, scored again, and dropped after their time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Contact, Interaction, PeopleSearch, SearchResult, SourcedProfile
from linkedin_pipelines.domain.fit_score import Criteria, FitScore, fit_score
from linkedin_pipelines.domain.profiles import ReadProfile
from linkedin_pipelines.domain.states import OCCUPYING, ContactStatus


@dataclass(frozen=True)
class Visited:
    """When and in which run a profile was read."""

    at: datetime
    local_day: date
    run_id: str


def add_search(session: Session, search: PeopleSearch, people: Iterable[tuple[str, str]]) -> int:
    """Keep one reading of a search with whom it found, as (slug, name) in the site's order; the search's id."""
    session.add(search)
    session.flush()
    session.add_all(
        SearchResult(
            account_id=search.account_id, search_id=search.id, profile_slug=slug, full_name=name[:400], place=place
        )
        for place, (slug, name) in enumerate(people, 1)
    )
    session.flush()
    return search.id


def keep_profile(
    session: Session,
    account_id: int,
    profile: ReadProfile,
    visited: Visited,
    *,
    contact_id: int | None = None,
    search_id: int | None = None,
    fit: FitScore | None = None,
) -> None:
    """Keep what a visit read, in place of what an earlier one did."""
    row = _row(session, account_id, profile.slug)
    row.profile, row.missing_since = profile, None
    row.contact_id, row.search_id = contact_id or row.contact_id, search_id or row.search_id
    _score(row, fit)
    _visited(row, visited)
    session.add(row)
    session.flush()


def keep_missing(session: Session, account_id: int, slug: str, visited: Visited) -> None:
    """Keep that there is no such profile any more; nothing of what was read of it before stays."""
    row = _row(session, account_id, slug)
    row.missing_since = row.missing_since or visited.local_day
    row.profile = None
    _score(row, None)
    _visited(row, visited)
    session.add(row)
    session.flush()


def score_again(session: Session, account_id: int, criteria: Criteria) -> int:
    """Score all stored profiles of the account by these criteria, without a visit; the number of them."""
    rows = session.scalars(
        select(SourcedProfile).where(SourcedProfile.account_id == account_id, SourcedProfile.profile.is_not(None))
    ).all()
    for row in rows:
        assert row.profile is not None
        _score(row, fit_score(criteria, row.profile))
    session.flush()
    return len(rows)


def best_first(session: Session, account_id: int) -> Sequence[SourcedProfile]:
    """The account's profiles by score, those without one last."""
    query = select(SourcedProfile).where(SourcedProfile.account_id == account_id)
    order = (SourcedProfile.score.is_(None), SourcedProfile.score.desc(), SourcedProfile.confidence.desc())
    return session.scalars(query.order_by(*order, SourcedProfile.profile_slug)).all()


def visited_since(session: Session, account_id: int, first_day: date) -> frozenset[str]:
    """Slugs of the profiles that were opened on that local day or later, the missing ones included."""
    query = select(SourcedProfile.profile_slug).where(
        SourcedProfile.account_id == account_id, SourcedProfile.local_day >= first_day
    )
    return frozenset(session.scalars(query))


def begun_since(session: Session, account_id: int, kind: str, purpose: str, first_day: date) -> frozenset[str]:
    """Slugs of people whom the ledger has a visit of that purpose to, begun on that local day or later.

    A run that died on the way kept no profile, and its visit was seen all the same.
    """
    query = (
        select(Contact.profile_slug)
        .join(Interaction, Interaction.contact_id == Contact.id)
        .where(
            Interaction.account_id == account_id,
            Interaction.kind == kind,
            Interaction.purpose == purpose,
            Interaction.local_day >= first_day,
            Interaction.status.in_(OCCUPYING),
            Contact.profile_slug.is_not(None),
        )
    )
    return frozenset(str(slug) for slug in session.scalars(query))


def search_of_day(session: Session, account_id: int, day: date) -> PeopleSearch | None:
    """The last search that was read on that local day."""
    query = select(PeopleSearch).where(PeopleSearch.account_id == account_id, PeopleSearch.local_day == day)
    return session.scalar(query.order_by(PeopleSearch.id.desc()).limit(1))


def latest_search(session: Session, account_id: int) -> PeopleSearch | None:
    """The last search of any day."""
    query = select(PeopleSearch).where(PeopleSearch.account_id == account_id)
    return session.scalar(query.order_by(PeopleSearch.id.desc()).limit(1))


def results_of(session: Session, search_id: int) -> list[tuple[str, str, int]]:
    """Whom a search found, as (slug, name, place), in the site's order."""
    query = select(SearchResult.profile_slug, SearchResult.full_name, SearchResult.place)
    rows = session.execute(query.where(SearchResult.search_id == search_id).order_by(SearchResult.place))
    return [(slug, name, place) for slug, name, place in rows]


def drop_strangers(session: Session, account_id: int, before: date) -> int:
    """Drop profiles last read before that local day of people who are no connections; the number of them.

    Search results of that age go too: they name the same people. Connections' profiles stay.
    """
    connected = exists().where(
        Contact.account_id == account_id,
        Contact.profile_slug == SourcedProfile.profile_slug,
        Contact.status == ContactStatus.CONNECTED,
    )
    old = select(SourcedProfile.id).where(
        SourcedProfile.account_id == account_id, SourcedProfile.local_day < before, ~connected
    )
    ids = list(session.scalars(old))
    for start in range(0, len(ids), 500):
        session.execute(delete(SourcedProfile).where(SourcedProfile.id.in_(ids[start : start + 500])))
    searches = select(PeopleSearch.id).where(PeopleSearch.account_id == account_id, PeopleSearch.local_day < before)
    session.execute(delete(SearchResult).where(SearchResult.search_id.in_(searches)))
    return len(ids)


def _row(session: Session, account_id: int, slug: str) -> SourcedProfile:
    found = session.scalar(
        select(SourcedProfile).where(SourcedProfile.account_id == account_id, SourcedProfile.profile_slug == slug)
    )
    return found or SourcedProfile(account_id=account_id, profile_slug=slug)


def _score(row: SourcedProfile, fit: FitScore | None) -> None:
    row.score = fit.score if fit else None
    row.confidence = fit.confidence if fit else None
    row.explanation = fit.explanation[:8000] if fit else None


def _visited(row: SourcedProfile, visited: Visited) -> None:
    row.read_at, row.local_day, row.run_id = visited.at, visited.local_day, visited.run_id

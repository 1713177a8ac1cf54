"""A people search of one account and day: read page by page, and the order in which its people are visited.

Reading it visits nobody. Who was visited lately, be it by a run that died, is not visited again before their time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.contacts.suppression import known_to
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.db.models import PeopleSearch
from linkedin_pipelines.db.visits import profiles
from linkedin_pipelines.domain.fit_score import Criteria
from linkedin_pipelines.domain.people_searches import SeenResults, search_query
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.errors import NotOnListError, RefusedSearchError
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.actions.runs import reading
from linkedin_pipelines.services.actions.site_session import SiteFactory, SiteSession, open_site
from linkedin_pipelines.services.visits.visits import KIND, PURPOSE
from linkedin_pipelines.settings import Settings


@dataclass(frozen=True)
class SourcedEntry:
    """One person whom the search found."""

    slug: str
    full_name: str
    place: int
    """Among all results, the first being 1."""
    outcome: EntryOutcome
    reason: Reason | None
    explanation: str | None


@dataclass(frozen=True)
class SourcedList:
    """What a day's search found, in the site's order."""

    account: str
    list_date: date
    search_id: int
    read_at: datetime
    query: str
    criteria: Criteria | None
    pages: int
    hidden: int
    """Rows of members who are not shown to this account."""
    others: int
    """Rows that are no people."""
    repeated: int
    doubt: str | None
    """Why there may be more people; None if the end was proven."""
    entries: tuple[SourcedEntry, ...]

    @property
    def planned(self) -> tuple[SourcedEntry, ...]:
        """Those to visit now, in order."""
        return tuple(entry for entry in self.entries if entry.outcome is EntryOutcome.PLANNED)


def read_search(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    day: date,
    run_id: str,
    *,
    search: str | None = None,
    criteria: Mapping[str, Any] | None = None,
    site_factory: SiteFactory | None = None,
) -> SourcedList:
    """Read a people search to its proven end, or to the account's limit of pages, and keep whom it found.

    `search` and `criteria` are the account's own unless given.

    Raises:
        UnknownAccountError: there is no such account.
        RefusedSearchError: no search is set, it is none of the account's own site, or the criteria are none.
        NotNowError: the account must leave the site alone now, or `day` is not its present one.
        LeaseHeldError: another run is at work for the account.
        StopSignError: the site stopped us; the breaker knows it already.
        PageUnreadableError, BrowserUnavailableError, SessionMissingError: nothing was read, and nothing is changed.
    """
    account = get_account(database, account_slug)
    wanted = _criteria(account, criteria)
    query = _query(account, search)
    with open_site(database, settings, clock, account_slug, run_id, site_factory) as site_session:
        with reading(site_session, day, "a people search"):
            seen = site_session.site().search(query, account.config.sourcing.max_pages)
        _keep(site_session, seen, query, wanted, day)
    return read_list(database, clock, account_slug, day)


def _query(account: AccountView, search: str | None) -> str:
    text = search or account.config.sourcing.search
    if text is None:
        raise RefusedSearchError(
            f"no search is set for {account.slug}: give one in the run's configuration, or under sourcing in "
            "accounts.yaml"
        )
    return search_query(text, account.config.base_url)


def _criteria(account: AccountView, criteria: Mapping[str, Any] | None) -> Criteria | None:
    if not criteria:
        return account.config.sourcing.criteria
    try:
        return Criteria.model_validate(dict(criteria))
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, one['loc'])) or 'criteria'}: {one['msg']}" for one in error.errors())
        raise RefusedSearchError(f"the criteria cannot be used: {wrong}") from error


def _keep(site_session: SiteSession, seen: SeenResults, query: str, criteria: Criteria | None, day: date) -> None:
    account_id = site_session.account.id
    site_session.keeper.renew()
    with site_session.database.writing() as session:
        forgotten = known_to(session, account_id)
        people = [(each.slug, each.name) for each in seen.people if not forgotten.profile(each.slug)]
        search = PeopleSearch(
            account_id=account_id,
            query=query,
            criteria=criteria,
            local_day=day,
            read_at=site_session.clock.now(),
            run_id=site_session.run_id,
            pages=seen.pages,
            hidden=seen.hidden,
            others=seen.others,
            repeated=seen.repeated,
            doubt=seen.doubt,
        )
        profiles.add_search(session, search, people)


def read_list(database: Database, clock: Clock, account_slug: str, day: date) -> SourcedList:
    """Whom the last search of that day found, and who of them would be visited now.

    Raises:
        UnknownAccountError: there never was such an account.
        NotOnListError: nothing was searched on that day.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        search = profiles.search_of_day(session, account.id, day)
        if search is None:
            raise NotOnListError(
                f"nothing was searched for {account_slug} on {day}: materialize sourced_profiles first"
            )
        entries = _entries(session, account, search.id, day, clock.now())
        return SourcedList(
            account=account_slug,
            list_date=day,
            search_id=search.id,
            read_at=search.read_at,
            query=search.query,
            criteria=search.criteria,
            pages=search.pages,
            hidden=search.hidden,
            others=search.others,
            repeated=search.repeated,
            doubt=search.doubt,
            entries=entries,
        )


def _entries(
    session: Session, account: AccountView, search_id: int, day: date, now: datetime
) -> tuple[SourcedEntry, ...]:
    rule = account.config.sourcing
    first = day - timedelta(days=rule.revisit_days - 1)
    visited = profiles.visited_since(session, account.id, first) | profiles.begun_since(
        session, account.id, KIND.name, PURPOSE, first
    )
    left = quota_left(session, account.config, account.id, KIND.name, None, now)
    room = min(left.run, left.day, left.week)
    entries = []
    for slug, name, place in profiles.results_of(session, search_id):
        outcome, reason, why = EntryOutcome.PLANNED, None, None
        if slug == account.config.profile_slug:
            outcome, reason, why = EntryOutcome.SKIPPED, Reason.IS_SELF, "This is your own profile."
        elif slug in visited:
            why = f"Was visited within the last {rule.revisit_days} days."
            outcome, reason = EntryOutcome.SKIPPED, Reason.ALREADY_WISHED
        elif room <= 0:
            why = "The account's visits are used up; it is this person's turn in a later run."
            outcome, reason = EntryOutcome.DEFERRED, left.reason or Reason.RUN_QUOTA
        else:
            room -= 1
        entries.append(SourcedEntry(slug, name, place, outcome, reason, why))
    return tuple(entries)

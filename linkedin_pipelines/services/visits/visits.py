"""The visit of one profile that a search found, as a kind of action.

The other member sees it. So it is claimed before the browser moves, and once begun it counts as made, whatever the page
then showed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.visits import profiles
from linkedin_pipelines.db.visits.profiles import Visited
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, day_key
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.fit_score import Criteria, fit_score
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.domain.profiles import Depth, ReadProfile
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import ProfileGoneError, SiteError
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal, outcome_of
from linkedin_pipelines.services.actions.protocol import Announce
from linkedin_pipelines.services.actions.site_session import SiteSession

KIND = ACTION_KINDS[InteractionKind.PROFILE_VISIT]
PURPOSE = "sourcing"
"""How the ledger names visits made for this purpose."""


@dataclass(frozen=True)
class Sought:
    """Whom the visit is to, and what for."""

    contact_id: int
    slug: str
    search_id: int
    criteria: Criteria | None
    depth: Depth


@dataclass
class ProfileVisit:
    """One profile opened and read; implements `services.actions.protocol.Action`."""

    site_session: SiteSession
    sought: Sought
    list_date: date
    read: ReadProfile | None = field(default=None, init=False)
    gone: bool = field(default=False, init=False)
    _site: PageSite | None = field(default=None, init=False)

    @property
    def request(self) -> ledger.ClaimRequest:
        """A visit of the person, for this purpose on this day."""
        return ledger.ClaimRequest(
            account_id=self.site_session.account.id,
            contact_id=self.sought.contact_id,
            kind=KIND.name,
            occasion_key=day_key(PURPOSE, self.list_date),
            purpose=PURPOSE,
            list_date=self.list_date,
            run_id=self.site_session.run_id,
        )

    def prepare(self, site: PageSite, attempt: Attempt) -> None:  # noqa: ARG002 - nothing comes before a visit
        """Opening the page is the visit itself, so there is nothing to be done before it is announced."""
        self._site = site

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        """Make the visit. Once announced it counts as made, whatever the page then shows."""
        assert self._site is not None  # `prepare` was given it
        announce(None)()
        try:
            self.read = self._site.profile(self.sought.slug, self.sought.depth)
        except SiteError as error:
            self.gone = isinstance(error, ProfileGoneError)
            if error.evidence:
                attempt.add_screenshot(error.evidence)
            outcome = outcome_of(error, attempt.status_so_far)
            why = f"The visit was begun and counts; the profile was not read: {error}"
            raise Refusal(replace(outcome, status=attempt.status_so_far, explanation=why)) from error
        attempt.proven = True

    def record(self, session: Session, attempt: Attempt) -> None:  # noqa: ARG002 - the visit itself holds what it found
        """Keep what the profile showed, with its score; or that there is none any more."""
        at, now = self.site_session, self.site_session.clock.now()
        visited = Visited(now, local_day(now, at.config.zone), at.run_id)
        if self.gone:
            profiles.keep_missing(session, at.account.id, self.sought.slug, visited)
        if self.read is not None:
            criteria = self.sought.criteria
            profiles.keep_profile(
                session,
                at.account.id,
                self.read,
                visited,
                contact_id=self.sought.contact_id,
                search_id=self.sought.search_id,
                fit=fit_score(criteria, self.read) if criteria is not None else None,
            )

    def close(self) -> None:
        """Nothing stays open."""

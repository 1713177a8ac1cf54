"""A toy kind of action, as the next kind would be added: this module, and its row."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.action_kinds import ActionKind, OccasionRule, Resolver, day_key
from linkedin_pipelines.domain.ceilings import Quota
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.states import InteractionStatus, Reason
from linkedin_pipelines.services.actions.attempts import Attempt
from linkedin_pipelines.services.actions.protocol import Aftermath, Announce
from linkedin_pipelines.services.actions.site_session import SiteSession

KIND = ActionKind(
    name="wave",
    meaning="wave",
    quota="wave",
    ceiling=Quota(per_run=3, per_day=3, per_week=3),
    occasion=OccasionRule.DAY,
    resolver=Resolver.REREAD,
    needs=frozenset(),
    must_be_connected=True,
    writes_text=False,
    opens_profile=False,
    module=__name__,
)


class Killed(BaseException):
    """Nothing of the process runs after this."""


@dataclass
class Square:
    """The site's own record of waves, and whether the process is killed around the next one."""

    waves: list[int] = field(default_factory=list)
    kill: str = ""

    def at(self, step: str) -> None:
        if self.kill == step:
            self.kill = ""
            raise Killed


SQUARE = Square()


@dataclass
class Wave:
    """Wave to one person, once a day."""

    account_id: int
    contact_id: int
    day: date
    run_id: str

    @property
    def request(self) -> ledger.ClaimRequest:
        return ledger.ClaimRequest(
            account_id=self.account_id,
            contact_id=self.contact_id,
            kind=KIND.name,
            occasion_key=day_key("wave", self.day),
            list_date=None,
            run_id=self.run_id,
        )

    def prepare(self, site: PageSite, attempt: Attempt) -> None:  # noqa: ARG002 - a wave opens no page
        SQUARE.at("prepare")
        attempt.note(recipient=str(self.contact_id))

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        may_still = announce(None)
        SQUARE.at("announced")
        may_still()
        SQUARE.waves.append(self.contact_id)
        SQUARE.at("waved")
        attempt.proven = True

    def record(self, session: Session, attempt: Attempt) -> None:
        """A wave finds nothing on its way."""

    def close(self) -> None:
        """A wave opens nothing."""


class WaveAftermath(Aftermath):
    """The square remembers who was waved to."""

    def resolve(self, site_session: SiteSession, doubt: ledger.UnsettledInteraction) -> Outcome:  # noqa: ARG002
        if doubt.contact_id in SQUARE.waves:
            return Outcome(InteractionStatus.SENT)
        return Outcome(InteractionStatus.FAILED, Reason.NOT_DELIVERED, "The square saw no wave.")


AFTERMATH = WaveAftermath()

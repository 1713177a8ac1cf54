"""A congratulation, as a kind of action: what in the conversation or the ledger speaks against it.

What belongs here: that. What does not: how a message is written and proven (`services.messages.written`), who is on the
list (`services.moments.lists`), the order of the steps (`services.actions.executor`).

What the ledger says of other messages is asked before the composer opens and once more before the click. Both under the
account's lease, without which nobody writes: so nothing can come in between, in this process or another.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from linkedin_pipelines.db.moments import heeding
from linkedin_pipelines.domain.messaging import Composer, ThreadEvent
from linkedin_pipelines.domain.moment_list import against_writing, talked_lately
from linkedin_pipelines.domain.outcomes import Outcome, deferred
from linkedin_pipelines.domain.phrases import is_stop_request
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.services.actions.attempts import Attempt, Refusal
from linkedin_pipelines.services.actions.protocol import Announce
from linkedin_pipelines.services.actions.site_session import SiteSession
from linkedin_pipelines.services.messages.written import WrittenMessage

KIND = heeding.KIND


@dataclass
class Congratulation(WrittenMessage):
    """One approved congratulation to one person; implements `services.actions.protocol.Action`."""

    site_session: SiteSession | None = field(default=None, kw_only=True)

    @property
    def _at(self) -> SiteSession:
        assert self.site_session is not None  # a congratulation is made within one
        return self.site_session

    def __post_init__(self) -> None:
        settings = self._at.config.moments
        self.reads_back = timedelta(days=max(settings.spacing_days, settings.quiet_days))

    def _judge(self, composer: Composer, attempt: Attempt) -> None:
        """Anything that either side wrote lately holds it back, and so does what may have been written lately."""
        settings, heard = self._at.config.moments, self._heard()
        stop = next((e for e in reversed(heard) if not e.own and not e.wordless and is_stop_request(e.text)), None)
        if stop is not None:
            raise self._asked_to_stop(composer, attempt, stop)
        # A reply that the member read as no request to stop is talk all the same.
        newest = next((e for e in reversed(self.before) if self._is_within(e, settings.quiet_days)), None)
        if newest is not None:
            attempt.screenshot(composer, "thread", refusal=True)
            raise Refusal(talked_lately(newest.sent_on, settings))
        own = next((e for e in reversed(self.before) if e.own and self._is_within(e, settings.spacing_days)), None)
        if own is not None:
            attempt.screenshot(composer, "thread", refusal=True)
            when = own.sent_on or self.today
            text = f"You wrote on {when}: at most one message in {settings.spacing_days} days."
            raise Refusal(deferred(Reason.WRITTEN_LATELY, text, when + timedelta(days=settings.spacing_days)))

    def _is_within(self, event: ThreadEvent, days: int) -> bool:
        """Whether the event is of the last so many days; one without a day may be."""
        return days > 0 and (event.sent_on is None or (self.today - event.sent_on).days < days)

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        """As every message, unless somebody wrote to the person since the list was looked at."""
        if (refused := self.against_writing()) is not None:
            attempt.held_back = True
            raise Refusal(refused)
        super().commit(attempt, announce)

    def against_writing(self) -> Outcome | None:
        """What other messages, past and to come, say against this one now; binding under the account's lease."""
        config, contact_id = self._at.config, self.request.contact_id
        with self._at.database.reading() as session:
            # This very attempt is no earlier message.
            others = heeding.now_known(session, config, contact_id, self.today, besides=self.request.occasion_key)
        return next(against_writing(*others, self.today, config.moments, late_days=config.late.max_days), None)

"""What a kind of action brings: its own part of an attempt, and how what was left unfinished is settled.

What belongs here: the two protocols. The order of the steps and the ledger are the executor's; lease, browser and pace
the site session's. A new kind is one module that implements `Action`, and one row in `domain.action_kinds`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.action_kinds import ActionKind
from linkedin_pipelines.domain.messaging import PageSite
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.payloads import OwnEvents
from linkedin_pipelines.services.actions.attempts import Attempt

if TYPE_CHECKING:
    from linkedin_pipelines.services.actions.site_session import SiteSession

MayStill = Callable[[], None]
"""Asked in the last moment before a press; its error means no press."""
Announce = Callable[[OwnEvents | None], MayStill]
"""Writes down that the click comes now, with the member's own messages that the page shows; or raises `Refusal`."""


class Action(Protocol):
    """One attempt at one occasion."""

    @property
    def request(self) -> ledger.ClaimRequest:
        """What the ledger is asked for: who, which occasion, which text."""
        ...

    def prepare(self, site: PageSite, attempt: Attempt) -> None:
        """Everything up to the last click: open, identify, read, write. A rehearsal ends after it.

        Raises:
            Refusal: for a reason of the kind's own.
            SiteError: what the site shows forbids the attempt.
        """
        ...

    def commit(self, attempt: Attempt, announce: Announce) -> None:
        """Announce the click, click once, and see its proof; `attempt` learns what is certain.

        Raises:
            Refusal: what was found, with nothing done; or the proof is missing (`in_doubt`).
            SiteError: as in `prepare`; after the announcement the attempt is in doubt unless it says otherwise.
        """
        ...

    def record(self, session: Session, attempt: Attempt) -> None:
        """Keep what was found on the way, in the transaction that settles the attempt. Rehearsals are recorded too."""
        ...

    def close(self) -> None:
        """Leave the page as it was found; called however the attempt ended.

        Raises:
            LinkedInPipelinesError: something stays open. The outcome is settled by then.
        """
        ...


class Aftermath:
    """How what a kind left unfinished is settled; a kind's module has its own as `AFTERMATH` where it needs one."""

    def resolve(self, site_session: SiteSession, doubt: ledger.UnsettledInteraction) -> Outcome:
        """Find out what became of an attempt, for kinds whose list is read again: `sent`, `failed` or `in_doubt`.

        Raises:
            PageUnreadableError, WrongPersonError, ProfileGoneError: it could not be read this time.
        """
        raise NotImplementedError(f"{type(self).__name__} cannot settle {doubt.kind} ({site_session.run_id})")

    def reconcile(self, site_session: SiteSession) -> int:  # noqa: ARG002 - a kind whose rows the ledger keeps has none
        """Make the ledger know what happened since it was last whole; the number of things that could not be read."""
        return 0


def aftermath_of(kind: ActionKind) -> Aftermath:
    """The kind's own aftermath, or the one that does nothing."""
    if kind.module is None:
        return Aftermath()
    found: Aftermath = import_module(kind.module).AFTERMATH
    return found

"""What an operator is warned of, account by account: a stop sign of the site, and a session that ends.

The same judgement is an asset check, an alert in the log, and a line of `status`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.accounts.sessions import describe_session, ending

NO_STOP_SIGN = "no_stop_sign"
SESSION_LASTS = "session_lasts"


@dataclass(frozen=True)
class Verdict:
    """How one thing stands with one account."""

    name: str
    account: str
    passed: bool
    grave: bool
    """Nothing can be sent until somebody does something about it."""
    sentence: str
    """For the member; it names nobody."""
    state: str
    """Changes when there is something new to tell."""
    facts: Mapping[str, str | int] = field(default_factory=dict)
    screenshot: str | None = None
    """Path below the evidence folder."""


def verdicts_of(database: Database, clock: Clock, account: str) -> tuple[Verdict, ...]:
    """Everything that an operator is warned of.

    Raises:
        UnknownAccountError: there is no such account.
    """
    return stop_sign_verdict(database, account), session_verdict(database, clock, account)


def stop_sign_verdict(database: Database, slug: str) -> Verdict:
    """Whether the site told the account to stop, and nobody has resumed it since."""
    account = get_account(database, slug)
    with database.reading() as session:
        breaker = breakers.get(session, account.id)
    if breaker.stop_sign is None:
        return Verdict(NO_STOP_SIGN, slug, passed=True, grave=False, sentence="The site shows no stop sign.", state="")
    return Verdict(
        NO_STOP_SIGN,
        slug,
        passed=False,
        grave=True,
        sentence=f"{breaker.cause} Then: `accounts resume {slug}`.",
        state=f"{breaker.stop_sign} {breaker.opened_at:%Y-%m-%dT%H:%M:%S}" if breaker.opened_at else breaker.stop_sign,
        facts={"stop_sign": breaker.stop_sign},
        screenshot=breaker.evidence,
    )


def session_verdict(database: Database, clock: Clock, slug: str) -> Verdict:
    """Whether the stored session lasts for some days more; one whose cookie states no end does."""
    stored = describe_session(database, slug, clock)
    if stored is None:  # a run that needs one says so; there is nothing here that could end
        return Verdict(SESSION_LASTS, slug, passed=True, grave=False, sentence="No session is stored yet.", state="")
    facts = {} if stored.days_left is None else {"days_left": stored.days_left}
    if (sentence := ending(stored)) is None:
        return Verdict(
            SESSION_LASTS, slug, passed=True, grave=False, sentence="The session lasts.", state="", facts=facts
        )
    state = "ended" if stored.expired else f"{stored.days_left} days"
    return Verdict(SESSION_LASTS, slug, passed=False, grave=stored.expired, sentence=sentence, state=state, facts=facts)

"""What keeps an account from going on with its birthday campaign, a sentence each, with what ends it or until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from linkedin_pipelines.db import ledger
from linkedin_pipelines.db.accounts import canary
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.domain.action_kinds import kind_of
from linkedin_pipelines.domain.canary import MEANINGS, next_probe_at, unreadable
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.domain.windows import next_opening
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.figures.quotas import QuotaView


def waiting(session: Session, account: AccountView, quota: QuotaView, now: datetime) -> Iterator[str]:
    """Why nobody is written to at this moment; nothing if the campaign may go on."""
    refused = ledger.may_act(session, account.id, now)
    if refused is not None and refused.explanation is not None:
        yield refused.explanation
        if refused.reason is Reason.OUTSIDE_HOURS:
            yield f"They open at {_at(account, next_opening(account.config, now))}."
    if account.settle_first_reason is not None:
        yield f"Recent conversations are read before anything is sent: {account.settle_first_reason}"
    failed = unreadable(canary.kept(session, account.id), kind_of(quota.kind).needs)
    if (again := next_probe_at(failed, account.config.canary)) is not None:
        what = ", ".join(MEANINGS[probed.element] for probed in failed)
        yield f"Cannot be read on the site: {what}. The next run from {_at(account, again)} on looks again."
    if not min(quota.left_today, quota.left_in_week) and quota.next_eligible_on is not None:
        yield f"The limit of messages is used up until {quota.next_eligible_on}."


def _at(account: AccountView, moment: datetime) -> str:
    return f"{moment.astimezone(account.config.zone):%Y-%m-%d %H:%M}"

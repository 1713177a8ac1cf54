"""Telling people: once when something begins, once a day while it lasts, and once when it is over.

Each message is claimed in the database before it is sent, so that two daemons tell nothing twice; one that a channel
did not take is tried again, later each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.models import Notice
from linkedin_pipelines.db.reporting import notices as rows
from linkedin_pipelines.errors import NoticeNotSentError
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.services.notices import messages
from linkedin_pipelines.services.notices.causes import UNSENT
from linkedin_pipelines.services.notices.channels import Channel
from linkedin_pipelines.services.notices.messages import Cause, Message
from linkedin_pipelines.settings import Settings

log = structlog.get_logger(__name__)

QUIET = timedelta(minutes=15)
"""So long a cause must be gone before its end is told: what comes and goes is one notice, not many."""
_DAY = timedelta(days=1)
_END_TOLD_FOR = timedelta(days=2)
"""So long after its end a notice's end is still worth a message, where a channel did not take it."""
_UTC = ZoneInfo("UTC")


@dataclass(frozen=True)
class Told:
    """What one look came to."""

    lasting: tuple[str, ...]
    """Fingerprints of what lasts."""
    sent: int
    failures: tuple[str, ...]
    """Why messages did not go out, a sentence each."""


def tell(
    database: Database, settings: Settings, clock: Clock, channels: Sequence[Channel], present: Iterable[Cause]
) -> Told:
    """Bring the notices up to date with `present`, which holds every cause there is, and send what is due.

    Raises:
        DatabaseUnavailableError: nothing can be claimed, so nothing is sent.
    """
    accounts = {account.slug: account for account in list_accounts(database)}
    causes = {cause.fingerprint: cause for cause in present}
    _update(database, clock.now(), causes, accounts)
    sent, failures = 0, []
    away: set[str] = set()  # a server that does not answer costs its time limit once a look, not once a message
    for notice_id, channel, message in _due(database, settings, clock.now(), causes, accounts, channels):
        if channel.name in away:
            continue
        try:
            sent += deliver(database, clock, channel, message, notice_id)
        except NoticeNotSentError as error:
            failures.append(str(error))
            away.add(channel.name)
    return Told(tuple(sorted(causes)), sent, tuple(dict.fromkeys(failures)))


def deliver(database: Database, clock: Clock, channel: Channel, message: Message, notice_id: int | None = None) -> bool:
    """Claim and send one message; False if it went out before, is being sent, or is not due again yet.

    Raises:
        NoticeNotSentError: the channel did not take it; it is due again after a while.
    """
    if not claimed(database, clock, channel, message.key, notice_id):
        return False
    hand_over(database, clock, channel, message)
    return True


def claimed(database: Database, clock: Clock, channel: Channel, key: str, notice_id: int | None = None) -> bool:
    """Claim the message with that key for this process; False if it went out, is being sent, or is not due again."""
    with database.writing() as session:
        return rows.claim(session, _key(key, channel), notice_id, channel.name, clock.now())


def hand_over(database: Database, clock: Clock, channel: Channel, message: Message) -> None:
    """Send a claimed message, and note what became of it.

    Raises:
        NoticeNotSentError: the channel did not take it; it is due again after a while.
    """
    key = _key(message.key, channel)
    try:
        channel.send(message)
    except NoticeNotSentError as error:
        log.warning("notice_not_sent", kind=channel.name, error_type=type(error).__name__)
        with database.writing() as session:
            rows.failed(session, key, str(error), clock.now())
        raise
    with database.writing() as session:
        rows.sent(session, key, clock.now())
    log.info("notice_sent", kind=channel.name)


def address_of(settings: Settings, account: AccountView | None) -> str | None:
    """Who is written to of an account: its member, else the operator."""
    return (account.config.notices.email if account else None) or settings.notice_email


def _update(
    database: Database, now: datetime, causes: Mapping[str, Cause], accounts: Mapping[str, AccountView]
) -> None:
    with database.writing() as session:
        known = {row.fingerprint: row for row in rows.not_over(session)}
        for fingerprint, cause in causes.items():
            row = known.get(fingerprint)
            if row is None:
                account = accounts.get(cause.account or "")
                new = Notice(
                    account_id=account.id if account else None,
                    fingerprint=fingerprint,
                    cause=cause.name[:100],
                    title=cause.title[:1000],
                    since=now,
                )
                rows.open_one(session, new)
            elif row.ended_at is not None:
                rows.set_end(session, row.id, None)
        for fingerprint, row in known.items():
            if fingerprint in causes:
                continue
            if row.ended_at is None:
                rows.set_end(session, row.id, now)
            else:
                rows.close(session, row.id, now - QUIET, now)


def _due(
    database: Database,
    settings: Settings,
    now: datetime,
    causes: Mapping[str, Cause],
    accounts: Mapping[str, AccountView],
    channels: Sequence[Channel],
) -> Iterator[tuple[int, Channel, Message]]:
    """Messages that have not gone out yet; whether they may be claimed is the claim's business."""
    by_id = {account.id: account for account in accounts.values()}
    found: list[tuple[int, Channel, Message]] = []
    with database.reading() as session:
        for row in rows.not_over(session):
            account = by_id.get(row.account_id or 0)
            if (cause := causes.get(row.fingerprint)) is not None:
                key = f"notice:{row.id}:{(now - row.since) // _DAY}"
                message = messages.told(cause, row.since, _zone(account), key, address_of(settings, account))
                found += [(row.id, channel, message) for channel in channels if channel.takes(message)]
        for row in rows.over_untold(session, now - _END_TOLD_FOR):
            if row.cause.startswith(UNSENT):
                continue
            message = _end(row, by_id.get(row.account_id or 0), settings)
            reached = rows.channels_told(session, row.id)  # whoever was told of it is told of its end
            found += [(row.id, each, message) for each in channels if each.takes(message) and each.name in reached]
        waiting = [each for each in found if not rows.is_sent(session, _key(each[2].key, each[1]))]
    yield from waiting


def _end(row: Notice, account: AccountView | None, settings: Settings) -> Message:
    assert row.ended_at is not None
    return messages.over(
        account.slug if account else None,
        row.cause,
        row.title,
        row.since,
        row.ended_at,
        _zone(account),
        f"notice:{row.id}:over",
        address_of(settings, account),
    )


def _zone(account: AccountView | None) -> ZoneInfo:
    return account.config.zone if account else _UTC


def _key(key: str, channel: Channel) -> str:
    return f"{key}:{channel.name}"

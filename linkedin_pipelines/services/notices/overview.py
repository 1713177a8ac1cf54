"""What was told, and whether the channels work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.reporting import notices as rows
from linkedin_pipelines.errors import NoticeNotSentError
from linkedin_pipelines.services.accounts.registry import list_accounts
from linkedin_pipelines.services.notices.channels import EMAIL, channels_of
from linkedin_pipelines.services.notices.messages import PRODUCT, Message
from linkedin_pipelines.services.notices.telling import address_of, deliver
from linkedin_pipelines.settings import Settings

SHOWN = 50


@dataclass(frozen=True)
class NoticeView:
    """One notice."""

    account: str | None
    cause: str
    title: str
    since: datetime
    over: datetime | None


@dataclass(frozen=True)
class Trial:
    """What became of a message that tried a channel."""

    channel: str
    to: str
    failure: str | None


def latest_notices(database: Database) -> list[NoticeView]:
    """The newest notices first."""
    slugs = {account.id: account.slug for account in list_accounts(database, retired=True)}
    with database.reading() as session:
        return [
            NoticeView(slugs.get(row.account_id or 0), row.cause, row.title, row.since, row.over_at)
            for row in rows.latest(session, SHOWN)
        ]


def try_channels(database: Database, settings: Settings, clock: Clock) -> list[Trial]:
    """Send a message by every channel; to each address that notices go to, where the channel is e-mail."""
    accounts = list_accounts(database)
    addresses = dict.fromkeys([settings.notice_email, *(address_of(settings, account) for account in accounts)])
    tried: list[Trial] = []
    for channel in channels_of(settings, clock):
        targets = [each for each in addresses if each] if channel.name == EMAIL else [None]
        if not targets:
            tried.append(Trial(channel.name, "", f"{channel.name}: no address; LINKEDIN_NOTICE_EMAIL names one"))
        for number, target in enumerate(targets):
            text = "This message tries the channel. Nothing is wrong, and there is nothing to do.\n"
            key = f"trial:{clock.now().isoformat()}:{number}"
            facts = {"account": None, "cause": "trial", "state": "trial", "title": "Trial", "text": text}
            failure = None
            try:
                deliver(database, clock, channel, Message(key, f"[{PRODUCT}] trial", text, target, facts))
            except NoticeNotSentError as error:
                failure = str(error)
            tried.append(Trial(channel.name, target or "its address", failure))
    return tried

"""Links by which the member approves a day's list: signed, for one content, until the day is over, once.

The token is the row's number and a signature over everything that the row says, under a key of the home: a copy of the
database alone makes none, and an edited row fits none. Looking at a link changes nothing.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import approval_links as rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import ApprovalLink
from linkedin_pipelines.domain.account import Mode
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.domain.windows import day_start
from linkedin_pipelines.errors import (
    ApprovalLinkExpiredError,
    ApprovalLinkUnknownError,
    ApprovalLinkUsedError,
    ListChangedError,
)
from linkedin_pipelines.services.accounts.crypto import status_key
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.services.birthdays.approvals import MEMBER, ApprovalView, approve
from linkedin_pipelines.services.birthdays.gates import problems_of_list
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView, read_list
from linkedin_pipelines.settings import Settings


@dataclass(frozen=True)
class Offer:
    """What a link would approve."""

    link_id: int
    account: str
    display_name: str
    rehearses: bool
    """Whether nothing is really sent, even once approved."""
    list_date: date
    content_hash: str
    expires_at: datetime
    planned: tuple[EntryView, ...]
    """The people and their exact texts."""
    others: tuple[EntryView, ...]
    """Who else is on the list, each with the reason why not."""


def make_link(
    database: Database, settings: Settings, clock: Clock, account: AccountView, view: ListView
) -> tuple[str, datetime]:
    """A new address for the list as it stands, and when it ends: with the list's day, where the account lives.

    Raises:
        ConfigurationError: the key of the home cannot be used.
    """
    expires_at = day_start(view.list_date + timedelta(days=1), account.config.zone)
    with database.writing() as session:
        row = ApprovalLink(
            account_id=account.id,
            list_date=view.list_date,
            content_hash=view.content_hash,
            made_at=clock.now(),
            expires_at=expires_at,
        )
        token = _token(settings, rows.add(session, row))
    return f"{settings.status_url}/approve/{token}", expires_at


def probe(database: Database, settings: Settings, clock: Clock, token: str) -> Offer:
    """What the link would approve; changes nothing.

    Raises:
        ApprovalLinkUnknownError, ApprovalLinkExpiredError, ApprovalLinkUsedError: it approves nothing any more.
        ListChangedError: the list is not the one that the link is for.
    """
    with database.reading() as session:
        row = _row(session, settings, clock, token)
    account = next((each for each in list_accounts(database) if each.id == row.account_id), None)
    if account is None:
        raise ApprovalLinkUnknownError("the account of this link is not used any more")
    view = read_list(database, account.slug, row.list_date)
    if view is None or view.content_hash != row.content_hash:
        raise ListChangedError(
            f"the list of {account.slug} for {row.list_date} has changed since this link was made: approve the new one "
            "in Dagster, where its texts are shown"
        )
    return Offer(
        link_id=row.id,
        account=account.slug,
        display_name=account.config.display_name,
        rehearses=account.config.mode is Mode.REHEARSAL,
        list_date=row.list_date,
        content_hash=row.content_hash,
        expires_at=row.expires_at,
        planned=tuple(entry for entry in view.entries if entry.outcome is EntryOutcome.PLANNED),
        others=tuple(entry for entry in view.entries if entry.outcome is not EntryOutcome.PLANNED),
    )


def approve_by_link(database: Database, settings: Settings, clock: Clock, token: str) -> ApprovalView:
    """Approve exactly what the link is for, as materializing `approved_messages` by hand would; the link is used up.

    Raises:
        ApprovalLinkUnknownError, ApprovalLinkExpiredError, ApprovalLinkUsedError: nothing was approved.
        ListChangedError: the list is not the one that the link is for, or cannot be approved; the link stays unused.
    """
    offer = probe(database, settings, clock, token)
    view = read_list(database, offer.account, offer.list_date)
    if view is not None and (problems := problems_of_list(view)):
        raise ListChangedError("this list cannot be approved: " + " ".join(problems))

    def use(session: Session) -> None:
        if not rows.use(session, offer.link_id, clock.now()):
            _row(session, settings, clock, token)  # says whether it was used or its time is over
            raise ApprovalLinkUsedError("this link is being used at this moment")

    return approve(
        database,
        clock,
        offer.account,
        offer.list_date,
        MEMBER,
        f"link:{offer.link_id}",
        content_hash=offer.content_hash,
        first=use,
    )


def _row(session: Session, settings: Settings, clock: Clock, token: str) -> ApprovalLink:
    number, _, _signature = token.partition(".")
    row = rows.find(session, int(number)) if number.isascii() and number.isdigit() and len(number) < 10 else None
    if row is None or not hmac.compare_digest(_token(settings, row).encode(), token.encode()):
        raise ApprovalLinkUnknownError("there is no such link: it may have been cut off in the mail")
    if row.used_at is not None:
        raise ApprovalLinkUsedError(f"this link was used on {row.used_at:%Y-%m-%d at %H:%M} UTC; it works once")
    if row.expires_at <= clock.now():
        raise ApprovalLinkExpiredError(
            f"this link ended on {row.expires_at:%Y-%m-%d at %H:%M} UTC, with the list's day"
        )
    return row


def _token(settings: Settings, row: ApprovalLink) -> str:
    stated = f"{row.id}|{row.account_id}|{row.list_date}|{row.content_hash}|{row.expires_at.isoformat()}"
    return f"{row.id}.{hmac.digest(status_key(settings, 'approval'), stated.encode(), 'sha256').hex()}"

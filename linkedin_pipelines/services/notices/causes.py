"""What there is to tell now: of each account, and of the installation. No sentence here names a contact."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.ledger.unsettled import unsettled
from linkedin_pipelines.db.reporting import gauges
from linkedin_pipelines.domain.account import WEEKDAYS, Approval
from linkedin_pipelines.domain.windows import is_open, local_day
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.services.birthdays.approvals import latest_approval
from linkedin_pipelines.services.maintenance.backups import list_backups
from linkedin_pipelines.services.notices.messages import Cause
from linkedin_pipelines.services.reporting.account_health import session_verdict, stop_sign_verdict
from linkedin_pipelines.services.reporting.readiness import DISK_BYTES
from linkedin_pipelines.services.reporting.status import StatusView, account_status
from linkedin_pipelines.settings import Settings

BACKUP_AGE = timedelta(days=2)
"""A night may be missed; two in a row are told."""
DOUBT_AGE = timedelta(days=1)
OPENINGS_TOLD = 3
"""A breaker that opened so often in a row: what troubles the site did not pass by itself."""

UNSENT = "unsent"
"""Ends with its day, so its end is not worth a message."""


def causes(database: Database, settings: Settings, clock: Clock) -> list[Cause]:
    """Everything that should be told now, as the database and the home say."""
    accounts = list_accounts(database)
    found = list(_of_installation(settings, clock, accounts))
    for account in accounts:
        found += _of_account(database, clock, account)
    return found


def _of_account(database: Database, clock: Clock, account: AccountView) -> Iterator[Cause]:
    slug, now = account.slug, clock.now()
    status = account_status(database, clock, slug)
    today = local_day(now, account.config.zone)
    with database.reading() as session:
        unsent = gauges.unsent(session, account.id, today)
        openings = breakers.get(session, account.id).openings
        waiting = [
            row for row in unsettled(session, account.id) if row.waits_for_member or row.claimed_at <= now - DOUBT_AGE
        ]
    lost = _lost(unsent)
    stop = stop_sign_verdict(database, slug)
    if not stop.passed:
        yield Cause(
            slug,
            f"stop_sign:{stop.facts['stop_sign']}",
            "the site told the account to stop",
            "Everything of this account: nothing is sent, visited or read until you resume it.",
            lost,
            f"{stop.sentence}\nLook at LinkedIn in a browser of your own first.",
        )
    session_stands = session_verdict(database, clock, slug)
    if not session_stands.passed:
        ended = session_stands.grave
        yield Cause(
            slug,
            "session_ended" if ended else "session_ends",
            "the session has ended" if ended else "the session ends soon",
            "Nothing can be sent: nobody is signed in." if ended else "Nothing yet.",
            lost if ended else "Nothing yet.",
            session_stands.sentence,
        )
    if openings >= OPENINGS_TOLD and stop.passed:
        yield Cause(
            slug,
            "breaker_open",
            "the site fails again and again",
            f"Sending: attempts failed {openings} times after waits that grew. {status.breaker.cause or ''}".strip(),
            lost,
            f"Nothing at once: it is tried again by itself. `status {slug}` says when, and what failed.",
        )
    if waiting:
        yield Cause(
            slug,
            "in_doubt",
            f"{_number(len(waiting), 'message is', 'messages are')} in doubt",
            "The conversations did not tell whether they went out. Nothing else is sent before that is settled, except "
            "where it waits for you.",
            f"{lost} The messages in doubt may have gone out, so they are not sent again.",
            f"Look at the conversations yourself, then `interactions decide {slug}`; `interactions list {slug}` names "
            "them.",
        )
    yield from _waiting_for_member(status)
    if unsent and _hours_are_over(account, now) and account.config.mode.sends:
        yield _unsent(database, account, today, unsent)


def _waiting_for_member(status: StatusView) -> Iterator[Cause]:
    if status.stop_requests:
        yield Cause(
            status.slug,
            "stop_requests",
            f"{_number(len(status.stop_requests), 'reply seems', 'replies seem')} to ask for no more messages",
            "Messages to the people who wrote them, and to nobody else.",
            "Whatever was planned for these people.",
            f"Read the replies with `stops {status.slug}`, and accept or decline each.",
        )
    if status.unreadable:
        elements = ", ".join(sorted(str(each.element) for each in status.unreadable))
        yield Cause(
            status.slug,
            "pages_unreadable",
            "pages of the site cannot be read",
            f"What needs these elements of the pages: {elements}.",
            "Whoever would have been reached by them is deferred, each with this reason.",
            "Nothing at once: they are looked at again every hour. If it lasts, look for a newer version; "
            "`canary` and docs/canary.md say more.",
        )


def _unsent(database: Database, account: AccountView, today: date, unsent: int) -> Cause:
    approval = latest_approval(database, account.slug, today)
    manual = account.config.approval is Approval.MANUAL
    if manual and (approval is None or not approval.covers_list):
        why, to_do = "Today's list was not approved.", "Build the list again tomorrow as a late one, and approve it."
    else:
        why = "Today's list was approved, and the hours ended before it was sent."
        to_do = f"`status {account.slug}` and the day's campaign_report say what held it up."
    return Cause(
        account.slug,
        f"{UNSENT}:{today}",
        f"{_number(unsent, 'wish', 'wishes')} of today did not go out",
        why,
        f"{_number(unsent, 'wish', 'wishes')} of {today}.",
        f"{to_do} Wishes may go out late for {account.config.late.max_days} days.",
    )


def _of_installation(settings: Settings, clock: Clock, accounts: list[AccountView]) -> Iterator[Cause]:
    now = clock.now()
    backups = list_backups(settings)
    newest = backups[0].taken_at if backups else min((each.created_at for each in accounts), default=now)
    if newest < now - BACKUP_AGE:
        yield Cause(
            None,
            "backup_old",
            "there is no recent backup",
            f"Backups: the newest is of {newest:%Y-%m-%d}." if backups else "Backups: none was ever taken.",
            "Nothing; messages go out as before.",
            "Look at the job `backup` in Dagster, or take one now with `linkedin-pipelines backup`, which says what is "
            "wrong.",
        )
    free = shutil.disk_usage(settings.home).free
    if free < DISK_BYTES:
        yield Cause(
            None,
            "disk_full",
            "the disk is nearly full",
            f"Soon everything: {free // 2**20} MB are free where the home is.",
            "Nothing yet.",
            f"Make room in {settings.home}: old files in `inbox`, or a larger disk.",
        )


def _hours_are_over(account: AccountView, now: datetime) -> bool:
    """Whether today's window, if today has one, has ended."""
    local = now.astimezone(account.config.zone)
    end = account.config.window.end
    return (
        WEEKDAYS[local.weekday()] in account.config.weekdays
        and end is not None
        and local.time() >= end
        and not is_open(account.config, now)
    )


def _lost(unsent: int) -> str:
    return (
        f"{_number(unsent, 'wish', 'wishes')} of today's list so far."
        if unsent
        else "Nothing so far: today's list has no wish that waits."
    )


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"

"""The morning mail: the day's list as it stands, for the member's own mailbox and for no other channel."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import approval_links, lists
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.account import AccountConfig, Approval, LeapDay, Mode
from linkedin_pipelines.domain.states import ContactStatus, EntryOutcome
from linkedin_pipelines.domain.windows import is_open, local_day
from linkedin_pipelines.services.accounts.registry import AccountView, list_accounts
from linkedin_pipelines.services.birthdays.approvals import latest_approval
from linkedin_pipelines.services.birthdays.gates import problems_of_list
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView, read_list
from linkedin_pipelines.services.notices.approval_links import make_link
from linkedin_pipelines.services.notices.channels import EMAIL, channels_of
from linkedin_pipelines.services.notices.messages import PRODUCT, Message, moment
from linkedin_pipelines.services.notices.telling import address_of, claimed, hand_over
from linkedin_pipelines.services.reporting.status import StatusView, account_status
from linkedin_pipelines.settings import Settings


def send_morning_mails(database: Database, settings: Settings, clock: Clock) -> list[str]:
    """Mail each account's list of today once, to members who want that, as soon as it is built; whose went out.

    Raises:
        NoticeNotSentError: the mail server did not take one; it is due again after a while.
    """
    sent = []
    mail = next((each for each in channels_of(settings, clock) if each.name == EMAIL), None)
    for account in list_accounts(database) if mail is not None else ():
        address = address_of(settings, account)
        if address is None or not account.config.notices.morning_mail or not is_open(account.config, clock.now()):
            continue
        today = local_day(clock.now(), account.config.zone)
        view = read_list(database, account.slug, today)
        key = f"morning:{account.slug}:{today}"
        if mail is None or view is None or not claimed(database, clock, mail, key):
            continue
        hand_over(database, clock, mail, _mail(database, settings, clock, account, view, key, address))
        sent.append(account.slug)
    return sent


def _mail(
    database: Database, settings: Settings, clock: Clock, account: AccountView, view: ListView, key: str, address: str
) -> Message:
    planned = [entry for entry in view.entries if entry.outcome is EntryOutcome.PLANNED]
    others = [entry for entry in view.entries if entry.outcome is not EntryOutcome.PLANNED]
    tomorrow = view.list_date + timedelta(days=1)
    with database.reading() as session:
        last = approval_links.last_written(session, [entry.contact_id for entry in view.entries])
        born = lists.born_on(session, account.id, _days_kept_on(tomorrow, account.config))
        coming = [
            contact.full_name
            for contact in born
            if contact.status is ContactStatus.CONNECTED and contact.do_not_contact_reason is None
        ]
    status = account_status(database, clock, account.slug)
    wishes = f"{len(planned)} {'wish' if len(planned) == 1 else 'wishes'}"
    parts = [
        _section(f"To be wished today: {len(planned)}", _texts(planned, last)),
        _section("Left out or waiting, and why", (f"{entry.full_name}: {entry.explanation}" for entry in others)),
        _section(f"Tomorrow, {tomorrow:%A %d %B}", coming),
        _section("Waits for you", status.waits_for),
        _section("Left of the limits", (f"{quota.kind.replace('_', ' ')}: {quota.text}" for quota in status.quotas)),
        "\n".join(_approving(database, settings, clock, account, view, status)),
    ]
    subject = f"[{PRODUCT}] {account.slug}: {wishes} for {view.list_date:%A %d %B}"
    return Message(key, subject, "\n\n".join(part for part in parts if part) + "\n", address)


def _texts(planned: list[EntryView], last: Mapping[int, datetime]) -> Iterator[str]:
    for entry in planned:
        late = f", {entry.days_late} days late" if entry.days_late else ""
        known = last.get(entry.contact_id)
        before = f"last message {known:%Y-%m-%d}" if known else "no earlier message known"
        yield f"{entry.full_name} ({before}{late})"
        yield from (f"  {line}" for line in (entry.body or "").splitlines())


def _approving(
    database: Database, settings: Settings, clock: Clock, account: AccountView, view: ListView, status: StatusView
) -> Iterator[str]:
    """Whether anything has to be done for these texts to go out, and how."""
    approval_before = latest_approval(database, account.slug, view.list_date)
    if not view.forecast.planned:
        return
    if account.config.approval is Approval.AUTOMATIC or (approval_before is not None and approval_before.covers_list):
        yield f"These texts are approved; they go out within the account's hours ({status.hours}), mode {status.mode}."
    elif problems := problems_of_list(view):
        yield "This list cannot be approved: " + " ".join(problems)
    else:
        if account.config.mode is Mode.REHEARSAL:
            yield "The account rehearses: even once approved, nothing is really sent."
        address, until = make_link(database, settings, clock, account, view)
        yield "To approve exactly these texts, open this page and press its button:"
        yield f"  {address}"
        yield f"It works once, until {moment(until, account.config.zone)}. Opening it approves nothing by itself; a"
        yield "list that changes is not approved by it. Do not hand the address on."


def _days_kept_on(day: date, config: AccountConfig) -> list[tuple[int, int]]:
    """Birthdays (month, day) that are kept on that day: 29 February too, in years without one."""
    days = [(day.month, day.day)]
    leap = (2, 28) if config.leap_day is LeapDay.FEB28 else (3, 1)
    common = (date(day.year, 3, 1) - date(day.year, 2, 28)).days == 1
    return [*days, (2, 29)] if common and days == [leap] else days


def _section(title: str, lines: Iterable[str]) -> str:
    found = [f"  {line}" for line in lines]
    return "\n".join([title, *found]) if found else ""

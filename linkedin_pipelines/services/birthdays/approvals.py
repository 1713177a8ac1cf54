"""The member's yes to exact texts for exact people.

An approval names a hash of recipients and words, and keeps the words. It holds for a list with that content and for no
other; a list that went back to content approved before is approved again, by the same yes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import BirthdayList, ListApproval
from linkedin_pipelines.domain.list_plan import content_hash
from linkedin_pipelines.domain.payloads import ApprovedContent, ApprovedMessage
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.errors import ListChangedError, NotApprovedError, NotOnListError
from linkedin_pipelines.services.accounts.registry import get_account

MEMBER = "member"
"""Who approved, where a person did: in Dagster or by a link of the morning mail."""


@dataclass(frozen=True)
class ApprovalView:
    """One yes."""

    account: str
    list_date: date
    content_hash: str
    messages: tuple[ApprovedMessage, ...]
    approved_at: datetime
    approved_by: str
    run_id: str
    covers_list: bool
    """Whether the list, as it stands now, is the one that was approved."""
    list_built_at: datetime | None = field(compare=False)
    """When the list, as it stands now, was built; None if there is none."""


def approve(
    database: Database,
    clock: Clock,
    account_slug: str,
    list_date: date,
    approved_by: str,
    run_id: str,
    *,
    content_hash: str | None = None,
    first: Callable[[Session], None] | None = None,
) -> ApprovalView:
    """Say yes to the list as it stands; an empty one too. A second yes to the same content changes nothing.

    `content_hash` is what was read before saying yes: a list with another one is not approved. `first` is done in the
    same transaction, before anything else; what it raises, or what is raised below, undoes both.

    Raises:
        UnknownAccountError: there is no such account.
        NotOnListError: no list was built for that date.
        ListChangedError: since it was built, wishes of the list have become late ones, which need other words; or it
            has another hash than `content_hash`.
    """
    account = get_account(database, account_slug)
    with database.writing() as session:
        if first is not None:
            first(session)
        built = rows.find_list(session, account.id, list_date, locked=True)
        if built is None:
            raise NotOnListError(f"there is no list of {account_slug} for {list_date}: materialize birthday_list first")
        if content_hash is not None and built.content_hash != content_hash:
            raise ListChangedError(
                f"the list of {account_slug} for {list_date} is not the one that was shown: read it again, then "
                "approve that"
            )
        now = clock.now()
        entries = rows.entry_rows(session, built.id)
        today = local_day(now, account.config.zone)
        if today > local_day(built.built_at, account.config.zone) and _turned_late(entries, today):
            raise ListChangedError(
                f"the list of {account_slug} for {list_date} was built on an earlier day, and some of its wishes would "
                "be late by now: materialize birthday_list again, then approve that"
            )
        content = _content(entries)
        if _hash(entries) != built.content_hash:
            raise ListChangedError(
                f"people on the list of {account_slug} for {list_date} changed since it was built: materialize "
                "birthday_list again, then approve that"
            )
        earlier = rows.approvals_of(session, account.id, list_date)
        found = next((row for row in earlier if row.content_hash == built.content_hash), None)
        if found is None:
            found = rows.add_approval(
                session,
                ListApproval(
                    account_id=account.id,
                    list_date=list_date,
                    content_hash=built.content_hash,
                    content=content,
                    approved_at=now,
                    approved_by=approved_by[:200],
                    run_id=run_id,
                ),
            )
        return _view(account_slug, found, built)


def latest_approval(database: Database, account_slug: str, list_date: date) -> ApprovalView | None:
    """The approval of the list as it stands, else the last one given for that date, else None."""
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        given = rows.approvals_of(session, account.id, list_date)
        if not given:
            return None
        built = rows.find_list(session, account.id, list_date)
        current = built.content_hash if built else None
        found = next((row for row in given if row.content_hash == current), given[-1])
        return _view(account_slug, found, built)


def approved_messages(database: Database, account_slug: str, list_date: date) -> ApprovedContent:
    """What may be sent of a list: exactly what was approved, provided that the list is still that.

    Raises:
        NotApprovedError: there is no list, or nobody approved any content of it.
        ListChangedError: the list is not one that was approved.
    """
    account = get_account(database, account_slug)
    with database.reading() as session:
        where = f"the list of {account_slug} for {list_date}"
        built = rows.find_list(session, account.id, list_date)
        if built is None:
            raise NotApprovedError(f"{where} was not built: materialize birthday_list, then approved_messages")
        given = rows.approvals_of(session, account.id, list_date)
        if not given:
            raise NotApprovedError(f"{where} was not approved: read it, then materialize approved_messages")
        entries = rows.entry_rows(session, built.id)
        found = next((row for row in given if row.content_hash == built.content_hash), None)
        if found is None or not _same(found.content, _content(entries)):
            change = _change(given[-1].content, _content(entries))
            raise ListChangedError(
                f"{where} is not the one approved on {given[-1].approved_at:%Y-%m-%d %H:%M} UTC ({change}): "
                "read it again, then materialize approved_messages"
            )
        return found.content


def _turned_late(entries: Sequence[rows.EntryRow], today: date) -> bool:
    return any(
        entry.outcome is EntryOutcome.PLANNED and entry.days_late == 0 and entry.occurs_on < today for entry in entries
    )


def _content(entries: Sequence[rows.EntryRow]) -> ApprovedContent:
    """What a list's approval covers: every entry with a text."""
    return ApprovedContent(
        messages=tuple(
            ApprovedMessage(
                contact_id=entry.contact_id,
                occurrence_year=entry.occurrence_year,
                occurs_on=entry.occurs_on,
                template=entry.template,
                body=entry.body,
            )
            for entry in entries
            if entry.body is not None and entry.template is not None
        )
    )


def _hash(entries: Sequence[rows.EntryRow]) -> str:
    return content_hash(
        (entry.identity_key, entry.occurrence_year, entry.body) for entry in entries if entry.body is not None
    )


def _texts(content: ApprovedContent) -> dict[tuple[int, int], str]:
    return {(message.contact_id, message.occurrence_year): message.body for message in content.messages}


def _same(approved: ApprovedContent, present: ApprovedContent) -> bool:
    return _texts(approved) == _texts(present)


def _change(approved: ApprovedContent, present: ApprovedContent) -> str:
    before, after = _texts(approved), _texts(present)
    new = len(after.keys() - before.keys())
    gone = len(before.keys() - after.keys())
    reworded = sum(before[key] != after[key] for key in before.keys() & after.keys())
    return f"{new} people new, {gone} gone, {reworded} with other words"


def _view(account: str, row: ListApproval, built: BirthdayList | None) -> ApprovalView:
    return ApprovalView(
        account=account,
        list_date=row.list_date,
        content_hash=row.content_hash,
        messages=row.content.messages,
        approved_at=row.approved_at,
        approved_by=row.approved_by,
        run_id=row.run_id,
        covers_list=built is not None and row.content_hash == built.content_hash,
        list_built_at=built.built_at if built else None,
    )


def approved_days(database: Database, account_id: int, first: date, last: date) -> list[date]:
    """Days from `first` to `last` whose list has an approval, newest first; whether it still holds is not asked."""
    with database.reading() as session:
        return rows.approved_days(session, account_id, first, last)

"""Questions that an auditor asks of the ledger: rows that should not exist, counts that should not be passed.

They look at what is stored, not at what the code means to store; a constraint that a restored or hand-edited database
lost is found here. Once they found the ledger whole, they look at what came since, and at all of it again a month
later or after a restore.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import String, cast, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from linkedin_pipelines.db.models import Account, BirthdayList, Contact, Interaction, ListEntry, StopRequest
from linkedin_pipelines.db.models.interactions import COUNTS, IS_UNSETTLED, OF_CAMPAIGNS, occupies, unindexed
from linkedin_pipelines.domain.states import EntryOutcome

WHOLE_EVERY = timedelta(days=30)
"""After this long the audits look at the whole ledger again."""
OVERLAP = 200
"""So many ids below the newest are looked at again: Postgres hands ids out before their transactions end."""


def audited_up_to(session: Session, account_id: int, now: datetime) -> int:
    """The interaction up to which the audits found the ledger whole; 0 if they have to look at all of it again."""
    up_to, at = session.execute(
        select(Account.audited_interaction_id, Account.audited_at).where(Account.id == account_id)
    ).one()
    recently = at is not None and timedelta(0) <= now - at < WHOLE_EVERY
    return up_to if recently and up_to is not None else 0


def keep_audited(session: Session, account_id: int, now: datetime, *, whole: bool) -> None:
    """Note that the ledger was found whole; `whole` if all of it was looked at.

    A transaction of an import may still bring ids a little below the newest: they are looked at the next time.
    """
    newest = select(Interaction.id).where(Interaction.account_id == account_id).order_by(Interaction.id.desc()).limit(1)
    values: dict[str, object] = {"audited_interaction_id": max(0, (session.scalar(newest) or 0) - OVERLAP)}
    session.execute(
        update(Account).where(Account.id == account_id).values(values | ({"audited_at": now} if whole else {}))
    )


def doubled_occasions(session: Session, account_id: int, after_id: int = 0) -> list[tuple[int, str, str]]:
    """(contact, kind, occasion key) of occasions that more than one row occupies, one of them newer than `after_id`."""
    occasion = (Interaction.contact_id, Interaction.kind, Interaction.occasion_key)
    query = select(*occasion).where(Interaction.account_id == account_id, COUNTS)
    if not after_id:  # one sort of all of it is quicker than a look at the others of each
        whole = query.group_by(*occasion).having(func.count() > 1)
        return [(contact_id, str(kind), key) for contact_id, kind, key in session.execute(whole)]
    other = aliased(Interaction, name="other")
    again = exists().where(
        unindexed(other.account_id) == Interaction.account_id,
        other.contact_id == Interaction.contact_id,
        other.kind == Interaction.kind,
        other.occasion_key == Interaction.occasion_key,
        other.id != Interaction.id,
        occupies("other"),
    )
    newer = session.execute(query.where(Interaction.id > after_id, again))
    # Told apart here: a DISTINCT tempts SQLite, once it has statistics, to an index in the order of contacts.
    return sorted({(contact_id, str(kind), key) for contact_id, kind, key in newer})


def orphans(session: Session, account_id: int, after_id: int = 0) -> list[int]:
    """Rows newer than `after_id` whose contact is missing, or another account's."""
    owner = select(Contact.account_id).where(Contact.id == Interaction.contact_id).scalar_subquery()
    query = select(Interaction.id).where(
        Interaction.account_id == account_id, Interaction.id > after_id, owner.is_distinct_from(account_id)
    )
    return sorted(session.scalars(query))


def raw_evidence(session: Session, account_id: int, list_date: date) -> Iterator[tuple[int, str]]:
    """The stored text of each row's evidence, as it is, without our reading of it."""
    query = select(Interaction.id, cast(Interaction.evidence, String)).where(
        Interaction.account_id == account_id, Interaction.list_date == list_date, Interaction.evidence.is_not(None)
    )
    return ((row_id, text) for row_id, text in session.execute(query) if text not in (None, "null"))


def old_doubts(session: Session, account_id: int, before: datetime) -> list[int]:
    """Rows claimed before `before` that nobody has settled."""
    query = select(Interaction.id, Interaction.claimed_at).where(Interaction.account_id == account_id, IS_UNSETTLED)
    # Compared here: most of the ledger was claimed before, and an index of moments must not tempt the planner.
    return sorted(row_id for row_id, claimed_at in session.execute(query) if claimed_at < before)


def used(
    session: Session, account_id: int, kinds: Collection[str], since: datetime
) -> list[tuple[datetime, date, str | None]]:
    """Claim time, local day and run of everything of `kinds` that campaigns spent quota on since then."""
    query = select(Interaction.claimed_at, Interaction.local_day, Interaction.run_id).where(
        Interaction.account_id == account_id,
        Interaction.kind.in_(kinds),
        OF_CAMPAIGNS,
        COUNTS,
        Interaction.claimed_at >= since,
    )
    return [(claimed_at, local_day, run_id) for claimed_at, local_day, run_id in session.execute(query)]


def opted_out_recipients(session: Session, account_id: int, list_date: date) -> list[int]:
    """Contacts planned on that list who are not to be contacted, or whose wish to be left alone is undecided."""
    asked_to_stop = select(StopRequest.contact_id).where(
        StopRequest.account_id == account_id, or_(StopRequest.accepted.is_(None), StopRequest.accepted.is_(True))
    )
    query = (
        select(Contact.id)
        .join(ListEntry, ListEntry.contact_id == Contact.id)
        .join(BirthdayList, BirthdayList.id == ListEntry.list_id)
        .where(
            BirthdayList.account_id == account_id,
            BirthdayList.list_date == list_date,
            ListEntry.outcome == EntryOutcome.PLANNED,
            or_(Contact.do_not_contact_since.is_not(None), Contact.id.in_(asked_to_stop)),
        )
    )
    return sorted(set(session.scalars(query)))

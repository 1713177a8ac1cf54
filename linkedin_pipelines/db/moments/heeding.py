"""What a congratulation has to heed: earlier messages of any kind, talk, birthdays, and its own quota."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from linkedin_pipelines.db.models import Account, Contact, HandSentWish, Interaction, StopRequest
from linkedin_pipelines.db.models.interactions import COUNTS
from linkedin_pipelines.domain import quotas
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS, ActionKind, birthday_key
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.occasions import occurrences_within
from linkedin_pipelines.domain.quotas import WEEK, QuotaLeft, QuotaUsage
from linkedin_pipelines.domain.rules import Attempt
from linkedin_pipelines.domain.states import InteractionOrigin
from linkedin_pipelines.domain.windows import local_day

KIND = ACTION_KINDS[InteractionKind.MOMENT_MESSAGE]
_WRITTEN = [kind.name for kind in ACTION_KINDS.values() if kind.writes_text]
_CHUNK = 500


@dataclass
class Heeded:
    """What is known of one person."""

    written_on: list[date] = field(default_factory=list)
    """Local days of messages that were, or may have been, sent, whatever the kind and whoever sent them."""
    talked_on: date | None = None
    """Last day on which the member wrote by hand, or the person did, as far as imported files tell."""
    occupied: dict[str, Attempt] = field(default_factory=dict)
    """Attempts that occupy an occasion of a moment, by key."""
    wished: set[str] = field(default_factory=set)
    """Keys of birthdays that were, or may have been, wished."""
    said: list[str] = field(default_factory=list)
    """Templates and texts of congratulations, oldest first."""


def heeded(
    session: Session, zone: ZoneInfo, contact_ids: Sequence[int], *, besides: str | None = None
) -> dict[int, Heeded]:
    """All that is known of each of these people, the attempt at the moment with the key `besides` left out."""
    found: dict[int, Heeded] = defaultdict(Heeded)
    for start in range(0, len(contact_ids), _CHUNK):
        some = contact_ids[start : start + _CHUNK]
        query = select(Interaction).where(Interaction.contact_id.in_(some), Interaction.kind.in_(_WRITTEN), COUNTS)
        for row in session.scalars(query.order_by(Interaction.claimed_at, Interaction.id)):
            if row.kind != KIND.name or row.occasion_key != besides:
                _heed(found[row.contact_id], row)
        for contact_id, moment in _said_by_either(session, some):
            one, day = found[contact_id], local_day(moment, zone)
            one.talked_on = max(one.talked_on or day, day)
    return found


def _heed(person: Heeded, row: Interaction) -> None:
    person.written_on.append(row.local_day)
    if row.origin is InteractionOrigin.BY_HAND:
        person.talked_on = max(person.talked_on or row.local_day, row.local_day)
    if row.kind == KIND.name:
        attempt = Attempt(row.occurrence_year, row.status, row.origin, row.local_day)
        person.occupied[row.occasion_key] = attempt
        person.said += [text for text in (row.template, row.body) if text]
    elif row.kind == InteractionKind.BIRTHDAY_MESSAGE:
        person.wished.add(row.occasion_key)


def _said_by_either(session: Session, contact_ids: Sequence[int]) -> Iterator[tuple[int, datetime]]:
    """Moments of messages that files or threads told of: wishes by hand, and replies that ask for no more."""
    for table, moment in ((HandSentWish, HandSentWish.sent_at), (StopRequest, StopRequest.said_at)):
        rows = session.execute(select(table.contact_id, moment).where(table.contact_id.in_(contact_ids)))
        yield from ((contact_id, said_at) for contact_id, said_at in rows)


def unwished_birthdays(
    config: AccountConfig, birth_month: int | None, birth_day: int | None, wished: set[str], day: date
) -> tuple[date, ...]:
    """Days on which birthdays are kept that a message of `day` would come too close to, and that were not wished."""
    if birth_month is None or birth_day is None:
        return ()
    first = day - timedelta(days=config.late.max_days)
    last = day + timedelta(days=config.moments.spacing_days)
    found = occurrences_within(birth_month, birth_day, first, last, config.leap_day)
    return tuple(each.on for each in found if birthday_key(each.year) not in wished)


def now_known(
    session: Session, config: AccountConfig, contact_id: int, day: date, *, besides: str
) -> tuple[list[date], tuple[date, ...]]:
    """Days on which the person was written to, and birthdays that go first, as the store has them at this moment.

    The attempt at the moment with the key `besides` is left out.
    """
    person = heeded(session, config.zone, [contact_id], besides=besides)[contact_id]
    born = session.execute(select(Contact.birth_month, Contact.birth_day).where(Contact.id == contact_id)).one_or_none()
    month, number = born if born is not None else (None, None)
    return person.written_on, unwished_birthdays(config, month, number, person.wished, day)


def own_quota_left(
    session: Session, config: AccountConfig, account_id: int, kind: ActionKind, run_id: str | None, now: datetime
) -> QuotaLeft:
    """What a kind has left of its own quota, below the total that it shares with others.

    The time that a restored ledger knows nothing of counts as used up: what was done in it cannot be told.
    """
    rows = session.execute(
        select(Interaction.claimed_at, Interaction.local_day, Interaction.run_id).where(
            Interaction.account_id == account_id,
            Interaction.kind == kind.name,
            Interaction.claimed_at > now - WEEK,
            COUNTS,
        )
    ).all()
    used = [QuotaUsage(claimed_at, day) for claimed_at, day, _ in rows]
    by_run = sum(run is not None and run == run_id for *_, run in rows)
    since, until = session.execute(
        select(Account.unknown_from, Account.unknown_until).where(Account.id == account_id)
    ).one()
    alone = kind.alone
    if since is not None and until is not None:
        used += quotas.usage_of_unknown_time(config, alone.quota_of(config.quotas), used, since, until)
    return quotas.quota_left(config, alone, used, by_run, now)

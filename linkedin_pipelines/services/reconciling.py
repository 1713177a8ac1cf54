"""After a restore, or a clock that was set back, the ledger may know less than happened: the threads tell the rest.

Everybody whose wish may have been sent since then is looked up before anything new goes out, so that neither an
occasion nor a quota that was spent is spent again.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, time, timedelta

import structlog

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db import breakers, ledger
from linkedin_pipelines.db.database import Database
from linkedin_pipelines.db.people import PersonWithBirthday, people_with_birthday
from linkedin_pipelines.domain.messaging import Messenger, Recipient
from linkedin_pipelines.domain.occasions import Occurrence, occurrences_within
from linkedin_pipelines.domain.threads import Standing, standing
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.domain.wishes import is_own_wish
from linkedin_pipelines.errors import PageUnreadableError, StopSignError, WrongPersonError
from linkedin_pipelines.services.accounts import AccountView, get_account
from linkedin_pipelines.services.doubts import may_read
from linkedin_pipelines.services.lease_keeper import LeaseKeeper

log = structlog.get_logger(__name__)

WEEK = timedelta(days=7)
"""Sends of the last seven days count against the quotas, so their threads are read too."""
NOON = time(12)


def reconcile(
    database: Database,
    clock: Clock,
    account: AccountView,
    keeper: LeaseKeeper,
    messenger: Callable[[], Messenger],
) -> int:
    """Read the recent threads of an account that has to settle first, and let it send again.

    A conversation that cannot be read keeps the account where it is: it is tried again by the next run. The number of
    such conversations.

    Raises:
        StopSignError: the site stopped us; the breaker knows it already.
        LeaseLostError: another run took the account over.
    """
    if get_account(database, account.slug).settle_first_since is None or not may_read(database, clock, account):
        return 0
    unread = 0
    for turn, (person, occurrence) in enumerate(_recent(database, clock, account)):
        keeper.pause(random.uniform(*account.config.pace_seconds) if turn else 0)  # noqa: S311 - a pause, not a secret
        keeper.renew()
        try:
            _compare(database, account, messenger(), person, occurrence)
        except (PageUnreadableError, WrongPersonError) as error:
            unread += 1
            log.warning("thread_not_reconciled", contact_id=person.contact_id, problem=str(error))
        except StopSignError as error:
            with database.writing() as session:
                breakers.record_stop_sign(session, account.id, clock.now(), error.sign, str(error), error.evidence)
            raise
    if unread == 0:
        lease = keeper.renew()
        with database.writing() as session:
            ledger.end_settle_first(session, lease, clock.now())
        log.info("account_reconciled", account_id=account.id)
    return unread


def _recent(database: Database, clock: Clock, account: AccountView) -> list[tuple[PersonWithBirthday, Occurrence]]:
    config = account.config
    today = local_day(clock.now(), config.zone)
    first = today - WEEK - timedelta(days=config.late.max_days)
    with database.reading() as session:
        people = people_with_birthday(session, account.id)
    return [
        (person, occurrence)
        for person in people
        if person.profile_slug is not None
        for occurrence in occurrences_within(person.month, person.day, first, today, config.leap_day)
    ]


def _compare(
    database: Database, account: AccountView, messenger: Messenger, person: PersonWithBirthday, occurrence: Occurrence
) -> None:
    assert person.profile_slug is not None  # `_recent` names nobody without
    composer = messenger.open(Recipient(person.contact_id, person.profile_slug, person.full_name))
    try:
        verdict, event = standing(
            composer.events(), "", occurrence.on, is_wish=is_own_wish, asks_to_stop=lambda _: False
        )
    finally:
        composer.close()
    if verdict is Standing.UNCLEAR:
        raise PageUnreadableError("The conversation holds a wish of yours whose date cannot be read.")
    if verdict is Standing.ALREADY_WISHED:
        assert event is not None  # the wish itself
        assert event.sent_on is not None  # without a date the verdict is unclear
        sent_at = datetime.combine(event.sent_on, NOON, tzinfo=account.config.zone)
        with database.writing() as session:
            ledger.record_by_hand(
                session, account.id, person.contact_id, occurrence.year, sent_at, account.config.zone, event.text
            )

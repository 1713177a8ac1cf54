"""How each account stands, as gauges of a scrape."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from linkedin_pipelines.db.accounts import breakers, canary
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.ledger import reports as ledger_rows
from linkedin_pipelines.db.reporting import gauges
from linkedin_pipelines.domain.account import Mode
from linkedin_pipelines.domain.canary import ProbeOutcome
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import BreakerState, ContactStatus, EntryOutcome
from linkedin_pipelines.domain.windows import is_open, local_day
from linkedin_pipelines.services.accounts.registry import AccountView
from linkedin_pipelines.services.accounts.sessions import view_of as view_of_session
from linkedin_pipelines.services.figures.quotas import quota_view


def gauge(name: str, help_text: str, *labels: str) -> GaugeMetricFamily:
    """A family without series yet."""
    return GaugeMetricFamily(name, help_text, labels=labels)


def of_accounts(session: Session, accounts: Sequence[AccountView], now: datetime) -> Iterator[Metric]:
    """Every family that has a series an account."""
    for families in (_states, _stops, _quotas, _doubts, _people, _today, _files):
        yield from families(session, accounts, now)


def _states(session: Session, accounts: Sequence[AccountView], now: datetime) -> Iterator[Metric]:
    live = gauge("linkedin_account_live", "Whether the account's mode is live.", "account")
    paused = gauge("linkedin_account_paused", "Whether the account is paused.", "account")
    opened = gauge("linkedin_account_open", "Whether weekday and hours admit sending now.", "account")
    settle_first = gauge("linkedin_account_settle_first", "Whether threads are read before sending.", "account")
    days = gauge("linkedin_session_days_left", "Days until the session ends; none where it states no end.", "account")
    held = gauge("linkedin_lease_held", "Whether a run acts for the account.", "account")
    for account in accounts:
        slug = [account.slug]
        live.add_metric(slug, account.config.mode is Mode.LIVE)
        paused.add_metric(slug, account.paused)
        opened.add_metric(slug, is_open(account.config, now))
        settle_first.add_metric(slug, account.settle_first_reason is not None)
        if (stored := ledger_rows.browser_session_of(session, account.id)) is not None:
            left = view_of_session(account.slug, *stored, now).days_left
            if left is not None:
                days.add_metric(slug, left)
        lease = ledger_rows.lease_of(session, account.id)
        held.add_metric(slug, lease is not None and lease.expires_at is not None and lease.expires_at > now)
    yield from (live, paused, opened, settle_first, days, held)


def _stops(session: Session, accounts: Sequence[AccountView], _now: datetime) -> Iterator[Metric]:
    state = gauge("linkedin_breaker_state", "1 for the state that the breaker is in.", "account", "state")
    stopped = gauge("linkedin_stop_sign", "Whether the site showed a stop sign that waits for the member.", "account")
    failures = gauge("linkedin_breaker_consecutive_failures", "Failures in a row.", "account")
    readable = gauge("linkedin_canary_element_readable", "Whether an element was readable.", "account", "element")
    for account in accounts:
        breaker = breakers.get(session, account.id)
        for each in BreakerState:
            state.add_metric([account.slug, each.value], breaker.state is each)
        stopped.add_metric([account.slug], breaker.stop_sign is not None)
        failures.add_metric([account.slug], breaker.failures)
        for probe in canary.kept(session, account.id):
            readable.add_metric([account.slug, str(probe.element)], probe.outcome is not ProbeOutcome.FAILED)
    yield from (state, stopped, failures, readable)


def _quotas(session: Session, accounts: Sequence[AccountView], now: datetime) -> Iterator[Metric]:
    left = gauge("linkedin_rate_limit_remaining", "Quota that is left.", "account", "kind", "period")
    limit = gauge("linkedin_rate_limit", "Quota.", "account", "kind", "period")
    for account in accounts:
        for kind in InteractionKind:
            quota = quota_view(session, account, kind, now)
            left.add_metric([account.slug, kind.value, "day"], quota.left_today)
            left.add_metric([account.slug, kind.value, "week"], quota.left_in_week)
            limit.add_metric([account.slug, kind.value, "day"], quota.per_day)
            limit.add_metric([account.slug, kind.value, "week"], quota.per_week)
    yield from (left, limit)


def _doubts(session: Session, accounts: Sequence[AccountView], now: datetime) -> Iterator[Metric]:
    doubt = gauge("linkedin_interactions_in_doubt", "Attempts in doubt.", "account", "kind")
    oldest = gauge("linkedin_oldest_in_doubt_age_seconds", "Age of the oldest attempt in doubt.", "account")
    for account in accounts:
        doubts = gauges.unsettled(session, account.id)
        for kind in InteractionKind:
            doubt.add_metric([account.slug, kind.value], doubts[kind][0] if kind in doubts else 0)
        ages = [(now - since).total_seconds() for _, since in doubts.values()]
        oldest.add_metric([account.slug], max(ages, default=0.0))
    yield from (doubt, oldest)


def _people(session: Session, accounts: Sequence[AccountView], _now: datetime) -> Iterator[Metric]:
    people = gauge("linkedin_contacts", "Contacts by status.", "account", "status")
    birthdays = gauge("linkedin_birthdays", "Connections with a birthday.", "account")
    disputed = gauge("linkedin_birthdays_disputed", "Birthdays that sources date differently.", "account")
    unmatched = gauge("linkedin_birthdays_unmatched", "Stated birthdays without a contact.", "account")
    stops = gauge("linkedin_stop_requests_undecided", "Requests to stop that wait for the member.", "account")
    for account in accounts:
        by_status = ledger_rows.contacts_by_status(session, account.id)
        for status in ContactStatus:
            people.add_metric([account.slug, status.value], by_status[status])
        birthdays.add_metric([account.slug], ledger_rows.connected_with_birthday(session, account.id))
        disputed.add_metric([account.slug], ledger_rows.disputed_birthdays(session, account.id))
        unmatched.add_metric([account.slug], ledger_rows.unmatched_birthdays(session, account.id))
        stops.add_metric([account.slug], len(ledger_rows.undecided_stop_requests(session, account.id)))
    yield from (people, birthdays, disputed, unmatched, stops)


def _today(session: Session, accounts: Sequence[AccountView], now: datetime) -> Iterator[Metric]:
    listed = gauge("linkedin_list_entries", "Contacts on today's list.", "account", "outcome")
    unsent = gauge("linkedin_birthday_messages_unsent", "Planned today and not sent.", "account")
    for account in accounts:
        today = local_day(now, account.config.zone)
        outcomes = gauges.list_outcomes(session, account.id, today)
        for outcome in EntryOutcome:
            listed.add_metric([account.slug, outcome.value], outcomes.get(outcome, 0))
        unsent.add_metric([account.slug], gauges.unsent(session, account.id, today))
    yield from (listed, unsent)


def _files(session: Session, accounts: Sequence[AccountView], _now: datetime) -> Iterator[Metric]:
    files = CounterMetricFamily("linkedin_files_imported", "Files imported.", labels=["account", "source"])
    rows = CounterMetricFamily(
        "linkedin_contacts_processed", "Rows of imported files.", labels=["account", "source", "outcome"]
    )
    for account in accounts:
        for source, (number, by_outcome) in gauges.import_rows(session, account.id).items():
            files.add_metric([account.slug, source.value], number)
            for name, processed in by_outcome.items():
                rows.add_metric([account.slug, source.value, name], processed)
    yield from (files, rows)

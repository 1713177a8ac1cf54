"""How an account stands: what it may do, what holds it up, and what waits for the member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.accounts import breakers, canary
from linkedin_pipelines.db.birthdays import lists as list_rows
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.ledger import reports as rows
from linkedin_pipelines.domain.account import Approval
from linkedin_pipelines.domain.action_kinds import ACTION_KINDS
from linkedin_pipelines.domain.breaker import Breaker, admits
from linkedin_pipelines.domain.canary import ProbeOutcome, StoredProbe
from linkedin_pipelines.domain.states import (
    BreakerState,
    ContactStatus,
    InteractionStatus,
)
from linkedin_pipelines.domain.windows import is_open, local_day, next_opening
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.accounts.sessions import SessionView, ending
from linkedin_pipelines.services.accounts.sessions import view_of as view_of_session
from linkedin_pipelines.services.birthdays.lists import list_in_numbers
from linkedin_pipelines.services.birthdays.site_days import DayView, about_birthdays, reading_of_day
from linkedin_pipelines.services.figures.quotas import QuotaView, quota_view


@dataclass(frozen=True)
class BreakerView:
    """The account's breaker, and what must happen next."""

    state: str
    stop_sign: str | None
    cause: str | None
    failures: int
    retry_at: datetime | None
    next_step: str | None
    evidence: str | None
    """Picture of the stop sign, as a path below the evidence folder."""


@dataclass(frozen=True)
class LeaseView:
    """The run that acts for the account now."""

    holder: str
    expires_at: datetime


@dataclass(frozen=True)
class SignedInView:
    """The stored browser session; never its content."""

    member_slug: str | None
    stored_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class DoubtView:
    """A wish of which nobody knows whether it went out."""

    interaction_id: int
    contact_id: int
    full_name: str
    slug: str | None
    occurrence_year: int | None
    """Year of the birthday; None for other occasions."""
    status: str
    claimed_at: datetime
    readings: int
    explanation: str | None
    screenshots: tuple[str, ...]


@dataclass(frozen=True)
class StopRequestView:
    """A reply that seems to ask not to be written to, and waits for the member's decision."""

    request_id: int
    contact_id: int
    full_name: str
    slug: str | None
    said_at: datetime
    excerpt: str


@dataclass(frozen=True)
class StatusView:
    """Everything about an account that decides whether, and when, it acts."""

    slug: str
    display_name: str
    site: str
    mode: str
    approval: str
    timezone: str
    local_time: str
    hours: str
    open_now: bool
    """Whether weekday and hours admit sending at this moment."""
    next_opening: datetime
    retired_at: datetime | None
    paused_at: datetime | None
    pause_reason: str | None
    terms_accepted_at: datetime | None
    settle_first_reason: str | None
    breaker: BreakerView
    lease: LeaseView | None
    session: SignedInView | None
    quotas: tuple[QuotaView, ...]
    in_doubt: tuple[DoubtView, ...]
    stop_requests: tuple[StopRequestView, ...]
    last_import_file: str | None
    last_import_at: datetime | None
    contacts: dict[str, int]
    """How many contacts there are of each status."""
    birthdays: int
    """Connections with a birthday."""
    unmatched_birthdays: int
    refused_birthdays: int
    disputed_birthdays: int
    unreadable: tuple[StoredProbe, ...]  # elements of the site that the last look at them could not read
    catch_up_page: DayView
    """What is known of the account's present day on the catch-up page."""
    do_not_contact: int
    today: str | None
    """What today's list comes to; None without one."""
    waits_for: tuple[str, ...]
    """What the member has to do, most urgent first, a sentence each."""
    event_log_bytes: int | None = None
    """Size of Dagster's event log, of the whole installation; None where it is not known."""


def account_status(database: Database, clock: Clock, slug: str) -> StatusView:
    """How an account stands at this moment, a retired one too.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, slug, retired=True)
    config, now = account.config, clock.now()
    with database.reading() as session:
        today = reading_of_day(session, account, local_day(now, config.zone))
        disputed = rows.disputed_birthdays(session, account.id)
        breaker = _breaker(breakers.get(session, account.id), now)
        doubts = _doubts(session, account.id)
        stops = _stop_requests(session, account.id)
        signed_in = rows.browser_session_of(session, account.id)
        imported = rows.last_import(session, account.id)
        people = rows.contacts_by_status(session, account.id)
        return StatusView(
            slug=slug,
            display_name=config.display_name,
            site=config.base_url,
            mode=config.mode.value,
            approval=config.approval.value,
            timezone=config.timezone,
            local_time=f"{now.astimezone(config.zone):%Y-%m-%d %H:%M}",
            hours=config.hours,
            open_now=is_open(config, now),
            next_opening=next_opening(config, now),
            retired_at=account.retired_at,
            paused_at=account.paused_at,
            pause_reason=account.pause_reason,
            terms_accepted_at=account.terms_accepted_at,
            settle_first_reason=account.settle_first_reason,
            breaker=breaker,
            lease=_lease(session, account.id, now),
            session=SignedInView(*signed_in) if signed_in else None,
            quotas=tuple(quota_view(session, account, kind, now) for kind in ACTION_KINDS),
            in_doubt=doubts,
            stop_requests=stops,
            last_import_file=imported.file_name if imported else None,
            last_import_at=imported.imported_at if imported else None,
            contacts={status.value: people[status] for status in ContactStatus},
            birthdays=rows.connected_with_birthday(session, account.id),
            unmatched_birthdays=rows.unmatched_birthdays(session, account.id),
            refused_birthdays=rows.refused_birthdays(session, account.id),
            disputed_birthdays=disputed,
            unreadable=tuple(s for s in canary.kept(session, account.id) if s.outcome is ProbeOutcome.FAILED),
            catch_up_page=today,
            do_not_contact=rows.do_not_contact(session, account.id),
            today=list_in_numbers(session, account.id, local_day(now, config.zone)),
            waits_for=_waits_for(
                account,
                breaker,
                doubts,
                stops,
                signed_in=view_of_session(slug, *signed_in, now) if signed_in else None,
                unapproved=_unapproved(session, account, now),
                today=today,
                disputed=disputed,
            ),
        )


def _breaker(breaker: Breaker, now: datetime) -> BreakerView:
    step = None
    if breaker.state is BreakerState.OPEN and breaker.retry_at is None:
        step = "Look at the account in a browser; then `accounts resume`."
    elif breaker.state is BreakerState.OPEN and breaker.retry_at is not None:
        step = "One attempt may try now." if admits(breaker, now) else "One attempt tries when the wait is over."
    elif breaker.state is BreakerState.HALF_OPEN:
        step = "One attempt is being tried; its outcome decides."
    return BreakerView(
        state=breaker.state.value,
        stop_sign=breaker.stop_sign,
        cause=breaker.cause,
        failures=breaker.failures,
        retry_at=breaker.retry_at,
        next_step=step,
        evidence=breaker.evidence,
    )


def _lease(session: Session, account_id: int, now: datetime) -> LeaseView | None:
    lease = rows.lease_of(session, account_id)
    if lease is None or lease.holder is None or lease.expires_at is None or lease.expires_at <= now:
        return None
    return LeaseView(lease.holder, lease.expires_at)


def _doubts(session: Session, account_id: int) -> tuple[DoubtView, ...]:
    open_ones = (InteractionStatus.IN_DOUBT, InteractionStatus.SENDING)
    return tuple(
        DoubtView(
            interaction_id=row.id,
            contact_id=contact.id,
            full_name=contact.full_name,
            slug=contact.profile_slug,
            occurrence_year=row.occurrence_year,
            status=row.status.value,
            claimed_at=row.claimed_at,
            readings=row.doubt_readings,
            explanation=row.explanation,
            screenshots=row.evidence.screenshots if row.evidence else (),
        )
        for row, contact in rows.interactions(session, account_id, statuses=open_ones)
    )


def _stop_requests(session: Session, account_id: int) -> tuple[StopRequestView, ...]:
    return tuple(
        StopRequestView(
            request_id=request.id,
            contact_id=contact.id,
            full_name=contact.full_name,
            slug=contact.profile_slug,
            said_at=request.said_at,
            excerpt=request.excerpt,
        )
        for request, contact in rows.undecided_stop_requests(session, account_id)
    )


def _unapproved(session: Session, account: AccountView, now: datetime) -> int:
    """How many people of today's list wait for the member's yes to it."""
    today = local_day(now, account.config.zone)
    built = list_rows.find_list(session, account.id, today)
    if built is None or account.config.approval is not Approval.MANUAL:
        return 0
    if any(row.content_hash == built.content_hash for row in list_rows.approvals_of(session, account.id, today)):
        return 0
    return list_rows.count_planned(session, built.id)


def _waits_for(
    account: AccountView,
    breaker: BreakerView,
    doubts: tuple[DoubtView, ...],
    stops: tuple[StopRequestView, ...],
    *,
    signed_in: SessionView | None,
    unapproved: int,
    today: DayView,
    disputed: int,
) -> tuple[str, ...]:
    """What only the member can do."""
    waits: list[str] = []
    if account.retired:
        return ("The account is retired: put it back into accounts.yaml and run `accounts apply` to use it again.",)
    if breaker.stop_sign is not None:
        waits.append(f"The site showed a stop sign ({breaker.stop_sign}). {breaker.next_step}")
    if account.paused:
        waits.append(f"The account is paused: {account.pause_reason} `accounts resume` ends that.")
    if account.terms_accepted_at is None and not account.config.is_sandbox:
        waits.append("The notice about LinkedIn's User Agreement is not accepted; `accounts accept-terms` shows it.")
    if signed_in is None:
        waits.append("Nobody is signed in: `session login` or `session import`.")
    elif (sentence := ending(signed_in)) is not None:
        waits.append(sentence)
    in_doubt = sum(doubt.status == InteractionStatus.IN_DOUBT for doubt in doubts)
    if in_doubt:
        waits.append(f"{in_doubt} wishes are in doubt; the conversations are read before anything else is sent.")
    if stops:
        waits.append(f"{len(stops)} people seem to have asked not to be written to; `stops {account.slug}` decides.")
    if unapproved:
        waits.append(f"Today's list has {unapproved} wishes that nobody has approved: read it, then approve it.")
    return (*waits, *about_birthdays(account.slug, today, disputed))

"""The day's moments, and what is to become of each.

The list is what the pages last showed on that day, by the account's own rules, and is made anew whenever it is asked
for: `services.moments.approvals` holds it against what the member approved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.birthdays import lists as birthday_lists
from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.contacts.people import ensure_people
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.models import MomentReading
from linkedin_pipelines.db.moments import heeding, moments
from linkedin_pipelines.db.moments.heeding import Heeded
from linkedin_pipelines.db.moments.moments import SeenRow
from linkedin_pipelines.domain.first_names import safe_first_name
from linkedin_pipelines.domain.moment_list import ORDER, MomentCase, verdict_on_moment
from linkedin_pipelines.domain.moment_wording import moment_wordings, templates_for
from linkedin_pipelines.domain.moments import MomentKind, SeenMoments
from linkedin_pipelines.domain.outcomes import Outcome, deferred, skipped
from linkedin_pipelines.domain.payloads import ApprovedItem
from linkedin_pipelines.domain.records import NAME_LIMIT
from linkedin_pipelines.domain.rules import Person
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.domain.wording import Spoken, choose
from linkedin_pipelines.errors import NotNowError
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.actions.runs import reading
from linkedin_pipelines.services.actions.site_session import SiteFactory, SiteSession, open_site
from linkedin_pipelines.services.plans.approvals import content_hash
from linkedin_pipelines.settings import Settings


@dataclass(frozen=True)
class MomentEntry:
    """One moment, and what is to become of it."""

    contact_id: int
    slug: str
    full_name: str
    kind: MomentKind
    occasion_key: str
    detail: str
    first_seen_on: date
    outcome: EntryOutcome
    reason: Reason | None
    explanation: str | None
    next_eligible_on: date | None
    template: str | None
    body: str | None

    @property
    def item(self) -> ApprovedItem:
        """What an approval names."""
        return ApprovedItem(
            contact_id=self.contact_id, occasion_key=self.occasion_key, template=self.template, body=self.body
        )


@dataclass(frozen=True)
class MomentList:
    """The moments of one day: those to congratulate on first, in their order."""

    account: str
    list_date: date
    read_at: datetime
    doubts: tuple[str, ...]
    """Why these may not be all, a sentence a tab."""
    entries: tuple[MomentEntry, ...]

    @property
    def planned(self) -> tuple[MomentEntry, ...]:
        """Those to write to, in order."""
        return tuple(entry for entry in self.entries if entry.outcome is EntryOutcome.PLANNED)

    @property
    def content_hash(self) -> str:
        """SHA-256 over people, occasions and words."""
        return content_hash([entry.item for entry in self.planned])


def read_moments(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    day: date,
    run_id: str,
    site_factory: SiteFactory | None = None,
) -> MomentList:
    """Read the tabs that the account congratulates by, of its present day, and keep what they say.

    Raises:
        UnknownAccountError: there is no such account.
        NotNowError: the account congratulates on nothing, must leave the site alone now, or `day` is not its present
            one.
        LeaseHeldError: another run is at work for the account.
        StopSignError: the site stopped us; the breaker knows it already.
        PageUnreadableError, BrowserUnavailableError, SessionMissingError: a tab was not read; those before it are kept.
    """
    with open_site(database, settings, clock, account_slug, run_id, site_factory) as site_session:
        kinds = site_session.config.moments.congratulate
        if not kinds:
            raise NotNowError(
                f"{account_slug} congratulates on nothing: set moments.congratulate in accounts.yaml to what it should"
            )
        for kind in kinds:
            with reading(site_session, day, "the moments of the catch-up page"):
                seen = site_session.site().moments(kind, day)
            _keep(site_session, kind, seen, day)
    found = read_list(database, account_slug, day)
    assert found is not None  # it was kept just now
    return found


def _keep(site_session: SiteSession, kind: MomentKind, seen: SeenMoments, day: date) -> None:
    account_id, now = site_session.account.id, site_session.clock.now()
    names = {moment.slug: moment.name[:NAME_LIMIT] for moment in seen.moments}
    lease = site_session.keeper.renew()
    with site_session.database.writing() as session:
        import_rows.lock_imports(session, lease.account_id)
        contacts = ensure_people(session, account_id, names, now)
        row = MomentReading(
            account_id=account_id,
            kind=kind,
            local_day=day,
            read_at=now,
            run_id=site_session.run_id,
            people=len(names),
            doubt=seen.doubt[:1000] if seen.doubt else None,
        )
        # Who asked to be forgotten has no number, and leaves no row either.
        moments.keep_reading(session, row, [each for each in seen.moments if each.slug in contacts], contacts)


def read_list(database: Database, account_slug: str, day: date) -> MomentList | None:
    """The list of that day, as it stands now; None if no tab was read on it.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return list_of(session, account, day)


def latest_list(database: Database, account_slug: str) -> MomentList | None:
    """The list of whichever day a tab was last read on; None if none ever was.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        day = moments.latest_day(session, account.id)
        return list_of(session, account, day) if day is not None else None


def list_of(session: Session, account: AccountView, day: date) -> MomentList | None:
    """`read_list` in the caller's transaction."""
    readings = moments.readings_of(session, account.id, day)
    if not readings:
        return None
    wanted = account.config.moments.congratulate
    rows = [row for row in moments.seen_on(session, account.id, day) if row.kind in wanted]
    rows.sort(key=lambda row: ORDER.index(row.kind))  # stable: within a kind the oldest first
    ids = sorted({row.contact_id for row in rows})
    known = heeding.heeded(session, account.config.zone, ids)
    stops = birthday_lists.open_stop_requests(session, ids)
    entries: list[MomentEntry] = []
    planned: set[int] = set()
    for row in rows:
        stop = stops.get(row.contact_id)
        asked = local_day(stop.said_at, account.config.zone) if stop is not None else None
        entry = _entry(account, row, known[row.contact_id], asked, day)
        if entry.outcome is EntryOutcome.PLANNED and row.contact_id in planned:
            text = "Another moment of this person comes first."
            entry = _without_words(entry, deferred(Reason.WRITTEN_LATELY, text, None))
        if entry.outcome is EntryOutcome.PLANNED:
            planned.add(row.contact_id)
        entries.append(entry)
    entries.sort(key=lambda entry: entry.outcome is not EntryOutcome.PLANNED)
    return MomentList(
        account=account.slug,
        list_date=day,
        read_at=max(row.read_at for row in readings.values()),
        doubts=tuple(f"{kind}: {row.doubt}" for kind, row in sorted(readings.items()) if row.doubt),
        entries=tuple(entries),
    )


def _entry(account: AccountView, row: SeenRow, known: Heeded, asked_to_stop: date | None, day: date) -> MomentEntry:
    config = account.config
    person = Person(
        profile_slug=row.profile_slug,
        status=row.status,
        do_not_contact=row.do_not_contact_reason,
        stop_requested_on=asked_to_stop,
    )
    case = MomentCase(
        kind=row.kind,
        first_seen_on=row.first_seen_on,
        person=person,
        occupant=known.occupied.get(row.occasion_key),
        written_on=known.written_on,
        talked_on=known.talked_on,
        birthdays=heeding.unwished_birthdays(config, row.birth_month, row.birth_day, known.wished, day),
    )
    own = config.profile_slug
    entry = MomentEntry(
        contact_id=row.contact_id,
        slug=row.profile_slug or "",
        full_name=row.full_name,
        kind=row.kind,
        occasion_key=row.occasion_key,
        detail=row.detail,
        first_seen_on=row.first_seen_on,
        outcome=EntryOutcome.PLANNED,
        reason=None,
        explanation=None,
        next_eligible_on=None,
        template=None,
        body=None,
    )
    refused = verdict_on_moment(case, day, config.moments, own, late_days=config.late.max_days)
    return _without_words(entry, refused) if refused is not None else _with_words(entry, account, row, known.said)


def _without_words(entry: MomentEntry, refused: Outcome) -> MomentEntry:
    return replace(
        entry,
        outcome=EntryOutcome(refused.status),
        reason=refused.reason,
        explanation=refused.explanation,
        next_eligible_on=refused.next_eligible_on,
        template=None,
        body=None,
    )


def _with_words(entry: MomentEntry, account: AccountView, row: SeenRow, said: Sequence[str]) -> MomentEntry:
    """The entry with its words, by the person alone: whoever leaves the list changes the words of nobody else."""
    language = row.language or account.config.language
    templates = templates_for(language, row.kind)
    if not templates:
        known = ", ".join(moment_wordings().languages)
        text = f"There are no congratulations in {language!r}, only in {known}."
        return _without_words(entry, skipped(Reason.NO_TEMPLATE, text))
    name = safe_first_name(row.first_name)
    seed = f"{account.slug}|{row.identity_key}|{row.occasion_key}"
    template = choose(templates, name, Spoken(to_person=said), seed)
    if template is None:
        text = "No first name that is surely one, and no congratulation that does without."
        return _without_words(entry, skipped(Reason.NO_SAFE_NAME, text))
    return replace(entry, template=template.key, body=template.render(name))

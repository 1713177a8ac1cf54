"""The day's list of stale invitations, and the member's yes to it.

The list is what the page last showed, by the account's own rule. An approval covers people one by one: a list that has
become shorter since, because some were withdrawn or accepted, stands on it; one that names anybody else does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.db.contacts import imports as import_rows
from linkedin_pipelines.db.contacts.people import ensure_people
from linkedin_pipelines.db.core.database import Database, Session
from linkedin_pipelines.db.invitations import pending
from linkedin_pipelines.db.models import InvitationSnapshot
from linkedin_pipelines.domain.invitations import Choice, SeenInvitations, WithdrawalOutcome, choices, first_seen_key
from linkedin_pipelines.domain.payloads import ApprovedItem
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.accounts.registry import AccountView, get_account
from linkedin_pipelines.services.actions.runs import reading
from linkedin_pipelines.services.actions.site_session import SiteFactory, SiteSession, open_site
from linkedin_pipelines.services.invitations.withdrawals import KIND
from linkedin_pipelines.services.plans.approvals import content_hash
from linkedin_pipelines.services.plans.listed import ListedPlan
from linkedin_pipelines.settings import Settings


@dataclass(frozen=True)
class InvitationEntry:
    """One invitation that waits, and what is to become of it."""

    contact_id: int
    slug: str
    full_name: str
    first_seen_on: date
    age_text: str
    at_least_days: int | None
    provenance: str
    outcome: EntryOutcome
    """`planned` is to be withdrawn, `skipped` is left alone."""
    explanation: str

    @property
    def item(self) -> ApprovedItem:
        """What an approval names."""
        return ApprovedItem(contact_id=self.contact_id, occasion_key=first_seen_key(self.first_seen_on))


@dataclass(frozen=True)
class CleanupList:
    """The invitations that wait, as the page showed them on a day: those to withdraw first, oldest first."""

    account: str
    list_date: date
    read_at: datetime
    doubt: str | None
    """Why these may not be all."""
    others: int
    """Rows of pages, newsletters, showcases and events."""
    entries: tuple[InvitationEntry, ...]

    @property
    def planned(self) -> tuple[InvitationEntry, ...]:
        """Those to withdraw, in order."""
        return tuple(entry for entry in self.entries if entry.outcome is EntryOutcome.PLANNED)

    @property
    def content_hash(self) -> str:
        """SHA-256 over the people to withdraw."""
        return content_hash([entry.item for entry in self.planned])


def read_pending(
    database: Database,
    settings: Settings,
    clock: Clock,
    account_slug: str,
    day: date,
    run_id: str,
    site_factory: SiteFactory | None = None,
) -> CleanupList:
    """Read the sent invitations of the account's present day to their proven end, and keep them.

    Raises:
        UnknownAccountError: there is no such account.
        NotNowError: the account must leave the site alone now, or `day` is not its present one.
        LeaseHeldError: another run is at work for the account.
        StopSignError: the site stopped us; the breaker knows it already.
        PageUnreadableError, BrowserUnavailableError, SessionMissingError: nothing was read, and nothing is changed.
    """
    with open_site(database, settings, clock, account_slug, run_id, site_factory) as site_session:
        with reading(site_session, day, "the list of sent invitations"):
            seen = site_session.site().sent_invitations()
        _keep(site_session, seen, day)
    found = read_list(database, account_slug, day)
    assert found is not None  # it was kept just now
    return found


def _keep(site_session: SiteSession, seen: SeenInvitations, day: date) -> None:
    account_id, now = site_session.account.id, site_session.clock.now()
    names = {person.slug: person.name for person in seen.people}
    lease = site_session.keeper.renew()
    with site_session.database.writing() as session:
        import_rows.lock_imports(session, lease.account_id)
        contacts = ensure_people(session, account_id, names, now)
        pending.follow_ledger(session, account_id)
        snapshot = InvitationSnapshot(
            account_id=account_id,
            local_day=day,
            read_at=now,
            run_id=site_session.run_id,
            people=len(seen.people),
            others=sum(seen.others.values()),
            doubt=seen.doubt,
        )
        # Who asked to be forgotten has no number, and leaves no row either.
        people = [person for person in seen.people if person.slug in contacts]
        pending.keep_reading(session, snapshot, people, contacts)


def read_list(database: Database, account_slug: str, day: date) -> CleanupList | None:
    """The list of that day, as it stands now; None if the page was last read on another day.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        return _list(session, account, day)


def latest_list(database: Database, account_slug: str) -> CleanupList | None:
    """The list of whichever day the page was last read on; None if it never was.

    Raises:
        UnknownAccountError: there never was such an account.
    """
    account = get_account(database, account_slug, retired=True)
    with database.reading() as session:
        latest = pending.latest_reading(session, account.id)
        return _list(session, account, latest.local_day) if latest is not None else None


def _list(session: Session, account: AccountView, day: date) -> CleanupList | None:
    latest = pending.latest_reading(session, account.id)
    if latest is None or latest.local_day != day:
        return None
    waiting = {each.invitation.slug: each for each in pending.waiting(session, account.id)}
    rule = account.config.invitation_cleanup
    order = choices([each.invitation for each in waiting.values()], rule.older_than_days, by_hand_too=rule.by_hand_too)
    entries = [_entry(choice, waiting[choice.invitation.slug]) for choice in order]
    return CleanupList(
        account=account.slug,
        list_date=day,
        read_at=latest.read_at,
        doubt=latest.doubt,
        others=latest.others,
        entries=tuple(entry for entry in entries if entry is not None),
    )


def _entry(choice: Choice, row: pending.Waiting) -> InvitationEntry | None:
    if row.contact_id is None:
        return None
    in_doubt = row.outcome is WithdrawalOutcome.IN_DOUBT
    why = "an earlier withdrawal is in doubt, and has to be settled first" if in_doubt else choice.reason
    return InvitationEntry(
        contact_id=row.contact_id,
        slug=choice.invitation.slug,
        full_name=choice.invitation.name,
        first_seen_on=row.first_seen_on,
        age_text=choice.invitation.age_text,
        at_least_days=choice.invitation.at_least_days,
        provenance=choice.invitation.provenance.value,
        outcome=EntryOutcome.PLANNED if choice.withdraw and not in_doubt else EntryOutcome.SKIPPED,
        explanation=why,
    )


WITHDRAWALS = ListedPlan[InvitationEntry](
    kind=KIND.name,
    what="the stale invitations",
    built_by="pending_invitations",
    approved_at="approved_withdrawals",
    list_of=_list,
)

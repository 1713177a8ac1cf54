"""How a birthday list comes about, step by step: read and computed in one transaction, written in another.

Gather everyone in the window with what is known about them; give each a verdict; put those to be wished in order and
share out the slots; choose the words. All that holds nobody up. Then replace what the list held before, provided that
it still rests on what was read: a list of 30,000 people takes seconds to compute, and meanwhile a member may have left
somebody out of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from linkedin_pipelines.db.accounts import breakers
from linkedin_pipelines.db.accounts import registry as account_rows
from linkedin_pipelines.db.birthdays import birthdays as birthday_rows
from linkedin_pipelines.db.birthdays import decisions
from linkedin_pipelines.db.birthdays import lists as rows
from linkedin_pipelines.db.core.database import Session
from linkedin_pipelines.db.ledger import holds
from linkedin_pipelines.db.ledger.spending import quota_left
from linkedin_pipelines.db.models import BirthdayList, StopRequest
from linkedin_pipelines.domain.account import AccountConfig
from linkedin_pipelines.domain.birthday_sources import held_because
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.eligibility import Day, verdict_on
from linkedin_pipelines.domain.first_names import safe_first_name
from linkedin_pipelines.domain.list_plan import content_hash, quota_verdict, sort_key, waiting_days
from linkedin_pipelines.domain.occasions import days_of_year, next_occurrence, occurrences_within
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.rules import Attempt, Person, halted
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.domain.wording import Wordings
from linkedin_pipelines.services.birthdays.list_texts import Case, Key, ListTexts, MessageText


@dataclass(frozen=True)
class Basis:
    """What a list rests on, as far as it may change while it is computed: people, and what was decided and done."""

    config: AccountConfig
    pause_reason: str | None
    contacts: Sequence[rows.ListContact]
    entries: Sequence[rows.EntryRow]
    """What the list holds."""
    approvals: Sequence[str]
    """Hashes of the content approved for the day."""
    left_out: Mapping[Key, str]
    """What the member decided of people of the window, with the reason told."""
    own_text: Mapping[Key, str]
    newest_interaction: int | None

    @classmethod
    def read(cls, session: Session, account_id: int, list_date: date) -> Basis:
        """The basis as the transaction sees it."""
        account = account_rows.get_account(session, account_id)
        config = account.config
        first = _first_day(config, list_date)
        found = rows.find_list(session, account_id, list_date)
        contacts = rows.born_on(session, account_id, days_of_year(first, list_date))
        decided = decisions.about(session, account_id, list_date, [contact.id for contact in contacts])
        return cls(
            config=config,
            pause_reason=account.pause_reason,
            contacts=contacts,
            entries=rows.entry_rows(session, found.id) if found else (),
            approvals=[row.content_hash for row in rows.approvals_of(session, account_id, list_date)],
            left_out=decided.left_out,
            own_text=decided.own_text,
            newest_interaction=rows.newest_interaction(session, account_id),
        )


@dataclass(frozen=True)
class ListPlan:
    """A list that is computed and not yet written."""

    basis: Basis
    entries: Sequence[rows.EntryRow]
    content_hash: str


def save_list(
    session: Session, plan: ListPlan, account_id: int, list_date: date, now: datetime, run_id: str
) -> BirthdayList | None:
    """Replace the list of the date by the plan; None if what the plan rests on has changed."""
    account_rows.lock_account(session, account_id)
    built = rows.find_list(session, account_id, list_date, locked=True)
    if Basis.read(session, account_id, list_date) != plan.basis:
        return None
    built = built or rows.add_list(session, account_id, list_date, plan.content_hash, now, run_id)
    built.content_hash, built.built_at, built.built_by_run = plan.content_hash, now, run_id
    session.flush()
    rows.replace_entries(session, built.id, plan.entries)
    return built


def _first_day(config: AccountConfig, list_date: date) -> date:
    return list_date - timedelta(days=config.late.max_days)


class ListBuilder:
    """Computes one list. Made for one transaction, in which it writes nothing, and used once."""

    def __init__(
        self, session: Session, now: datetime, account_id: int, list_date: date, run_id: str, wordings: Wordings
    ) -> None:
        account = account_rows.get_account(session, account_id)
        self._session = session
        self._now = now
        self._account_id = account_id
        self._config = account.config
        self._run_id = run_id
        self._today = local_day(now, self._config.zone)
        self._day = Day(
            list_date=list_date,
            today=self._today,
            max_days=self._config.late.max_days,
            own_slug=self._config.profile_slug,
            halt=self._halt(account.pause_reason),
        )
        self._first = _first_day(self._config, list_date)
        self._basis = Basis.read(session, account_id, list_date)
        self._texts = ListTexts(session, account_id, account.config, self._day, wordings)

    def build(self) -> ListPlan:
        """The list of the date by what is true now."""
        approved = self._texts.approved()
        cases = list(self._cases())
        verdicts = self._verdicts(cases)
        attempted = self._texts.attempted(cases)
        waiting = sorted((case for case in cases if _is_wanted(verdicts[case.key])), key=self._sort_key)
        kept = approved | self._texts.before(self._basis.entries) | self._texts.written(self._basis.own_text)
        texts = self._texts.kept_for(waiting, kept, attempted)
        self._share_out(waiting, texts, verdicts)
        # Words are chosen for those alone who get them now: the others are told why they wait, and no words.
        texts = self._texts.choose_for([case for case in waiting if verdicts[case.key] is None], texts, attempted)
        texts = attempted | {
            key: text
            for key, text in texts.items()
            if verdicts[key] is None or (approved.get(key) == text and key not in attempted)
        }
        return self._planned(cases, verdicts, texts)

    def _halt(self, pause_reason: str | None) -> Outcome | None:
        """What stops the account as a whole until a human acts."""
        return next(halted(pause_reason, breakers.get(self._session, self._account_id)), None)

    def _cases(self) -> Iterator[Case]:
        """Everyone whose birthday falls in the list's window."""
        first, last = self._first, self._day.list_date
        wishes = rows.wishes_of(self._session, [contact.id for contact in self._basis.contacts])
        for contact in self._basis.contacts:
            if contact.birth_month is None or contact.birth_day is None:
                continue
            name = safe_first_name(contact.first_name)
            for occurrence in occurrences_within(
                contact.birth_month, contact.birth_day, first, last, self._config.leap_day
            ):
                seed = f"{self._config.slug}|{contact.identity_key}|{occurrence.year}"
                yield Case(contact, occurrence, wishes.get(contact.id, ()), name, seed)

    def _verdicts(self, cases: Sequence[Case]) -> dict[Key, Outcome | None]:
        ids = [case.contact.id for case in cases]
        stops = rows.open_stop_requests(self._session, ids)
        left_out = self._basis.left_out
        disputed = self._disputed(cases)
        held = holds.held_occasions(self._session, ids)
        verdicts: dict[Key, Outcome | None] = {}
        for case in cases:
            person = self._person(
                case,
                stops.get(case.contact.id),
                left_out.get(case.key),
                disputed.get(case.contact.id),
                held.get(case.key),
            )
            assert case.contact.birth_month is not None
            assert case.contact.birth_day is not None
            after = max(self._day.sending_day, case.occurrence.on)
            again = next_occurrence(case.contact.birth_month, case.contact.birth_day, after, self._config.leap_day)
            verdicts[case.key] = verdict_on(person, case.occurrence, again.on, self._day)
        return verdicts

    def _disputed(self, cases: Sequence[Case]) -> dict[int, str]:
        """Why each of those whose sources disagree is held, by contact."""
        ids = [case.contact.id for case in cases if case.contact.birthday_disputed]
        said = birthday_rows.statements_about(self._session, self._account_id, ids)
        return {contact_id: held_because(said.get(contact_id, [])) for contact_id in ids}

    def _person(
        self, case: Case, stop: StopRequest | None, left_out: str | None, disputed: str | None, held: str | None
    ) -> Person:
        do_not_contact = case.contact.do_not_contact_reason
        if stop is not None and stop.accepted:
            do_not_contact = do_not_contact or "asked not to be written to"
        return Person(
            profile_slug=case.contact.profile_slug,
            status=case.contact.status,
            do_not_contact=do_not_contact,
            stop_requested_on=self._local(stop.said_at) if stop is not None else None,
            left_out=left_out,
            disputed=disputed,
            held=held,
            attempts=tuple(
                Attempt(
                    occurrence_year=row.occurrence_year,
                    status=row.status,
                    origin=row.origin,
                    on=self._local(row.sent_at) if row.sent_at else row.local_day,
                    reason=row.reason,
                )
                for row in case.wishes
            ),
        )

    def _sort_key(self, case: Case) -> tuple[bool, date, str]:
        return sort_key(case.occurrence, self._day.sending_day, case.seed)

    def _share_out(
        self, waiting: Sequence[Case], texts: Mapping[Key, MessageText], verdicts: dict[Key, Outcome | None]
    ) -> None:
        """Give the slots that are left to those who have words, in their order; the others wait, and know how long.

        `texts` are those that were chosen before; there are words for most others too.
        """
        kind = InteractionKind.BIRTHDAY_MESSAGE
        left = quota_left(self._session, self._config, self._account_id, kind, self._run_id, self._now)
        used = rows.used_this_week(self._session, self._account_id, self._now)
        ready: list[Case] = []
        for case in waiting:
            if case.key not in texts and (none := self._texts.why_none(case)) is not None:
                verdicts[case.key] = none
            elif verdicts[case.key] is None:
                ready.append(case)
        allowed = timedelta(days=self._day.max_days)
        last = max((case.occurrence.on for case in ready), default=self._day.sending_day) + allowed
        days = waiting_days(self._config, used, min(left.left, len(ready)), self._now, last)
        for place, case in enumerate(ready[left.left :], left.left):
            deadline = case.occurrence.on + allowed
            verdicts[case.key] = quota_verdict(place, left, next(days), deadline)

    def _planned(
        self, cases: Sequence[Case], verdicts: Mapping[Key, Outcome | None], texts: Mapping[Key, MessageText]
    ) -> ListPlan:
        rank: dict[object, int] = {None: 0, EntryOutcome.DEFERRED: 1, EntryOutcome.SKIPPED: 2}

        def place(case: Case) -> tuple[int, tuple[bool, date, str]]:
            verdict = verdicts[case.key]
            return rank[verdict.status if verdict else None], self._sort_key(case)

        entries: list[rows.EntryRow] = []
        content: list[tuple[str, int, str]] = []
        for case in sorted(cases, key=place):
            text = texts.get(case.key)
            if text is not None:
                content.append((case.contact.identity_key, case.occurrence.year, text.body))
            entries.append(self._row(case, verdicts[case.key], text))
        return ListPlan(self._basis, entries, content_hash(content))

    def _row(self, case: Case, verdict: Outcome | None, text: MessageText | None) -> rows.EntryRow:
        return rows.EntryRow(
            contact_id=case.contact.id,
            identity_key=case.contact.identity_key,
            slug=case.contact.profile_slug,
            full_name=case.contact.full_name,
            occurs_on=case.occurrence.on,
            occurrence_year=case.occurrence.year,
            days_late=case.occurrence.days_late(self._day.sending_day),
            outcome=EntryOutcome(verdict.status) if verdict else EntryOutcome.PLANNED,
            reason=verdict.reason if verdict else None,
            explanation=verdict.explanation if verdict else None,
            next_eligible_on=verdict.next_eligible_on if verdict else None,
            template=text.template if text else None,
            body=text.body if text else None,
        )

    def _local(self, moment: datetime) -> date:
        return local_day(moment, self._config.zone)


def _is_wanted(verdict: Outcome | None) -> bool:
    """Whether somebody is to be wished, now or later: such people have words, and the others need none."""
    return verdict is None or verdict.status is EntryOutcome.DEFERRED

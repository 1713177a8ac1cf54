"""How a birthday list comes about, step by step, within one transaction.

Gather everyone in the window with what is known about them; give each a verdict; put those to be wished in order and
share out the slots; choose the words; replace what the list held before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from linkedin_pipelines.db import accounts as account_rows
from linkedin_pipelines.db import birthdays as birthday_rows
from linkedin_pipelines.db import breakers
from linkedin_pipelines.db import lists as rows
from linkedin_pipelines.db.database import Session
from linkedin_pipelines.db.models import BirthdayList, ListEntry, StopRequest
from linkedin_pipelines.db.spending import quota_left
from linkedin_pipelines.domain.account import InteractionKind
from linkedin_pipelines.domain.birthday_sources import held_because
from linkedin_pipelines.domain.eligibility import Attempt, Day, Halt, Person, Verdict, verdict_on
from linkedin_pipelines.domain.first_names import safe_first_name
from linkedin_pipelines.domain.list_plan import content_hash, quota_verdict, turn, waiting_days
from linkedin_pipelines.domain.occasions import days_of_year, next_occurrence, occurrences_within
from linkedin_pipelines.domain.states import EntryOutcome, Reason
from linkedin_pipelines.domain.windows import local_day
from linkedin_pipelines.domain.wording import Wordings
from linkedin_pipelines.services.list_words import Case, Key, ListWords, Words


class ListBuilder:
    """Builds one list. Made for one transaction and used once."""

    def __init__(
        self, session: Session, now: datetime, account_id: int, list_date: date, run_id: str, wordings: Wordings
    ) -> None:
        account = account_rows.lock_account(session, account_id)
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
        self._first = list_date - timedelta(days=self._day.max_days)
        self._words = ListWords(session, account_id, account.config, self._day, wordings)

    def build(self) -> BirthdayList:
        """Replace the list of the date by what is true now."""
        before = rows.find_list(self._session, self._account_id, self._day.list_date, locked=True)
        approved = self._words.approved()
        cases = list(self._cases())
        verdicts = self._verdicts(cases)
        attempted = self._words.attempted(cases)
        waiting = sorted((case for case in cases if _is_wanted(verdicts[case.key])), key=self._turn)
        words = self._words.choose_for(waiting, approved | self._words.before(before), attempted)
        self._share_out(waiting, words, verdicts)
        texts = attempted | {
            key: text
            for key, text in words.items()
            if verdicts[key] is None or (approved.get(key) == text and key not in attempted)
        }
        return self._store(before, cases, verdicts, texts)

    def _halt(self, pause_reason: str | None) -> Halt | None:
        """What stops the account as a whole until a human acts."""
        if pause_reason is not None:
            return Halt(
                Reason.ACCOUNT_PAUSED,
                f"The account is paused: {pause_reason.rstrip('.')}. `accounts resume` ends that.",
            )
        breaker = breakers.get(self._session, self._account_id)
        if breaker.stop_sign is not None:
            text = f"The site showed a stop sign ({breaker.stop_sign}): look at the account, then `accounts resume`."
            return Halt(Reason.BREAKER_OPEN, text)
        return None

    def _cases(self) -> Iterator[Case]:
        """Everyone whose birthday falls in the list's window."""
        first, last = self._first, self._day.list_date
        contacts = rows.born_on(self._session, self._account_id, days_of_year(first, last))
        wishes = rows.wishes_of(self._session, [contact.id for contact in contacts])
        for contact in contacts:
            if contact.birth_month is None or contact.birth_day is None:
                continue
            name = safe_first_name(contact.first_name)
            for occurrence in occurrences_within(
                contact.birth_month, contact.birth_day, first, last, self._config.leap_day
            ):
                seed = f"{self._config.slug}|{contact.identity_key}|{occurrence.year}"
                yield Case(contact, occurrence, wishes.get(contact.id, ()), name, seed)

    def _verdicts(self, cases: Sequence[Case]) -> dict[Key, Verdict | None]:
        ids = [case.contact.id for case in cases]
        stops = rows.open_stop_requests(self._session, ids)
        left_out = rows.left_out(self._session, self._account_id, ids, self._first)
        disputed = self._disputed(cases)
        verdicts: dict[Key, Verdict | None] = {}
        for case in cases:
            person = self._person(
                case, stops.get(case.contact.id), left_out.get(case.key), disputed.get(case.contact.id)
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

    def _person(self, case: Case, stop: StopRequest | None, left_out: str | None, disputed: str | None) -> Person:
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

    def _turn(self, case: Case) -> tuple[bool, date, str]:
        return turn(case.occurrence, self._day.sending_day, case.seed)

    def _share_out(
        self, waiting: Sequence[Case], words: Mapping[Key, Words], verdicts: dict[Key, Verdict | None]
    ) -> None:
        """Give the slots that are left to those who have words, in their order; the others wait, and know how long."""
        kind = InteractionKind.BIRTHDAY_MESSAGE
        left = quota_left(self._session, self._config, self._account_id, kind, self._run_id, self._now)
        spent = rows.spent_in_week(self._session, self._account_id, self._now)
        ready: list[Case] = []
        for case in waiting:
            if case.key not in words:
                verdicts[case.key] = self._words.why_none(case)
            elif verdicts[case.key] is None:
                ready.append(case)
        days = waiting_days(self._config, spent, min(left.left, len(ready)), self._now)
        for place, case in enumerate(ready[left.left :], left.left):
            deadline = case.occurrence.on + timedelta(days=self._day.max_days)
            verdicts[case.key] = quota_verdict(place, left, next(days), deadline)

    def _store(
        self,
        before: BirthdayList | None,
        cases: Sequence[Case],
        verdicts: Mapping[Key, Verdict | None],
        texts: Mapping[Key, Words],
    ) -> BirthdayList:
        rank = {None: 0, EntryOutcome.DEFERRED: 1, EntryOutcome.SKIPPED: 2}

        def place(case: Case) -> tuple[int, tuple[bool, date, str]]:
            verdict = verdicts[case.key]
            return rank[verdict.outcome if verdict else None], self._turn(case)

        entries: list[ListEntry] = []
        content: list[tuple[str, int, str]] = []
        for position, case in enumerate(sorted(cases, key=place)):
            verdict = verdicts[case.key]
            text = texts.get(case.key)
            if text is not None:
                content.append((case.contact.identity_key, case.occurrence.year, text.body))
            entries.append(self._row(position, case, verdict, text))
        digest = content_hash(content)
        built = before or self._new_list(digest)
        built.content_hash, built.built_at, built.built_by_run = digest, self._now, self._run_id
        rows.replace_entries(self._session, built.id, entries)
        return built

    def _new_list(self, digest: str) -> BirthdayList:
        return rows.add_list(self._session, self._account_id, self._day.list_date, digest, self._now, self._run_id)

    def _row(self, position: int, case: Case, verdict: Verdict | None, text: Words | None) -> ListEntry:
        return ListEntry(
            position=position,
            contact_id=case.contact.id,
            occurrence_year=case.occurrence.year,
            occurs_on=case.occurrence.on,
            days_late=case.occurrence.days_late(self._day.sending_day),
            outcome=verdict.outcome if verdict else EntryOutcome.PLANNED,
            reason=verdict.reason if verdict else None,
            explanation=verdict.explanation[:1000] if verdict else None,
            next_eligible_on=verdict.next_eligible_on if verdict else None,
            template=text.template if text else None,
            body=text.body if text else None,
        )

    def _local(self, moment: datetime) -> date:
        return local_day(moment, self._config.zone)


def _is_wanted(verdict: Verdict | None) -> bool:
    """Whether somebody is to be wished, now or later: such people have words, and the others need none."""
    return verdict is None or verdict.outcome is EntryOutcome.DEFERRED

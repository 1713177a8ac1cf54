"""Rounds of visits, withdrawals and congratulations: the kills that messages get, and the same questions after."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import func, select

from linkedin_pipelines.db.models import Contact, Interaction
from linkedin_pipelines.domain.ceilings import InteractionKind, Quota
from linkedin_pipelines.domain.states import OCCUPYING, InteractionStatus
from linkedin_pipelines.sandbox.interface import Interface
from linkedin_pipelines.sandbox.views.connections import RESULTS_PER_PAGE
from linkedin_pipelines.sandbox.world import Member, Moment, Person, Relation, SentInvitation, World
from linkedin_pipelines.services.accounts.sessions import save_session
from linkedin_pipelines.services.visits.visits import PURPOSE as SOURCING
from linkedin_pipelines_tests.builders import an_account, contacts
from linkedin_pipelines_tests.torture.oracle import Books
from linkedin_pipelines_tests.torture.plan import Kill, Target
from linkedin_pipelines_tests.torture.rounds import Round
from linkedin_pipelines_tests.torture.stage import NAMES, Stage
from linkedin_pipelines_tests.torture.steps import Halt
from linkedin_pipelines_tests.torture.worker import ACCOUNT, Task

WITHDRAWAL, VISIT = InteractionKind.INVITATION_WITHDRAWAL, InteractionKind.PROFILE_VISIT
MOMENT, BIRTHDAY = InteractionKind.MOMENT_MESSAGE, InteractionKind.BIRTHDAY_MESSAGE
STEPS = (
    "lists.keep: before commit", "lists.keep: committed",
    "lists.approve: before commit", "lists.approve: committed",
    "approvals.approve: before commit", "approvals.approve: committed",
    "dialog: after",
    "executor.claim: before commit", "executor.claim: committed",
    "executor.announce: before commit", "executor.announce: committed",
    "press: before", "press: after", "withdrawal proven: after",
    "executor.settle: before commit", "executor.settle: committed",
    "searches.keep: before commit", "searches.keep: committed",
    "campaigns.planned: committed",
    "visit: before", "visit: after",
    "moments read: after",
    "open: before", "open: after", "thread read: after", "text written: after",
    "click: before", "click: after", "proof: after",
)  # fmt: skip
ONCE_A_RUN = ("approvals.", "searches.", "campaigns.", "moments read")
DOUBT_STEPS = (
    "picture settled: after",
    "invitation looked for: after",
    "doubts.write: before commit",
    "doubts.write: committed",
)
STALE = 40
"""Invitations that are old enough; more than the quotas allow, so that somebody always waits."""
FRESH = 4
PAGES = 3
FOUND = PAGES * RESULTS_PER_PAGE
"""People whom the search finds on its pages; a long round may come to the last of them."""
FRIENDS = 30
"""Connections with a new job."""


class NetworkStage(Stage):
    """An account with stale invitations, connections with new jobs, and a search that finds many people."""

    @property
    def visit_quota(self) -> Quota:
        """More than of the rest: a congratulation opens a profile too, and so does reading what became of one."""
        own = self.quota
        return Quota(per_run=own.per_run + 3, per_day=own.per_day + 8, per_week=own.per_week + 30)

    def quota_of(self, kind: str) -> Quota:
        return self.visit_quota if kind == VISIT else self.quota

    def _world(self, chance: random.Random) -> World:
        today = self.today
        stale = [_person(f"stale-{n}", n) for n in range(STALE)]
        fresh = [_person(f"fresh-{n}", STALE + n) for n in range(FRESH)]
        found = [_person(f"nurse-{n}", n, "Nurse") for n in range(FOUND)]
        friends = [
            _person(f"friend-{n}", n).model_copy(update={"position": f"Cook of {NAMES[n % len(NAMES)]}"})
            for n in range(FRIENDS)
        ]
        everybody = (*stale, *fresh, *found)
        sent = [(person, 400 + n) for n, person in enumerate(stale)] + [(person, 1) for person in fresh]
        member = Member(
            account=ACCOUNT,
            slug=f"{ACCOUNT}-member",
            first_name="Demo",
            last_name="Torture",
            timezone=str(self.zone),
            interface=Interface(
                generation=chance.choice(("sdui", "ember", "data_view")), latency_ms=(0, 60), page_size=20
            ),
            relations=(
                *(Relation(person=person.slug, degree=2) for person in everybody),
                *(Relation(person=person.slug) for person in friends),
            ),
            moments=tuple(Moment(person=person.slug, kind="job_change", day=today) for person in friends),
            sent_invitations=tuple(
                SentInvitation(person=person.slug, sent_on=today - timedelta(days=days)) for person, days in sent
            ),
        )
        return World(members=(member,), people=(*everybody, *friends))

    def _furnish(self) -> int:
        account_id = an_account(
            self.database,
            ACCOUNT,
            base_url=self.sandbox.url,
            timezone=str(self.zone),
            pace_seconds=[1, 20],
            sourcing={"search": "nurse", "max_pages": PAGES, "depth": "top", "revisit_days": 3650},
            moments={"congratulate": ["new_job"], "late_days": 14},
            quotas={kind.value: self.quota_of(kind).model_dump() for kind in (WITHDRAWAL, VISIT, MOMENT, BIRTHDAY)},
        )
        friends = [f"friend-{n}" for n in range(FRIENDS)]
        contacts(self.database, account_id, friends, birth_month=None, birth_day=None)
        state: dict[str, Any] = self.sandbox.get(f"storage-state?account={ACCOUNT}")
        save_session(self.database, self.settings, ACCOUNT, state, f"{ACCOUNT}-member", self.clock)
        return account_id

    def told(self, what: str) -> list[dict[str, Any]]:
        """What was done to people, by the site's own record."""
        found: list[dict[str, Any]] = self.sandbox.get(what)
        return found

    def deliveries(self) -> list[dict[str, Any]]:
        return self.told("withdrawals")

    def _left(self, quota: Quota) -> int:
        """How many withdrawals and visits the ledger leaves room for, and people who are not done yet."""
        del quota  # each kind has its own
        return sum(
            min(self._room(kind, self.quota_of(kind)), people - self._done(kind, purpose))
            for kind, purpose, people in ((WITHDRAWAL, None, STALE), (VISIT, SOURCING, FOUND))
        )

    def _done(self, kind: str, purpose: str | None) -> int:
        with self.database.reading() as session:
            done = select(func.count(Interaction.contact_id.distinct())).where(
                Interaction.account_id == self.account_id,
                Interaction.kind == kind,
                Interaction.purpose.is_(purpose) if purpose is None else Interaction.purpose == purpose,
                Interaction.status.in_(OCCUPYING),
            )
            return session.scalar(done) or 0

    def _room(self, kind: str, quota: Quota) -> int:
        with self.database.reading() as session:
            moments = session.scalars(
                select(Interaction.claimed_at).where(
                    Interaction.account_id == self.account_id,
                    Interaction.kind == kind,
                    Interaction.status.in_(OCCUPYING),
                )
            ).all()
        day = sum(moment.astimezone(self.zone).date() == self.today for moment in moments)
        week = sum(moment > self.clock.now() - timedelta(days=7) for moment in moments)
        return max(0, min(quota.per_day - day, quota.per_week - week))


def _person(slug: str, number: int, headline: str = "") -> Person:
    last = f"{NAMES[(number + 7) % len(NAMES)]}{slug.partition('-')[0].title()}{number}"
    return Person(slug=slug, first_name=NAMES[number % len(NAMES)], last_name=last, headline=headline)


class NetworkRound(Round):
    """Plays one round of visits and withdrawals."""

    stage_type: ClassVar[type[Stage]] = NetworkStage
    task: ClassVar[Task] = "network"
    stage: NetworkStage

    def _choose(self) -> Kill:
        targets: tuple[Target, ...] = ("worker", "worker and browser", "browser", "sandbox")
        weights = [30.0, 40.0, 15.0, 15.0]
        if self._postgres is not None:
            targets, weights = (*targets, "database"), [*weights, 20.0]
        [target] = self._chance.choices(targets, weights)
        doubt = self.stage.in_doubt() and self._chance.random() < 0.4
        step = self._chance.choice(DOUBT_STEPS if doubt else STEPS)
        delay = 0.0 if self._chance.random() < 0.6 else self._chance.uniform(0.001, 1.0)
        attempt = 1 if step.startswith(ONCE_A_RUN) else self._chance.choice((1, 1, 2))
        return Kill(target, Halt(step, attempt), delay)

    def _leave_in_peace(self) -> None:
        """Let everything be settled, then carry out whatever the quotas still allow."""
        with self._running("settle", None) as run:
            self._await_end(run)
        if run.end != "ended":
            self.played.wrong.append(f"undisturbed settling came to {run.words[-1:]}")
        for _ in range(8):
            self._mend()
            with self._running(self.task, None) as run:
                self._await_end(run)
            if run.end != "ended":
                self.played.wrong.append(f"an undisturbed run came to {run.words[-1:]}")
            if run.told("planned") == (0,):
                break
        if (left := self.stage.left_today()) != 0:
            self.played.wrong.append(f"{left} visits or withdrawals were left to do, and were not done")

    def _compare(self) -> None:
        stage, books = self.stage, Books()
        withdrawn, visited, delivered = (stage.told(what) for what in ("withdrawals", "visits", "deliveries"))
        with stage.database.reading() as session:
            query = select(Interaction, Contact.profile_slug).join(Contact, Contact.id == Interaction.contact_id)
            rows = session.execute(query.where(Interaction.account_id == stage.account_id)).all()
            found = [(str(row.kind), str(slug), row.status, row.local_day) for row, slug in rows]
            words = {row.body for row, _ in rows}
        by_status = Counter(status for _, _, status, _ in found)
        books.deliveries = len(withdrawn) + len(visited) + len(delivered)
        books.sent, books.failed = by_status[InteractionStatus.SENT], by_status[InteractionStatus.FAILED]
        books.in_doubt = by_status[InteractionStatus.IN_DOUBT]
        done = {
            kind: [slug for k, slug, status, _ in found if k == kind and status in OCCUPYING]
            for kind in (WITHDRAWAL, VISIT, MOMENT)
        }
        wrong = [
            f"{slug}: a row is left in flight" for _, slug, status, _ in found if status is InteractionStatus.SENDING
        ]
        sought = [slug for slug in _people(visited) if not slug.startswith("friend-")]
        wrong += _more_than_once("withdrawn", _people(withdrawn)) + _more_than_once("visited", sought)
        congratulated = [str(one["recipient"]) for one in delivered]
        wrong += _more_than_once("congratulated", congratulated)
        wrong += [f"congratulated, though no friend: {s}" for s in congratulated if not s.startswith("friend-")]
        wrong += [f"congratulated, but not in the ledger: {s}" for s in congratulated if s not in done[MOMENT]]
        wrong += [f"other words than the ledger's: {one}" for one in delivered if one["text"] not in words]
        wrong += [
            f"withdrawn, though not stale: {slug}" for slug in _people(withdrawn) if not slug.startswith("stale-")
        ]
        wrong += [f"visited, though not found: {slug}" for slug in sought if not slug.startswith("nurse-")]
        wrong += [f"withdrawn, but not in the ledger: {s}" for s in _people(withdrawn) if s not in done[WITHDRAWAL]]
        wrong += [f"visited, but not in the ledger: {s}" for s in _people(visited) if s not in done[VISIT]]
        sent = [slug for k, slug, status, _ in found if k == WITHDRAWAL and status is InteractionStatus.SENT]
        wrong += [f"the ledger says withdrawn, the site does not: {s}" for s in sent if s not in _people(withdrawn)]
        said = [slug for k, slug, status, _ in found if k == MOMENT and status is InteractionStatus.SENT]
        wrong += [f"the ledger says congratulated, the site does not: {s}" for s in said if s not in congratulated]
        for kind in (WITHDRAWAL, VISIT, MOMENT):
            days = [day for k, _, status, day in found if k == kind and status in OCCUPYING]
            wrong += _over(kind, days, stage.quota_of(kind))
        wrong += _over("site's congratulations", [_day(one, stage, "delivered_at") for one in delivered], stage.quota)
        wrong += _over("site's withdrawals", [_day(one, stage) for one in withdrawn], stage.quota)
        wrong += _over("site's visits", [_day(one, stage) for one in visited], stage.visit_quota)
        books.wrong = wrong
        self.played.books = books
        self.played.wrong += wrong


def _people(record: Sequence[dict[str, Any]]) -> list[str]:
    return [str(one["person"]) for one in record]


def _more_than_once(what: str, people: Sequence[str]) -> list[str]:
    return [f"{what} {count} times: {slug}" for slug, count in Counter(people).items() if count > 1]


def _day(one: dict[str, Any], stage: Stage, when: str = "at") -> date:
    return datetime.fromisoformat(one[when]).astimezone(stage.zone).date()


def _over(what: str, days: Sequence[date], quota: Quota) -> list[str]:
    wrong = [f"{count} {what} on {day}" for day, count in Counter(days).items() if count > quota.per_day]
    for last in set(days):
        week = sum(last - timedelta(days=7) < day <= last for day in days)
        if week > quota.per_week:
            wrong.append(f"{week} {what} in the 7 days to {last}")
    return wrong

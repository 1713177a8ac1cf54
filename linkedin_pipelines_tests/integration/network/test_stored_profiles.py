"""Profiles and invitations as the database keeps them: scored again without a visit, closed with an outcome, erased."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import func, select

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.db.invitations import pending as invitations
from linkedin_pipelines.db.models import (
    InvitationSnapshot,
    PeopleSearch,
    SearchResult,
    SentInvitation,
    SourcedProfile,
)
from linkedin_pipelines.db.privacy.erasing import purge
from linkedin_pipelines.db.visits import profiles
from linkedin_pipelines.db.visits.profiles import Visited
from linkedin_pipelines.domain.fit_score import Criteria, fit_score
from linkedin_pipelines.domain.forgetting import Forgotten, Marker, Traces
from linkedin_pipelines.domain.invitations import PendingInvitation, Provenance, WithdrawalOutcome
from linkedin_pipelines.domain.profiles import Depth, Fact, Missing, ReadProfile, Section
from linkedin_pipelines_tests.builders import a_contact, an_account

TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 9, tzinfo=UTC)


def read(slug: str, skills: tuple[str, ...] = ()) -> ReadProfile:
    text, number = Fact[str].none(Missing.NOT_SHOWN), Fact[int].none(Missing.NOT_SHOWN)
    return ReadProfile(
        slug=slug, name=slug.title(), depth=Depth.FULL, headline=text, location=text, role=text, company=text,
        years_of_experience=number, open_to_work=Fact.read(False, "test"), degree=Fact.read(2, "test"),
        experience=Section(how="test"), skills=Section(items=skills, how="test"), certifications=Section(how="test"),
    )  # fmt: skip


def on(day: date) -> Visited:
    return Visited(NOW, day, "run")


def waiting(slug: str, days: int | None = 30) -> PendingInvitation:
    return PendingInvitation(slug, slug.title(), "Sent a month ago", days)


def snapshot(account_id: int, day: date, people: int, doubt: str | None = None) -> InvitationSnapshot:
    return InvitationSnapshot(
        account_id=account_id, local_day=day, read_at=NOW, run_id="run", people=people, others=0, doubt=doubt
    )


def a_search(account_id: int, day: date = TODAY) -> PeopleSearch:
    return PeopleSearch(
        account_id=account_id, query="keywords=ida", local_day=day, read_at=NOW, run_id="run",
        pages=1, hidden=0, others=0, repeated=0,
    )  # fmt: skip


def test_profiles_are_scored_again_without_a_visit_and_listed_best_first(database: Database) -> None:
    account = an_account(database)
    python = Criteria(keywords=("python",))
    with database.writing() as session:
        for slug, skills in (("anna", ("Python",)), ("bert", ("Rust",))):
            one = read(slug, skills)
            profiles.keep_profile(session, account, one, on(TODAY), fit=fit_score(python, one))
        profiles.keep_missing(session, account, "gone", on(TODAY))
    with database.reading() as session:
        assert [(row.profile_slug, row.score) for row in profiles.best_first(session, account)] == [
            ("anna", 100), ("bert", 0), ("gone", None),
        ]  # fmt: skip
    with database.writing() as session:
        assert profiles.score_again(session, account, Criteria(keywords=("rust",))) == 2
    with database.reading() as session:
        best = profiles.best_first(session, account)[0]
        assert (best.profile_slug, best.profile) == ("bert", read("bert", ("Rust",)))
        assert "score 100 of 100" in (best.explanation or "")
        assert profiles.visited_since(session, account, TODAY) == {"anna", "bert", "gone"}
        assert profiles.visited_since(session, account, TODAY + timedelta(days=1)) == frozenset()


def test_old_profiles_of_people_who_are_no_connections_are_dropped(database: Database) -> None:
    account = an_account(database)
    a_contact(database, account, "friend-1")
    old, limit = TODAY - timedelta(days=91), TODAY - timedelta(days=90)
    with database.writing() as session:
        for slug, day in (("friend-1", old), ("stranger-old", old), ("stranger-new", limit)):
            profiles.keep_profile(session, account, read(slug), on(day))
        profiles.add_search(session, a_search(account, old), [("stranger-old", "Old")])
        profiles.add_search(session, a_search(account), [("stranger-new", "New")])
        assert profiles.drop_strangers(session, account, limit) == 1
    with database.reading() as session:
        assert set(session.scalars(select(SourcedProfile.profile_slug))) == {"friend-1", "stranger-new"}
        assert list(session.scalars(select(SearchResult.profile_slug))) == ["stranger-new"]


def test_an_invitation_that_is_no_longer_there_was_accepted_or_is_gone_unless_the_list_was_doubtful(
    database: Database,
) -> None:
    account = an_account(database)
    a_contact(database, account, "accepted")
    people = [waiting("new", 1), waiting("accepted"), waiting("vanished"), waiting("doubtful")]
    with database.writing() as session:
        invitations.keep_reading(session, snapshot(account, TODAY, 4), people)
        invitations.settle(session, account, "doubtful", WithdrawalOutcome.IN_DOUBT, TODAY, "not proven")
        later = TODAY + timedelta(days=1)
        invitations.keep_reading(session, snapshot(account, later, 1, "no count"), people[:1])
        assert len(invitations.pending(session, account)) == 4
        invitations.keep_reading(session, snapshot(account, later, 1), people[:1])
    with database.reading() as session:
        outcomes = {row.profile_slug: row.outcome for row in session.scalars(select(SentInvitation))}
        assert outcomes == {
            "new": None,
            "accepted": WithdrawalOutcome.ALREADY_ACCEPTED,
            "vanished": WithdrawalOutcome.GONE,
            "doubtful": WithdrawalOutcome.IN_DOUBT,
        }


def test_a_withdrawal_tells_from_when_the_person_can_be_invited_again(database: Database) -> None:
    account = an_account(database)
    with database.writing() as session:
        invitations.keep_reading(session, snapshot(account, TODAY, 2), [waiting("ida"), waiting("odd")])
        invitations.sent_by(session, account, ["ida"], Provenance.BY_HAND)
        assert [each.provenance for each in invitations.pending(session, account)] == [
            Provenance.BY_HAND,
            Provenance.UNKNOWN,
        ]
        assert invitations.settle(session, account, "ida", WithdrawalOutcome.WITHDRAWN, TODAY)
        assert not invitations.settle(session, account, "ida", WithdrawalOutcome.WITHDRAWN, TODAY)
        assert invitations.re_invite_day(session, account, "ida") == date(2026, 4, 8)
        assert invitations.re_invite_day(session, account, "odd") is None
        invitations.keep_reading(session, snapshot(account, TODAY + timedelta(days=30), 1), [waiting("ida", 1)])
        assert [each.slug for each in invitations.pending(session, account)] == ["ida"]


def test_forgetting_erases_whom_a_search_found_a_visit_read_or_an_invitation_asked(database: Database) -> None:
    account = an_account(database)
    marker = Marker(b"k" * 32)
    forgotten = Forgotten(marker, marker.of(Traces(slugs=frozenset({"ida-forgotten-1"}))))
    with database.writing() as session:
        search = profiles.add_search(session, a_search(account), [("ida-forgotten-1", "Ida"), ("kept", "Kept")])
        for slug in ("ida-forgotten-1", "kept"):
            profiles.keep_profile(session, account, read(slug), on(TODAY), search_id=search)
        people = [waiting("ida-forgotten-1"), waiting("kept")]
        invitations.keep_reading(session, snapshot(account, TODAY, 2), people)
        invitations.settle(session, account, "kept", WithdrawalOutcome.REFUSED, TODAY, "saw ida-forgotten-1 instead")
    with database.writing() as session:
        erased = purge(session, account, forgotten, NOW)
    assert (erased.rows["profiles read"], erased.rows["search results"], erased.rows["sent invitations"]) == (1, 1, 2)
    with database.reading() as session:
        for table in (SourcedProfile, SearchResult, SentInvitation):
            assert list(session.scalars(select(table.profile_slug))) == ["kept"]
        assert session.scalar(select(SentInvitation.explanation)) == "saw [forgotten] instead"
        assert session.scalar(select(func.count()).select_from(PeopleSearch)) == 1

"""Whether one person is to be wished: what was done comes first, then what people said, then what is missing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.eligibility import BLAMELESS, MAX_FAILURES, Day, verdict_on
from linkedin_pipelines.domain.occasions import Occurrence
from linkedin_pipelines.domain.outcomes import deferred
from linkedin_pipelines.domain.rules import Attempt, Person
from linkedin_pipelines.domain.states import (
    OCCUPYING,
    ContactStatus,
    EntryOutcome,
    InteractionOrigin,
    InteractionStatus,
    Reason,
)

TODAY = date(2026, 3, 18)
NEXT = date(2027, 3, 18)
BIRTHDAY = Occurrence(TODAY, 2026)

attempts = st.builds(
    Attempt,
    occurrence_year=st.sampled_from([2025, 2026]),
    status=st.sampled_from(InteractionStatus),
    origin=st.sampled_from(InteractionOrigin),
    on=st.dates(date(2026, 3, 1), TODAY),
    reason=st.sampled_from([None, Reason.WRONG_PERSON, *sorted(BLAMELESS)]),
)
persons = st.builds(
    Person,
    profile_slug=st.sampled_from([None, "me", "anna"]),
    status=st.sampled_from(ContactStatus),
    do_not_contact=st.sampled_from([None, "asked"]),
    stop_requested_on=st.sampled_from([None, TODAY]),
    left_out=st.sampled_from([None, "Not this time."]),
    attempts=st.lists(attempts, max_size=4).map(tuple),
)
circumstances = st.builds(
    Day,
    list_date=st.dates(TODAY - timedelta(days=3), TODAY + timedelta(days=3)),
    today=st.just(TODAY),
    max_days=st.integers(0, 14),
    own_slug=st.just("me"),
    halt=st.sampled_from([None, deferred(Reason.ACCOUNT_PAUSED, "Paused.")]),
)
occurrences = st.dates(TODAY - timedelta(days=14), TODAY).map(lambda day: Occurrence(day, day.year))


def day(**fields) -> Day:
    given: dict[str, Any] = {"list_date": TODAY, "today": TODAY, "max_days": 7, "own_slug": "me"}
    return Day(**(given | fields))


def anna(**fields) -> Person:
    return Person(**({"profile_slug": "anna", "status": ContactStatus.CONNECTED} | fields))


def failed(count: int, reason: Reason = Reason.WRONG_PERSON, year: int = 2026) -> tuple[Attempt, ...]:
    return (Attempt(year, InteractionStatus.FAILED, InteractionOrigin.CAMPAIGN, TODAY, reason),) * count


def sent(on: date = TODAY, year: int = 2026, origin: InteractionOrigin = InteractionOrigin.CAMPAIGN) -> Attempt:
    return Attempt(year, InteractionStatus.SENT, origin, on)


@pytest.mark.parametrize(
    ("person", "on", "reason"),
    [
        (anna(), day(), None),
        (anna(attempts=(sent(),)), day(), Reason.ALREADY_WISHED),
        (anna(attempts=(sent(origin=InteractionOrigin.BY_HAND),)), day(), Reason.WISHED_BY_HAND),
        (anna(attempts=(sent(date(2025, 3, 18), 2025),)), day(), None),
        (anna(attempts=(sent(date(2025, 12, 30), 2025),)), day(), Reason.ALREADY_WISHED),
        (anna(attempts=(sent(),), do_not_contact="asked"), day(), Reason.ALREADY_WISHED),
        (anna(do_not_contact="asked", stop_requested_on=TODAY), day(), Reason.DO_NOT_CONTACT),
        (anna(stop_requested_on=TODAY, left_out="x"), day(), Reason.STOP_REQUESTED),
        (anna(left_out="Not this time."), day(), Reason.LEFT_OUT),
        (anna(profile_slug="me"), day(), Reason.IS_SELF),
        (anna(disputed="Sources disagree."), day(), Reason.BIRTHDAY_DISPUTED),
        (anna(disputed="Sources disagree.", do_not_contact="asked"), day(), Reason.DO_NOT_CONTACT),
        (anna(profile_slug=None), day(), Reason.NO_PROFILE_URL),
        (anna(status=ContactStatus.KNOWN), day(), Reason.NOT_CONNECTED),
        (anna(attempts=failed(MAX_FAILURES - 1)), day(), None),
        (anna(attempts=failed(MAX_FAILURES)), day(), Reason.TOO_MANY_FAILURES),
        (anna(attempts=failed(MAX_FAILURES, Reason.STOP_SIGN)), day(), None),
        (anna(attempts=failed(MAX_FAILURES, year=2025)), day(), None),
        (anna(), day(today=TODAY + timedelta(days=7)), None),
        (anna(), day(today=TODAY + timedelta(days=8)), Reason.TOO_LATE),
        (anna(), day(list_date=TODAY + timedelta(days=1)), Reason.NOT_YET),
        (anna(), day(halt=deferred(Reason.ACCOUNT_PAUSED, "Paused.")), Reason.ACCOUNT_PAUSED),
        (anna(do_not_contact="asked"), day(halt=deferred(Reason.ACCOUNT_PAUSED, "Paused.")), Reason.DO_NOT_CONTACT),
    ],
)
def test_the_reason_that_decides_is_the_one_told(person, on, reason):
    verdict = verdict_on(person, BIRTHDAY, NEXT, on)
    assert (verdict.reason if verdict else None) is reason


@given(persons, occurrences, circumstances)
def test_who_is_wished_is_free_connected_known_and_in_time(person, occurrence, on):
    verdict = verdict_on(person, occurrence, occurrence.on + timedelta(days=365), on)
    if verdict is None:
        assert not any(each.status in OCCUPYING and each.occurrence_year == occurrence.year for each in person.attempts)
        assert person.do_not_contact is None
        assert person.stop_requested_on is None
        assert person.left_out is None
        assert person.profile_slug not in {None, on.own_slug}
        assert person.status is ContactStatus.CONNECTED
        assert on.today <= occurrence.on + timedelta(days=on.max_days)
        assert on.list_date <= on.today
        assert on.halt is None


@given(persons, occurrences, circumstances)
def test_who_is_not_wished_is_told_why_in_a_sentence(person, occurrence, on):
    verdict = verdict_on(person, occurrence, occurrence.on + timedelta(days=365), on)
    if verdict is not None:
        assert verdict.status is not EntryOutcome.PLANNED
        assert verdict.explanation
        assert verdict.next_eligible_on is None or verdict.next_eligible_on > on.today

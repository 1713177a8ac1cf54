"""Which row about a person stands does not depend on which was read first."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from linkedin_pipelines.domain.contact_facts import ContactFacts

_days = st.none() | st.dates(date(2010, 1, 1), date(2026, 1, 1))
_texts = st.none() | st.sampled_from(["a", "b", "c"])
_facts = st.builds(ContactFacts, _days, st.sampled_from("AB"), st.sampled_from("XY"), _texts, _texts, _texts, _days)


def facts(**fields: object) -> ContactFacts:
    values = {"as_of": None, "first_name": "Jo", "full_name": "Jo Doe", "email": None, "company": None}
    return ContactFacts(**(values | {"position": None, "connected_on": None} | fields))  # type: ignore[arg-type]


@given(st.lists(_facts, min_size=1, max_size=6), st.randoms())
def test_the_outcome_is_one_whatever_the_order(rows: list[ContactFacts], random: object) -> None:
    shuffled = rows[:]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    best, other = max(rows, key=lambda row: row.rank), max(shuffled, key=lambda row: row.rank)
    assert best.rank == other.rank
    assert best.says_the_same(other)


def test_a_newer_export_stands_whole_so_that_a_withdrawn_address_does_not_come_back() -> None:
    older = facts(as_of=date(2025, 1, 1), email="jo@example.com", company="Acme", position="CEO")
    newer = facts(as_of=date(2026, 1, 1))
    assert newer.rank > older.rank


def test_of_a_person_repeated_in_one_export_the_later_connection_then_the_fuller_row_stands() -> None:
    assert facts(connected_on=date(2026, 1, 2)).rank > facts(connected_on=date(2026, 1, 1), email="jo@example.com").rank
    assert facts(email="jo@example.com").rank > facts().rank

"""Whose words they are: chosen for each person once, kept on a rebuild, and alike for no two."""

from __future__ import annotations

from datetime import UTC, date, datetime

from linkedin_pipelines.db.models import Contact
from linkedin_pipelines.domain.outcomes import deferred
from linkedin_pipelines.domain.states import (
    EntryOutcome,
    Reason,
)
from linkedin_pipelines.domain.wording import Template, Wordings
from linkedin_pipelines.services.birthdays.lists import note_outcome, read_list
from linkedin_pipelines_tests.builders import a_contact, contacts, edit_account
from linkedin_pipelines_tests.integration.lists.building import TODAY, build, only
from linkedin_pipelines_tests.integration.lists.ledger_rows import attempt

PLANNED, SKIPPED, DEFERRED = EntryOutcome.PLANNED, EntryOutcome.SKIPPED, EntryOutcome.DEFERRED


def _a_day(number: int) -> dict[str, dict[str, int]]:
    return {"birthday_message": {"per_run": number, "per_day": number, "per_week": 100}}


def test_none_alike_within_a_day_not_even_across_lists(database, clock, account):
    edit_account(database, account, late={"max_days": 0})
    contacts(database, account, [f"anna-{letter}" for letter in "abcdef"])
    contacts(database, account, [f"bert-{letter}" for letter in "abcdef"], birth_day=17)
    edit_account(database, account, late={"max_days": 1})
    yesterday = build(database, clock, date(2026, 3, 17))
    today = build(database, clock)
    assert len({entry.template for entry in today.entries}) == 12
    late = {entry.template for entry in today.entries if entry.days_late}
    assert not late & {entry.template for entry in yesterday.entries}


def test_never_the_same_words_to_a_person_again(database, clock, account):
    contact = a_contact(database, account, "anna-again")
    heard: set[str] = set()
    for year in range(2026, 2040):
        clock.set(datetime(year, 3, 18, 9, tzinfo=UTC))
        entry = only(build(database, clock, date(year, 3, 18)))
        assert entry.template not in heard
        assert entry.template is not None
        heard.add(entry.template)
        attempt(
            database,
            account,
            contact,
            occasion_key=str(year),
            occurrence_year=year,
            list_date=date(year, 3, 18),
            body=entry.body,
            template=entry.template,
            sent_at=clock.now(),
            claimed_at=clock.now(),
            local_day=date(year, 3, 18),
        )


def test_without_a_safe_name_and_without_a_wish_that_does_without_nobody_is_greeted(database, clock, account):
    a_contact(database, account, first_name="J.")
    named = Wordings({"en": (Template("en/on_time/a", "Happy birthday, {first_name}!", late=False),)})
    entry = only(build(database, clock, wordings=named))
    assert (entry.outcome, entry.reason) == (SKIPPED, Reason.NO_SAFE_NAME)
    entry = only(build(database, clock))
    assert entry.outcome is PLANNED
    assert entry.template.startswith("en/on_time/plain-")


def test_who_waits_for_a_slot_has_no_words_yet_and_who_has_none_at_all_waits_for_no_slot(database, clock, account):
    edit_account(database, account, quotas=_a_day(1))
    contacts(database, account, ["anna-turn", "bert-turn", "carl-turn"])
    a_contact(database, account, "dora-it", language="it")
    a_contact(database, account, "j-turn", first_name="J.")
    named = Wordings(
        {"en": tuple(Template(f"en/on_time/{key}", f"{{first_name}}, {key}!", late=False) for key in "ab")}
    )
    entries = build(database, clock, wordings=named).entries
    assert [entry.outcome for entry in entries] == [PLANNED, DEFERRED, DEFERRED, SKIPPED, SKIPPED]
    assert [entry.body is None for entry in entries] == [False, True, True, True, True]
    assert {entry.slug: entry.reason for entry in entries[3:]} == {
        "dora-it": Reason.NO_TEMPLATE,
        "j-turn": Reason.NO_SAFE_NAME,
    }
    edit_account(database, account, quotas=_a_day(2))
    again = build(database, clock, wordings=named).entries
    assert [entry.outcome for entry in again] == [PLANNED, PLANNED, DEFERRED, SKIPPED, SKIPPED]
    assert again[0] == entries[0]
    assert again[1].slug == entries[1].slug
    assert again[1].template != again[0].template


def test_a_persons_own_language_goes_before_the_accounts(database, clock, account):
    edit_account(database, account, language="fr")
    a_contact(database, account, "anna-fr")
    a_contact(database, account, "bert-de", language="de")
    assert {entry.slug: entry.template[:2] for entry in build(database, clock).entries} == {
        "anna-fr": "fr",
        "bert-de": "de",
    }


def test_a_rebuild_keeps_words_and_hash_and_new_people_change_the_hash_alone(database, clock, account):
    contacts(database, account, ["anna-keep", "bert-keep", "carl-keep"])
    first = build(database, clock)
    clock.advance(hours=1)
    second = build(database, clock, run="run-2")
    assert (second.content_hash, second.entries, second.list_id) == (first.content_hash, first.entries, first.list_id)
    assert second.built_by_run == "run-2"
    a_contact(database, account, "dora-new")
    third = build(database, clock)
    assert third.content_hash != first.content_hash
    words = {entry.slug: entry.body for entry in third.entries}
    assert all(words[entry.slug] == entry.body for entry in first.entries)


def test_a_corrected_first_name_changes_the_words_of_that_person(database, clock, account):
    contact = a_contact(database, account, "anna-typo", first_name="Anan")
    first = only(build(database, clock))
    with database.writing() as session:
        session.get_one(Contact, contact).first_name = "Anna"
    second = only(build(database, clock))
    assert second.template == first.template
    assert second.body == first.body.replace("Anan", "Anna")


def test_a_rebuild_the_day_after_turns_the_words_into_late_ones(database, clock, account):
    a_contact(database, account)
    first = build(database, clock)
    clock.advance(days=1)
    second = build(database, clock)
    assert only(second).template.startswith("en/late/")
    assert second.content_hash != first.content_hash


def test_a_noted_outcome_leaves_the_content_alone(database, clock, account):
    contact = a_contact(database, account)
    built = build(database, clock)
    outcome = deferred(Reason.OUTSIDE_HOURS, "Outside hours." * 200, TODAY)
    assert note_outcome(database, "demo", TODAY, (contact, 2026), outcome)
    noted = read_list(database, "demo", TODAY)
    assert noted is not None
    assert noted.content_hash == built.content_hash
    assert (only(noted).outcome, only(noted).body) == (DEFERRED, only(built).body)
    assert not note_outcome(database, "demo", TODAY, (999, 2026), outcome)  # a list built anew breaks no run

"""How a person of a list, a delivery and an interaction are shown: links, rows and columns."""

from collections.abc import Iterable, Iterator, Mapping

from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.tables import column_schema
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.services.birthdays.lists import EntryView

LIST_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    outcome=("string", "planned, skipped or deferred."),
    text=("string", "Exactly the words that will be sent."),
    explanation=("string", "Why the person is not planned, as a sentence for the member."),
    reason=("string", "The same as one word."),
    birthday=("date", "The day it is kept this time, the account's leap-day rule applied."),
    days_late=("int", "Days since then; 0 is today."),
    next_eligible_on=("date", "First day on which the person may be wished."),
    profile=("string", "The person's profile, below the address of the site."),
    template=("string", "Where the words come from."),
    contact_id=("int", "Our own number of the person; the steps of a campaign go by it."),
)
"""What a member decides by comes first: the page shows as many columns as its width allows."""

DELIVERY_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    outcome=("string", "sent, failed, in_doubt, rehearsed, skipped or deferred."),
    text=("string", "The approved words."),
    explanation=("string", "Why, for the member; empty if all went well."),
    reason=("string", "The same as one word."),
    next_eligible_on=("date", "First day on which the person may be tried again."),
    profile=("string", "The person's profile, below the address of the site."),
    evidence=("string", "The last picture taken, below the evidence folder."),
    contact_id=("int", "Our own number of the person."),
    interaction_id=("int", "The row of the ledger; empty for rehearsals and people left alone."),
)


DELIVERY_TABLES = {
    "people": "person outcome reason contact_id",
    "why": "person explanation next_eligible_on",
    "letters": "person text",
    "evidence": "person interaction_id evidence",
    "addresses": "person profile",
}
"""The tables in which a delivery's rows are shown."""


def entry_rows(entries: Iterable[EntryView]) -> Iterator[Mapping[str, object]]:
    """The rows of `LIST_COLUMNS`."""
    for entry in entries:
        yield {
            "person": entry.full_name,
            "profile": profile_path(entry.slug),
            "birthday": entry.occurs_on,
            "days_late": entry.days_late,
            "outcome": entry.outcome,
            "reason": entry.reason,
            "explanation": entry.explanation,
            "next_eligible_on": entry.next_eligible_on,
            "text": entry.body,
            "template": entry.template,
            "contact_id": entry.contact_id,
        }


def delivery_rows(delivered: Iterable[tuple[EntryView, Outcome]]) -> Iterator[Mapping[str, object]]:
    """The rows of `DELIVERY_COLUMNS`."""
    for entry, outcome in delivered:
        yield {
            "person": entry.full_name,
            "profile": profile_path(entry.slug),
            "outcome": outcome.status,
            "reason": outcome.reason,
            "explanation": outcome.explanation,
            "next_eligible_on": outcome.next_eligible_on,
            "text": entry.body,
            "evidence": outcome.evidence.screenshots[-1] if outcome.evidence.screenshots else None,
            "contact_id": entry.contact_id,
            "interaction_id": outcome.interaction_id,
        }

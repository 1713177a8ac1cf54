"""How the outcome of an action without a text is shown, whatever its kind."""

from collections.abc import Iterator, Mapping, Sequence

from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.resources import Person
from linkedin_pipelines.defs.shared.tables import column_schema
from linkedin_pipelines.domain.outcomes import Outcome

OUTCOME_COLUMNS = column_schema(
    person=("string", "Name, as the page shows it."),
    outcome=("string", "sent is done; else failed, in_doubt, rehearsed, refused, skipped or deferred."),
    explanation=("string", "Why, for the member; empty if all went well."),
    reason=("string", "The same as one word."),
    next_eligible_on=("date", "First day on which it may be tried again."),
    profile=("string", "The person's profile, below the address of the site."),
    evidence=("string", "The last picture taken, below the evidence folder."),
    contact_id=("int", "Our own number of the person."),
    interaction_id=("int", "The row of the ledger; empty for rehearsals and people left alone."),
)


OUTCOME_TABLES = {
    "people": "person outcome reason contact_id",
    "why": "person explanation next_eligible_on",
    "evidence": "person interaction_id evidence",
    "addresses": "person profile",
}
"""The tables in which the rows are shown."""


def outcome_rows(acted: Sequence[tuple[Person, Outcome]]) -> Iterator[Mapping[str, object]]:
    """The rows of `OUTCOME_COLUMNS`."""
    for person, outcome in acted:
        yield {
            "person": person.full_name,
            "profile": profile_path(person.slug),
            "outcome": outcome.status,
            "reason": outcome.reason,
            "explanation": outcome.explanation,
            "next_eligible_on": outcome.next_eligible_on,
            "evidence": outcome.evidence.screenshots[-1] if outcome.evidence.screenshots else None,
            "contact_id": person.contact_id,
            "interaction_id": outcome.interaction_id,
        }

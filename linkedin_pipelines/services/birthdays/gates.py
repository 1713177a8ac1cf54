"""What must hold of a list before anybody is written to; checks, approval and sending go by the same rules."""

from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView


def problems_of_list(view: ListView) -> list[str]:
    """What speaks against sending this list, as sentences that name contacts by number; nothing if it may be sent."""
    return [*incomplete(view), *unfit_texts(view)]


def incomplete(view: ListView) -> list[str]:
    """People whose outcome is not explained, or who stand on the list twice."""
    problems = [
        f"Contact {entry.contact_id} is {entry.outcome} without a reason."
        for entry in view.entries
        if entry.outcome is not EntryOutcome.PLANNED and not (entry.reason and entry.explanation)
    ]
    seen: set[int] = set()
    for entry in view.entries:
        if entry.contact_id in seen:
            problems.append(f"Contact {entry.contact_id} stands on the list twice.")
        seen.add(entry.contact_id)
    return problems


def unfit_texts(view: ListView) -> list[str]:
    """Planned people whose text is missing, or still holds a field of its template."""
    return [problem for entry in view.entries if entry.outcome is EntryOutcome.PLANNED for problem in _unfit(entry)]


def _unfit(entry: EntryView) -> list[str]:
    if not entry.body or not entry.body.strip():
        return [f"Contact {entry.contact_id} has no text."]
    if any(brace in entry.body for brace in "{}"):
        return [f"The text for contact {entry.contact_id} holds an unfilled field of its template."]
    if not entry.slug:
        return [f"Contact {entry.contact_id} has no profile address to write to."]
    return []

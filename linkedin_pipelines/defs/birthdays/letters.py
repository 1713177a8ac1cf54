"""A day's list as a member reads it: who gets which words, who does not and why, and what the fortnight looks like."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from linkedin_pipelines.defs.shared.tables import column_schema
from linkedin_pipelines.domain.account import AccountConfig, Approval, Mode
from linkedin_pipelines.domain.states import EntryOutcome
from linkedin_pipelines.services.birthdays.forecasts import ForecastDay
from linkedin_pipelines.services.birthdays.lists import EntryView, ListView

LETTER_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    text=("string", "Exactly the words that will be sent."),
    birthday=("string", "The day it is kept this time, and how late the wish is."),
)
APPROVED_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    text=("string", "Exactly the words that the approval holds."),
    when=("string", "Now, or the first day on which there may be room."),
)
LEFT_OUT_COLUMNS = column_schema(
    person=("string", "Full name, as the connection shows it."),
    why=("string", "Why the person is not wished now."),
    earliest=("string", "First day on which the person may be wished; empty if not this time."),
)
FORECAST_COLUMNS = column_schema(
    day=("string", "The account's own day."),
    birthdays=("int", "Birthdays of that day that may be wished; today those that the list plans."),
    waiting=("int", "People left over from the days before."),
    room=("int", "Wishes that limits and hours admit."),
    sent=("int", "Wishes that would go out."),
    too_late=("int", "People whose wish would come too late after that day: write by hand if it matters."),
)


def as_text(day: date, *, weekday: bool = False) -> str:
    """A day as it is read aloud: `3 December`, or `Thu 3 December`."""
    return f"{day:%a} {day.day} {day:%B}" if weekday else f"{day.day} {day:%B}"


def story(view: ListView, config: AccountConfig) -> str:
    """Two sentences: what the list comes to, and what the member does now."""
    return f"{_numbers(view)} {_next_step(view, config)}"


def _numbers(view: ListView) -> str:
    of = {outcome: [entry for entry in view.entries if entry.outcome is outcome] for outcome in EntryOutcome}
    if not view.entries:
        return "No birthday is due."
    parts = [f"{len(of[EntryOutcome.PLANNED])} to send"]
    if waiting := of[EntryOutcome.DEFERRED]:
        parts.append(_waiting(waiting))
    if out := of[EntryOutcome.SKIPPED]:
        parts.append(f"{len(out)} left out")
    return ", ".join(parts) + "."


def _waiting(entries: Sequence[EntryView]) -> str:
    days = sorted(Counter(entry.next_eligible_on for entry in entries if entry.next_eligible_on).items())
    if not days:
        word = "waits" if len(entries) == 1 else "wait"
        return f"{len(entries)} {word} ({', '.join(sorted({_reason(entry) for entry in entries}))})"
    (first, count), *later = days
    if not later:
        return f"{len(entries)} {'waits' if len(entries) == 1 else 'wait'} until {as_text(first)}"
    return f"{len(entries)} wait, {count} of them until {as_text(first)}, the last until {as_text(later[-1][0])}"


def _reason(entry: EntryView) -> str:
    return str(entry.reason).replace("_", " ")


def _next_step(view: ListView, config: AccountConfig) -> str:
    rehearsal = {
        Mode.REHEARSAL: " The account rehearses: everything is done but the last click.",
        Mode.ASSISTED: " The account is assisted: you press Send in the browser's window, letter by letter.",
        Mode.LIVE: "",
    }[config.mode]
    if not any(entry.outcome is EntryOutcome.PLANNED for entry in view.entries):
        return "There is nothing to approve."
    if config.approval is Approval.AUTOMATIC:
        return f"The account approves by itself: the letters go out with the scheduled run.{rehearsal}"
    return (
        "To approve the letters, open approved_messages (the link below), choose this date and account, "
        f"and press Materialize.{rehearsal}"
    )


def letter_rows(entries: Iterable[EntryView]) -> Iterator[Mapping[str, object]]:
    """The rows of `LETTER_COLUMNS`: everybody who is to get words now."""
    for entry in entries:
        if entry.outcome is EntryOutcome.PLANNED:
            late = f", {entry.days_late} day{'s' * (entry.days_late > 1)} late" if entry.days_late else ""
            yield {"person": entry.full_name, "text": entry.body, "birthday": as_text(entry.occurs_on) + late}


def left_out_rows(entries: Iterable[EntryView]) -> Iterator[Mapping[str, object]]:
    """The rows of `LEFT_OUT_COLUMNS`: everybody else."""
    for entry in entries:
        if entry.outcome is not EntryOutcome.PLANNED:
            again = entry.next_eligible_on
            yield {
                "person": entry.full_name,
                "why": entry.explanation or _reason(entry),
                "earliest": as_text(again) if again and entry.outcome is EntryOutcome.DEFERRED else "",
            }


def with_text(view: ListView) -> tuple[EntryView, ...]:
    """Whom an approval of the list covers: everybody with words, those in reserve included."""
    return tuple(entry for entry in view.entries if entry.body is not None)


def approved_rows(entries: Iterable[EntryView]) -> Iterator[Mapping[str, object]]:
    """The rows of `APPROVED_COLUMNS`."""
    for entry in entries:
        yield {"person": entry.full_name, "text": entry.body, "when": _when(entry)}


def _when(entry: EntryView) -> str:
    if entry.outcome is EntryOutcome.PLANNED:
        return "now"
    if entry.outcome is EntryOutcome.DEFERRED:
        return f"in reserve, from {as_text(entry.next_eligible_on)}" if entry.next_eligible_on else "in reserve"
    return _reason(entry)


def approval_story(entries: Sequence[EntryView]) -> str:
    """What the approval holds and what it means."""
    now = sum(entry.outcome is EntryOutcome.PLANNED for entry in entries)
    reserve = sum(entry.outcome is EntryOutcome.DEFERRED for entry in entries)
    spare = f", and {reserve} in reserve, whom the next run with room takes" if reserve else ""
    return (
        f"{now} approved to be sent now{spare}. It holds for exactly these people and words: a list built anew with "
        "any change has to be approved again."
    )


def forecast_rows(days: Iterable[ForecastDay]) -> Iterator[Mapping[str, object]]:
    """The rows of `FORECAST_COLUMNS`."""
    for each in days:
        yield {
            "day": as_text(each.day, weekday=True),
            "birthdays": each.birthdays,
            "waiting": each.waiting,
            "room": each.room,
            "sent": each.sent,
            "too_late": each.expiring,
        }

"""What became of everybody in the demo, and whether the site agrees."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import click

from linkedin_pipelines.cli.context import print_table
from linkedin_pipelines.cli.demo.home import ACCOUNT
from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.ceilings import InteractionKind
from linkedin_pipelines.domain.states import InteractionOrigin, InteractionStatus
from linkedin_pipelines.services.birthdays.lists import EntryView, read_list
from linkedin_pipelines.services.reporting.reports import InteractionView, interactions_of


def print_outcome(database: Database, day: date, since: datetime, deliveries: Sequence[dict[str, Any]]) -> bool:
    """Print the table of the day's list and the comparison with the site; whether both agree.

    Attempts count from `since` on, whichever run made them: the schedule may have begun the day's campaign first.
    """
    attempts = {
        (row.contact_id, row.occurrence_year): row
        for row in interactions_of(database, ACCOUNT, list_date=day)
        if _is_message(row) and row.claimed_at >= since
    }
    view = read_list(database, ACCOUNT, day)
    entries = view.entries if view is not None else ()
    print_table(
        ["person", "birthday", "outcome", "why, or the words", "proof, in evidence/"],
        [_row(entry, attempts.get((entry.contact_id, entry.occurrence_year))) for entry in entries],
        title=f"{ACCOUNT}, {day}: {len(attempts)} written to, of {len(entries)} people on the list",
    )
    return _compare(database, deliveries)


def _is_message(row: InteractionView) -> bool:
    """Whether the row is a message of ours: no visit on the way to one, and no wish by hand."""
    return row.kind == InteractionKind.BIRTHDAY_MESSAGE and row.origin == InteractionOrigin.CAMPAIGN


def _row(entry: EntryView, attempt: InteractionView | None) -> list[object]:
    if attempt is None:
        why = entry.explanation or entry.reason or "not come to: the run ended before"
        return [entry.full_name, entry.occurs_on, entry.outcome, why, None]
    said = attempt.body if attempt.status == InteractionStatus.SENT else attempt.explanation
    return [entry.full_name, entry.occurs_on, attempt.status, said, _proof(attempt)]


def _proof(attempt: InteractionView) -> str:
    evidence = attempt.evidence or {}
    screenshots = evidence.get("screenshots") or ()
    return str(screenshots[-1]) if screenshots else ""


def _compare(database: Database, deliveries: Sequence[dict[str, Any]]) -> bool:
    sent = interactions_of(database, ACCOUNT, statuses=[InteractionStatus.SENT])
    ours = Counter((row.slug, row.body) for row in sent if _is_message(row))
    theirs = Counter((each["recipient"], each["text"]) for each in deliveries)
    if ours == theirs:
        total = ours.total()
        click.echo(f"{total} messages received by the sandbox = {total} sent by the ledger: same people, same words")
        return True
    for (slug, text), count in (theirs - ours).items():
        click.echo(f"error: received {count} more than the ledger says: {slug}: {text!r}", err=True)
    for (slug, text), count in (ours - theirs).items():
        click.echo(f"error: said to be sent {count} more than received: {slug}: {text!r}", err=True)
    return False

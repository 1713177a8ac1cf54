"""`moment_messages`: the approved congratulations, one step a person, in one browser session."""

from typing import Any

from linkedin_pipelines.defs.shared.outcomes import OUTCOME_COLUMNS, OUTCOME_TABLES, outcome_rows
from linkedin_pipelines.defs.shared.person_graph import PersonGraph, person_graph
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_CONGRATULATIONS, MOMENT_MESSAGES, MOMENTS
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.services.moments.campaigns import MomentRun
from linkedin_pipelines.services.moments.lists import MomentEntry


def _facts(entry: MomentEntry, _outcome: Outcome) -> dict[str, Any]:
    return {"moment": entry.kind.value, "text": entry.body or ""}


moment_messages = person_graph(
    PersonGraph(
        asset=MOMENT_MESSAGES,
        group=MOMENTS,
        steps=("plan_congratulations", "congratulate", "settle_congratulations"),
        after={"approved": APPROVED_CONGRATULATIONS},
        opener=MomentRun.opened,
        columns=OUTCOME_COLUMNS,
        rows=outcome_rows,
        shown=OUTCOME_TABLES,
        facts=_facts,
        live="Really send.",
        description="""The approved congratulations, one by one by a browser.

Every person is a step of the run, named by contact number. For each: quota and occasion are claimed in the ledger, the
recipient is read from the composer, the conversation is searched for anything said lately, the text is compared in the
editor, the button is pressed once, and the new message is the proof. Congratulations count against the messages of the
day, and leave approved birthdays what those need.

The launchpad's default is a rehearsal: everything but the last click.""",
    )
)

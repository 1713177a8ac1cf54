"""`invitation_withdrawals`: the approved withdrawals, one step a person, in one browser session."""

from linkedin_pipelines.defs.shared.outcomes import OUTCOME_COLUMNS, OUTCOME_TABLES, outcome_rows
from linkedin_pipelines.defs.shared.person_graph import PersonGraph, person_graph
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_WITHDRAWALS, INVITATION_WITHDRAWALS, INVITATIONS
from linkedin_pipelines.services.invitations.campaigns import CleanupRun

invitation_withdrawals = person_graph(
    PersonGraph(
        asset=INVITATION_WITHDRAWALS,
        group=INVITATIONS,
        steps=("plan_withdrawals", "withdraw", "settle_withdrawals"),
        after={"approved": APPROVED_WITHDRAWALS},
        opener=CleanupRun.opened,
        columns=OUTCOME_COLUMNS,
        rows=outcome_rows,
        shown=OUTCOME_TABLES,
        live="Really withdraw.",
        description="""The approved withdrawals, oldest invitation first, one by one by a browser.

Every person is a step of the run, named by contact number. For each: quota and occasion are claimed in the ledger, the
row is found by its own link, the dialog must name the row's person and nobody else on the list, its control is pressed
once, and the list, read again, must be without the person. A missing dialog is no success. Whoever withdraws cannot
invite the same person again for up to three weeks: the day is recorded.

The launchpad's default is a rehearsal: the dialog is opened, compared and left again.""",
    )
)

"""`profile_visits`: the profiles that a search found, opened and read one by one."""

from linkedin_pipelines.defs.shared.outcomes import OUTCOME_COLUMNS, OUTCOME_TABLES, outcome_rows
from linkedin_pipelines.defs.shared.person_graph import PersonGraph, person_graph
from linkedin_pipelines.defs.shared.vocabulary import PROFILE_VISITS, SOURCED_PROFILES, SOURCING
from linkedin_pipelines.services.visits.campaigns import VisitRun

profile_visits = person_graph(
    PersonGraph(
        asset=PROFILE_VISITS,
        group=SOURCING,
        steps=("plan_visits", "visit", "settle_visits"),
        after={"sourced": SOURCED_PROFILES},
        opener=VisitRun.opened,
        columns=OUTCOME_COLUMNS,
        rows=outcome_rows,
        shown=OUTCOME_TABLES,
        live="Really visit: the people see who did.",
        description="""The planned profiles, opened and read one by one by a browser. **The other member sees a visit.**

Every person is a step of the run, named by contact number. For each: quota and occasion are claimed in the ledger
before the browser moves, the profile is opened once, and each field is kept with how it was read or why it is missing;
a section that could not be read is unknown, not empty. A visit that was begun counts as made. A profile that does not
exist any more is told apart.

The launchpad's default is a rehearsal: it visits nobody.""",
    )
)

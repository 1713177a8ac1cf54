"""`birthday_messages`: the wishes themselves, one step a person, in one browser session."""

from datetime import date
from typing import Any

from linkedin_pipelines.defs.birthdays.people import DELIVERY_COLUMNS, DELIVERY_TABLES, delivery_rows
from linkedin_pipelines.defs.shared.person_graph import PersonGraph, person_graph
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_MESSAGES, BIRTHDAY_MESSAGES, BIRTHDAYS, SITE_CANARY
from linkedin_pipelines.domain.outcomes import Outcome
from linkedin_pipelines.domain.threads import same_text
from linkedin_pipelines.services.birthdays.campaigns import CampaignRun
from linkedin_pipelines.services.birthdays.gates import problems_of_list
from linkedin_pipelines.services.birthdays.lists import EntryView, read_list


def _problems(linkedin: LinkedIn, account: str, day: date) -> list[str]:
    view = read_list(linkedin.database, account, day)
    return problems_of_list(view) if view is not None else []


def _read_back(entry: EntryView, outcome: Outcome) -> dict[str, Any]:
    read_back = outcome.evidence.read_back
    same = read_back is not None and entry.body is not None and same_text(read_back, entry.body)
    return {"text_read_back": same}


birthday_messages = person_graph(
    PersonGraph(
        asset=BIRTHDAY_MESSAGES,
        group=BIRTHDAYS,
        steps=("plan_wishes", "wish", "settle_campaign"),
        after={"approved": APPROVED_MESSAGES, "looked_at": SITE_CANARY},
        opener=CampaignRun.opened,
        columns=DELIVERY_COLUMNS,
        rows=delivery_rows,
        shown=DELIVERY_TABLES,
        refuse=_problems,
        facts=_read_back,
        again="the campaign is taken up again by itself",
        live="Really send.",
        description="""The approved messages, delivered one by one by a browser, slowly, with proof.

Every person is a step of the run, named by contact number. For each: quota and occasion are claimed in the ledger, the
composer's recipient is compared with the contact, the text is written and read back, the button is pressed once, and
the message must appear in the conversation. Whatever stops a person is an outcome with a reason, not an error; a stop
sign of the site ends the campaign, and holds the account until its member resumes it. The check
`campaign_came_to_its_end` says what stopped it.

The launchpad's default is a rehearsal: everything but the last click, leaving no trace in occasions or quotas.""",
    )
)

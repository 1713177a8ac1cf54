"""The member's yes to congratulations, person by person and word by word.

A list that has become shorter since stands on it; one with anybody else, or with other words, does not.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from linkedin_pipelines.db.core.database import Database
from linkedin_pipelines.domain.states import Reason
from linkedin_pipelines.services.moments.congratulations import KIND
from linkedin_pipelines.services.moments.lists import MomentEntry, list_of, read_list
from linkedin_pipelines.services.plans.listed import ListedPlan

CONGRATULATIONS = ListedPlan[MomentEntry](
    kind=KIND.name,
    what="the moments",
    built_by="moments_seen",
    approved_at="approved_congratulations",
    list_of=list_of,
)


def half_done(
    database: Database, account_slug: str, list_date: date, unsettled: Collection[tuple[int, str]]
) -> tuple[MomentEntry, ...]:
    """Whoever the list leaves out for an attempt, by contact and key, that `unsettled` says this run has taken over.

    Their words are those that were approved.
    """
    view, approval = (
        read_list(database, account_slug, list_date),
        CONGRATULATIONS.latest_approval(database, account_slug, list_date),
    )
    if view is None or approval is None:
        return ()
    said = {(item.contact_id, item.occasion_key): item for item in approval.items}
    return tuple(
        replace(entry, template=item.template, body=item.body)
        for entry in view.entries
        if entry.reason in {Reason.IN_FLIGHT, Reason.IN_DOUBT}
        and (entry.contact_id, entry.occasion_key) in unsettled
        and (item := said.get((entry.contact_id, entry.occasion_key))) is not None
    )

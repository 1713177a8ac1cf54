"""`pending_invitations`: the sent invitations that wait for an answer, and which of them are stale."""

from collections.abc import Iterable, Iterator, Mapping

import dagster as dg

from linkedin_pipelines.defs.shared.approving import list_metadata
from linkedin_pipelines.defs.shared.person_graph import profile_path
from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn
from linkedin_pipelines.defs.shared.tables import column_schema, tables
from linkedin_pipelines.defs.shared.vocabulary import INVITATIONS, OWNERS, PENDING_INVITATIONS
from linkedin_pipelines.orchestrator.partitions import campaign_of, campaigns
from linkedin_pipelines.services.accounts.registry import get_account
from linkedin_pipelines.services.invitations.lists import InvitationEntry, read_pending

INVITATION_COLUMNS = column_schema(
    person=("string", "Name, as the row of the invitation shows it."),
    outcome=("string", "planned is to be withdrawn, skipped is left alone."),
    explanation=("string", "Why, for the member."),
    at_least_days=("int", "The fewest days that it can be old; empty if its line cannot be read."),
    age=("string", "Its line about its age, as the page writes it."),
    sent_by=("string", "by_hand, by_tool or unknown."),
    first_seen_on=("date", "Day on which a reading first saw it."),
    profile=("string", "The person's profile, below the address of the site."),
    contact_id=("int", "Our own number of the person; the steps of a cleanup go by it."),
)


@dg.asset(
    key=PENDING_INVITATIONS,
    group_name=INVITATIONS,
    partitions_def=campaigns,
    owners=OWNERS,
    kinds={"python", "playwright", "sqlalchemy"},
    metadata={"dagster/column_schema": INVITATION_COLUMNS, "dagster/table_name": "sent_invitations"},
)
def pending_invitations(
    context: dg.AssetExecutionContext, linkedin: LinkedIn, campaign: Campaign
) -> dg.MaterializeResult[None]:
    """The sent invitations that wait, read to the end of the list, each with what is to become of it.

    The page's own count must agree with the rows. Invitations to pages, newsletters, showcases and events are counted
    and never touched. An age is taken at its youngest, and one that cannot be read never counts as stale. Nothing is
    withdrawn here, and nobody notices that the list is read.
    """
    account, day = campaign_of(context)
    view = read_pending(
        linkedin.database, linkedin.settings, linkedin.clock, account, day, context.run.run_id, campaign.site_factory()
    )
    config = get_account(linkedin.database, account).config
    context.log.info("%d invitations wait, %d are stale.", len(view.entries), len(view.planned))
    shown = tables(INVITATION_COLUMNS, invitation_rows(view.entries), **INVITATION_TABLES)
    return dg.MaterializeResult(
        metadata={
            "stale": len(view.planned),
            "no_people": view.others,
            **list_metadata(config, view, shown, [view.doubt]),
        }
    )


INVITATION_TABLES = {
    "people": "person outcome at_least_days sent_by",
    "why": "person explanation",
    "seen": "person age first_seen_on contact_id",
    "addresses": "person profile",
}
"""The tables in which invitations are shown."""


def invitation_rows(entries: Iterable[InvitationEntry]) -> Iterator[Mapping[str, object]]:
    """The rows of `INVITATION_COLUMNS`."""
    for entry in entries:
        yield {
            "person": entry.full_name,
            "outcome": entry.outcome,
            "explanation": entry.explanation,
            "at_least_days": entry.at_least_days,
            "age": entry.age_text,
            "sent_by": entry.provenance,
            "first_seen_on": entry.first_seen_on,
            "profile": profile_path(entry.slug),
            "contact_id": entry.contact_id,
        }

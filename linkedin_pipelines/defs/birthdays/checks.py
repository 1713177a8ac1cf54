"""What must hold before anything is sent (blocking), and what must have held afterwards (telling)."""

from collections.abc import Sequence

import dagster as dg

from linkedin_pipelines.defs.birthdays.gates import incomplete, unfit_texts
from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.vocabulary import APPROVED_MESSAGES, BIRTHDAY_LIST, INTERACTIONS
from linkedin_pipelines.services import audits
from linkedin_pipelines.services.birthday_lists import read_list


def _verdict(problems: Sequence[str], **facts: int) -> dg.AssetCheckResult:
    """Passed if nothing speaks against it. Problems name people by number: a check's words go into logs and alerts."""
    return dg.AssetCheckResult(
        passed=not problems,
        severity=dg.AssetCheckSeverity.ERROR,
        description=" ".join(problems[:20]) or None,
        metadata={"problems": len(problems), **facts},
    )


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    blocking=True,
    partitions_def=campaigns,
    description=(
        "Everybody on the list is either planned, or left out with a reason, and stands on it once. A failure means "
        "that somebody would be forgotten or wished twice, so nothing is sent: build the list again, and report it as "
        "a defect if that does not help."
    ),
)
def list_is_complete(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, day = campaign_of(context)
    view = read_list(linkedin.database, account, day)
    if view is None:
        return _verdict([f"There is no list of {day}: materialize birthday_list."])
    return _verdict(incomplete(view), people=len(view.entries))


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    blocking=True,
    partitions_def=campaigns,
    description=(
        "Nobody is planned who is marked do-not-contact, or whose request to stop is undecided. A failure means that a "
        "mark was set after the list was built, so nothing is sent: build the list again."
    ),
)
def nobody_against_their_will(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, day = campaign_of(context)
    contacts = audits.planned_against_their_will(linkedin.database, account, day)
    return _verdict([f"Contact {contact} is planned, but must not be written to." for contact in contacts])


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    blocking=True,
    partitions_def=campaigns,
    description=(
        "Every planned person has a text without unfilled fields, and an address to send it to. A failure means that a "
        "template is wrong, so nothing is sent: mend the template and build the list again."
    ),
)
def texts_render(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, day = campaign_of(context)
    view = read_list(linkedin.database, account, day)
    return _verdict(unfit_texts(view) if view else [])


@dg.asset_check(
    asset=APPROVED_MESSAGES,
    blocking=True,
    partitions_def=campaigns,
    description=(
        "What was approved may still be sent: the list it stands on is whole, and nobody on it asked to be left "
        "alone since. A failure means that the list is out of date, so this run sends nothing: build it and approve it "
        "again."
    ),
)
def approval_may_be_used(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, day = campaign_of(context)
    view = read_list(linkedin.database, account, day)
    contacts = audits.planned_against_their_will(linkedin.database, account, day)
    problems = [f"Contact {contact} must not be written to any more." for contact in contacts]
    return _verdict([*problems, *(incomplete(view) + unfit_texts(view) if view else [])])


@dg.asset_check(
    asset=INTERACTIONS,
    partitions_def=campaigns,
    description=(
        "No run, local day or seven days spent more messages than the ceilings admit. A failure means a defect or a "
        "tampered database: pause the account (`accounts pause`) and report it."
    ),
)
def quota_kept(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    audit = audits.audit_quota(linkedin.database, linkedin.clock, account)
    problems = [] if audit.kept else ["More messages were spent than the ceilings admit."]
    return _verdict(problems, most_in_a_run=audit.run, most_in_a_day=audit.day, most_in_a_week=audit.week)


@dg.asset_check(
    asset=INTERACTIONS,
    partitions_def=campaigns,
    description=(
        "At most one row occupies a person's birthday of a year. A failure means that somebody may have been wished "
        "twice, and that the database lost its constraint: restore a backup and report it."
    ),
)
def one_wish_a_birthday(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    doubled = audits.doubled_occasions(linkedin.database, account)
    return _verdict([f"Contact {contact}, {year}: occupied more than once." for contact, year in doubled])


@dg.asset_check(
    asset=INTERACTIONS,
    partitions_def=campaigns,
    description=(
        "Every row of the ledger belongs to a contact of the account. A failure means that the database was changed "
        "from outside: restore a backup."
    ),
)
def no_orphan_rows(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    orphans = audits.orphan_interactions(linkedin.database, account)
    return _verdict([f"Interaction {row} has no contact of this account." for row in orphans])


@dg.asset_check(
    asset=INTERACTIONS,
    partitions_def=campaigns,
    description=(
        "The evidence stored with each row can be read back as what it was. A failure means that rows were written by "
        "another version or from outside; the messages themselves are not affected."
    ),
)
def payloads_valid(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, day = campaign_of(context)
    invalid = audits.invalid_payloads(linkedin.database, account, day)
    return _verdict([f"The evidence of interaction {row} cannot be read." for row in invalid])


@dg.asset_check(
    asset=INTERACTIONS,
    partitions_def=campaigns,
    description=(
        "Nothing has been in doubt for over a day. A failure means that reading the conversations could not tell "
        "whether a message went out: look at the evidence and decide yourself."
    ),
)
def no_old_doubts(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    doubts = audits.old_doubts(linkedin.database, linkedin.clock, account)
    return _verdict([f"Interaction {row} has been in doubt for over a day." for row in doubts])

"""What must hold before anything is sent (blocking), and what must have held afterwards (telling)."""

from datetime import date

from linkedin_pipelines.defs.shared.checks import Finding, campaign_check, finding_of
from linkedin_pipelines.defs.shared.person_graph import came_to_its_end
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import APPROVED_MESSAGES, BIRTHDAY_LIST, BIRTHDAY_MESSAGES, INTERACTIONS
from linkedin_pipelines.services.birthdays.gates import incomplete, unfit_texts
from linkedin_pipelines.services.birthdays.lists import read_list
from linkedin_pipelines.services.reporting import audits


@campaign_check(
    BIRTHDAY_LIST,
    "Everybody on the list is either planned, or left out with a reason, and stands on it once. A failure means "
    "that somebody would be forgotten or wished twice, so nothing is sent: build the list again, and report it as "
    "a defect if that does not help.",
    blocking=True,
)
def list_is_complete(linkedin: LinkedIn, account: str, day: date) -> Finding:
    view = read_list(linkedin.database, account, day)
    if view is None:
        return finding_of([f"There is no list of {day}: materialize birthday_list."])
    return finding_of(incomplete(view), people=len(view.entries))


@campaign_check(
    BIRTHDAY_LIST,
    "Nobody is planned who is marked do-not-contact, or whose request to stop is undecided. A failure means that a "
    "mark was set after the list was built, so nothing is sent: build the list again.",
    blocking=True,
)
def no_opted_out_recipients(linkedin: LinkedIn, account: str, day: date) -> Finding:
    contacts = audits.opted_out_recipients(linkedin.database, account, day)
    return finding_of([f"Contact {contact} is planned, but must not be written to." for contact in contacts])


@campaign_check(
    BIRTHDAY_LIST,
    "Every planned person has a text without unfilled fields, and an address to send it to. A failure means that a "
    "template is wrong, so nothing is sent: mend the template and build the list again.",
    blocking=True,
)
def texts_render(linkedin: LinkedIn, account: str, day: date) -> Finding:
    view = read_list(linkedin.database, account, day)
    return finding_of(unfit_texts(view) if view else [])


@campaign_check(
    APPROVED_MESSAGES,
    "What was approved may still be sent: the list it stands on is whole, and nobody on it asked to be left "
    "alone since. A failure means that the list is out of date, so this run sends nothing: build it and approve it "
    "again.",
    blocking=True,
)
def approval_may_be_used(linkedin: LinkedIn, account: str, day: date) -> Finding:
    view = read_list(linkedin.database, account, day)
    contacts = audits.opted_out_recipients(linkedin.database, account, day)
    problems = [f"Contact {contact} must not be written to any more." for contact in contacts]
    return finding_of([*problems, *(incomplete(view) + unfit_texts(view) if view else [])])


@campaign_check(
    INTERACTIONS,
    "No run, local day or seven days spent more of a quota than its ceilings admit. A failure means a defect or a "
    "tampered database: pause the account (`accounts pause`) and report it.",
)
def quota_kept(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    found = audits.audit_quotas(linkedin.database, linkedin.clock, account)
    problems = [f"More of {audit.quota} was spent than the ceilings admit." for audit in found if not audit.kept]
    most = {f"{audit.quota}_{span}": getattr(audit, span) for audit in found for span in ("run", "day", "week")}
    return finding_of(problems, **most)


@campaign_check(
    INTERACTIONS,
    "At most one row occupies an occasion of a person. A failure means that somebody may have been written to "
    "twice, and that the database lost its constraint: restore a backup and report it.",
)
def one_wish_a_birthday(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    doubled = audits.audit_ledger(linkedin.database, linkedin.clock, account).doubled
    return finding_of([f"Contact {contact}, {kind} {key}: occupied more than once." for contact, kind, key in doubled])


@campaign_check(
    INTERACTIONS,
    "Every row of the ledger belongs to a contact of the account. A failure means that the database was changed "
    "from outside: restore a backup.",
)
def no_orphan_rows(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    orphans = audits.audit_ledger(linkedin.database, linkedin.clock, account).orphans
    return finding_of([f"Interaction {row} has no contact of this account." for row in orphans])


@campaign_check(
    INTERACTIONS,
    "The evidence stored with each row can be read back as what it was. A failure means that rows were written by "
    "another version or from outside; the messages themselves are not affected.",
)
def payloads_valid(linkedin: LinkedIn, account: str, day: date) -> Finding:
    invalid = audits.invalid_payloads(linkedin.database, account, day)
    return finding_of([f"The evidence of interaction {row} cannot be read." for row in invalid])


@campaign_check(
    INTERACTIONS,
    "Nothing has been in doubt for over a day. A failure means that reading the conversations could not tell "
    "whether a message went out: look at the evidence and decide yourself.",
)
def no_old_doubts(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    doubts = audits.old_doubts(linkedin.database, linkedin.clock, account)
    return finding_of([f"Interaction {row} has been in doubt for over a day." for row in doubts])


campaign_came_to_its_end = came_to_its_end(BIRTHDAY_MESSAGES, "The campaign tried everybody who was approved.")

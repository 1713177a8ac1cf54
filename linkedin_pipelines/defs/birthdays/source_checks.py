"""What the member should know of the birthdays that a list rests on; neither check holds up wishes that are certain."""

from datetime import date

from linkedin_pipelines.defs.shared.checks import Finding, campaign_check
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import BIRTHDAY_LIST
from linkedin_pipelines.services.birthdays.site_days import find_reading
from linkedin_pipelines.services.contacts.disputes import disputed_birthdays


@campaign_check(
    BIRTHDAY_LIST,
    "The site's own catch-up page of the day is known, or the account does not read it. A failure means that the "
    "list holds what is certain from elsewhere, and that somebody whom only the site knows may be missing: look at "
    "the page yourself.",
)
def site_was_read(linkedin: LinkedIn, account: str, day: date) -> Finding:
    reading = find_reading(linkedin.database, account, day)
    known = reading.is_known or (reading.outcome is None and not reading.expected)
    return Finding(known, reading.text, warning=True)


@campaign_check(
    BIRTHDAY_LIST,
    "No two sources name different days for one person's birthday. A failure means that those people are held, "
    "since a wish on a wrong day is worse than none: `birthdays ACCOUNT --disputed` says who says what; mend the "
    "entry in your address book and import it again.",
)
def sources_agree(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    disputes = disputed_birthdays(linkedin.database, account)
    numbers = ", ".join(str(dispute.contact_id) for dispute in disputes[:20])
    sentence = f"Contacts whose sources disagree: {numbers}." if disputes else None
    return Finding(not disputes, sentence, {"disputed": len(disputes)}, warning=True)

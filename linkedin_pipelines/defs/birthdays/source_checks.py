"""What the member should know of the birthdays that a list rests on; neither check holds up wishes that are certain."""

import dagster as dg

from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.vocabulary import BIRTHDAY_LIST
from linkedin_pipelines.services.disputes import disputed_birthdays
from linkedin_pipelines.services.site_days import find_reading


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    partitions_def=campaigns,
    description=(
        "The site's own catch-up page of the day is known, or the account does not read it. A failure means that the "
        "list holds what is certain from elsewhere, and that somebody whom only the site knows may be missing: look at "
        "the page yourself."
    ),
)
def site_was_read(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, day = campaign_of(context)
    reading = find_reading(linkedin.database, account, day)
    return dg.AssetCheckResult(
        passed=reading.is_known or (reading.outcome is None and not reading.expected),
        severity=dg.AssetCheckSeverity.WARN,
        description=reading.text,
    )


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    partitions_def=campaigns,
    description=(
        "No two sources name different days for one person's birthday. A failure means that those people are held, "
        "since a wish on a wrong day is worse than none: `birthdays ACCOUNT --disputed` says who says what; mend the "
        "entry in your address book and import it again."
    ),
)
def sources_agree(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    disputes = disputed_birthdays(linkedin.database, account)
    numbers = ", ".join(str(dispute.contact_id) for dispute in disputes[:20])
    return dg.AssetCheckResult(
        passed=not disputes,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"Contacts whose sources disagree: {numbers}." if disputes else None,
        metadata={"disputed": len(disputes)},
    )

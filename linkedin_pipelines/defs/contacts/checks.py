"""Whether an account's contacts are still what the member's files say."""

from datetime import timedelta

import dagster as dg

from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import CONTACTS
from linkedin_pipelines.orchestrator.partitions import accounts
from linkedin_pipelines.services.reporting.status import account_status

FRESH = timedelta(days=60)


@dg.asset_check(
    asset=CONTACTS,
    partitions_def=accounts,
    description=(
        "The account's last file came in within 60 days. A failure means that new connections and birthdays are "
        "missing: ask LinkedIn for a copy of your data, and drop it into the account's inbox. It is judged account by "
        "account, so that one stale account does not hide behind a fresh one."
    ),
)
def contacts_are_fresh(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    status = account_status(linkedin.database, linkedin.clock, context.partition_key)
    last = status.last_import_at
    return dg.AssetCheckResult(
        passed=last is not None and linkedin.clock.now() - last <= FRESH,
        severity=dg.AssetCheckSeverity.WARN,
        description="No file was ever imported." if last is None else None,
        metadata={"last_import": dg.MetadataValue.timestamp(last)} if last else {},
    )

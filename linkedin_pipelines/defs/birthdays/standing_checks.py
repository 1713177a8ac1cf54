"""Whether the account may be used at all today: no stop sign of the site, and a session that lasts."""

import dagster as dg

from linkedin_pipelines.defs.partitions import campaign_of, campaigns
from linkedin_pipelines.defs.resources import LinkedIn
from linkedin_pipelines.defs.vocabulary import BIRTHDAY_LIST
from linkedin_pipelines.services.sessions import WARN_DAYS
from linkedin_pipelines.services.standing import Verdict, session_verdict, stop_sign_verdict
from linkedin_pipelines.settings import Settings


def metadata_of(settings: Settings, verdict: Verdict) -> dict[str, dg.MetadataValue | str | int]:
    """What is known beside the sentence; a picture as the path of its file."""
    facts: dict[str, dg.MetadataValue | str | int] = dict(verdict.facts)
    if verdict.picture is not None:
        facts["picture"] = dg.MetadataValue.path(str(settings.evidence / verdict.picture))
    return facts


def _result(linkedin: LinkedIn, verdict: Verdict) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=verdict.passed,
        severity=dg.AssetCheckSeverity.ERROR if verdict.grave else dg.AssetCheckSeverity.WARN,
        description=verdict.sentence,
        metadata=metadata_of(linkedin.settings, verdict),
    )


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    partitions_def=campaigns,
    description=(
        "The site has not told this account to stop. A failure means that it was challenged, limited or signed out: "
        "the member looks at LinkedIn in a browser of their own, then resumes the account (`accounts resume`). Told by "
        "alerts_sensor too, the moment it happens."
    ),
)
def no_stop_sign(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    return _result(linkedin, stop_sign_verdict(linkedin.database, account))


@dg.asset_check(
    asset=BIRTHDAY_LIST,
    partitions_def=campaigns,
    description=(
        f"The stored session lasts for more than {WARN_DAYS} days. A failure means that the member should sign in "
        "again (`session login`): as a warning, soon; as an error, before anything can be sent."
    ),
)
def session_lasts(context: dg.AssetCheckExecutionContext, linkedin: LinkedIn) -> dg.AssetCheckResult:
    account, _ = campaign_of(context)
    return _result(linkedin, session_verdict(linkedin.database, linkedin.clock, account))

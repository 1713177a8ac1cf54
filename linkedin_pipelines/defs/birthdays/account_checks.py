"""Whether the account may be used at all today: no stop sign of the site, and a session that lasts."""

from datetime import date

import dagster as dg

from linkedin_pipelines.defs.shared.checks import Finding, campaign_check
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import BIRTHDAY_LIST
from linkedin_pipelines.services.accounts.sessions import WARN_DAYS
from linkedin_pipelines.services.reporting.account_health import Verdict, session_verdict, stop_sign_verdict
from linkedin_pipelines.settings import Settings


def metadata_of(settings: Settings, verdict: Verdict) -> dict[str, dg.MetadataValue | str | int]:
    """What is known beside the sentence; a picture as the path of its file."""
    facts: dict[str, dg.MetadataValue | str | int] = dict(verdict.facts)
    if verdict.screenshot is not None:
        facts["picture"] = dg.MetadataValue.path(str(settings.evidence / verdict.screenshot))
    return facts


def _finding(linkedin: LinkedIn, verdict: Verdict) -> Finding:
    return Finding(verdict.passed, verdict.sentence, metadata_of(linkedin.settings, verdict), warning=not verdict.grave)


@campaign_check(
    BIRTHDAY_LIST,
    "The site has not told this account to stop. A failure means that it was challenged, limited or signed out: "
    "the member looks at LinkedIn in a browser of their own, then resumes the account (`accounts resume`). Told by "
    "alerts_sensor too, the moment it happens.",
)
def no_stop_sign(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    return _finding(linkedin, stop_sign_verdict(linkedin.database, account))


@campaign_check(
    BIRTHDAY_LIST,
    f"The stored session lasts for more than {WARN_DAYS} days. A failure means that the member should sign in "
    "again (`session login`): as a warning, soon; as an error, before anything can be sent.",
)
def session_lasts(linkedin: LinkedIn, account: str, _day: date) -> Finding:
    return _finding(linkedin, session_verdict(linkedin.database, linkedin.clock, account))

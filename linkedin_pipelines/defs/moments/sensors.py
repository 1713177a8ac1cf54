"""What starts the congratulations that the member approved by hand."""

from collections.abc import Iterator

import dagster as dg

from linkedin_pipelines.defs.birthdays.launches import approved_by_hand
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.defs.shared.vocabulary import MOMENT_MESSAGES
from linkedin_pipelines.services.moments.approvals import CONGRATULATIONS

JOB = "moments_campaign"


@dg.sensor(
    job_name=JOB,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Starts the congratulations that the member approved by hand today, as soon as the account's hours allow. "
        "Live is asked for; an account whose mode is rehearsal rehearses."
    ),
)
def congratulation_approvals_sensor(
    context: dg.SensorEvaluationContext, linkedin: LinkedIn
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Once an approval, and not beside another run of the account: the tabs are not read again."""
    asked = list(
        approved_by_hand(
            context,
            linkedin,
            JOB,
            MOMENT_MESSAGES,
            CONGRATULATIONS.latest_approval,
            lambda account: bool(account.config.moments.congratulate),
        )
    )
    yield from asked
    if not asked:
        yield dg.SkipReason("No congratulations approved by hand wait to be sent.")

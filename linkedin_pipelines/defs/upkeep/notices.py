"""Notices by e-mail and webhook: what lasts is told once a day, what is over once more."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorTick, TickStatus  # no public door to ticks

from linkedin_pipelines.clock import Clock
from linkedin_pipelines.defs.shared.resources import LinkedIn
from linkedin_pipelines.errors import NoticeNotSentError
from linkedin_pipelines.services.notices.causes import causes
from linkedin_pipelines.services.notices.channels import channels_of
from linkedin_pipelines.services.notices.messages import Cause
from linkedin_pipelines.services.notices.morning import send_morning_mails
from linkedin_pipelines.services.notices.telling import tell

ENDED = {TickStatus.SUCCESS, TickStatus.SKIPPED, TickStatus.FAILURE}
FAILED_IN_A_ROW = {"SENSOR": 2, "SCHEDULE": 1}
"""A sensor looks again within seconds, so one failure may be a database that was away; a schedule waits for its day."""


@dg.sensor(
    minimum_interval_seconds=120,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Tells the member and the operator, by the channels that are set up, what stopped, what was not sent and what "
        "to do: stop signs, sessions, doubts, unsent wishes, old backups, failed runs, schedules and sensors. Once a "
        "day while it lasts, and once when it is over. Without a channel it only keeps the notices; see "
        "docs/notices.md."
    ),
)
def notices_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> dg.SkipReason:
    """A channel that does not take a message fails nothing here: the message is due again, and `doctor` says so."""
    channels = channels_of(linkedin.settings, linkedin.clock)
    present = [
        *causes(linkedin.database, linkedin.settings, linkedin.clock),
        *failing_ticks(context.instance),
        *failed_runs(context.instance, linkedin.clock),
    ]
    told = tell(linkedin.database, linkedin.settings, linkedin.clock, channels, present)
    for failure in told.failures:
        context.log.warning("A notice did not go out: %s.", failure)
    ways = ", ".join(channel.name for channel in channels) or "no channel is set up"
    lasting = ", ".join(told.lasting) or "nothing to tell"
    return dg.SkipReason(f"{told.sent} messages sent ({ways}). Lasting: {lasting}.")


def failing_ticks(instance: dg.DagsterInstance) -> Iterator[Cause]:
    """Schedules and sensors whose own code fails: whatever they were to notice or start goes unnoticed."""
    for state in instance.all_instigator_state():
        if not state.is_running:
            continue
        kind = state.instigator_type.value
        wanted = FAILED_IN_A_ROW.get(kind, 1)
        ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=wanted + 1)
        if _failed([tick for tick in ticks if tick.status in ENDED][:wanted], wanted):
            name = state.instigator_name
            yield Cause(
                None,
                f"{kind.lower()}_fails:{name}",
                f"the {kind.lower()} {name} fails",
                f"What {name} looks after: it cannot look any more.",
                "Whatever it would have started.",
                f"In Dagster, under Automation, {name} shows the error. If it names the database or the home, mend "
                "that; else report it.",
            )


def _failed(ticks: Sequence[InstigatorTick], wanted: int) -> bool:
    return len(ticks) == wanted and all(tick.status is TickStatus.FAILURE for tick in ticks)


def failed_runs(instance: dg.DagsterInstance, clock: Clock) -> Iterator[Cause]:
    """Jobs whose newest run of the last day failed, account by account."""
    since = clock.now() - timedelta(days=1)
    ended = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE]
    records = instance.get_run_records(filters=dg.RunsFilter(statuses=ended, updated_after=since), limit=500)
    seen: set[tuple[str, str | None]] = set()
    for run in (record.dagster_run for record in records):  # newest first
        account = run.tags.get("dagster/partition/account")
        job = "materializing by hand" if run.job_name.startswith("__") else run.job_name
        if (job, account) in seen:
            continue
        seen.add((job, account))
        if run.status is dg.DagsterRunStatus.FAILURE:
            yield Cause(
                account,
                f"run_fails:{job}",
                f"{job} failed",
                f"The run {run.run_id} of {job} ended in a failure.",
                "Whatever it had not reached. Nothing is lost: the next run goes on from the ledger.",
                "The run in Dagster shows the step and its error. A campaign is taken up again by itself.",
            )


@dg.sensor(
    minimum_interval_seconds=300,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description=(
        "Mails each day's list, once, to members whose account asks for it (`notices.morning_mail`): texts, who is "
        "left out, what waits, and a link to approve it. Off by default; see docs/notices.md."
    ),
)
def morning_mail_sensor(context: dg.SensorEvaluationContext, linkedin: LinkedIn) -> dg.SkipReason:
    """A mail server that does not take it does not fail the sensor: it is tried again, and `doctor` says so."""
    try:
        sent = send_morning_mails(linkedin.database, linkedin.settings, linkedin.clock)
    except NoticeNotSentError as error:
        context.log.warning("The morning mail did not go out: %s.", error)
        return dg.SkipReason(f"Not sent: {error}.")
    return dg.SkipReason(f"Mailed the list of {', '.join(sent)}." if sent else "No list is to be mailed now.")

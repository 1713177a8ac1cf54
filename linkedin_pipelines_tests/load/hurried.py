"""The product with a tick of each sensor every second or two, of each schedule every minute: minutes show hours.

    python -m linkedin_pipelines_tests.load.hurried up …

starts `up` with the definitions of this module, and Dagster's daemon with `hurried_daemon`.
"""

from __future__ import annotations

import dagster as dg

from linkedin_pipelines.cli import main as command
from linkedin_pipelines.definitions import build_definitions
from linkedin_pipelines.runtime import stack

EVERY_SECONDS = 1
"""What a sensor allows at least between two ticks; Dagster counts whole seconds."""
QUARTER_HOURLY = "*/15 * * * *"
MINUTELY = "* * * * *"


@dg.definitions
def defs() -> dg.Definitions:
    """All that the product has; only how often it ticks differs."""
    definitions = build_definitions()
    for sensor in definitions.sensors or ():
        sensor._min_interval = EVERY_SECONDS
    for schedule in definitions.schedules or ():
        assert isinstance(schedule, dg.ScheduleDefinition)
        if schedule.cron_schedule == QUARTER_HOURLY:  # the others begin a run each time: a backup, an import, a report
            schedule._cron_schedule = MINUTELY
    return definitions


def main() -> None:
    """The product's command, whose stack loads this module and the hurried daemon instead of the usual ones."""
    stack.MODULE = "linkedin_pipelines_tests.load.hurried"
    stack.DAEMON = ("python", "-m", "linkedin_pipelines_tests.load.hurried_daemon")
    command()


if __name__ == "__main__":
    main()

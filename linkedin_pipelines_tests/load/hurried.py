"""The product with sensors and schedules at ten times their pace, so that minutes show what hours would.

    python -m linkedin_pipelines_tests.load.hurried up …

starts `up` with the definitions of this module.
"""

from __future__ import annotations

import dagster as dg

from linkedin_pipelines.cli import main as command
from linkedin_pipelines.definitions import build_definitions
from linkedin_pipelines.runtime import stack

TIMES = 10
QUARTER_HOURLY = "*/15 * * * *"
MINUTELY = "* * * * *"


@dg.definitions
def defs() -> dg.Definitions:
    """All that the product has; only how often it ticks differs."""
    definitions = build_definitions()
    for sensor in definitions.sensors or ():
        sensor._min_interval = max(1, (sensor.minimum_interval_seconds or 30) // TIMES)
    for schedule in definitions.schedules or ():
        assert isinstance(schedule, dg.ScheduleDefinition)
        if schedule.cron_schedule == QUARTER_HOURLY:  # the others begin a run each time: a backup, an import, a report
            schedule._cron_schedule = MINUTELY
    return definitions


def main() -> None:
    """The product's command, whose stack loads this module instead of the product's own definitions."""
    stack.MODULE = "linkedin_pipelines_tests.load.hurried"
    command()


if __name__ == "__main__":
    main()

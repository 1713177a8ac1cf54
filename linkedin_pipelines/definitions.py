"""The code location: what Dagster loads, and all that it loads.

| area | what it holds |
| --- | --- |
| `defs/accounts` | accounts.yaml mirrored into the database and the partitions |
| `defs/contacts` | files of the member imported: `contacts` |
| `defs/birthdays` | what the site shows: `birthdays_seen` |
| `defs/birthdays` | `birthday_list` → `approved_messages` → `birthday_messages` → `interactions` → `campaign_report` |
| `defs/visits` | `sourced_profiles` → `profile_visits` → `fit_scores`, `interactions` |
| `defs/invitations` | `pending_invitations` → `approved_withdrawals` → `invitation_withdrawals` → `interactions` |
| `defs/moments` | `moments_seen` → `approved_congratulations` → `moment_messages` → `interactions` |
| `defs/reports` | `interactions` → `monthly_report` |
| `defs/upkeep` | sends in doubt settled, dead runs ended, failures logged |
| `components` | the job and schedule that each `campaign/defs.yaml` declares: visits, withdrawals, congratulations |
"""

import gc
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import dagster as dg

from linkedin_pipelines.garbage import nothing_collected

# Dagster warns, whenever a code location loads, of a beta parameter that nobody but Dagster itself passes.
warnings.filterwarnings("ignore", r"Parameter `owners` of initializer `SensorDefinition", dg.BetaWarning)


def build_definitions(overrides: Mapping[str, Any] | None = None) -> dg.Definitions:
    """All definitions, with the resources of `overrides` in place of the real ones of those names."""
    # Not at the top, since it loads most of the product.
    from linkedin_pipelines.defs.shared.resources import Campaign, LinkedIn  # noqa: PLC0415

    linkedin = LinkedIn()
    resources = {
        "linkedin": linkedin,
        "campaign": Campaign(linkedin=linkedin),
        # Steps hand numbers to each other within one process; whatever outlives a run is in our own database.
        "io_manager": dg.mem_io_manager,
        **(overrides or {}),
    }
    # One run, one process, one browser: with a process a step, a killed worker leaves its step acting alone.
    common = dg.Definitions(resources=resources, executor=dg.in_process_executor)
    return dg.Definitions.merge(dg.load_from_defs_folder(path_within_project=Path(__file__).parent), common)


@dg.definitions
def defs() -> dg.Definitions:
    """What `workspace.yaml` points at."""
    # Nothing that is loaded here is ever let go of: looking for garbage in it took a tenth of each process's start.
    with nothing_collected():
        built = build_definitions()
    gc.freeze()
    return built

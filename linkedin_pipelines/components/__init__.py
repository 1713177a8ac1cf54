"""Component types: what a file `defs.yaml` under `defs/` can declare. `dg list components` shows them."""

from linkedin_pipelines.components.daily_campaign import DailyCampaign

__all__ = ["DailyCampaign"]

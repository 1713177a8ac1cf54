"""All use of Dagster outside definitions: launching, the instance, run history, partitions."""

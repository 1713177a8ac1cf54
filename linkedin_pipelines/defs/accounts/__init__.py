"""The member accounts as Dagster sees them."""

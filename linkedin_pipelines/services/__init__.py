"""Use cases: what an op or a command calls. They know rules, database and browser; they do not know Dagster."""

"""Where state lives: one schema for SQLite and Postgres, and the only importer of SQLAlchemy."""

"""The engine, sessions, column types and the schema version. Nothing here knows a table."""

"""Copies of the database, and compacting its files."""

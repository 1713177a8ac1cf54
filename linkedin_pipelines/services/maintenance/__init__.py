"""Backups, evidence and what is done at regular times."""

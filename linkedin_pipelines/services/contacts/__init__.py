"""Contacts from the member's files: read, matched, stored, and what sources dispute."""

"""Sent invitations as the page showed them, and what became of each."""

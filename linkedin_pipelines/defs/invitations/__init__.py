"""Sent invitations that are stale, withdrawn."""

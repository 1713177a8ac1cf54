"""Sent invitations: read, chosen, approved, withdrawn."""

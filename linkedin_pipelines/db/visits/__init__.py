"""Profiles found by searches, and what visits read of them."""

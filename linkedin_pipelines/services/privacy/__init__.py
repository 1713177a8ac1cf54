"""Opting out and erasure."""

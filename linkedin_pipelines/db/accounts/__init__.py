"""Accounts, their leases, breakers, sessions and heartbeats."""

"""Contacts, imports, the suppression list, and what imported messages tell."""

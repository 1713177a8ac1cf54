"""Birthdays, readings of the site, and the lists of each day."""

"""Moments other than birthdays: what the pages told, and what a congratulation has to heed."""

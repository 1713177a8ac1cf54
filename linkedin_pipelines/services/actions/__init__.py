"""Carrying out actions on the site: claim, act, prove, settle, for every kind of action."""

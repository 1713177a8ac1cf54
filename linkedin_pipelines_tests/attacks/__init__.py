"""Attacks that any web page could try on a running installation, played in a real browser."""

"""Databases of the reference product: copied aside, checked, and read into facts."""

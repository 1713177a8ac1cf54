"""Taking over from the reference product."""

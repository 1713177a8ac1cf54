"""What databases of the reference product state, and what follows from it here."""

"""People searches, and visits to the profiles that they find."""

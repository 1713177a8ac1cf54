"""Profiles that a people search finds: visited, read, scored."""

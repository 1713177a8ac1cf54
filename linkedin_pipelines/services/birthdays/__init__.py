"""The birthday campaign: what the site shows, the list, its approval, and the run that sends it."""

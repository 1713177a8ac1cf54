"""The main job on the sandbox, end to end."""

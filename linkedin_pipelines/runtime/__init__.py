"""Processes, signals, the home folder and the stack that `up` starts."""

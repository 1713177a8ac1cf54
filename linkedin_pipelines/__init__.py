"""Keeps LinkedIn relationships warm: the right words to the right person, once, within limits, with proof."""

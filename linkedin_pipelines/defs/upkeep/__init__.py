"""What keeps a long-running installation whole."""

"""Messages to one person, of whatever occasion: written, read back, sent once and proven."""

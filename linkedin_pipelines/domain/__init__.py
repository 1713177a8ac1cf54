"""Pure rules: no input or output, no clock of their own, no knowledge of where data lives."""

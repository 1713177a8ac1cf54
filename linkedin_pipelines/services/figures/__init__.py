"""An account's activity over days, weeks and months as numbers, and how they are drawn."""

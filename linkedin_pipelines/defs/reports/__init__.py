"""Reports over longer times than a day's campaign."""

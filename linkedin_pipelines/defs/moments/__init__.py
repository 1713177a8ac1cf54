"""Work anniversaries and new jobs, congratulated on."""

"""Work anniversaries and new jobs: read, chosen, approved, congratulated on."""

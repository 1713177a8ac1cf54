"""Page objects, one page a file: what a page shows and what a member does there, one short verb an action."""

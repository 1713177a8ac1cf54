"""From a day's birthday list to proven wishes."""

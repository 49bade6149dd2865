"""From a day's shipments to a proved plan, and from a plan to its files."""

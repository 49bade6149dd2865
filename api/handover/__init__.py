"""Who is on duty for a province's day, and what one dispatcher leaves to the next."""

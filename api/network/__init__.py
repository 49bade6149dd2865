"""A province's own data: its places, people, lines, rules and settings, dated."""

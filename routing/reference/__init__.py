"""The reference engine, on OR-Tools routing: the second opinion on every stronger one."""

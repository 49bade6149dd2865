"""The shipments of a day: read, checked, typed."""

"""Checks of a deployment: what is well, what is not, and what to do."""

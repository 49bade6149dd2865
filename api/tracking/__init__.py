"""Tracking: what a citizen sees with the code, and with the PIN, of their papers."""

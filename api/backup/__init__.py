"""Backups of a running deployment, and their way back."""

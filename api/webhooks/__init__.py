"""Telling other systems what happened: signed, in order, at least once, and without personal data."""

"""Custody: what happens to papers, who held each of them, and the ledger that proves it."""

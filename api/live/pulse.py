"""Whether anything new was told: asked of the database once for all who listen, not once for each."""

from __future__ import annotations

import threading
from time import monotonic

from api.db.engine import Database
from api.live.feed import Cursor, heads_of

LOOK = 0.5
"""Seconds for which an answer serves everybody; what is told is heard that much later at most."""


class Pulse:
    """Remembers for a moment where the feeds of each province end."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Cursor, float]] = {}

    def heads(self, province_id: str) -> Cursor:
        """Say where the feeds end, or ended less than `LOOK` ago."""
        with self._lock:
            known = self._known.get(province_id)
            if known is not None and known[1] > monotonic():
                return known[0]
            with self._database.read() as connection:
                heads = heads_of(connection, province_id)
            self._known[province_id] = heads, monotonic() + LOOK
            return heads

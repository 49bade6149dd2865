"""
The thread that keeps the tallies close behind the ledger, so that no report has a whole day to add up.

Taking events in comes first: a slice is short, none is begun while works wait for the writer, and while the ledger
grows each is followed by a rest of several times its own length.
"""

from __future__ import annotations

import logging
import threading
from time import perf_counter
from typing import Final

from api.db.engine import Database
from api.db.writer import Writer
from api.errors import ApiError
from api.tallies.store import progress, tally_some

logger = logging.getLogger(__name__)

AT_ONCE: Final = 20
"""Events a slice: some hundredths of a second, which an intake may have to wait."""
LOOKED_AT_EVERY: Final = 1.0
"""Seconds, when nothing is left to tally or the database does not answer."""
RESTS: Final = 9
"""Lengths of a slice: a tenth of the writer's time at most while events come in."""


class Follower:
    """Tallies what the ledger holds."""

    def __init__(self, database: Database, writer: Writer) -> None:
        self._database, self._writer = database, writer
        self._size = 0
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tallies", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Finish the slice; the rest waits for the next start."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def step(self) -> float:
        """
        Tally a slice, if one is due.

        Returns
        -------
        seconds
            To rest now.
        """
        with self._database.read() as connection:
            done, whole = progress(connection)
        grows, self._size = whole > self._size, whole
        if done == whole or self._writer.backlog:
            return LOOKED_AT_EVERY
        began = perf_counter()
        self._writer.write_now(lambda connection: tally_some(connection, AT_ONCE))
        return RESTS * (perf_counter() - began) if grows else 0.0

    def _run(self) -> None:
        rest = LOOKED_AT_EVERY
        while not self._stopping.wait(rest):
            try:
                rest = self.step()
            except ApiError as error:  # the database does not answer: what is left is tallied later
                logger.warning("tallies wait: %s", error.code, extra={"action": "tally"})
                rest = LOOKED_AT_EVERY
            except Exception:
                logger.exception("tallies stumbled", extra={"action": "tally"})
                rest = LOOKED_AT_EVERY

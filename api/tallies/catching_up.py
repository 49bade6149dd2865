"""
Tallies follow the ledger when somebody asks for them, so that taking events in costs nothing more.

Whoever erases what is personal has to call this first: amounts are personal, and what is tallied stays.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from api.db.engine import Database
from api.db.writer import Writer
from api.errors import UnavailableError
from api.tallies.store import is_behind, tally_some

MOST_SECONDS: Final = 20.0
"""That one request spends on it; what was tallied by then stays."""


def catch_up(database: Database, writer: Writer, *, seconds: float | None = None) -> None:
    """
    Tally everything that the ledger holds by now; in a thread.

    Parameters
    ----------
    seconds
        None = `MOST_SECONDS`.

    Raises
    ------
    UnavailableError
        When the database cannot be written to, or more has come in than can be tallied in time: figures that are
        behind would be wrong figures. Asked again, it goes on where it stopped.
    """
    until = monotonic() + (MOST_SECONDS if seconds is None else seconds)
    with database.read() as connection:
        behind = is_behind(connection)
    while behind:
        behind = writer.write_now(tally_some)
        if behind and monotonic() > until:
            raise UnavailableError(
                "Đang cộng các sự kiện vừa nhận; hãy thử lại sau vài giây.",
                "The events that came in are still being added up: try again in some seconds.",
                retry_after=2,
            )

"""
Tallies follow the ledger in the background; who asks for figures has only what came in last left to wait for.

Whoever erases what is personal has to call this first: amounts are personal, and what is tallied stays.
"""

from __future__ import annotations

from time import monotonic
from typing import Final

from api.db.engine import Database
from api.db.writer import Writer
from api.errors import UnavailableError
from api.tallies.store import is_behind, progress, tally_some

MOST_SECONDS: Final = 3.0
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
        behind would be wrong figures. It says how far it is; asked again, it goes on where it stopped.
    """
    until = monotonic() + (MOST_SECONDS if seconds is None else seconds)
    with database.read() as connection:
        behind = is_behind(connection)
    while behind:
        behind = writer.write_now(tally_some)
        if behind and monotonic() > until:
            raise _not_yet(database)


def _not_yet(database: Database) -> UnavailableError:
    with database.read() as connection:
        done, whole = progress(connection)
    return UnavailableError(
        f"Đang cộng các sự kiện vừa nhận: {done} trên {whole}. Hãy thử lại sau vài giây.",
        f"The events that came in are still being added up: {done} of {whole}. Try again in some seconds.",
        retry_after=2,
    )

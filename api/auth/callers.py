"""Who holds a token: asked of the database, and remembered for a moment."""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, datetime
from time import monotonic

from starlette.concurrency import run_in_threadpool

from api.auth.roles import Who
from api.auth.store import not_logged_in, whose_token
from api.db.engine import Database

REMEMBERED_FOR = 1.0
"""Seconds: a revoked token works for no longer than this."""
REMEMBERED = 4_096
"""Tokens."""


class Callers:
    """Finds who makes a request."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: OrderedDict[str, tuple[Who, float]] = OrderedDict()

    async def whose(self, token: str) -> Who:
        """
        Say who holds an access token.

        Raises
        ------
        UnknownCallerError
            When nobody does, or no longer.
        """
        known = self._known.get(token)
        if known is not None and known[1] > monotonic():
            return known[0]
        who = await run_in_threadpool(self._ask, token)
        self._known[token] = who, monotonic() + REMEMBERED_FOR
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return who

    def forget(self) -> None:
        """Ask anew from now on: somebody was logged out."""
        self._known.clear()

    def _ask(self, token: str) -> Who:
        with self._database.read() as connection:
            who = whose_token(connection, token, datetime.now(UTC))
        if who is None:
            raise not_logged_in()
        return who

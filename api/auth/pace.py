"""
How fast one person may ask: a burst, then a steady pace (generic cell rate algorithm, ITU-T I.371 annex A).

One number for each who asks, the moment at which everything asked so far is paid for, in the memory of this process: a
limit against a page or a script gone wild, not a quota.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil
from time import monotonic

from api.errors import TooManyError

MINUTE = 60.0
"""Seconds: what may be asked in one go."""
REMEMBERED = 10_000
"""Callers, before those who have paid are forgotten."""


class Pace:
    """
    Keeps callers to a number of requests a minute.

    Parameters
    ----------
    per_minute
        Also the burst; 0 = no limit.
    """

    def __init__(self, per_minute: int, *, clock: Callable[[], float] = monotonic) -> None:
        self._cost = MINUTE / per_minute if per_minute else 0.0
        self._clock = clock
        self._paid: dict[str, float] = {}

    def take(self, caller: str) -> None:
        """
        Count a request.

        Raises
        ------
        TooManyError
            With the seconds to wait.
        """
        if not self._cost:
            return
        now = self._clock()
        paid = max(self._paid.get(caller, now), now) + self._cost
        over = paid - now - MINUTE
        if over > 1e-6:  # a tenth of a second has no exact form
            raise _too_fast(ceil(over))
        self._paid[caller] = paid
        if len(self._paid) > REMEMBERED:
            self._paid = {one: until for one, until in self._paid.items() if until > now}


def _too_fast(seconds: int) -> TooManyError:
    return TooManyError(
        f"Quá nhiều yêu cầu. Hãy thử lại sau {seconds} giây.",
        f"Too many requests. Try again in {seconds} seconds.",
        retry_after=seconds,
    )

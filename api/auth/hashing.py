"""
A few threads that hash passwords: argon2 takes 64 MiB each time, and everybody comes in at half past six.

Who comes while they are busy waits, without keeping a thread from other requests; when too many wait, the next ones are
told to come back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import BoundedSemaphore
from typing import ParamSpec, TypeVar

from api.errors import UnavailableError

AT_ONCE = 2
"""Passwords: 128 MiB."""
MOST_WAITING = 50
"""Passwords; at 0.1 to 0.4 s each, on a calm or a busy machine, the last of them waits for 3 to 10 seconds."""
RETRY_AFTER = 5
"""Seconds."""

_Given = ParamSpec("_Given")
_Result = TypeVar("_Result")


class Hashing:
    """Hashes passwords, a few at once."""

    def __init__(self, *, at_once: int = AT_ONCE, most_waiting: int = MOST_WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, "argon2")
        self._places = BoundedSemaphore(at_once + most_waiting)

    async def run(self, work: Callable[_Given, _Result], *args: _Given.args, **kwargs: _Given.kwargs) -> _Result:
        """
        Hash or check a password when it is its turn.

        Raises
        ------
        UnavailableError
            When too many wait already.
        """
        if not self._places.acquire(blocking=False):
            raise UnavailableError(
                "Đang có quá nhiều người đăng nhập. Hãy thử lại sau vài giây.",
                "Too many people log in just now. Try again in some seconds.",
                retry_after=RETRY_AFTER,
            )
        turn = self._threads.submit(work, *args, **kwargs)
        turn.add_done_callback(self._leave)
        return await asyncio.wrap_future(turn)

    def close(self) -> None:
        """Finish what is begun."""
        self._threads.shutdown(cancel_futures=True)

    def _leave(self, _: Future[_Result]) -> None:
        self._places.release()

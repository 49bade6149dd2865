"""
The one writer: works of many callers share a commit, and nobody hears "done" before it is on disk.

A single thread takes whatever waits, runs each work in a savepoint of its own, commits once, then answers all of them
(group commit, Gawlick & Kinkade 1985). The time of one flush is so shared among everybody who waited for it.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, RootTransaction

from api.db.engine import Database
from api.db.failures import RETRY_AFTER, lost_in_commit, translated
from api.errors import ApiError, UnavailableError

logger = logging.getLogger(__name__)

MOST_TOGETHER = 128
"""Works in one commit."""
MOST_WAITING = 2_000
"""Works that may wait; more are turned away, so that nobody waits for ever."""

Result = TypeVar("Result")
Work = Callable[[Connection], Result]


@dataclass(slots=True)
class _Waiting(Generic[Result]):
    work: Work[Result]
    answer: Future[Result] = field(default_factory=Future)
    result: Any = None
    failure: BaseException | None = None

    def run(self, connection: Connection) -> None:
        self.result, self.failure = self.work(connection), None

    def tell(self) -> None:
        if self.failure is not None:
            self.answer.set_exception(self.failure)
        else:
            self.answer.set_result(self.result)


class Writer:
    """
    Writes to one database.

    A work gets the writer's connection. It does SQL and nothing else, is short, and refuses by raising: then only its
    own savepoint is undone. When the database itself fails, nobody's work of that commit is kept, and each caller is
    told to try again; when it fails in the commit itself, nobody knows, and each caller is told so.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: queue.Queue[_Waiting[Any] | None] = queue.Queue()
        self._accepting = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def backlog(self) -> int:
        """Works that wait."""
        return self._waiting.qsize()

    def close(self) -> None:
        """Finish what waits, then stop; later works are turned away."""
        with self._accepting:
            self._open = False
            self._waiting.put(None)
        self._thread.join()

    def submit(self, work: Work[Result]) -> Future[Result]:
        """
        Queue a work.

        Raises
        ------
        UnavailableError
            When too many wait already, or the service stops.
        """
        one = _Waiting(work)
        with self._accepting:
            if not self._open or self._waiting.qsize() >= MOST_WAITING:
                raise UnavailableError(
                    "Máy chủ đang quá tải hoặc đang dừng; chưa ghi gì cả. Hãy thử lại.",
                    "The server is overloaded or stopping; nothing was written. Try again.",
                    retry_after=RETRY_AFTER,
                )
            self._waiting.put(one)
        return one.answer

    async def write(self, work: Work[Result]) -> Result:
        """Run a work; return once it is on disk."""
        return await asyncio.wrap_future(self.submit(work))

    def write_now(self, work: Work[Result]) -> Result:
        """As `write`, for threads."""
        return self.submit(work).result()

    def _run(self) -> None:
        going = True
        while going:
            first = self._waiting.get()
            together, going = self._together(first)
            if together:
                self._commit(together)

    def _together(self, first: _Waiting[Any] | None) -> tuple[list[_Waiting[Any]], bool]:
        found, one = [], first
        while one is not None:
            if one.answer.set_running_or_notify_cancel():
                found.append(one)
            if len(found) >= MOST_TOGETHER:
                return found, True
            try:
                one = self._waiting.get_nowait()
            except queue.Empty:
                return found, True
        return found, False

    def _commit(self, together: list[_Waiting[Any]]) -> None:
        said = translated
        try:
            with self._database.writer.connect() as connection, connection.begin() as transaction:
                for one in together:
                    _run_apart(one, connection)
                said = lost_in_commit
                _commit(connection, transaction)
        except BaseException as error:  # whatever it is, it must not end this thread: everybody would wait for ever
            failure = said(error)
            if not isinstance(failure, ApiError):
                logger.exception("a commit failed", extra={"action": "commit"})
            for one in together:
                one.failure = failure
        for one in together:
            one.tell()


def _commit(connection: Connection, transaction: RootTransaction) -> None:
    try:
        transaction.commit()
    except Exception:
        connection.invalidate()  # SQLite may still be in the transaction: only closing it is sure to end it
        raise


def _run_apart(one: _Waiting[Any], connection: Connection) -> None:
    """Run a work so that its failure undoes nobody else's; a failure of the database undoes all."""
    connection.exec_driver_sql("SAVEPOINT work")
    try:
        one.run(connection)
    except Exception as error:
        failure = translated(error)
        if isinstance(failure, UnavailableError):
            raise
        # A savepoint is undone even behind a statement that the database could not make sense of; when it cannot be,
        # the transaction is gone, and that error ends it for everybody.
        one.failure = failure
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
    connection.exec_driver_sql("RELEASE SAVEPOINT work")

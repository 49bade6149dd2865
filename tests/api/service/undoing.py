"""Writes that are answered as always, and undone."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection

from api.db.writer import Work, Writer


@contextmanager
def undone(writer: Writer) -> Iterator[None]:
    """
    Undo every write once it is answered, so that no request spoils the world for the next one.

    A work runs as always, then its savepoint is rolled back as if it had refused.
    """
    submit = writer.submit

    def submit_undone(work: Work[Any]) -> Future[Any]:
        answer: Future[Any] = Future()

        def tell(done: Future[Any]) -> None:
            error = done.exception()
            if isinstance(error, _DoneError):
                answer.set_result(error.result)
            else:
                answer.set_exception(error or AssertionError("a work was kept"))

        def run(connection: Connection) -> None:
            raise _DoneError(work(connection))

        submit(run).add_done_callback(tell)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writer, "submit", submit_undone)
        yield


class _DoneError(Exception):
    """Carries a work's result out of what is undone."""

    def __init__(self, result: Any) -> None:
        self.result = result

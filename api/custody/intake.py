"""
Taking events in: judged, chained, stored and acknowledged, many senders' batches in one go.

What one batch costs is mostly asking and telling the database; so batches that wait at the same time share each
question and each statement, as works share a commit in the writer. Each is judged for itself and in the order in which
it came; a batch that makes the program fail is taken alone the next moment, so that it harms nobody else.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import accumulate
from math import inf
from typing import Final

from sqlalchemy import Connection

from api.auth.roles import Role
from api.custody.batch import Batch
from api.custody.pin_arrivals import PinCheck
from api.custody.province_rules import RuleBook
from api.custody.retelling import retold
from api.custody.sitting import Sitting
from api.custody.store import files_came, lock_head, open_ledger
from api.custody.verdicts import Answer
from api.db.writer import Writer
from api.errors import ApiError, ForbiddenError, UnavailableError
from api.evidence.store import add_files

logger = logging.getLogger(__name__)

MOST_TOGETHER: Final = 20_000
"""The same of batches that are taken in together, besides the first of them."""


@dataclass(slots=True)
class _Waiting:
    batch: Batch
    answer: Future[list[Answer]] = field(default_factory=Future)


class Intake:
    """
    Takes batches in.

    Parameters
    ----------
    writer
        Of the database.
    origin
        The ledger's name, when it has none yet.
    pins
        Opens sealed PINs; without it each stays "not yet checked".
    """

    def __init__(self, writer: Writer, origin: str, *, pins: PinCheck | None = None) -> None:
        self._writer = writer
        self._pins = pins
        self._rules = RuleBook()
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self.origin = writer.write_now(lambda connection: open_ledger(connection, origin))

    async def take(self, batch: Batch) -> list[Answer]:
        """
        Take a batch in; return once it is on disk.

        Raises
        ------
        ForbiddenError
            When a courier does not send from a device.
        UnavailableError
            When the database cannot take it now; nothing was taken in.
        """
        return await asyncio.wrap_future(self.submit(batch))

    def submit(self, batch: Batch) -> Future[list[Answer]]:
        """As `take`, without waiting."""
        if batch.who.role is Role.COURIER and batch.who.device_id is None:
            raise ForbiddenError("Bưu tá chỉ gửi từ thiết bị đã đăng ký.", "A courier sends from an enrolled device.")
        one = _Waiting(batch)
        with self._lock:
            self._waiting.append(one)
            is_first = len(self._waiting) == 1
        if is_first:
            self._go()
        return one.answer

    def _go(self) -> None:
        """Have everything that waits by the time the writer comes to it taken in together."""
        taken: list[_Waiting] = []

        def work(connection: Connection) -> list[list[Answer]]:
            taken.extend(self._gather(MOST_TOGETHER))
            return self._take([one.batch for one in taken], connection)

        def tell(done: Future[list[list[Answer]]]) -> None:
            error = done.exception()
            if error is None:
                for one, answers in zip(taken, done.result(), strict=True):
                    one.answer.set_result(answers)
            elif isinstance(error, UnavailableError) or len(taken) < 2:
                _fail(taken or self._gather(), error)
            else:
                logger.error("a batch failed", exc_info=error, extra={"action": "custody"})
                for one in taken:
                    self._alone(one)

        try:
            self._writer.submit(work).add_done_callback(tell)
        except ApiError as error:
            _fail(self._gather(), error)

    def _alone(self, one: _Waiting) -> None:
        """Only the one at fault fails."""

        def tell(done: Future[list[list[Answer]]]) -> None:
            error = done.exception()
            if error is None:
                one.answer.set_result(done.result()[0])
            else:
                _fail([one], error)

        try:
            self._writer.submit(lambda connection: self._take([one.batch], connection)).add_done_callback(tell)
        except ApiError as error:
            one.answer.set_exception(error)

    def _gather(self, most: float = inf) -> list[_Waiting]:
        """Those that wait, as far as their mentions fit; the rest goes next."""
        with self._lock:
            sizes = accumulate(one.batch.mentions for one in self._waiting)
            number = max(1, sum(size <= most for size in sizes))
            taken, self._waiting = self._waiting[:number], self._waiting[number:]
            is_more = bool(self._waiting)
        if is_more:
            self._go()
        # Whoever gave up before is left out; nobody can give up from here on, so each is answered.
        return [one for one in taken if one.answer.set_running_or_notify_cancel()]

    def _take(self, batches: Sequence[Batch], connection: Connection) -> list[list[Answer]]:
        now = datetime.now(UTC)
        now = now.replace(microsecond=now.microsecond // 1000 * 1000)
        head = lock_head(connection)
        files = [(file.stored, batch.who) for batch in batches for file in batch.files]
        came = {file.sha256 for file, _ in files}
        if files:
            add_files(connection, files, now)
            files_came(connection, came, now)
        world = Sitting(connection, batches, now, self._rules, head, self._pins, came)
        answers = [world.take(batch) for batch in batches]
        world.store(connection)
        answers = retold(connection, answers)
        _wait_for_files(batches)
        return answers


class _NotOnDiskError(Exception):
    """A file could not be written: the fault of one batch, not of the database that all share."""


def _wait_for_files(batches: Iterable[Batch]) -> None:
    """They have been flushed while the database was asked; only the commit has to come after them."""
    for batch in batches:
        for file in batch.files:
            try:
                file.on_disk.result()
            except ApiError as error:
                raise _NotOnDiskError from error


def _fail(waiting: Iterable[_Waiting], error: BaseException) -> None:
    said = error.__cause__ if isinstance(error, _NotOnDiskError) and error.__cause__ else error
    for one in waiting:
        one.answer.set_exception(said)

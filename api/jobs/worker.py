"""
The threads of a server that carry jobs out, each in a child process of its own.

A thread leases a job, starts a child, writes down what it tells, and says every few seconds that both live. A server
that is killed says nothing more: its children end by themselves, and another server, or the same one started again,
takes the job over once the lease is over. A server that stops in order gives its jobs back at once. Either way the
job goes on from the best that was kept.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Connection

from api.db.engine import Database
from api.db.writer import Writer
from api.errors import UnavailableError
from api.ids import new_id
from api.jobs.child import message_step
from api.jobs.kinds import Kind, Task
from api.jobs.process import ENDED, ChildProcess
from api.jobs.store import Job, LeaseLostError, beat, claim, end, find_job, is_any_due, release, report, retry
from api.jobs.tables import JobState, Wish

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Timing:
    """How often things happen, seconds."""

    lease: float = 30.0
    """A worker silent for so long is taken for dead."""
    look: float = 0.5
    """Between looks for jobs, and for wishes about the running one."""
    wait: float = 10.0
    """Before the second attempt; doubled for each one after it."""

    @property
    def beat(self) -> float:
        """Between signs of life: two may be lost."""
        return self.lease / 3


class Workers:
    """
    Carries out jobs until closed.

    Parameters
    ----------
    kinds
        What to do, by kind.
    number
        Jobs at the same time.
    cores
        Processes that each may use.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        kinds: Mapping[str, Kind],
        *,
        number: int,
        data_folder: str,
        cores: int = 1,
        cluster: str = "",
        timing: Timing | None = None,
    ) -> None:
        self._database, self._writer, self._kinds = database, writer, kinds
        self._data_folder, self._cores, self._cluster = data_folder, cores, cluster
        self._timing = timing or Timing()
        self._stopping = threading.Event()
        self._threads = [threading.Thread(target=self._run, name=f"jobs-{n}", daemon=True) for n in range(number)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Kill the children and give their jobs back; returns when all of it is written."""
        self._stopping.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _run(self) -> None:
        name = f"{socket.gethostname()[:40]}-{os.getpid()}-{new_id()[-12:]}"
        while not self._stopping.is_set():
            try:
                job = self._claim(name)
                if job is not None:
                    self._carry_out(job)
                    continue
            except LeaseLostError:
                logger.warning("a job was taken over", extra={"action": "job"})
            except UnavailableError as error:
                logger.warning("no database to work for: %s", error, extra={"action": "job"})
            except Exception:  # the job is taken over when its lease is over; the thread stays for the next one
                logger.exception("an attempt failed", extra={"action": "job"})
            self._stopping.wait(self._timing.look)

    def _claim(self, name: str) -> Job | None:
        with self._database.read() as connection:
            if not is_any_due(connection, datetime.now(UTC)):
                return None
        lease = timedelta(seconds=self._timing.lease)
        return self._writer.write_now(lambda c: claim(c, name, datetime.now(UTC), lease))

    def _carry_out(self, job: Job) -> None:
        kind = self._kinds[job.kind]
        task = Task(
            job_id=job.job_id,
            payload=job.payload,
            progress=job.progress,
            database=self._database.url.render_as_string(hide_password=False),
            data_folder=self._data_folder,
            cores=self._cores,
            cluster=self._cluster,
        )
        with ChildProcess(kind.make, task) as child:
            _Attempt(job, kind, child, self._database, self._writer, self._timing, self._stopping).run()


class _Attempt:
    """One attempt at one job."""

    def __init__(
        self,
        job: Job,
        kind: Kind,
        child: ChildProcess,
        database: Database,
        writer: Writer,
        timing: Timing,
        stopping: threading.Event,
    ) -> None:
        self._job, self._kind, self._child = job, kind, child
        self._database, self._writer, self._timing, self._stopping = database, writer, timing, stopping
        self._has_best = job.result is not None
        self._alive_until = time.monotonic() + timing.lease
        self._beaten = time.monotonic()

    def run(self) -> None:
        """Hear the child out, or end it when somebody wants that."""
        while not self._is_over(self._child.message(self._timing.look)):
            pass

    def _is_over(self, message: dict[str, Any] | None) -> bool:
        if message is not None and self._is_last(message):
            return True
        if self._stopping.is_set():
            self._child.kill()
            self._write(lambda c: release(c, self._job, datetime.now(UTC)))
            return True
        if time.monotonic() - self._beaten >= self._timing.beat:
            self._beat()
        return self._is_unwanted()

    def _is_last(self, message: dict[str, Any]) -> bool:
        """Write down what a message tells; whether it was the last one."""
        if message is ENDED:
            return self._retry(_died(self._child.exit_code))
        if "done" in message:
            return self._end(JobState.DONE)
        if "failed" in message:
            error = message["failed"]
            return self._end(JobState.FAILED, error) if message["is_final"] else self._retry(error)
        step, job, at = message_step(message), self._job, datetime.now(UTC)

        def keep(connection: Connection) -> None:
            best = None if step.best is None else self._kind.keep(connection, job, step.best, at)
            report(connection, job, step.progress, best)

        self._write(keep)
        self._has_best = self._has_best or step.best is not None
        return False

    def _beat(self) -> None:
        lease = timedelta(seconds=self._timing.lease)
        self._write(lambda c: beat(c, self._job, datetime.now(UTC), lease))
        self._beaten = time.monotonic()
        self._alive_until = self._beaten + self._timing.lease

    def _is_unwanted(self) -> bool:
        """Whether somebody wanted the job to end: then it does."""
        with self._database.read() as connection:
            now = find_job(connection, self._job.job_id)
        if now is None or now.leased_by != self._job.leased_by or now.attempts != self._job.attempts:
            raise LeaseLostError("Việc đã được chuyển cho tiến trình khác.", "The job was taken over.")
        if now.wish is Wish.CANCEL:
            self._child.kill()
            return self._end(JobState.CANCELLED)
        if now.wish is Wish.STOP and self._has_best:
            self._child.kill()
            return self._end(JobState.DONE)
        return False

    def _end(self, state: JobState, error: dict[str, Any] | None = None) -> bool:
        self._write(lambda c: end(c, self._job, state, datetime.now(UTC), error))
        return True

    def _retry(self, error: dict[str, Any]) -> bool:
        wait = timedelta(seconds=self._timing.wait * 2 ** (self._job.attempts - 1))
        self._write(lambda c: retry(c, self._job, datetime.now(UTC), error, wait))
        return True

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """Write, and try again for as long as the lease lasts when the database does not answer."""
        while True:
            try:
                return self._writer.write_now(work)
            except UnavailableError:
                if time.monotonic() >= self._alive_until or self._stopping.is_set():
                    raise
                time.sleep(self._timing.look)


def _died(exit_code: int | None) -> dict[str, Any]:
    return {
        "code": "child_died",
        "message_vi": f"Tiến trình con chết giữa chừng (mã {exit_code}).",
        "message_en": f"The child process died (code {exit_code}).",
    }

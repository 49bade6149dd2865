"""
Programs in processes of their own, forked from one that has read every module of the service already.

To read them takes seconds of each start; what a program does with its files, its database and its end is its own.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import runpy
import select
import signal
import subprocess
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
_READ = (
    "api.app", "api.commands.serve", "psycopg", "sqlalchemy.dialects.postgresql.psycopg", "tests.api.service.running",
    "uvicorn", "uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.http.auto",
)  # fmt: skip


class Started:
    """A process that the nursery has started: what `subprocess.Popen` says of one."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        try:
            self._handle = os.pidfd_open(pid)
        except ProcessLookupError:
            self._handle = -1

    def poll(self) -> bool | None:
        """None = it runs."""
        return True if self._ended(0) else None

    def wait(self, seconds: float) -> None:
        """Wait for its end; raises `TimeoutError`."""
        if not self._ended(seconds):
            raise TimeoutError(f"process {self.pid} has not ended after {seconds} s")

    def send_signal(self, how: signal.Signals) -> None:
        if not self._ended(0):
            signal.pidfd_send_signal(self._handle, how)

    def _ended(self, seconds: float) -> bool:
        if self._handle >= 0 and select.select([self._handle], [], [], seconds)[0]:
            os.close(self._handle)
            self._handle = -1
        return self._handle < 0


def start(module: str, *arguments: str, environment: dict[str, str], log: Path) -> Started:
    """Do `python -m module arguments`; what it prints is added to a file."""
    told = {"module": module, "arguments": arguments, "environment": environment, "log": str(log)}
    nursery = _nursery()
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    nursery.stdin.write(json.dumps(told).encode() + b"\n")
    nursery.stdin.flush()
    return Started(int(nursery.stdout.readline()))


@cache
def _nursery() -> subprocess.Popen[bytes]:
    """One for all tests of a worker; it ends with the worker, and all that it started with it."""
    command = [sys.executable, "-m", "tests.api.service.nursery"]
    begun = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
        start_new_session=True,
    )  # fmt: skip
    atexit.register(begun.communicate)
    return begun


def main() -> None:
    """Read the modules, then start a program for each line of standard input."""
    for module in _READ:
        import_module(module)
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here asks how one ended
    for line in sys.stdin.buffer:
        pid = os.fork()
        if pid == 0:
            _become(json.loads(line))
            return
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    os.killpg(0, signal.SIGKILL)


def _become(told: dict[str, Any]) -> None:
    """Be the program, in the child."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(told["environment"])
    nothing, log = os.open(os.devnull, os.O_RDONLY), os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for number, file in enumerate((nothing, log, log)):
        os.dup2(file, number)
    os.close(nothing)
    os.close(log)
    sys.argv[1:] = told["arguments"]
    runpy.run_module(told["module"], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()

"""The server's end of a child process: starts it, hears its steps, kills it with everything that it started."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from types import TracebackType
from typing import Any

from api.jobs.kinds import Task

ENDED: dict[str, Any] = {"ended": True}
"""After the last message."""


class ChildProcess:
    """One child at work; leaving it kills it."""

    def __init__(self, make: str, task: Task) -> None:
        self._messages: queue.Queue[dict[str, Any]] = queue.Queue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "api.jobs.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a group of its own: killed as a whole, and spared the Ctrl-C of a terminal
        )
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it died at once: the messages end
            self._process.stdin.write(json.dumps({"make": make, "task": asdict(task)}).encode() + b"\n")
            self._process.stdin.flush()
        self._reader = threading.Thread(target=self._read, name=f"job-{task.job_id}", daemon=True)
        self._reader.start()

    def __enter__(self) -> ChildProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.kill()

    def message(self, timeout: float) -> dict[str, Any] | None:
        """The next message; None = silence for so many seconds; `ENDED` = there will be no more."""
        try:
            return self._messages.get(timeout=timeout)
        except queue.Empty:
            return None

    def kill(self) -> None:
        """End it, its searches too."""
        assert self._process.stdin is not None
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        with suppress(BrokenPipeError):
            self._process.stdin.close()

    @property
    def exit_code(self) -> int | None:
        return self._process.poll()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self._messages.put(json.loads(line))
        self._messages.put(ENDED)

"""
The process in which one job is done: `python -m api.jobs.child`.

The task comes as a line of JSON on standard input, steps go as lines of JSON to standard output. Standard input stays
open for as long as the server lives: when it ends, however that happens, the child and all of its processes end too.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO, TextIO

from api.errors import ApiError, LaterError, outcome
from api.jobs.kinds import Make, Step, Task

logger = logging.getLogger(__name__)


def main() -> None:
    """Do the job of standard input."""
    told = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_the_server, args=(sys.stdin.buffer,), daemon=True).start()
    with _own_output() as out:
        _tell(out, _outcome(out, told["make"], Task(**told["task"])))


def _outcome(out: TextIO, name: str, task: Task) -> dict[str, Any]:
    module, function = name.split(":")
    try:
        make: Make = getattr(import_module(module), function)
        for step in make(task):
            _tell(out, asdict(step))
    except Exception as error:
        # A refusal says the same at every attempt; what nobody foresaw, or what passes, may go well the next time.
        is_final = isinstance(error, ApiError) and not isinstance(error, LaterError)
        if not isinstance(error, ApiError):
            logger.exception("a job failed", extra={"action": "job", "job_id": task.job_id})
        return {"failed": _said(error), "is_final": is_final}
    return {"done": True}


def _said(error: Exception) -> dict[str, Any]:
    if isinstance(error, ApiError):
        return error.to_json()
    kind = outcome(error).code
    return {"code": kind, "message_vi": "Việc gặp lỗi.", "message_en": f"The job failed: {type(error).__name__}."}


def _own_output() -> TextIO:
    """Standard output for steps alone: whatever else prints does so to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


def _tell(out: TextIO, message: dict[str, Any]) -> None:
    out.write(json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n")
    out.flush()


def _end_with_the_server(door: BinaryIO) -> None:
    door.read()
    os.killpg(0, signal.SIGKILL)


def message_step(message: dict[str, Any]) -> Step:
    """The step that a line of JSON tells."""
    return Step(message["progress"], message["best"])


if __name__ == "__main__":
    main()

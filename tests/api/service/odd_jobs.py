"""Jobs for tests that know nothing of plans."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.errors import RefusedError
from api.jobs.kinds import Kind, Step, Task
from api.jobs.store import Job


def count_up(task: Task) -> Iterator[Step]:
    """Count to 3, going on from where an earlier attempt came to; say it aloud, too."""
    for number in range(task.progress["number"] + 1 if task.progress else 1, 4):
        sys.stdout.write("this goes to standard error\n")
        yield Step({"number": number}, {"number": number})


def die_at_two(task: Task) -> Iterator[Step]:
    """Die at the first 2."""
    for step in count_up(task):
        yield step
        if step.progress["number"] == 2:
            time.sleep(0.2)
            os._exit(9)


def refuse(_: Task) -> Iterator[Step]:
    """Say no."""
    yield Step({"number": 0})
    raise RefusedError("không", "no")


def break_down(_: Task) -> Iterator[Step]:
    """Fail as nobody foresaw."""
    yield Step({"number": 0})
    raise ZeroDivisionError


def wait(_: Task) -> Iterator[Step]:
    """Find something, then search for ever."""
    yield Step({"number": 1}, {"number": 1})
    time.sleep(600)
    yield Step({"number": 2}, {"number": 2})


def wait_without_luck(_: Task) -> Iterator[Step]:
    """Search for ever."""
    yield Step({"number": 0})
    time.sleep(600)


def keep(_: Connection, __: Job, best: dict[str, Any], ___: datetime) -> dict[str, Any]:
    return best


KINDS = {
    function.__name__: Kind(f"{__name__}:{function.__name__}", keep)
    for function in (count_up, die_at_two, refuse, break_down, wait, wait_without_luck)
}

"""What kinds of jobs there are: what the child process does, and how the server keeps what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.jobs.store import Job


@dataclass(frozen=True, slots=True)
class Task:
    """What a child process is told."""

    job_id: str
    payload: dict[str, Any]
    progress: dict[str, Any] | None
    """How far an earlier attempt came."""
    database: str
    """Address; the child only reads."""
    data_folder: str
    cores: int
    """Processes that it may use."""
    cluster: str
    """Address of a Dask scheduler that solves instead; empty = none."""


@dataclass(frozen=True, slots=True)
class Step:
    """What a child process tells, now and then."""

    progress: dict[str, Any]
    best: dict[str, Any] | None = None
    """A better answer than any before, in the kind's own words."""


Make = Callable[[Task], Iterator[Step]]
"""Does the work in a child process; when the steps end, the last best is the answer."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job."""

    make: str
    """`module:function`, a `Make`; named, so that only the child loads the engine."""
    keep: Callable[[Connection, Job, dict[str, Any], datetime], dict[str, Any]]
    """Writes a better answer, in the writer's transaction; returns what the job shows as its result."""

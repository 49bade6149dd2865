"""
Jobs in the database: put in, leased to one worker at a time, taken over when the worker falls silent.

A lease is (worker, attempt): whoever lost it, because it was silent for too long and another took over, can write
nothing any more (a fencing token, Kleppmann 2016).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, and_, case, insert, or_, select, update

from api.errors import RefusedError
from api.ids import new_id
from api.jobs.tables import JobState, Wish, jobs

MOST_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Job:
    """A row of `jobs`."""

    job_id: str
    kind: str
    province_id: str
    payload: dict[str, Any]
    state: JobState
    due_at: datetime
    leased_by: str | None
    lease_until: datetime | None
    heartbeat_at: datetime | None
    attempts: int
    most_attempts: int
    wish: Wish
    revision: int
    progress: dict[str, Any] | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    created_by: str
    created_at: datetime
    finished_at: datetime | None

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None


class LeaseLostError(RefusedError):
    """Another worker has the job now, or it is over."""

    code = "lease_lost"


def enqueue(
    connection: Connection,
    kind: str,
    province_id: str,
    payload: dict[str, Any],
    *,
    by: str,
    at: datetime,
    most_attempts: int = MOST_ATTEMPTS,
) -> Job:
    """Put in a job; `by` is the user who wants it."""
    job_id = new_id()
    connection.execute(
        insert(jobs).values(
            job_id=job_id,
            kind=kind,
            province_id=province_id,
            payload=payload,
            state=JobState.QUEUED,
            due_at=at,
            attempts=0,
            most_attempts=most_attempts,
            wish=Wish.GO_ON,
            revision=1,
            created_by=by,
            created_at=at,
        )
    )
    job = find_job(connection, job_id)
    assert job is not None
    return job


def find_job(connection: Connection, job_id: str) -> Job | None:
    row = connection.execute(select(jobs).where(jobs.c.job_id == job_id)).mappings().one_or_none()
    return None if row is None else _job(row)


def list_jobs(connection: Connection, province_id: str | None, *, after: str | None, limit: int) -> list[Job]:
    """Jobs of a province (None = of all), the newest first, those older than `after`."""
    query = select(jobs).order_by(jobs.c.job_id.desc()).limit(limit)
    if province_id is not None:
        query = query.where(jobs.c.province_id == province_id)
    if after is not None:
        query = query.where(jobs.c.job_id < after)
    return [_job(row) for row in connection.execute(query).mappings()]


def is_any_due(connection: Connection, at: datetime) -> bool:
    """Whether a claim would find something; only looks."""
    return connection.scalar(select(jobs.c.job_id).where(or_(_is_due(at), _is_hopeless(at))).limit(1)) is not None


def claim(connection: Connection, worker: str, at: datetime, lease: timedelta) -> Job | None:
    """
    Lease the job that has waited longest: a queued one, or one whose worker fell silent.

    Two workers never get the same: SQLite has one writer, and PostgreSQL skips a row that another one is taking.
    """
    _give_up(connection, at)
    first = select(jobs.c.job_id).where(_is_due(at)).order_by(jobs.c.due_at, jobs.c.job_id).limit(1)
    chosen = first.with_for_update(skip_locked=True).scalar_subquery()
    row = (
        connection.execute(
            update(jobs)
            .where(jobs.c.job_id == chosen, _is_due(at))
            .values(
                state=JobState.RUNNING,
                leased_by=worker,
                lease_until=at + lease,
                heartbeat_at=at,
                attempts=jobs.c.attempts + 1,
                revision=jobs.c.revision + 1,
            )
            .returning(jobs)
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _job(row)


def beat(connection: Connection, job: Job, at: datetime, lease: timedelta) -> None:
    """
    Say that the worker lives: its lease lasts on from now.

    Raises
    ------
    LeaseLostError
        When another worker has the job.
    """
    _change(connection, job, lease_until=at + lease, heartbeat_at=at)


def report(connection: Connection, job: Job, progress: dict[str, Any], result: dict[str, Any] | None = None) -> None:
    """Say how far a job is, and what the best is that it has found; raises as `beat`."""
    best = {} if result is None else {"result": result}
    _change(connection, job, progress=progress, revision=jobs.c.revision + 1, **best)


def end(connection: Connection, job: Job, state: JobState, at: datetime, error: dict[str, Any] | None = None) -> None:
    """End a leased job for good; raises as `beat`."""
    _change(connection, job, state=state, finished_at=at, error=error, revision=jobs.c.revision + 1, **_UNLEASED)


def retry(connection: Connection, job: Job, at: datetime, error: dict[str, Any], wait: timedelta) -> None:
    """Let a failed attempt be made again after a while, or end the job when none is left; raises as `beat`."""
    if job.attempts >= job.most_attempts:
        end(connection, job, JobState.FAILED, at, error)
        return
    again = {"state": JobState.QUEUED, "due_at": at + wait, "error": error}
    _change(connection, job, revision=jobs.c.revision + 1, **again, **_UNLEASED)


def release(connection: Connection, job: Job, at: datetime) -> None:
    """Give a job back that the server stops before it is done; the attempt does not count. Raises as `beat`."""
    again = {"state": JobState.QUEUED, "due_at": at, "attempts": jobs.c.attempts - 1}
    _change(connection, job, revision=jobs.c.revision + 1, **again, **_UNLEASED)


def wish_for(connection: Connection, job_id: str, wish: Wish, at: datetime) -> None:
    """
    Want a job to end. One that nobody runs ends at once; with a result it is done, else cancelled.

    Of two wishes the stronger counts: a cancelled job is not revived.
    """
    without_result = JobState.CANCELLED.value
    with_result = JobState.DONE.value if wish is Wish.STOP else without_result
    ends = case((jobs.c.result.is_not(None), with_result), else_=without_result)
    waiting = update(jobs).where(jobs.c.job_id == job_id, jobs.c.state == JobState.QUEUED)
    connection.execute(waiting.values(state=ends, finished_at=at, wish=wish, revision=jobs.c.revision + 1))
    running = update(jobs).where(
        jobs.c.job_id == job_id, jobs.c.state == JobState.RUNNING, jobs.c.wish != Wish.CANCEL, jobs.c.wish != wish
    )
    connection.execute(running.values(wish=wish, revision=jobs.c.revision + 1))


_UNLEASED = {"leased_by": None, "lease_until": None}


def _change(connection: Connection, job: Job, **values: Any) -> None:
    held = and_(
        jobs.c.job_id == job.job_id,
        jobs.c.state == JobState.RUNNING,
        jobs.c.leased_by == job.leased_by,
        jobs.c.attempts == job.attempts,
    )
    if connection.execute(update(jobs).where(held).values(**values)).rowcount != 1:
        raise LeaseLostError(
            f"Việc {job.job_id} đã được chuyển cho tiến trình khác hoặc đã kết thúc.",
            f"Job {job.job_id} was taken over by another worker, or is over.",
        )


def _is_due(at: datetime) -> ColumnElement[bool]:
    waits = and_(jobs.c.state == JobState.QUEUED, jobs.c.due_at <= at)
    orphaned = and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < at)
    return and_(or_(waits, orphaned), jobs.c.attempts < jobs.c.most_attempts)


def _is_hopeless(at: datetime) -> ColumnElement[bool]:
    return and_(jobs.c.state == JobState.RUNNING, jobs.c.lease_until < at, jobs.c.attempts >= jobs.c.most_attempts)


def _give_up(connection: Connection, at: datetime) -> None:
    """End jobs whose workers died every time."""
    error = {
        "code": "worker_died",
        "message_vi": "Tiến trình làm việc này đã chết ở mọi lần thử.",
        "message_en": "The worker died at every attempt.",
    }
    over = {"state": JobState.FAILED, "finished_at": at, "error": error, **_UNLEASED}
    connection.execute(update(jobs).where(_is_hopeless(at)).values(revision=jobs.c.revision + 1, **over))


def _job(row: RowMapping) -> Job:
    return Job(**{**row, "state": JobState(row["state"]), "wish": Wish(row["wish"])})

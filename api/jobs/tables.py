"""Table: work that outlives a request, and a server. The rules of a job's life are constraints."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from api.db.tables import METADATA, Json, Moment


class JobState(StrEnum):
    """Where a job is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    """For good: its attempts are used up, or another one would fail too."""
    CANCELLED = "cancelled"


class Wish(StrEnum):
    """What somebody wants of a running job."""

    GO_ON = "go_on"
    STOP = "stop"
    """End early with the best found; before there is one, go on until there is."""
    CANCEL = "cancel"


_STATES = ", ".join(f"'{state}'" for state in JobState)
_WISHES = ", ".join(f"'{wish}'" for wish in Wish)

jobs = Table(
    "jobs",
    METADATA,
    Column("job_id", String(40), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", String(20), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("leased_by", String(80)),
    Column("lease_until", Moment),
    Column("heartbeat_at", Moment),
    Column("attempts", Integer, nullable=False),
    Column("most_attempts", Integer, nullable=False),
    Column("wish", String(20), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("progress", Json),
    Column("result", Json),
    Column("error", Json),
    Column("created_by", ForeignKey("users.user_id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    CheckConstraint(f"state IN ({_STATES})", name="state"),
    CheckConstraint(f"wish IN ({_WISHES})", name="wish"),
    CheckConstraint("(state = 'running') = (leased_by IS NOT NULL)", name="leased"),
    CheckConstraint("(leased_by IS NULL) = (lease_until IS NULL)", name="lease"),
    CheckConstraint("(state IN ('queued', 'running')) = (finished_at IS NULL)", name="finished"),
    CheckConstraint("state <> 'failed' OR error IS NOT NULL", name="error"),
    CheckConstraint("0 <= attempts AND attempts <= most_attempts", name="attempts"),
    Index("ix_jobs_state_due_at", "state", "due_at"),
    Index("ix_jobs_province_id_job_id", "province_id", "job_id"),
)
"""
`due_at`: not before then; a failed attempt moves it back. `revision` counts every change that a follower should see.
`result`: the best so far while a job runs, what came of it once it is done.
"""

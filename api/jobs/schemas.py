"""Jobs over HTTP."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from api.auth.schemas import Strict
from api.jobs.store import Job
from api.jobs.tables import JobState, Wish


class Said(BaseModel):
    """The same in both languages."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vi: str
    en: str


class JobProgress(BaseModel):
    """How far a job is."""

    model_config = ConfigDict(extra="allow", frozen=True)

    stage: str = Field(examples=["solving"])
    """reading, measuring or solving."""
    seconds: float = 0.0
    """Spent searching, over all attempts."""
    of_seconds: float = 0.0
    """To be spent."""
    what: Said | None = None
    """Of a coverage study: what is being done."""
    done: int = 0
    """How much of it."""
    of: int = 0
    """How much there is; 0 = unknown."""


class JobFailure(BaseModel):
    """Why the last attempt failed."""

    model_config = ConfigDict(extra="allow", frozen=True)

    code: str = Field(examples=["bad_input"])
    message_vi: str
    message_en: str


class JobResult(Strict):
    """The best so far; what came of the job once it is done."""

    plan_id: str
    version: int
    """Of the plan; of a re-plan of a running day the one that accepting it publishes."""
    proposal_id: str | None = None
    """Of a re-plan of a running day: what may be accepted or rejected."""
    cost_dong: int
    carried: int
    unassigned: int


class JobAnswer(Strict):
    """A job as it is now."""

    job_id: str
    kind: str = Field(examples=["plan"])
    province_id: str
    day: date | None
    """That a plan is searched for, or a coverage study is about; None = another kind of job."""
    study_id: str | None
    """Of the coverage study that it makes; None = another kind of job."""
    state: JobState
    wish: Wish
    """What somebody wants of it: stop early, or cancel."""
    revision: int
    """Larger is later; the `id` of server-sent events."""
    attempts: int
    most_attempts: int
    progress: JobProgress | None
    result: JobResult | None
    """Of a plan; a coverage study's is the study itself."""
    error: JobFailure | None
    """Of the last attempt; a job that is queued again says why."""
    created_by: str
    created_at: datetime
    finished_at: datetime | None


class JobList(Strict):
    """A page of jobs, the newest first."""

    jobs: tuple[JobAnswer, ...]
    next_after: str | None
    """For the next page; None = that was all."""


class JobWish(Strict):
    """How a job shall end."""

    keep_best: bool = False
    """True: stop early and keep the best; before there is any, the job goes on until there is."""


def job_answer(job: Job) -> JobAnswer:
    """A job as the API answers it."""
    return JobAnswer(
        job_id=job.job_id,
        kind=job.kind,
        province_id=job.province_id,
        day=job.payload.get("day"),
        study_id=job.payload.get("study_id"),
        state=job.state,
        wish=job.wish,
        revision=job.revision,
        attempts=job.attempts,
        most_attempts=job.most_attempts,
        progress=None if job.progress is None else JobProgress(**job.progress),
        result=None if job.result is None or "study_id" in job.payload else JobResult(**job.result),
        error=None if job.error is None else JobFailure(**job.error),
        created_by=job.created_by,
        created_at=job.created_at,
        finished_at=job.finished_at,
    )

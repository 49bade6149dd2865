"""The kind of job that computes a coverage study."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.coverage.document import CoverageStudy
from api.coverage.studies.schemas import figures_of
from api.coverage.studies.store import keep_document
from api.jobs.kinds import Kind
from api.jobs.store import Job

COVERAGE = "coverage"


def keep_study(connection: Connection, job: Job, best: dict[str, Any], _at: datetime) -> dict[str, Any]:
    """Keep a study that a job has computed; returns the job's result."""
    study = CoverageStudy.model_validate_json(best["document"])
    keep_document(connection, job.payload["study_id"], best["document"], figures_of(study))
    return {"study_id": job.payload["study_id"]}


STUDY_KINDS = {COVERAGE: Kind("api.coverage.studies.job:study_steps", keep_study)}

"""Coverage studies in the database; all SQL."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from api.coverage.studies.tables import coverage_studies
from api.jobs.store import Job, find_job


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """A row of `coverage_studies` without its document, and its job."""

    study_id: str
    province_id: str
    day: str
    title: str
    network_version: int
    asked: dict[str, Any]
    figures: dict[str, Any] | None
    """None = not computed yet."""
    created_by: str
    created_at: datetime
    job: Job


_WITHOUT_DOCUMENT = [column for column in coverage_studies.c if column.name != "document"]


def add_study(connection: Connection, row: dict[str, Any]) -> StoredStudy:
    """Put in a study whose job was put in before."""
    connection.execute(insert(coverage_studies).values(row))
    found = find_study(connection, row["study_id"])
    assert found is not None
    return found


def find_study(connection: Connection, study_id: str) -> StoredStudy | None:
    found = _studies(connection, select(*_WITHOUT_DOCUMENT).where(coverage_studies.c.study_id == study_id))
    return found[0] if found else None


def list_studies(connection: Connection, province_id: str, *, after: str | None, limit: int) -> list[StoredStudy]:
    """Studies of a province, the newest first, those older than `after`."""
    query = select(*_WITHOUT_DOCUMENT).where(coverage_studies.c.province_id == province_id)
    if after is not None:
        query = query.where(coverage_studies.c.study_id < after)
    return _studies(connection, query.order_by(coverage_studies.c.study_id.desc()).limit(limit))


def read_document(connection: Connection, study_id: str) -> str | None:
    """coverage.json; None = not computed yet."""
    asked = select(coverage_studies.c.document).where(coverage_studies.c.study_id == study_id)
    found: str | None = connection.scalar(asked)
    return found


def keep_document(connection: Connection, study_id: str, document: str, figures: dict[str, Any]) -> None:
    kept = update(coverage_studies).where(coverage_studies.c.study_id == study_id)
    connection.execute(kept.values(document=document, figures=figures))


def delete_study(connection: Connection, study_id: str) -> None:
    connection.execute(delete(coverage_studies).where(coverage_studies.c.study_id == study_id))


def _studies(connection: Connection, query: Any) -> list[StoredStudy]:
    found = []
    for row in connection.execute(query).mappings().all():
        job = find_job(connection, row["job_id"])
        assert job is not None
        found.append(StoredStudy(**{name: value for name, value in row.items() if name != "job_id"}, job=job))
    return found

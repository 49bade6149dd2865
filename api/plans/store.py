"""Plans in the database, read: whole, without their documents, by day, and who changed them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from api.auth.tables import users
from api.errors import NotFoundError
from api.jobs.tables import jobs
from api.plans.refusals import ChangedMeanwhileError, still_planning
from api.plans.tables import plan_changes, plans

_CHANGE = [column for column in plan_changes.c if column is not plan_changes.c.before]
_NAMED = plans.join(users, users.c.user_id == plans.c.created_by)
_MAKER = users.c.name.label("created_by_name")
_LIGHT = select(*(column for column in plans.c if column is not plans.c.document), _MAKER).select_from(_NAMED)


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A row of `plans`."""

    plan_id: str
    province_id: str
    day: str
    version: int
    status: str
    document: str
    """plan.json; empty in lists."""
    figures: dict[str, Any]
    inputs_sha256: str
    job_id: str | None
    based_on: str | None
    created_by: str
    created_by_name: str
    created_at: datetime
    erased_at: datetime | None
    """When retention took its rounds out."""


def find_plan(connection: Connection, plan_id: str) -> StoredPlan | None:
    row = (
        connection.execute(select(plans, _MAKER).select_from(_NAMED).where(plans.c.plan_id == plan_id))
        .mappings()
        .one_or_none()
    )
    return None if row is None else StoredPlan(**row)


def look_at_plan(connection: Connection, plan_id: str) -> StoredPlan | None:
    """A plan without its document, which may be megabytes."""
    row = connection.execute(_LIGHT.where(plans.c.plan_id == plan_id)).mappings().one_or_none()
    return None if row is None else StoredPlan(**row, document="")


def published_plan(connection: Connection, province_id: str, day: date) -> StoredPlan | None:
    """The plan that a day goes by, without its document; one at most is published."""
    found = list_plans(connection, province_id, day=day, status="published", after=None, limit=1)
    return found[0] if found else None


def list_plans(
    connection: Connection,
    province_id: str | None,
    *,
    day: date | None,
    status: str | None,
    after: str | None,
    limit: int,
) -> list[StoredPlan]:
    """Plans of a province (None = of all) without their documents, the newest first, those older than `after`."""
    query = _LIGHT.order_by(plans.c.plan_id.desc()).limit(limit)
    wanted = (
        (plans.c.province_id, province_id),
        (plans.c.day, day.isoformat() if day is not None else None),
        (plans.c.status, status),
    )
    for column, value in wanted:
        if value is not None:
            query = query.where(column == value)
    if after is not None:
        query = query.where(plans.c.plan_id < after)
    return [StoredPlan(**row, document="") for row in connection.execute(query).mappings()]


def require_version(connection: Connection, plan_id: str, version: int) -> StoredPlan:
    """
    Find a plan that nobody has changed since a version, without its document.

    Raises
    ------
    ChangedMeanwhileError
        With who changed what.
    NotFoundError
        When there is no such plan.
    """
    now = look_at_plan(connection, plan_id)
    if now is None:
        raise NotFoundError(f"Không có kế hoạch {plan_id}.", f"There is no plan {plan_id}.")
    if now.version != version:
        raise ChangedMeanwhileError(now.version, changes_since(connection, plan_id, version))
    return now


def require_finished(connection: Connection, plan: StoredPlan) -> None:
    """
    Make sure that no search still replaces a plan.

    Raises
    ------
    RefusedError
        When one does.
    """
    open_job = select(jobs.c.job_id).where(jobs.c.job_id == plan.job_id, jobs.c.finished_at.is_(None))
    if connection.scalar(open_job) is not None:
        raise still_planning()


def changes_since(connection: Connection, plan_id: str, version: int) -> list[dict[str, Any]]:
    """Who changed what after a version, in order."""
    rows = connection.execute(
        select(*_CHANGE, users.c.name)
        .join(users, users.c.user_id == plan_changes.c.changed_by)
        .where(plan_changes.c.plan_id == plan_id, plan_changes.c.version > version)
        .order_by(plan_changes.c.version)
    )
    return [
        {
            "version": row.version,
            "changed_by": row.changed_by,
            "changed_by_name": row.name,
            "changed_at": row.changed_at.isoformat(),
            "what": row.what,
        }
        for row in rows
    ]

"""Earlier versions of a plan: the latest changes keep the document from before, so that one can look back."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query
from sqlalchemy import Connection, select

from api.errors import NotFoundError
from api.plans.schemas import Plan, parse_plan
from api.plans.store import StoredPlan
from api.plans.tables import plan_changes

Version = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="An earlier one that is kept; none = now.")]


def kept_versions(connection: Connection, plan_id: str) -> tuple[int, ...]:
    """Versions before the present one that can still be looked at, the oldest first."""
    kept = select(plan_changes.c.version).where(plan_changes.c.plan_id == plan_id, plan_changes.c.before.is_not(None))
    return tuple(version - 1 for version in connection.scalars(kept.order_by(plan_changes.c.version)))


def document_at(connection: Connection, plan: StoredPlan, version: int | None) -> str:
    """
    Find what a plan was at a version; None = as it is now.

    Raises
    ------
    NotFoundError
        When there was no such version, or it is kept no more.
    """
    if version is None or version == plan.version:
        return plan.document
    kept = select(plan_changes.c.before).where(
        plan_changes.c.plan_id == plan.plan_id, plan_changes.c.version == version + 1
    )
    found = connection.scalar(kept)
    if found is None:
        raise NotFoundError(
            f"Không còn giữ phiên bản {version} của kế hoạch {plan.plan_id}.",
            f"Version {version} of plan {plan.plan_id} is not kept.",
        )
    return str(found)


def plan_at(connection: Connection, plan: StoredPlan, version: int | None) -> Plan:
    """The same, read."""
    return parse_plan(document_at(connection, plan, version))

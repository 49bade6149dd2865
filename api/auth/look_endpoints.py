"""Who looked at personal data, got in, or changed who may do what."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from api.auth import people
from api.auth.access import allow
from api.auth.people_endpoints import Limit
from api.auth.people_schemas import Look, LookList
from api.auth.roles import Role, Who
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1", tags=["people"])

Auditor = Annotated[Who, allow(Role.AUDITOR, Role.ADMIN)]


@router.get("/looks")
def read_looks(
    who: Auditor,
    request: Request,
    before: Annotated[int, Query(ge=1, le=2**53)] = 2**53,
    limit: Limit = 100,
    subject: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._/-]{1,80}$")] = None,
) -> LookList:
    """List who looked at personal data, got in, or changed who may do what; the latest first."""
    with runtime_of(request).database.read() as connection:
        rows = people.list_looks(connection, who, before=before, limit=limit, subject=subject)
    shown = tuple(
        Look(
            look_id=row.look_id,
            at=row.at,
            user_id=row.user_id,
            action=row.action,
            subject=row.subject,
            request_id=row.request_id,
        )
        for row in rows
    )
    return LookList(looks=shown, next_before=rows[-1].look_id if len(rows) == limit else None)

"""Plans held against each other, and what has no round looked into, over HTTP."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request

from api.plans.comparing import PlanComparison, compare
from api.plans.explaining import Explanation, explanation
from api.plans.owned import Reader, own, own_plan, session_of
from api.plans.store import look_at_plan, require_finished
from api.plans.versions import Version, plan_at
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])
Code = Annotated[str, Path(max_length=80, examples=["RR123456785VN"])]


@router.get("/{plan_id}/comparison/{other_id}")
def compare_plans(
    plan_id: str, other_id: str, who: Reader, request: Request, version: Version = None, other_version: Version = None
) -> PlanComparison:
    """Compare a plan with another, or with itself as it was: what differs, from the first to the second."""
    asked = ((plan_id, version), (other_id, other_version))
    with runtime_of(request).database.read() as connection:
        before, after = (plan_at(connection, own_plan(connection, who, one), at) for one, at in asked)
    return compare(before, after)


@router.get("/{plan_id}/unassigned/{code}")
def explain_one(plan_id: str, code: Code, who: Reader, request: Request) -> Explanation:
    """
    Say why a shipment has no round in a plan as it is now, who comes closest, and what would admit it.

    Refused (409) while a search still replaces the plan, or when the shipment has a round. The first question about a
    day takes seconds: its roads are measured.
    """
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        plan = own(look_at_plan(connection, plan_id), who, plan_id)
        require_finished(connection, plan)
    return explanation(session_of(runtime, who, plan), code)

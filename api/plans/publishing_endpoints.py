"""Plans made the day's plan, and taken back, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from sqlalchemy import Connection

from api.plans.change_store import publish_plan, unpublish_plan
from api.plans.edited import all_violations
from api.plans.making import written
from api.plans.owned import IfMatch, Publisher, expected, opened, own_plan
from api.plans.refusals import BreaksRulesError
from api.plans.schemas import Plan, PlanStatus, parse_plan
from api.plans.service_schemas import PlanAnswer, Publication, plan_answer
from api.plans.store import StoredPlan
from api.service.runtime import runtime_of
from api.webhooks.kinds import Fact, Kind
from api.webhooks.store import announce

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.post("/{plan_id}/publish")
def publish(plan_id: str, body: Publication, who: Publisher, request: Request, if_match: IfMatch) -> PlanAnswer:
    """Make a draft the day's plan; refused (409, with every violation) while a round breaks a rule."""
    runtime = runtime_of(request)
    plan, session = opened(runtime, who, plan_id, if_match)
    if violations := all_violations(session):
        raise BreaksRulesError(violations)
    next_one = written(_with_status(session.plan, PlanStatus.PUBLISHED))

    def write(connection: Connection) -> StoredPlan:
        at = datetime.now(UTC)
        publish_plan(connection, plan, next_one, replaces=body.replaces, by=who.user_id, at=at)
        _tell(connection, Kind.PLAN_PUBLISHED, plan, at)
        return own_plan(connection, who, plan_id)

    return plan_answer(runtime.writer.write_now(write))


@router.post("/{plan_id}/unpublish")
def unpublish(plan_id: str, who: Publisher, request: Request, if_match: IfMatch) -> PlanAnswer:
    """Make the day's plan a draft again."""
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        plan = expected(connection, who, plan_id, if_match)
        whole = own_plan(connection, who, plan_id)
    next_one = written(_with_status(parse_plan(whole.document), PlanStatus.DRAFT))

    def write(connection: Connection) -> StoredPlan:
        at = datetime.now(UTC)
        unpublish_plan(connection, plan, next_one, by=who.user_id, at=at)
        _tell(connection, Kind.PLAN_WITHDRAWN, plan, at)
        return own_plan(connection, who, plan_id)

    return plan_answer(runtime.writer.write_now(write))


def _tell(connection: Connection, kind: Kind, plan: StoredPlan, at: datetime) -> None:
    facts: dict[str, Fact] = {"day": plan.day, "version": plan.version}
    announce(connection, kind, plan.plan_id, facts, province_id=plan.province_id, at=at)


def _with_status(plan: Plan, status: PlanStatus) -> Plan:
    return plan.model_copy(update={"version": plan.version + 1, "status": status})

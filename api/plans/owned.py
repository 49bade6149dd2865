"""Whose plan it is: who may ask for one, and plans of the province of whoever asks, at the version they know."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.errors import NotFoundError
from api.plans.editing import EditingSession
from api.plans.input_store import find_inputs
from api.plans.schemas import Plan, parse_plan
from api.plans.snapshots import Snapshot
from api.plans.store import (
    StoredPlan,
    find_plan,
    look_at_plan,
    require_finished,
    require_version,
)
from api.service.runtime import Runtime

Maker = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN)]
Publisher = Annotated[Who, allow(Role.DISPATCHER, Role.ADMIN)]
Reader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR)]
RoundReader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR, Role.COURIER, Role.DESK)]
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=r'^"\d{1,9}"$', description='The version seen last, as in the ETag: `"3"`.')
]


def own_plan(connection: Connection, who: Who, plan_id: str) -> StoredPlan:
    """
    Find a plan in the province of whoever asks.

    Raises
    ------
    NotFoundError
        When there is none, or it is none of theirs: whole plans are for those who work for the whole province.
    """
    return own(find_plan(connection, plan_id), who, plan_id)


def own(plan: StoredPlan | None, who: Who, plan_id: str) -> StoredPlan:
    """Let a plan pass that is theirs; raises as `own_plan`."""
    if plan is None or not who.scope.covers(plan.province_id, None):
        raise no_plan(plan_id)
    return plan


def no_plan(plan_id: str) -> NotFoundError:
    """Say that there is none; also of a plan that somebody may not see."""
    return NotFoundError(f"Không có kế hoạch {plan_id}.", f"There is no plan {plan_id}.")


def require_province(who: Who, province_id: str) -> None:
    """
    Make sure that somebody works for a whole province.

    Raises
    ------
    NotFoundError
        When they do not.
    """
    if not who.scope.covers(province_id, None):
        raise NotFoundError(f"Không có tỉnh {province_id}.", f"There is no province {province_id}.")


def own_inputs(connection: Connection, who: Who, sha256: str) -> Snapshot:
    """
    Find the inputs of a plan in the province of whoever asks.

    Raises
    ------
    NotFoundError
        When there are none, or they are none of theirs.
    """
    found = find_inputs(connection, sha256)
    if found is None or not who.scope.covers(found.province_id, None):
        raise NotFoundError(f"Không có dữ liệu đầu vào {sha256}.", f"There are no inputs {sha256}.")
    return found


def opened(runtime: Runtime, who: Who, plan_id: str, if_match: str) -> tuple[StoredPlan, EditingSession]:
    """A plan that nobody has changed since, ready for editing."""
    with runtime.database.read() as connection:
        plan = expected(connection, who, plan_id, if_match)
        require_finished(connection, plan)
    return plan, session_of(runtime, who, plan)


def session_of(runtime: Runtime, who: Who, plan: StoredPlan) -> EditingSession:
    """The rounds of a plan, timed and judged; raises as `own_plan`."""

    def open_plan() -> tuple[Plan, Snapshot]:
        with runtime.database.read() as connection:
            whole = own_plan(connection, who, plan.plan_id)
            return parse_plan(whole.document), own_inputs(connection, who, whole.inputs_sha256)

    return runtime.days.session(plan.plan_id, plan.version, open_plan)


def expected(connection: Connection, who: Who, plan_id: str, if_match: str) -> StoredPlan:
    own(look_at_plan(connection, plan_id), who, plan_id)
    return require_version(connection, plan_id, int(if_match.strip('"')))

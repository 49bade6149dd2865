"""Drafts changed by hand over HTTP: tried, done, taken back, done again."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Body, Request, Response
from sqlalchemy import Connection

from api.auth.roles import Who
from api.plans.change_store import change_plan, require_draft
from api.plans.edited import EditAnswer, describe
from api.plans.edited_plan import edited_plan
from api.plans.editing import EditingSession, reopened
from api.plans.hand_edits import done
from api.plans.making import written
from api.plans.owned import IfMatch, Maker, expected, opened, own_plan
from api.plans.schemas import parse_plan
from api.plans.service_schemas import Edit, EditDone, PlanAnswer, plan_answer
from api.plans.steps import kept_to_redo, kept_to_undo
from api.plans.store import StoredPlan
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.post("/{plan_id}/edits")
def edit_plan(
    plan_id: str, edit: Annotated[Edit, Body()], who: Maker, request: Request, response: Response, if_match: IfMatch
) -> EditDone:
    """
    Change a draft by hand; answers with the touched rounds, what they break and what it costs.

    With an older version than the plan's, nothing is done: the answer (409) says who changed what meanwhile.
    """
    runtime = runtime_of(request)
    plan, session = opened(runtime, who, plan_id, if_match)
    after = done(session, edit)
    changed = edited_plan(after, created_at=_now(session))
    stored, what = written(changed), edit.model_dump(mode="json")  # made here: the writer is everybody's
    runtime.writer.write_now(lambda c: change_plan(c, plan, stored, what, by=who.user_id, at=datetime.now(UTC)))
    runtime.days.remember(plan_id, changed.version, reopened(after, changed))
    response.headers["ETag"] = f'"{changed.version}"'
    return EditDone(version=changed.version, edit=describe(session, after, changed))


@router.post("/{plan_id}/trial")
def try_edit(
    plan_id: str, edit: Annotated[Edit, Body()], who: Maker, request: Request, if_match: IfMatch
) -> EditAnswer:
    """
    Say what an edit would do, without doing it: while a hand still moves a stop, every rule is checked already.

    Answers and refuses as the edit itself; nothing is kept.
    """
    plan, session = opened(runtime_of(request), who, plan_id, if_match)
    require_draft(plan)
    return describe(session, done(session, edit))


@router.post("/{plan_id}/undo")
def undo_edit(plan_id: str, who: Maker, request: Request, response: Response, if_match: IfMatch) -> PlanAnswer:
    """
    Take the last edit back, whoever made it; again and again, up to twenty changes. Undoing is a new version too.

    Refused (409) when nothing is left to undo, or with an older version than the plan's.
    """
    return _step(runtime_of(request), who, plan_id, if_match, response, "undo")


@router.post("/{plan_id}/redo")
def redo_edit(plan_id: str, who: Maker, request: Request, response: Response, if_match: IfMatch) -> PlanAnswer:
    """
    Do the edit again that was undone last; again and again. Doing again is a new version too.

    Refused (409) when nothing was undone or an edit was made since, or with an older version than the plan's.
    """
    return _step(runtime_of(request), who, plan_id, if_match, response, "redo")


def _step(
    runtime: Runtime, who: Who, plan_id: str, if_match: str, response: Response, kind: Literal["undo", "redo"]
) -> PlanAnswer:
    with runtime.database.read() as connection:
        plan = expected(connection, who, plan_id, if_match)
        found = (kept_to_undo if kind == "undo" else kept_to_redo)(connection, plan_id)
    kept = parse_plan(found.document)
    restored = kept.model_copy(update={"version": plan.version + 1, "created_at": datetime.now(kept.created_at.tzinfo)})
    stored = written(restored)

    def write(connection: Connection) -> StoredPlan:
        at, inputs = datetime.now(UTC), found.inputs_sha256
        change_plan(connection, plan, stored, {"kind": kind}, inputs_sha256=inputs, by=who.user_id, at=at)
        return own_plan(connection, who, plan_id)

    answer = plan_answer(runtime.writer.write_now(write))
    response.headers["ETag"] = f'"{answer.version}"'
    return answer


def _now(session: EditingSession) -> datetime:
    return datetime.now(session.prepared.inputs.network.settings.zone).replace(microsecond=0)

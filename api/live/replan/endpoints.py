"""Re-planning a running day over HTTP. Thin: find what is theirs, one call, schema out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi import Path as PathParam
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.errors import NotFoundError, RefusedError
from api.jobs.schemas import JobAnswer, job_answer
from api.jobs.store import enqueue
from api.live.replan.applying import midnight_of
from api.live.replan.happening_store import happenings
from api.live.replan.job_kinds import REST_OF_DAY
from api.live.replan.kept import kept_day
from api.live.replan.making import proposal_for, require_published, standing_of
from api.live.replan.proving import provable, prove
from api.live.replan.schemas import (
    ChangeReply,
    CourierChange,
    CourierChanges,
    NewProposal,
    NewRestOfDay,
    ProposalAnswer,
    ProposalList,
)
from api.live.replan.store import (
    StoredProposal,
    add_changes,
    add_proposal_to,
    answer_change,
    changes_for,
    changes_of,
    decide,
    drop_outdated,
    find_proposal,
    id_is_taken,
    proposals_of,
    put_running_day,
    same_proposal,
)
from api.plans.change_store import change_published
from api.plans.making import written
from api.plans.schemas import parse_plan
from api.plans.service_endpoints import own_plan
from api.plans.snapshots import with_shipments
from api.plans.store import StoredPlan, require_version
from api.plans.validating import PlanReport, report_of
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of
from api.webhooks.kinds import Kind
from api.webhooks.store import announce

router = APIRouter(prefix="/api/v1/live", tags=["live"])

Dispatcher = Annotated[Who, allow(Role.DISPATCHER, Role.ADMIN)]
Reader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR)]
Courier = Annotated[Who, allow(Role.COURIER)]
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=r'^"\d{1,9}"$', description="The plan's version seen last, as in its ETag.")
]
After = Annotated[int, Query(ge=0, le=2**62, description="The last `change_id` seen.")]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("/plans/{plan_id}/proposals", status_code=201)
def make_proposal(
    plan_id: str, body: NewProposal, who: Dispatcher, request: Request, if_match: IfMatch
) -> ProposalAnswer:
    """
    Re-plan the rest of a published plan's day for some facts; nothing changes before it is accepted.

    What was driven stays, every other visit keeps its order, and what has no place gets its cheapest one; what finds
    none is told with the reason. Sending the same again answers the same.
    """
    runtime, asked = runtime_of(request), body.model_dump(mode="json")
    proposal_id, version = str(body.proposal_id), int(if_match.strip('"'))
    with runtime.database.read() as connection:
        plan = own_plan(connection, who, plan_id)
        known = find_proposal(connection, proposal_id)
        if known is not None:
            return _told(same_proposal(known, plan_id, asked))
        require_version(connection, plan_id, version)
        standing = standing_of(connection, plan)
    folder = runtime.settings.data_folder
    stored = proposal_for(runtime.database, standing, runtime.days.prepared, body, data_folder=folder, by=who.user_id)
    return _told(runtime.writer.write_now(lambda c: add_proposal_to(c, plan, stored)))


@router.post("/plans/{plan_id}/rest", status_code=202)
async def replan_rest_of_day(
    plan_id: str, body: NewRestOfDay, who: Dispatcher, if_match: IfMatch, once: Once
) -> JobAnswer:
    """
    Put in a job that searches the rest of a published plan's day anew; what it finds is a proposal like any other.

    Everything that is not driven may move, and every promise is kept before anything new is served.
    """
    asked = body.proposal.model_dump(mode="json")

    def write(connection: Connection) -> JobAnswer:
        plan = own_plan(connection, who, plan_id)
        require_published(require_version(connection, plan_id, int(if_match.strip('"'))))
        if find_proposal(connection, asked["proposal_id"]) is not None:
            raise id_is_taken(asked["proposal_id"])
        payload = {
            "plan_id": plan_id,
            "plan_version": plan.version,
            "asked": asked,
            "seconds": body.seconds,
            "seed": body.seed,
        }
        job = enqueue(connection, REST_OF_DAY, plan.province_id, payload, by=who.user_id, at=datetime.now(UTC))
        return job_answer(job)

    return await once.write(write)


@router.get("/plans/{plan_id}/proposals")
def read_proposals(plan_id: str, who: Reader, request: Request, limit: Limit = 50) -> ProposalList:
    """List what was proposed for a plan, the newest first."""
    with runtime_of(request).database.read() as connection:
        own_plan(connection, who, plan_id)
        found = proposals_of(connection, plan_id, limit)
    return ProposalList(proposals=tuple(map(_told, found)))


@router.get("/proposals/{proposal_id}")
def read_proposal(proposal_id: str, who: Reader, request: Request) -> ProposalAnswer:
    """Answer with a proposal and what became of it."""
    with runtime_of(request).database.read() as connection:
        return _told(_own_proposal(connection, who, proposal_id)[0])


@router.post("/proposals/{proposal_id}/accept")
def accept_proposal(proposal_id: str, who: Dispatcher, request: Request) -> ProposalAnswer:
    """
    Publish what was proposed as the plan's next version, and tell the couriers whose rounds change.

    Refused (409) when the plan has another version by now, or a shipment that would move was handled meanwhile.
    """
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        proposal, plan = _own_proposal(connection, who, proposal_id)
        if proposal.status != "open":
            return _accepted_before(proposal)
        require_version(connection, plan.plan_id, proposal.plan_version)  # else it is emptied by now
        standing = standing_of(connection, plan)
    next_one, kept = written(parse_plan(proposal.document)), kept_day(proposal.running)
    inputs = runtime.days.prepared(standing.morning, 0).inputs
    midnight, moving = midnight_of(inputs), _moving(proposal)
    whole = with_shipments(standing.morning, kept.added, inputs.network.settings.zone)

    def write(connection: Connection) -> StoredProposal:
        at = datetime.now(UTC)
        now, plan = _own_proposal(connection, who, proposal_id)
        if now.status != "open":
            return now
        before = require_version(connection, plan.plan_id, proposal.plan_version)
        _require_untouched(happenings(connection, plan.province_id, moving, kept.seq, midnight))
        what = {"kind": "live", "proposal": proposal_id}
        change_published(connection, before, next_one, what, inputs=whole, by=who.user_id, at=at)
        put_running_day(connection, plan.plan_id, next_one.version, proposal.running)
        add_changes(connection, plan, proposal, next_one.version, at)
        decide(connection, proposal, "accepted", by=who.user_id, at=at)
        drop_outdated(connection, plan.plan_id, next_one.version)
        facts: dict[str, Any] = {"day": plan.day, "version": next_one.version}
        announce(connection, Kind.PLAN_PUBLISHED, plan.plan_id, facts, province_id=plan.province_id, at=at)
        return _own_proposal(connection, who, proposal_id)[0]

    return _accepted_before(runtime.writer.write_now(write))


def _accepted_before(proposal: StoredProposal) -> ProposalAnswer:
    if proposal.status != "accepted":
        raise RefusedError("Đề xuất đã bị từ chối.", "The proposal was rejected.")
    return _told(proposal)


def _moving(proposal: StoredProposal) -> set[str]:
    lines = (line for told in proposal.answer["couriers"] for line in told["lines"])
    return {line["shipment"] for line in lines if line["kind"] != "retimed"}


def _require_untouched(since: list[Any]) -> None:
    if since:
        codes = ", ".join(sorted({code for one in since for code in one.codes}))
        raise RefusedError(
            f"Bưu gửi {codes} vừa được xử lý sau khi lập đề xuất; hãy lập lại.",
            f"Shipments {codes} were handled after this was proposed; propose again.",
        )


@router.post("/proposals/{proposal_id}/reject")
def reject_proposal(proposal_id: str, who: Dispatcher, request: Request) -> ProposalAnswer:
    """Leave the plan as it is."""

    def write(connection: Connection) -> StoredProposal:
        proposal, _ = _own_proposal(connection, who, proposal_id)
        if proposal.status != "rejected":
            decide(connection, proposal, "rejected", by=who.user_id, at=datetime.now(UTC))
        return _own_proposal(connection, who, proposal_id)[0]

    return _told(runtime_of(request).writer.write_now(write))


@router.get("/plans/{plan_id}/proof")
def prove_plan(plan_id: str, who: Reader, request: Request) -> PlanReport:
    """
    Prove a plan again from its inputs and, when its day runs, from what has happened; says everything that is wrong.

    What was driven keeps its real times; what lies ahead has to keep every rule and promise from where couriers are.
    """
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        found = provable(connection, own_plan(connection, who, plan_id))
    return report_of(prove(found, runtime.days.prepared, runtime.settings.data_folder))


@router.get("/plans/{plan_id}/changes")
def read_plan_changes(
    plan_id: str, who: Reader, request: Request, after: After = 0, limit: Limit = 100
) -> CourierChanges:
    """Answer with what the couriers of a plan were told, and what they answered."""
    with runtime_of(request).database.read() as connection:
        own_plan(connection, who, plan_id)
        return _page(changes_of(connection, plan_id, after, limit), limit)


@router.get("/changes")
def read_own_changes(who: Courier, request: Request, after: After = 0, limit: Limit = 100) -> CourierChanges:
    """Answer a courier with the changes of their rounds since the last one seen."""
    assert who.courier_id is not None
    with runtime_of(request).database.read() as connection:
        return _page(changes_for(connection, own_province(who), who.courier_id, after, limit), limit)


@router.post("/changes/{change_id}/answer")
def reply_to_change(
    change_id: Annotated[int, PathParam(ge=1, le=2**62)], body: ChangeReply, who: Courier, request: Request
) -> CourierChange:
    """Accept a change, or question it with words; the dispatcher sees it with the plan's changes."""
    courier_id, province_id = who.courier_id, own_province(who)
    assert courier_id is not None

    def write(connection: Connection) -> Any:
        at = datetime.now(UTC)
        return answer_change(connection, change_id, province_id, courier_id, body.answer, body.words, at)

    return _change(runtime_of(request).writer.write_now(write))


def _own_proposal(connection: Connection, who: Who, proposal_id: str) -> tuple[StoredProposal, StoredPlan]:
    """
    Find a proposal for a plan of whoever asks.

    Raises
    ------
    NotFoundError
        When there is none, or it is none of theirs.
    """
    proposal = find_proposal(connection, proposal_id)
    if proposal is None:
        raise _no_proposal(proposal_id)
    try:
        return proposal, own_plan(connection, who, proposal.plan_id)
    except NotFoundError as error:
        raise _no_proposal(proposal_id) from error


def _no_proposal(proposal_id: str) -> NotFoundError:
    return NotFoundError(f"Không có đề xuất {proposal_id}.", f"There is no proposal {proposal_id}.")


def _told(proposal: StoredProposal) -> ProposalAnswer:
    kept = asdict(proposal)
    said = {name: kept[name] for name in kept.keys() - {"answer", "running", "document"}}
    return ProposalAnswer.model_validate({**said, **proposal.answer})


def _page(rows: Any, limit: int) -> CourierChanges:
    changes = tuple(map(_change, rows))
    return CourierChanges(changes=changes, next_after=changes[-1].change_id if len(changes) == limit else None)


def _change(row: Any) -> CourierChange:
    return CourierChange.model_validate({name: getattr(row, name) for name in CourierChange.model_fields})

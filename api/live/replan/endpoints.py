"""Re-planning a running day over HTTP. Thin: find what is theirs, one call, schema out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.errors import RefusedError
from api.jobs.schemas import JobAnswer, job_answer
from api.jobs.store import enqueue
from api.live.replan.accepting import accept, own_proposal
from api.live.replan.job_kinds import REST_OF_DAY
from api.live.replan.making import proposal_for, require_published, standing_of
from api.live.replan.proving import provable, prove
from api.live.replan.schemas import (
    NewProposal,
    NewRestOfDay,
    ProposalAnswer,
    ProposalList,
    Rejection,
)
from api.live.replan.store import (
    StoredProposal,
    add_proposal_to,
    decide,
    find_proposal,
    id_is_taken,
    proposals_of,
    same_proposal,
)
from api.plans.owned import own_plan
from api.plans.schemas import Plan
from api.plans.store import require_version
from api.plans.validating import PlanReport, report_of
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/live", tags=["live"])

Dispatcher = Annotated[Who, allow(Role.DISPATCHER, Role.ADMIN)]
Reader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR)]
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=r'^"\d{1,9}"$', description="The plan's version seen last, as in its ETag.")
]
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
        return _told(own_proposal(connection, who, proposal_id)[0])


@router.get("/proposals/{proposal_id}/plan", response_class=Response, responses={200: {"model": Plan}})
def read_proposed_plan(proposal_id: str, who: Reader, request: Request) -> Response:
    """Answer with the plan that accepting an open proposal would publish, to look at before one decides."""
    with runtime_of(request).database.read() as connection:
        proposal, _ = own_proposal(connection, who, proposal_id)
    if not proposal.document:
        raise RefusedError("Đề xuất đã được quyết định hoặc đã cũ.", "The proposal is decided already, or out of date.")
    return Response(proposal.document, media_type="application/json")


@router.post("/proposals/{proposal_id}/accept")
def accept_proposal(proposal_id: str, who: Dispatcher, request: Request) -> ProposalAnswer:
    """
    Publish what was proposed as the plan's next version, and tell the couriers whose rounds change.

    Refused (409) when the plan has another version by now, or a shipment that would move was handled meanwhile.
    """
    accepted = accept(runtime_of(request), who, proposal_id)
    if accepted.status != "accepted":
        raise RefusedError("Đề xuất đã bị từ chối.", "The proposal was rejected.")
    return _told(accepted)


@router.post("/proposals/{proposal_id}/reject")
def reject_proposal(proposal_id: str, body: Rejection, who: Dispatcher, request: Request) -> ProposalAnswer:
    """Leave the plan as it is, and say why."""

    def write(connection: Connection) -> StoredProposal:
        proposal, _ = own_proposal(connection, who, proposal_id)
        if proposal.status != "rejected":
            words, at = body.reason.strip(), datetime.now(UTC)
            decide(connection, proposal, "rejected", by=who.user_id, at=at, words=words)
        return own_proposal(connection, who, proposal_id)[0]

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


def _told(proposal: StoredProposal) -> ProposalAnswer:
    kept = asdict(proposal)
    said = {name: kept[name] for name in kept.keys() - {"answer", "running", "document"}}
    return ProposalAnswer.model_validate({**said, **proposal.answer})

"""The kinds of jobs that re-plan running days."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from api.jobs.kinds import Kind
from api.jobs.store import Job
from api.live.replan.store import StoredProposal, add_proposal

REST_OF_DAY = "rest_of_day"


def keep_proposal(connection: Connection, job: Job, best: dict[str, Any], at: datetime) -> dict[str, Any]:
    """Keep what a job has found as a proposal; returns the job's result."""
    payload = job.payload
    proposal = StoredProposal(
        proposal_id=payload["asked"]["proposal_id"],
        plan_id=payload["plan_id"],
        plan_version=payload["plan_version"],
        asked=payload["asked"],
        answer=best["answer"],
        status="open",
        made_by=job.created_by,
        made_at=at,
        decided_by=None,
        decided_at=None,
        running=best["running"],
        document=best["document"],
    )
    kept, after = add_proposal(connection, proposal), best["answer"]["after"]
    figures = {name: after[name] for name in ("cost_dong", "carried", "unassigned")}
    return {"plan_id": kept.plan_id, "version": kept.plan_version + 1, "proposal_id": kept.proposal_id, **figures}


LIVE_KINDS = {REST_OF_DAY: Kind("api.live.replan.rest_of_day:replan_rest", keep_proposal)}
"""`rest_of_day` searches for a better rest of a running day, and makes it a proposal."""

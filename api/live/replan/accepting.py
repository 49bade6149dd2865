"""Accepting a proposal: what was proposed becomes the next version of the plan, as long as nothing has moved since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from api.auth.roles import Who
from api.errors import NotFoundError, RefusedError
from api.live.replan.applying import midnight_of
from api.live.replan.following import Happening
from api.live.replan.happening_store import happenings
from api.live.replan.kept import kept_day
from api.live.replan.making import standing_of
from api.live.replan.store import (
    StoredProposal,
    add_changes,
    decide,
    drop_outdated,
    find_proposal,
    put_running_day,
)
from api.plans.change_store import change_published
from api.plans.making import written
from api.plans.owned import own_plan
from api.plans.schemas import parse_plan
from api.plans.snapshots import with_shipments
from api.plans.store import StoredPlan, require_version
from api.service.runtime import Runtime
from api.webhooks.kinds import Kind
from api.webhooks.store import announce


def accept(runtime: Runtime, who: Who, proposal_id: str) -> StoredProposal:
    """
    Publish what was proposed, and tell the couriers whose rounds change.

    Returns
    -------
    proposal
        As it stands then; unchanged when somebody decided on it before.

    Raises
    ------
    NotFoundError
        When there is none, or it is none of theirs.
    RefusedError
        When the plan has another version by now, or a shipment that would move was handled meanwhile.
    """
    with runtime.database.read() as connection:
        proposal, plan = own_proposal(connection, who, proposal_id)
        if proposal.status != "open":
            return proposal
        require_version(connection, plan.plan_id, proposal.plan_version)  # else it is emptied by now
        standing = standing_of(connection, plan)
    next_one, kept = written(parse_plan(proposal.document)), kept_day(proposal.running)
    inputs = runtime.days.prepared(standing.morning, 0).inputs
    midnight, moving = midnight_of(inputs), _moving(proposal)
    whole = with_shipments(standing.morning, kept.added, inputs.network.settings.zone)

    def write(connection: Connection) -> StoredProposal:
        at = datetime.now(UTC)
        now, plan = own_proposal(connection, who, proposal_id)
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
        return own_proposal(connection, who, proposal_id)[0]

    return runtime.writer.write_now(write)


def own_proposal(connection: Connection, who: Who, proposal_id: str) -> tuple[StoredProposal, StoredPlan]:
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


def _moving(proposal: StoredProposal) -> set[str]:
    lines = (line for told in proposal.answer["couriers"] for line in told["lines"])
    return {line["shipment"] for line in lines if line["kind"] != "retimed"}


def _require_untouched(since: Sequence[Happening]) -> None:
    if since:
        codes = ", ".join(sorted({code for one in since for code in one.codes}))
        raise RefusedError(
            f"Bưu gửi {codes} vừa được xử lý sau khi lập đề xuất; hãy lập lại.",
            f"Shipments {codes} were handled after this was proposed; propose again.",
        )

"""A proposal made from what the database knows: the plan, how its day stands, what couriers did since."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from api.db.engine import Database
from api.errors import RefusedError
from api.live.replan.applying import midnight_of
from api.live.replan.facts import NewShipment
from api.live.replan.happening_store import happenings, next_seq
from api.live.replan.kept import kept_day
from api.live.replan.proposing import Finding, at_once, propose
from api.live.replan.schemas import NewProposal
from api.live.replan.store import StoredProposal, running_day
from api.plans.input_store import find_inputs
from api.plans.planning import PreparedDay
from api.plans.schemas import Plan, parse_plan
from api.plans.snapshots import Snapshot, as_read, with_shipments
from api.plans.store import StoredPlan
from api.shipments.model import Shipment, ShipmentList
from api.shipments.store import read_shipment

Prepare = Callable[[Snapshot, int], PreparedDay]
"""Makes inputs ready for a seed."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A published plan whose day runs."""

    plan: StoredPlan
    running: str | None
    """None = nothing was accepted since this version was published."""
    morning: Snapshot
    """The inputs with which the day began."""


def standing_of(connection: Connection, plan: StoredPlan) -> Standing:
    """
    Read how the day of a plan stands.

    Raises
    ------
    RefusedError
        When it is not published, or retention has erased its inputs.
    """
    require_published(plan)
    running = running_day(connection, plan)
    sha256 = kept_day(running).inputs_sha256 if running is not None else ""
    morning = find_inputs(connection, sha256 or plan.inputs_sha256)
    assert morning is not None  # nothing deletes inputs, they are only emptied
    return Standing(plan, running, morning)


def require_published(plan: StoredPlan) -> None:
    """
    Make sure that a day goes by a plan.

    Raises
    ------
    RefusedError
        When it does not.
    """
    if plan.status != "published":
        raise RefusedError("Kế hoạch chưa công bố.", "The plan is not published.")


def proposal_for(
    database: Database,
    standing: Standing,
    prepare: Prepare,
    body: NewProposal,
    *,
    data_folder: Path,
    by: str,
    find: Finding = at_once,
) -> StoredProposal:
    """
    Make a proposal; nothing is written.

    Parameters
    ----------
    find
        Re-plans one group.
    by
        The user who asks.

    Raises
    ------
    RefusedError, NotFoundError, InputError
        When a fact cannot have happened.
    """
    plan, morning = standing.plan, standing.morning
    parsed = parse_plan(plan.document)
    prepared = prepare(morning, parsed.seed)
    zone, now = prepared.inputs.network.settings.zone, datetime.now(UTC)
    midnight = midnight_of(prepared.inputs)
    with database.read() as connection:
        seq, since = next_seq(connection), 0 if standing.running is None else kept_day(standing.running).seq
        done = happenings(connection, plan.province_id, _codes(parsed), since, midnight)
        named = [fact.code for fact in body.facts if isinstance(fact, NewShipment)]
        found = {code: read_shipment(connection, plan.province_id, code, zone, midnight.date()) for code in named}

    def listed(added: Sequence[Shipment]) -> ShipmentList:
        with as_read(with_shipments(morning, added, zone), data_folder) as read:
            return read.shipments

    made = propose(
        parsed,
        prepared,
        standing.running,
        done,
        body,
        {code: shipment for code, shipment in found.items() if shipment is not None},
        listed,
        find=find,
        next_seq=seq,
        created_at=now.astimezone(zone).replace(microsecond=0),
        inputs_sha256=morning.sha256,
    )
    return StoredProposal(
        proposal_id=str(body.proposal_id),
        plan_id=plan.plan_id,
        plan_version=plan.version,
        asked=body.model_dump(mode="json"),
        answer=made.told.model_dump(mode="json"),
        status="open",
        made_by=by,
        made_at=now,
        decided_by=None,
        decided_at=None,
        running=made.running,
        document=made.plan.model_dump_json(by_alias=True),
    )


def _codes(plan: Plan) -> set[str]:
    """Of every shipment that a plan speaks of."""
    stops = (stop for route in plan.routes for trip in route.trips for stop in trip.stops)
    return {task.shipment for stop in stops for task in stop.tasks} | {left.shipment for left in plan.unassigned}

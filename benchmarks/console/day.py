"""A province's day as large as a console is asked to bear: about 2,000 stops and a round for everybody on duty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from api.plans.document import write_plan
from api.plans.edited_plan import edited_plan
from api.plans.editing import EditingSession, open_session
from api.plans.planning import solve_groups
from api.plans.schemas import Plan, PlannedRoute
from api.plans.shaping import split
from api.plans.snapshots import Snapshot, prepare_snapshot, without_people
from api.plans.workers import solver_pool
from routing.stopping import StoppingCriterion
from tests.api.service.day_inputs import day_inputs

SCALE = 20.0
"""Of the sample province's mail: about 2,160 stops."""


def planned_day(stop: StoppingCriterion, scale: float = SCALE) -> tuple[Snapshot, Plan]:
    """An Giang's sample day; its roads are synthetic."""
    inputs = day_inputs(scale=scale)
    day = date.fromisoformat(inputs["day"])
    snapshot = Snapshot(inputs["province_id"], day, inputs["network"], without_people(inputs["shipments"]))
    prepared = prepare_snapshot(snapshot, Path())
    with solver_pool(2) as executor:
        answers = solve_groups(prepared.groups, stop, 0, executor=executor)
    return snapshot, write_plan(prepared.inputs, prepared.groups, answers, created_at=datetime.now(UTC))


def with_everybody(snapshot: Snapshot, plan: Plan) -> Plan:
    """The same stops with a round for each courier on duty: the longest rounds of a base are halved for the others."""
    session = open_session(plan, prepare_snapshot(snapshot, Path()))
    for idle in _idle(session):
        session = _relieved(session, idle)
    return edited_plan(session, created_at=plan.created_at).model_copy(update={"version": plan.version})


def _idle(session: EditingSession) -> list[str]:
    on_duty = (c for group in session.prepared.groups for c in group.couriers if not c.reserve)
    return [c.courier_id for c in on_duty if session.judged(c.courier_id) is None]


def _relieved(session: EditingSession, idle: str) -> EditingSession:
    group, _ = session.whereabouts.courier(idle)
    couriers = session.prepared.groups[group].couriers
    base = next(c.base_id for c in couriers if c.courier_id == idle)
    here = {v: len(j.route.visits) for v, j in session.routes[group].items() if couriers[v].base_id == base}
    longest = max(here, key=lambda vehicle_type: here[vehicle_type])
    trips = session.routes[group][longest].route.trips
    trip = max(range(len(trips)), key=lambda number: len(trips[number].visits))
    return split(session, couriers[longest].courier_id, trip, len(trips[trip].visits) // 2, idle)


def longest_first(plan: Plan) -> list[PlannedRoute]:
    """Rounds by how many stops they have."""
    return sorted(plan.routes, key=lambda route: -sum(len(trip.stops) for trip in route.trips))

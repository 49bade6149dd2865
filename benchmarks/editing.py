"""
How long one edit of a plan takes: `python -m benchmarks.editing`.

A sample province is written at a scale that gives about 2,000 stops and 60 rounds, planned for a short while, and
edited at random: a stop moves to a random place of a random round of its plan group. Measured is what a request
takes beside the network: the new times, the broken rules, the difference in cost by term, the drawn lines of the
touched rounds, and the JSON of the answer.
"""

from __future__ import annotations

import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import numpy as np
import typer

from api.demo.provinces import DEFAULT_DAY, write_province
from api.errors import RefusedEditError
from api.network.reader import read_network
from api.plans.best_spot import assign
from api.plans.document import write_plan
from api.plans.edited import describe
from api.plans.editing import EditingSession, Spot, move, open_session, unassign
from api.plans.planning import PreparedDay, prepare_day, solve_groups
from api.plans.roads import load_roads
from api.plans.schemas import Plan
from api.plans.workers import solver_pool
from api.shipments.reader import read_shipments
from benchmarks.machine import machine
from routing.stopping import StoppingCriterion


def main(
    province: Annotated[str, typer.Option(help="Of the sample provinces.")] = "an-giang",
    scale: Annotated[float, typer.Option(help="Of the province's mail.")] = 6.0,
    seconds: Annotated[float, typer.Option(help="Of planning.")] = 60.0,
    edits: Annotated[int, typer.Option(help="Of each kind.")] = 500,
) -> None:
    """Measure editing."""
    prepared, plan = _planned(province, scale, seconds)
    stops = [len(route.trips) and sum(len(trip.stops) for trip in route.trips) for route in plan.routes]
    print(f"{machine()}; {province} x {scale:g}: {sum(stops)} stops, {len(stops)} rounds, at most {max(stops)} a round")
    began = time.perf_counter()
    session = open_session(plan, prepared)
    print(f"open: {1000 * (time.perf_counter() - began):.0f} ms")
    draw = random.Random(0)
    _tell("move", [_timed_move(session, draw) for _ in range(edits)])
    _tell("leave behind and take back at the best place", [_timed_best(session, draw) for _ in range(edits // 5)])


def _planned(province: str, scale: float, seconds: float) -> tuple[PreparedDay, Plan]:
    with tempfile.TemporaryDirectory() as name:
        network_path, shipments_path = write_province(province, Path(name), day=DEFAULT_DAY, scale=scale, seed=0)
        network = read_network(network_path)
        shipments = read_shipments(shipments_path, network, on=DEFAULT_DAY)
        prepared = prepare_day(network, shipments, load_roads(network, DEFAULT_DAY), DEFAULT_DAY)
    with solver_pool(2) as executor:
        limit = StoppingCriterion(seconds=seconds)
        answers = solve_groups(prepared.groups, limit, 0, executor=executor)
    return prepared, write_plan(prepared.inputs, prepared.groups, answers, created_at=datetime.now(UTC))


def _timed_move(session: EditingSession, draw: random.Random) -> float:
    """Milliseconds of one random move."""
    group = draw.choice([g for g, routes in enumerate(session.routes) for _ in routes])
    plan_group = session.prepared.groups[group]
    source, target = (draw.choice(list(session.routes[group].values())).route for _ in range(2))
    visit = draw.choice(source.visits)
    codes = [plan_group.works[task.shipment].shipment.code for task in visit.tasks]
    trip = draw.randrange(len(target.trips))
    spot = Spot(
        plan_group.couriers[target.vehicle_type].courier_id, trip, draw.randint(0, len(target.trips[trip].visits))
    )
    began = time.perf_counter()
    describe(session, move(session, codes, spot)).model_dump_json()
    return 1000 * (time.perf_counter() - began)


def _timed_best(session: EditingSession, draw: random.Random) -> float:
    """Milliseconds of one insertion at the best place."""
    group = draw.choice([g for g, routes in enumerate(session.routes) for _ in routes])
    plan_group = session.prepared.groups[group]
    route = draw.choice(list(session.routes[group].values())).route
    code = plan_group.works[draw.choice(route.tasks).shipment].shipment.code
    without = unassign(session, [code])
    began = time.perf_counter()
    try:
        describe(without, assign(without, code)).model_dump_json()
    except RefusedEditError as error:
        raise AssertionError(f"{code} had a place and has none now") from error
    return 1000 * (time.perf_counter() - began)


def _tell(what: str, milliseconds: list[float]) -> None:
    p50, p99 = np.percentile(milliseconds, [50, 99])
    print(f"{what}: p50 {p50:.1f} ms, p99 {p99:.1f} ms, most {max(milliseconds):.1f} ms of {len(milliseconds)}")


if __name__ == "__main__":
    typer.run(main)

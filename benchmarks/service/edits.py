"""
How long an edit of a plan takes over HTTP: `python -m benchmarks.service.edits`.

A day of about 2,000 stops is planned for a short while and stored. A real server on loopback then answers edits of the
plan: a random shipment moves to a random place of a random round of its base, or is left behind and brought to its best
place. Every edit is a version of its own, on disk before it is answered; moves are also only tried, as while a stop is
dragged. Told are wall-clock times and, for machines
that others share, processor times of server and client together.
"""

from __future__ import annotations

import http.client
import json
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from api.commands.serve import settle
from api.plans.schemas import Plan, PlannedRoute
from benchmarks.console.day import planned_day
from benchmarks.machine import machine
from routing.stopping import StoppingCriterion
from tests.api.service.made_plans import best_of, store_plan
from tests.api.service.running import Service, served


def main(
    scale: Annotated[float, typer.Option(help="Of An Giang's mail.")] = 20.0,
    seconds: Annotated[float, typer.Option(help="Of planning.")] = 12.0,
    edits: Annotated[int, typer.Option(help="Of each kind.")] = 200,
) -> None:
    """Measure edits over HTTP."""
    snapshot, plan = planned_day(StoppingCriterion(seconds=seconds), scale)
    most = max(sum(len(trip.stops) for trip in route.trips) for route in plan.routes)
    print(f"{machine()}; {plan.totals.stops} stops, {plan.totals.couriers} rounds, at most {most} stops a round")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with Service.opened(f"sqlite:///{folder / 'service.db'}", folder) as service:
            service.runtime.days.on_ready = settle  # as the server does
            plan_id = store_plan(service, snapshot, best_of(plan), "planner")
            with served(service.app) as address:
                session = _Session(address, service.token("planner"), plan_id)
                for line in _measured(session, plan, edits):
                    print(line)


@dataclass
class _Session:
    """Somebody who edits a plan, over one connection."""

    address: str
    token: str
    plan_id: str
    version: int = 1
    times: list[tuple[float, float]] = field(default_factory=list)
    """Wall clock and processor, milliseconds."""

    def __post_init__(self) -> None:
        self._connection = http.client.HTTPConnection(self.address.removeprefix("http://"))

    def edit(self, edit: dict[str, Any]) -> None:
        """Do an edit."""
        self.version = self._answered("edits", edit)["version"]

    def try_out(self, edit: dict[str, Any]) -> None:
        """Ask what an edit would do, as while something is dragged."""
        self._answered("trial", edit)

    def _answered(self, what: str, edit: dict[str, Any]) -> Any:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "If-Match": f'"{self.version}"',
        }
        wall, busy = time.perf_counter(), time.process_time()
        self._connection.request("POST", f"/api/v1/plans/{self.plan_id}/{what}", json.dumps(edit), headers)
        answer = self._connection.getresponse()
        text = answer.read()
        self.times.append((1000 * (time.perf_counter() - wall), 1000 * (time.process_time() - busy)))
        if answer.status != 200:
            raise AssertionError(text.decode())
        return json.loads(text)


def _measured(session: _Session, plan: Plan, edits: int) -> Iterator[str]:
    draw = random.Random(0)
    session.edit({"kind": "lock", "shipments": [_shipments(plan.routes[0])[0]]})
    yield f"first edit, which opens the day: {session.times[0][0]:.0f} ms"
    session.edit({"kind": "unlock", "shipments": [_shipments(plan.routes[0])[0]]})
    session.times.clear()
    best: list[tuple[float, float]] = []
    for _ in range(edits):
        code = draw.choice(_shipments(draw.choice(plan.routes)))
        session.edit({"kind": "unassign", "shipments": [code]})
        session.times.clear()
        session.edit({"kind": "assign", "shipment": code, "courier_id": None})
        best += session.times
    yield _told("to the best place", best)
    for what, do in (("move", session.edit), ("move, tried only", session.try_out)):
        session.times.clear()
        for _ in range(edits):
            route = draw.choice(plan.routes)
            same_base = [one for one in plan.routes if one.base_id == route.base_id]
            do(_move(draw.choice(_shipments(route)), draw.choice(same_base).courier_id))
        yield _told(what, session.times)


def _shipments(route: PlannedRoute) -> Sequence[str]:
    return [task.shipment for trip in route.trips for stop in trip.stops for task in stop.tasks]


def _move(code: str, courier_id: str) -> dict[str, Any]:
    return {"kind": "move", "shipments": [code], "courier_id": courier_id, "trip": 0, "position": 0}


def _told(what: str, times: Sequence[tuple[float, float]]) -> str:
    wall, busy = (np.percentile([pair[k] for pair in times], [50, 99]) for k in (0, 1))
    return (
        f"{what}: p50 {wall[0]:.0f} ms, p99 {wall[1]:.0f} ms (processor {busy[0]:.0f} and {busy[1]:.0f} ms) "
        f"of {len(times)}"
    )


if __name__ == "__main__":
    typer.run(main)

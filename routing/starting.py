"""An answer to begin from, as rows of the kernel. What it says about things that no longer fit is left aside."""

from __future__ import annotations

from collections.abc import Iterator

from routing.encoding import Encoded
from routing.kernel import columns as c
from routing.model import Problem, Task
from routing.sequences import Sequences, tidied
from routing.solution import Route, Solution, Trip


def visit_numbers(problem: Problem, start: Solution) -> list[int]:
    """Number the visits of an answer: by shipment, one number for all that share its visits; 0 = not carried."""
    known: dict[tuple[tuple[int, ...], ...], int] = {}
    visits: dict[int, list[tuple[int, ...]]] = {}
    for r, route in enumerate(start.routes):
        for t, trip in enumerate(route.trips):
            for v, visit in enumerate(trip.visits):
                for task in visit.tasks:
                    visits.setdefault(task.shipment, []).append((r, t, v))
    return [
        known.setdefault(tuple(visits[s]), len(known) + 1) if s in visits else 0 for s in range(len(problem.shipments))
    ]


def sequences_of(encoded: Encoded, start: Solution) -> Sequences:
    """Nodes and reload marks by vehicle; frozen parts are kept as they are today."""
    free = _Vehicles(encoded)
    node_of = {task: n for n, halt in enumerate(encoded.halts) for task in halt.tasks}
    rows: Sequences = [list(encoded.begun.get(v, ())) for v in range(len(encoded.vehicle_types))]
    placed = {n for row in rows for n in row if n >= 0}
    for route in start.routes:
        vehicle = free.take(route)
        if vehicle is not None:
            rows[vehicle] += _rest_of(encoded, route, node_of, placed, vehicle)
    return _without_halves(encoded, rows)


class _Vehicles:
    """Vehicles not yet taken, by type."""

    def __init__(self, encoded: Encoded) -> None:
        self._free: dict[int, list[int]] = {}
        for vehicle, kind in enumerate(encoded.vehicle_types):
            self._free.setdefault(kind, []).append(vehicle)

    def take(self, route: Route) -> int | None:
        free = self._free.get(route.vehicle_type, [])
        return free.pop(0) if free else None


def _rest_of(encoded: Encoded, route: Route, node_of: dict[Task, int], placed: set[int], vehicle: int) -> list[int]:
    """What a route does that is not placed yet, behind what is begun."""
    begun = list(encoded.begun.get(vehicle, ()))
    most = int(encoded.tables.kind[route.vehicle_type, c.MAX_TRIPS])
    is_over = int(encoded.tables.vehicle[vehicle, c.RESUMES]) > len(begun)
    trips = begun.count(c.RELOAD) + bool(begun)
    rest: list[int] = []
    for trip in route.trips:
        goes_on = any(node_of.get(task) in begun for visit in trip.visits for task in visit.tasks) and not is_over
        nodes = list(_new_nodes(encoded, trip, node_of, placed, route.vehicle_type))
        if nodes:
            if (begun or rest) and not goes_on and trips < most:
                rest.append(c.RELOAD)
                trips += 1
            elif is_over and not rest:
                return []
            rest += nodes
    return rest


def _new_nodes(encoded: Encoded, trip: Trip, node_of: dict[Task, int], placed: set[int], kind: int) -> Iterator[int]:
    able, node = encoded.tables.able, encoded.tables.node
    for task in (task for visit in trip.visits for task in visit.tasks):
        n = node_of.get(task)
        if n is not None and n not in placed and node[n, c.REQUEST] >= 0 and able[node[n, c.REQUEST], kind]:
            placed.add(n)
            yield n


def _without_halves(encoded: Encoded, rows: Sequences) -> Sequences:
    """Drop pairs of which only one end is in a row, or the delivery comes first."""
    node = encoded.tables.node
    kept: Sequences = []
    for row in rows:
        whole: list[int] = []
        for n in row:
            role = node[n, c.ROLE] if n >= 0 else c.FROM_DEPOT
            partner = node[n, c.PARTNER] if n >= 0 else -1
            frozen_partner = partner >= 0 and node[partner, c.REQUEST] < 0
            if n >= 0 and node[n, c.REQUEST] >= 0 and not frozen_partner:
                if role == c.COLLECTS_PAIR and partner not in row[row.index(n) :]:
                    continue
                if role == c.DELIVERS_PAIR and partner not in whole:
                    continue
            whole.append(n)
        kept.append(tidied(whole))
    return kept

"""Visits of a route in their order, without times: what an edit changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from routing.model import Problem, Task
from routing.solution import Route

Halt = tuple[int, tuple[Task, ...]]
"""A stop, and what is done there in order."""
Trips = tuple[tuple[Halt, ...], ...]


def sequence_of(route: Route | None) -> Trips:
    """The visits of a route by trip; None = a courier without a round."""
    if route is None:
        return ()
    return tuple(tuple((visit.stop, visit.tasks) for visit in trip.visits) for trip in route.trips)


def without(trips: Trips, shipments: Collection[int]) -> Trips:
    """Take shipments out; emptied visits and trips keep their places, so that positions stay what they were."""
    return tuple(
        tuple((stop, tuple(task for task in tasks if task.shipment not in shipments)) for stop, tasks in trip)
        for trip in trips
    )


def with_inserted(problem: Problem, trips: Trips, shipments: Iterable[int], trip: int, position: int) -> Trips:
    """Visit the stops of shipments in order, before the visit that is at a position of a trip; one trip may be new."""
    new = tuple((problem.stop_of(task), (task,)) for s in shipments for task in problem.tasks_of(s))
    opened = (*trips, ()) if trip == len(trips) else trips
    return tuple(
        (*halts[:position], *new, *halts[position:]) if number == trip else halts for number, halts in enumerate(opened)
    )


def tidied(trips: Trips) -> Trips:
    """Leave out what is empty, and make one visit of neighbours at the same stop."""
    closed = (_merged(trip) for trip in trips)
    return tuple(trip for trip in closed if trip)


def _merged(trip: Sequence[Halt]) -> tuple[Halt, ...]:
    halts: list[Halt] = []
    for stop, tasks in trip:
        if not tasks:
            continue
        if halts and halts[-1][0] == stop:
            halts[-1] = (stop, (*halts[-1][1], *tasks))
        else:
            halts.append((stop, tasks))
    return tuple(halts)

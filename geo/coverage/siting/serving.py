"""Who goes to which of the open points: the nearest, or with capacities the cheapest flow of people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from geo.coverage.siting.answer import Served
from geo.coverage.siting.problem import Marks, SitingProblem, Whole


def serve(problem: SitingProblem, opened: NDArray[np.intp], may: Marks) -> Served:
    """
    Serve as many people as the open and the existing points can, and among all such ways with the least seconds.

    Parameters
    ----------
    opened
        Candidates that are open.
    may
        Shape (places, points): which point may serve which place.
    """
    points = np.union1d(problem.fixed, opened)
    if problem.capacity is None:
        return _nearest(problem, points, may)
    return _flow(problem, points, may, problem.capacity)


def people_served(problem: SitingProblem, opened: NDArray[np.intp], may: Marks) -> int:
    """How many people `serve` serves."""
    if problem.capacity is None:
        points = np.union1d(problem.fixed, opened)
        return int(problem.people[may[:, points].any(axis=1)].sum())
    return int(serve(problem, opened, may).people.sum())


def _nearest(problem: SitingProblem, points: NDArray[np.intp], may: Marks) -> Served:
    far = np.where(may[:, points], problem.seconds[:, points].astype(np.int64), np.iinfo(np.int64).max)
    if not points.size:
        far = np.full((problem.people.size, 1), np.iinfo(np.int64).max)
    nearest = far.argmin(axis=1)
    reached = far[np.arange(far.shape[0]), nearest] < np.iinfo(np.int64).max
    place = np.flatnonzero(reached & (problem.people > 0))
    return Served(place=place, point=points[nearest[place]] if points.size else place, people=problem.people[place])


def _flow(problem: SitingProblem, points: NDArray[np.intp], may: Marks, capacity: Whole) -> Served:
    """Source, places, points, sink; the greatest flow of people that costs least."""
    place, column = np.nonzero(may[:, points] & (problem.people[:, None] > 0) & (capacity[points] > 0))
    living = np.unique(place)
    places, source = problem.people.size, 0
    sink = places + points.size + 1
    tail = np.concatenate((np.full(living.size, source), place + 1, places + 1 + np.arange(points.size)))
    head = np.concatenate((living + 1, places + 1 + column, np.full(points.size, sink)))
    room = np.concatenate((problem.people[living], problem.people[place], capacity[points]))
    cost = np.zeros(tail.size, dtype=np.int64)
    cost[living.size : living.size + place.size] = problem.seconds[place, points[column]]
    network = SimpleMinCostFlow()
    arcs = network.add_arcs_with_capacity_and_unit_cost(tail, head, room, cost)
    total = int(problem.people.sum())
    network.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    status = network.solve_max_flow_with_min_cost()
    if status != network.OPTIMAL:
        raise AssertionError(f"the flow of people ended as {status}")
    people = network.flows(arcs)[living.size : living.size + place.size]
    goes = np.flatnonzero(people > 0)
    return Served(place=place[goes], point=points[column[goes]], people=people[goes].astype(np.int64))

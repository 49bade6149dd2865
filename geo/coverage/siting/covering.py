"""Rows of a program that say who is served: by any open point, or by flows of people into points with capacities."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.coverage.siting.problem import Marks, SitingProblem, Whole
from geo.coverage.siting.program import Columns, Program


def count_served(program: Program, is_open: Columns, problem: SitingProblem, may: Marks) -> int:
    """
    Let the program count the people served; `is_open` are its unknowns, one a candidate.

    Returns
    -------
    already
        People beside those that it counts: whom existing points serve anyway.
    """
    if problem.capacity is not None:
        _add_flows(program, is_open, problem, may, problem.capacity, everybody=False)
        return 0
    served = may[:, problem.fixed].any(axis=1)
    people, reach = merged(problem.people * ~served, may[:, problem.candidates])
    is_served = program.columns(people.size, weight=people)
    row, candidate = np.nonzero(reach)
    rows = program.rows(people.size, upper=0)
    program.put(rows, is_served)
    program.put(rows[row], is_open[candidate], -1)
    return int(problem.people[served].sum())


def serve_everybody(program: Program, is_open: Columns, problem: SitingProblem, may: Marks) -> None:
    """Let the program serve all people; `is_open` are its unknowns, one a candidate."""
    if problem.capacity is not None:
        _add_flows(program, is_open, problem, may, problem.capacity, everybody=True)
        return
    served = may[:, problem.fixed].any(axis=1)
    _, reach = merged(problem.people * ~served, may[:, problem.candidates], keep_lost=True)
    reach = hardest(reach)
    row, candidate = np.nonzero(reach)
    rows = program.rows(len(reach), lower=1)
    program.put(rows[row], is_open[candidate])


def merged(people: Whole, reach: Marks, *, keep_lost: bool = False) -> tuple[Whole, Marks]:
    """
    Put places that reach the same points together; those without people go, and unless `keep_lost` those that reach
    none.
    """
    rows = np.flatnonzero((people > 0) & (keep_lost | reach.any(axis=1)))
    packed = np.packbits(reach[rows], axis=1)
    _, first, group = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    total = np.zeros(first.size, dtype=np.int64)
    np.add.at(total, group.ravel(), people[rows])
    return total, reach[rows][first]


def hardest(reach: Marks) -> Marks:
    """Of different rows those that matter: who serves a place serves any that reaches all of its points and more."""
    ones = reach.astype(np.float32)
    is_part: Marks = ones @ ones.T == ones.sum(axis=1)[:, None]
    np.fill_diagonal(is_part, val=False)
    hard: Marks = reach[~is_part.any(axis=0)]
    return hard


def _add_flows(
    program: Program, is_open: Columns, problem: SitingProblem, may: Marks, capacity: Whole, *, everybody: bool
) -> None:
    """People flow from places to points: no more than live there, no more than a point has room for while open."""
    people, reach = merged(problem.people, may[:, np.union1d(problem.fixed, problem.candidates)], keep_lost=everybody)
    place, point = np.nonzero(reach)
    points = np.union1d(problem.fixed, problem.candidates)
    room = capacity[points]
    most = np.minimum(people[place], room[point])
    flow = program.columns(place.size, upper=most, weight=0 if everybody else 1)
    program.put(program.rows(people.size, lower=people if everybody else -np.inf, upper=people)[place], flow)
    add_room(program, is_open, problem, flow, point, most, room)


def add_room(
    program: Program,
    is_open: Columns,
    problem: SitingProblem,
    flow: Columns,
    point: NDArray[np.intp],
    most: Whole,
    room: Whole,
) -> None:
    """
    Flows end at open points only, and fit there.

    Parameters
    ----------
    flow, point, most
        Each flow's unknown, the point that it ends at, and what it can be at most.
    room
        Shape (points,): capacity; points are existing ones and candidates together, ascending.
    """
    points = np.union1d(problem.fixed, problem.candidates)
    candidate = np.searchsorted(problem.candidates, points)
    is_new = np.isin(points, problem.candidates)
    rows = program.rows(points.size, upper=np.where(is_new, 0, room))
    program.put(rows[point], flow)
    program.put(rows[is_new], is_open[candidate[is_new]], -room[is_new])
    new = np.flatnonzero(is_new[point])
    each = program.rows(new.size, upper=0)
    program.put(each, flow[new])
    program.put(each, is_open[candidate[point[new]]], -most[new])

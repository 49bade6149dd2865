"""How many people are within a limit when k of the places without a post get one."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from api.coverage.assumptions import Assumptions
from api.coverage.document import Frontier, FrontierStep, Means
from api.coverage.lab import Lab
from api.coverage.reachable import why_not
from api.coverage.situation import Point, Situation, serving_points, usual_week
from geo.coverage.siting.frontier import frontier
from geo.coverage.siting.problem import SitingProblem, siting_problem
from geo.matrix import UNREACHABLE


def make_frontier(
    lab: Lab, means: Means, minutes: int, *, on_step: Callable[[int, int], None] | None = None
) -> Frontier:
    """
    Find the best k places to build at, for k = 0 up to all of them.

    Raises
    ------
    OutOfReachError
        When nobody lives within the limit of any point, old or new.
    """
    began = time.monotonic()
    problem, name = siting(lab.situation, lab.assumptions, means)
    found = frontier(problem, 60 * minutes, problem.candidates.size, on_progress=on_step)
    steps = [
        FrontierStep(k=0, exact=(), exact_people=found.already, greedy=(), greedy_people=found.already, proved=True)
    ]
    for k, (exact, greedy_people) in enumerate(zip(found.exact, found.greedy.tolist(), strict=True), 1):
        steps.append(
            FrontierStep(
                k=k,
                exact=tuple(name[column] for column in exact.opened.tolist()),
                exact_people=exact.value,
                greedy=tuple(name[column] for column in found.order[:k].tolist()),
                greedy_people=greedy_people,
                proved=exact.proved,
            )
        )
    return Frontier(
        means=means,
        minutes=minutes,
        seconds_taken=time.monotonic() - began,
        steps=tuple(steps),
        nearer=_nearer(lab, means),
    )


def siting(situation: Situation, assumptions: Assumptions, means: Means) -> tuple[SitingProblem, dict[int, str]]:
    """
    Where points may stand: today's are fixed, places without a post that couriers can come to may get one.

    Returns
    -------
    problem
        Rows are the situation's places.
    name
        The place of each candidate column.
    """
    fixed = _counting(situation, assumptions)
    open_places = [place_id for place_id in situation.without_post if why_not(situation, place_id) is None]
    numbers = [situation.number[place_id] for place_id in open_places]
    new = [situation.ways.places[number] for number in numbers]
    seconds = situation.ways.to(means, [*fixed, *new])
    candidates = range(len(fixed), len(fixed) + len(new))
    problem = siting_problem(situation.people, seconds, list(candidates), fixed=list(range(len(fixed))))
    return problem, dict(zip(candidates, open_places, strict=True))


def _nearer(lab: Lab, means: Means) -> dict[str, dict[str, int]]:
    """Whose way becomes shorter when a place gets a point: with today's ways it gives those of any choice."""
    situation = lab.situation
    today = situation.ways.to(means, _counting(situation, lab.assumptions)).min(axis=1, initial=UNREACHABLE)
    found = {}
    for place_id in situation.without_post:
        way = situation.ways.to(means, [situation.ways.places[situation.number[place_id]]])[:, 0]
        rows = np.flatnonzero(way < today).tolist()
        found[place_id] = {situation.places[row].settlement_id: int(way[row]) for row in rows}
    return found


def _counting(situation: Situation, assumptions: Assumptions) -> list[Point]:
    """Where today's points stand that are open often enough."""
    points = serving_points(situation.network)
    return [(site.lon, site.lat) for site in points if usual_week(site, situation.day)[1] >= assumptions.least_days]

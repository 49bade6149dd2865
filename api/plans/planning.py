"""A province's day planned: every group solved in parallel, the answers joined into one plan."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from api.network.model import Network
from api.plans.document import Answer, PlanInputs, write_plan
from api.plans.problems import PlanGroup, build_groups
from api.plans.schemas import Plan
from api.plans.tasks import sort_out
from api.shipments.model import ShipmentList
from geo.roads import Roads
from routing.model import Problem
from routing.solution import Solution
from routing.stopping import StoppingCriterion

WORKERS = 2
"""Groups solved at the same time when nobody says otherwise."""

LEAST_SECONDS = 0.2
"""Of search for the smallest group."""


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """How far a plan is."""

    groups_done: int
    groups: int
    seconds: float
    """Since the search began."""


@dataclass(frozen=True, slots=True, eq=False)
class PreparedDay:
    """Inputs read and turned into problems: solve it as often as you like."""

    inputs: PlanInputs
    groups: tuple[PlanGroup, ...]


def prepare_day(
    network: Network, shipments: ShipmentList, roads: Roads, day: date, *, seed: int = 0, with_reserve: bool = False
) -> PreparedDay:
    """
    Turn a day's inputs into problems.

    Parameters
    ----------
    network
        All of it; the rows in force on `day` are used, later ones say how long a shipment may wait.

    Raises
    ------
    InputError
        When places lie too far from any road.
    """
    in_force = network.on(day)
    crew = in_force.crew(with_reserve=with_reserve)
    todo = sort_out(network, shipments.shipments, day, crew=crew)
    groups = build_groups(in_force, todo.works, roads, day, crew=crew)
    return PreparedDay(PlanInputs(in_force, shipments, roads, day, seed, todo.left), tuple(groups))


def plan_day(
    network: Network,
    shipments: ShipmentList,
    roads: Roads,
    day: date,
    stop: StoppingCriterion,
    seed: int,
    *,
    executor: Executor,
    created_at: datetime,
    workers: int = WORKERS,
    on_progress: Callable[[PlanProgress], None] | None = None,
) -> Plan:
    """
    Plan a day.

    Parameters
    ----------
    stop
        `seconds` is for the whole day: it is shared out among the groups. `iterations` is for each group.
    executor
        Where the groups are solved, `workers` at a time.
    created_at
        Aware; written into the plan.
    on_progress
        Called when a group is done.

    Raises
    ------
    InputError
        When places lie too far from any road.
    """
    prepared = prepare_day(network, shipments, roads, day, seed=seed)
    answers = solve_groups(prepared.groups, stop, seed, executor=executor, workers=workers, on_progress=on_progress)
    return write_plan(prepared.inputs, prepared.groups, answers, created_at=created_at)


def solve_groups(
    groups: Sequence[PlanGroup],
    stop: StoppingCriterion,
    seed: int,
    *,
    executor: Executor,
    workers: int = WORKERS,
    starts: Sequence[Solution | None] | None = None,
    explain: bool = True,
    on_progress: Callable[[PlanProgress], None] | None = None,
) -> tuple[Answer, ...]:
    """
    Solve every group, the largest first.

    Parameters
    ----------
    starts
        Solutions to improve, one a group; None = from nothing.
    explain
        Whether the answers say why shipments stay behind.
    """
    began = time.monotonic()
    sizes = [len(group.problem.shipments) for group in groups]
    shares: Sequence[float | None] = [None] * len(groups)
    if stop.seconds is not None:
        shares = share_seconds(sizes, stop.seconds, workers)
    pending: dict[Future[Answer], int] = {}
    for index in sorted(range(len(groups)), key=lambda i: -sizes[i]):
        limit = StoppingCriterion(seconds=shares[index], iterations=stop.iterations)
        start = starts[index] if starts is not None else None
        pending[executor.submit(solve_group, groups[index].problem, limit, seed, start, explain=explain)] = index
    answers: dict[int, Answer] = {}
    for future in as_completed(pending):
        answers[pending[future]] = future.result()
        if on_progress is not None:
            on_progress(PlanProgress(len(answers), len(groups), time.monotonic() - began))
    return tuple(answers[index] for index in range(len(groups)))


def solve_provinces(
    days: Sequence[PreparedDay],
    stop: StoppingCriterion,
    seed: int,
    *,
    executor: Executor,
    workers: int = WORKERS,
    on_progress: Callable[[PlanProgress], None] | None = None,
) -> tuple[tuple[Answer, ...], ...]:
    """
    Solve the days of several provinces together, the largest group of all first.

    Returns
    -------
    answers
        One a group, by province.
    """
    groups = [group for day in days for group in day.groups]
    answers = iter(solve_groups(groups, stop, seed, executor=executor, workers=workers, on_progress=on_progress))
    return tuple(tuple(islice(answers, len(day.groups))) for day in days)


def solve_group(
    problem: Problem, stop: StoppingCriterion, seed: int, start: Solution | None, *, explain: bool = True
) -> Answer:
    """Solve one group; runs in a worker process, where the engine is loaded once."""
    from routing.solver import solve

    result = solve(problem, stop, seed, start=start, explain=explain)
    return Answer(result.solution, result.terms, result.total)


def share_seconds(sizes: Sequence[int], seconds: float, workers: int) -> list[float]:
    """
    Divide wall-clock time among searches that run `workers` at a time, so that all of it takes about `seconds`.

    Each gets time in proportion to its size, but never more than there is, nor less than `LEAST_SECONDS`; then all are
    scaled by how the longest worker turns out when they are handed out in order of size.
    """
    if not sizes:
        return []
    whole = sum(sizes)
    shares = [min(seconds, max(LEAST_SECONDS, seconds * workers * size / whole)) for size in sizes]
    busy = [0.0] * min(workers, len(sizes))
    for share in sorted(shares, reverse=True):
        heapq.heapreplace(busy, busy[0] + share)
    return [min(seconds, share * seconds / max(busy)) for share in shares]

"""
A changed province's rounds, searched for from those of the same day without the change.

Two searches that begin apart end apart, by more than one post costs. So the situation as it is is searched for
thoroughly, once, and every change of it begins from its rounds: what a change is said to cost is what it changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from datetime import date

from api.plans.document import Answer
from api.plans.planning import solve_groups
from api.plans.problems import PlanGroup
from api.simulation.day import Province
from routing.model import Action, Problem, Task
from routing.solution import Route, Solution, Trip, Visit
from routing.stopping import StoppingCriterion

THOROUGH = 12
"""Times the search steps where there is nothing to begin from."""

_Day = tuple[date, tuple[str, ...]]
"""And bases planned together."""


@dataclass(frozen=True, slots=True, eq=False)
class KnownRounds:
    """The rounds of the situation as it is, by day and bases."""

    rounds: dict[_Day, tuple[PlanGroup, Solution]] = field(default_factory=dict)

    def first(self, province: Province, day: date, groups: Sequence[PlanGroup]) -> tuple[Answer, ...]:
        """Solve the days of the situation as it is, and keep their rounds; as `Province.solved`."""
        answers = self.changed(province, day, groups)
        for group, answer in zip(groups, answers, strict=True):
            self.rounds.setdefault((day, group.bases), (group, answer.solution))
        return answers

    def changed(self, province: Province, day: date, groups: Sequence[PlanGroup]) -> tuple[Answer, ...]:
        """Solve a day from the rounds that are known of it; as `Province.solved`."""
        return self.solve(
            day, groups, iterations=province.iterations, seed=province.chances.seed, executor=province.executor
        )

    def solve(
        self, day: date, groups: Sequence[PlanGroup], *, iterations: int, seed: int, executor: Executor
    ) -> tuple[Answer, ...]:
        """
        Solve groups of a day, from the rounds that are known of it.

        Parameters
        ----------
        iterations
            Search steps for each; `THOROUGH` times as many from nothing.
        """
        starts = [self._start(day, group) for group in groups]
        steps = [iterations * (THOROUGH if start is None else 1) for start in starts]
        found: dict[int, Answer] = {}
        for many in set(steps):
            chosen = [number for number, each in enumerate(steps) if each == many]
            answers = solve_groups(
                [groups[number] for number in chosen],
                StoppingCriterion(iterations=many),
                seed,
                executor=executor,
                starts=[starts[number] for number in chosen],
                explain=False,
            )
            found |= dict(zip(chosen, answers, strict=True))
        return tuple(found[number] for number in range(len(groups)))

    def _start(self, day: date, group: PlanGroup) -> Solution | None:
        known = self.rounds.get((day, group.bases))
        return None if known is None else rounds_for(group, *known)


def rounds_for(group: PlanGroup, known: PlanGroup, solution: Solution) -> Solution:
    """
    Take rounds to a group with more or other work; what is new at a stop of theirs is done on the same visit.

    A start for a search: its times are those of the known rounds, and what it leaves out is not named.
    """
    return _Follower(group, known).solution(solution)


_Errand = tuple[str, tuple[Action, ...]]
"""A shipment, and what is to be done for it: a paper may be fetched on one day here, and taken out on it there."""


def _errands(group: PlanGroup) -> list[_Errand]:
    """By shipment."""
    tasks = map(group.problem.tasks_of, range(len(group.works)))
    return [
        (work.shipment.code, tuple(task.action for task in of)) for work, of in zip(group.works, tasks, strict=True)
    ]


class _Follower:
    def __init__(self, group: PlanGroup, known: PlanGroup) -> None:
        self._problem = group.problem
        there, here = _errands(known), {errand: number for number, errand in enumerate(_errands(group))}
        self._numbers = [here.get(errand) for errand in there]
        vehicles = {courier.courier_id: number for number, courier in enumerate(group.couriers)}
        self._vehicles = [vehicles.get(courier.courier_id) for courier in known.couriers]
        self._new = _by_stop(group.problem, set(here.values()).difference(self._numbers))

    def solution(self, solution: Solution) -> Solution:
        followed = []
        for route in solution.routes:
            vehicle = self._vehicles[route.vehicle_type]
            trips = tuple(trip for trip in map(self._trip, route.trips) if trip.visits)
            if vehicle is not None and trips:
                followed.append(Route(vehicle, trips))
        return Solution(tuple(followed))

    def _trip(self, trip: Trip) -> Trip:
        visits = [self._visit(visit) for visit in trip.visits]
        return replace(trip, visits=tuple(visit for visit in visits if visit is not None))

    def _visit(self, visit: Visit) -> Visit | None:
        numbers = [(self._numbers[task.shipment], task.action) for task in visit.tasks]
        tasks = [Task(number, action) for number, action in numbers if number is not None]
        if not tasks:
            return None
        stop = self._problem.stop_of(tasks[0])
        return replace(visit, stop=stop, tasks=(*tasks, *self._new.pop(stop, ())))


def _by_stop(problem: Problem, shipments: set[int]) -> dict[int, list[Task]]:
    """What is to be done for shipments, but for those that are carried from one stop to another."""
    found: dict[int, list[Task]] = {}
    for shipment in sorted(shipments):
        tasks = problem.tasks_of(shipment)
        if len(tasks) == 1:
            found.setdefault(problem.stop_of(tasks[0]), []).append(tasks[0])
    return found

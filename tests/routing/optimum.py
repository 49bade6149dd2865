"""
The best total of a tiny problem, exactly: every set of shipments in every vehicle, then the best partition.

`labels` finds the days of each vehicle type; here their loads are joined by dynamic programming. Where a ride limit
makes a day's cost a bound, `time_route` is asked as soon as the best partition uses it.

With a price on balance the times are the best for the total, which `time_route` reaches where no overtime can be
traded for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from routing.model import Problem
from routing.objective import Objective, measure, weights
from routing.schedule import time_route
from routing.solution import Route, Solution, Unassigned
from tests.routing.labels import Option, VehicleSearch, left_cost

Choice = tuple[int, int, Option]
"""A vehicle type, its load bit by bit, and its day."""
Way = tuple[int, int, tuple[Choice, ...]]
"""Cost, longest working time, and who drives."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """The best there is."""

    total: int
    solution: Solution
    """One of the best answers."""


def optimum(problem: Problem, objective: Objective) -> Optimum | None:
    """Find the best total of all feasible solutions; None = not even the frozen parts can be driven."""
    return _Partition(problem, objective).best()


class _Partition:
    """Chooses who carries what."""

    def __init__(self, problem: Problem, objective: Objective) -> None:
        self.problem, self.objective = problem, objective
        self.weights = weights(problem, objective)
        self.per_second = self.weights.cost * problem.preferences.unit_balance_cost
        searches = [VehicleSearch(problem, kind, objective) for kind in range(len(problem.vehicle_types))]
        self.must_drive = [search.must_drive for search in searches]
        self.options = [search.options() for search in searches]
        for by_load in self.options:
            for load in by_load:
                by_load[load] = self._front(by_load[load])

    def best(self) -> Optimum | None:
        """Join the sets; ask the exact schedule about every bound that the best partition leans on."""
        while (chosen := self._joined()) is not None:
            total, picked = chosen
            bounds = [(kind, load, option) for kind, load, option in picked if not option.is_exact]
            if not bounds:
                return Optimum(total, self._solution(picked))
            for kind, load, option in bounds:
                self._settle(kind, load, option)
        return None

    def _joined(self) -> tuple[int, tuple[Choice, ...]] | None:
        """Total of the best partition, and who drives in it."""
        best: dict[int, list[Way]] = {0: [(0, 0, ())]}
        for kind, vehicle in enumerate(self.problem.vehicle_types):
            for _ in range(min(vehicle.num_available, max(1, len(self.problem.shipments)))):
                best = self._with_another(best, kind)
        everything = (1 << len(self.problem.shipments)) - 1
        found = [
            (cost + self.per_second * longest + self._left(everything & ~carried), picked)
            for carried, ways in best.items()
            for cost, longest, picked in ways
        ]
        return min(found, key=lambda way: way[0], default=None)

    def _with_another(self, best: dict[int, list[Way]], kind: int) -> dict[int, list[Way]]:
        """The best ways to carry each load with one vehicle more, which may stay at home unless it is on its way."""
        grown: dict[int, list[Way]] = defaultdict(list)
        if not self.must_drive[kind]:
            grown.update({carried: list(ways) for carried, ways in best.items()})
        for carried, ways in best.items():
            for load, options in self.options[kind].items():
                for option in options[: None if self.per_second else 1] if not carried & load else ():
                    choice = (kind, load, option)
                    grown[carried | load] += [
                        (cost + option.cost, max(longest, option.working), (*picked, choice))
                        for cost, longest, picked in ways
                    ]
        return {carried: self._pruned(ways) for carried, ways in grown.items()}

    def _pruned(self, ways: list[Way]) -> list[Way]:
        """Cheapest first; dearer ones only when they work less long and balance counts."""
        ways.sort(key=lambda way: way[:2])
        kept = ways[:1]
        for way in ways[1:] if self.per_second else ():
            if way[1] < kept[-1][1]:
                kept.append(way)
        return kept

    def _left(self, load: int) -> int:
        shipments = range(len(self.problem.shipments))
        return sum(left_cost(self.problem, self.weights, s) for s in shipments if load >> s & 1)

    def _front(self, options: list[Option]) -> list[Option]:
        """Cheapest first; nothing that an exact one makes useless."""
        options.sort(key=lambda option: (option.cost, option.working, not option.is_exact))
        shortest, kept = None, []
        for option in options:
            if shortest is None or (self.per_second and option.working < shortest):
                kept.append(option)
                shortest = option.working if option.is_exact else shortest
        return kept

    def _settle(self, kind: int, load: int, option: Option) -> None:
        """Replace a bound by what the exact schedule says."""
        options = [other for other in self.options[kind][load] if other is not option]
        route = time_route(self.problem, kind, option.trips)
        if isinstance(route, Route):
            solution = Solution((route,))
            terms = replace(measure(self.problem, solution), balance_cost=0)
            options.append(Option(self.weights.total(terms), route.working_time, option.trips, True))
        if options:
            self.options[kind][load] = self._front(options)
        else:
            del self.options[kind][load]

    def _solution(self, picked: Iterable[tuple[int, int, Option]]) -> Solution:
        routes, carried = [], 0
        for kind, load, option in picked:
            route = time_route(self.problem, kind, option.trips)
            assert isinstance(route, Route), (kind, option.trips, route)
            routes.append(route)
            carried |= load
        left = (Unassigned(s) for s in range(len(self.problem.shipments)) if not carried >> s & 1)
        return Solution(tuple(routes), tuple(left))

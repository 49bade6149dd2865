"""
A row against the exact schedule: the kernel drives exactly what `time_route` drives, at the same cost, to the unit.

Sequences are drawn at random and written into rows; what a scan would never propose is compared too.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from routing import encoding
from routing.drafts import DraftRoute
from routing.encoding import Encoded, draft_from, encode
from routing.kernel import columns as c
from routing.model import Preferences, Problem, Task
from routing.objective import Objective, measure, weights
from routing.run import Run, UndrivableError
from routing.schedule import time_route
from routing.solution import Route, Solution
from tests.effort import draws
from tests.routing.constraint_problems import FOCUSES
from tests.routing.samples import random_problem, random_sequence

DRAWS = draws(usual=30, soak=3000)
"""Problems of each family."""
SEQUENCES = 12
"""Of each problem."""

FREE = {"skills": frozenset[int](), "vehicle_types": None}
"""Who may carry what is asked before rows are made."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a row costs; None = it cannot be driven."""

    kernel: int | None
    exact: int | None


class Bench:
    """One problem in the kernel, and its rows one after the other."""

    def __init__(self, problem: Problem, objective: Objective, seed: int) -> None:
        self.problem, self.weights = problem, weights(problem, objective)
        self.encoded: Encoded = encode(problem, objective)
        self.run = Run(self.encoded, seed)
        self.node_of = {task: n for n, halt in enumerate(self.encoded.halts) for task in halt.tasks}
        self.rng = random.Random(seed)

    def verdicts(self, count: int) -> Iterator[tuple[list[int], DraftRoute, Verdict]]:
        for _ in range(count if self.encoded.vehicle_types else 0):
            vehicle = self.rng.randrange(len(self.encoded.vehicle_types))
            sequence = self.sequence(vehicle)
            rows = [list(self.encoded.begun.get(v, ())) for v in range(len(self.encoded.vehicle_types))]
            rows[vehicle] = sequence
            route = draft_from(self.encoded, rows)[vehicle]
            if route.trips:
                yield sequence, route, Verdict(self.kernel(rows, vehicle), self.exact(route))

    def sequence(self, vehicle: int) -> list[int]:
        """A random order of some requests behind the frozen part, cut into trips at random."""
        table = self.encoded.tables.vehicle[vehicle]
        sequence = list(self.encoded.begun.get(vehicle, ()))
        if table[c.CLOSED]:
            return sequence
        order: list[int] = []
        for trip in random_sequence(self.problem, self.rng.randrange(10**9), max_trips=1):
            order += [self.node_of[task] for _, tasks in trip for task in tasks if self._is_free(task, vehicle)]
        chosen = self._chosen(vehicle)
        order = list(dict.fromkeys(n for n in order if self.encoded.tables.node[n, c.REQUEST] in chosen))
        if self.rng.random() < 0.5:  # doors in a row more often
            order.sort(key=lambda n: (self.encoded.tables.node[n, c.ROLE] == c.DELIVERS_PAIR, self._door(n)))
        most = self._most_reloads(vehicle, sequence)
        marks = {self.rng.randrange(len(order) + 1) for _ in range(self.rng.randint(0, most))} if most > 0 else set()
        if table[c.RESUMES] == len(sequence) + 1:  # a frozen last trip is over: the next one begins at the base
            marks = {0} | set(list(marks)[: most - 1])
            order = order if most > 0 else []
        for place, n in enumerate(order):
            if place in marks and sequence and sequence[-1] >= 0:
                sequence.append(c.RELOAD)
            sequence.append(n)
        return sequence

    def _door(self, n: int) -> int:
        return int(self.encoded.tables.node[n, c.STOP])

    def _is_free(self, task: Task, vehicle: int) -> bool:
        n = self.node_of.get(task)
        if n is None:
            return False
        request = int(self.encoded.tables.node[n, c.REQUEST])
        kind = self.encoded.vehicle_types[vehicle]
        only = int(self.encoded.tables.request[request, c.ONLY_VEHICLE])
        return request >= 0 and only in (-1, vehicle) and bool(self.encoded.tables.able[request, kind])

    def _chosen(self, vehicle: int) -> set[int]:
        only = self.encoded.tables.request[:, c.ONLY_VEHICLE]
        begun = {r for r in range(len(only)) if only[r] == vehicle}
        free = [r for r in range(len(only)) if only[r] < 0]
        return begun | set(self.rng.sample(free, self.rng.randint(min(1, len(free)), len(free))))

    def _most_reloads(self, vehicle: int, begun: list[int]) -> int:
        kind = self.encoded.tables.kind[self.encoded.tables.vehicle[vehicle, c.KIND]]
        return int(min(3, kind[c.MAX_TRIPS] - 1 - begun.count(c.RELOAD)))

    def kernel(self, rows: list[list[int]], vehicle: int) -> int | None:
        stuck = self.run._written(rows)
        assert stuck in (-1, vehicle)
        return None if stuck == vehicle else self.run.costs()[vehicle]

    def exact(self, route: DraftRoute) -> int | None:
        timed = time_route(self.problem, route.vehicle_type, route.trips)
        if not isinstance(timed, Route):
            return None
        terms = measure(self.problem, Solution((timed,)))
        return self.weights.total(replace(terms, balance_cost=0))


def bench(problem: Problem, objective: Objective, seed: int) -> Bench | None:
    """None = not even the frozen parts can be driven."""
    shipments = (
        replace(s, **FREE, depot=s.depot if s.delivery is None else None)  # type: ignore[arg-type]
        for s in problem.shipments
    )
    try:
        return Bench(replace(problem, shipments=tuple(shipments)), objective, seed)
    except UndrivableError:
        return None


def unequal(made: Bench | None, count: int = SEQUENCES) -> tuple[list[object], Counter[bool]]:
    """Rows on which kernel and schedule differ; how many could be driven and how many not."""
    wrong: list[object] = []
    seen: Counter[bool] = Counter()
    for sequence, route, verdict in made.verdicts(count) if made is not None else ():
        seen[verdict.exact is not None] += 1
        if verdict.kernel != verdict.exact:
            wrong.append((sequence, route, verdict))
    return wrong, seen


@pytest.mark.slow
@pytest.mark.parametrize("name", FOCUSES)
def test_a_row_costs_and_can_be_driven_as_the_exact_schedule_says(name: str) -> None:
    seen: Counter[bool] = Counter()
    for seed in range(DRAWS):
        problem, objective = FOCUSES[name].problem(seed)
        wrong, more = unequal(bench(problem, objective, seed))
        assert not wrong, (seed, wrong[0])
        seen += more
    assert seen[True] > 0


def roomy(problem: Problem) -> Problem:
    """Without limits of room and distance, which the sequences would break most often."""
    fleet = (replace(v, capacity=(), max_trips=v.max_trips + 1) for v in problem.vehicle_types)
    return replace(problem, vehicle_types=tuple(fleet))


@pytest.mark.slow
@pytest.mark.parametrize("objective", Objective)
def test_the_whole_vocabulary_is_priced_as_the_exact_schedule_says(objective: Objective) -> None:
    seen: Counter[bool] = Counter()
    for seed in range(4 * DRAWS):
        problem = random_problem(seed, num_shipments=3 + seed % 6)
        problem = replace(problem, preferences=Preferences(0, seed % 50, seed % 70))
        wrong, more = unequal(bench(roomy(problem) if seed % 4 else problem, objective, seed))
        assert not wrong, (seed, wrong[0])
        seen += more
    assert min(seen.values()) > DRAWS


def alike(problem: Problem, rng: random.Random) -> Problem:
    """Every shipment several times, with loads of its own: they share lots."""
    shipments = [
        replace(s, load=(rng.randint(0, 2), rng.randint(0, 2)), collected=(rng.randint(0, 2),) if s.collected else ())
        for s in problem.shipments
        for _ in range(rng.randint(1, 3))
    ]
    fleet = (replace(v, capacity=(rng.randint(12, 20), 14)) for v in problem.vehicle_types)
    return replace(problem, shipments=tuple(shipments), vehicle_types=tuple(fleet))


@pytest.mark.slow
def test_lots_are_priced_as_the_exact_schedule_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "SMALL", 0)
    lots = 0
    for seed in range(4 * DRAWS):
        problem = alike(random_problem(seed, num_shipments=3), random.Random(seed))
        made = bench(problem, Objective.DAILY, seed)
        wrong, _ = unequal(made)
        assert not wrong, (seed, wrong[0])
        lots += sum(len(lot) > 1 for lot in made.encoded.lots) if made is not None else 0
    assert lots > DRAWS

"""
The engine: first as few vehicles as can be, where they come first, then cost, then the best of all routes seen.

Ruin and recreate (Christiaens & Vanden Berghe 2020) and exchanges of tails under simulated annealing, in compiled calls
of some milliseconds; in between this module looks at the clock. Several cores share one problem's arrays: in the fleet
phase each works on its own and all go on from the best; in the cost phase each works on its own region of one solution,
so that two cores do twice the work of one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from routing.checker import check
from routing.constraints.fleet import fewest_vehicles
from routing.drafts import Clock, Draft, Found, OnBetter, idle_draft, solution_of
from routing.encoding import Encoded, draft_from, encode
from routing.kernel.anneal import work
from routing.kernel.cache import compiling_alone
from routing.kernel.jit import compiling, is_loaded
from routing.model import Depot, Problem, Shipment, Stop, VehicleType
from routing.objective import Objective, measure, weights
from routing.pooling import Pool
from routing.regions import merged, split
from routing.run import Run, UndrivableError
from routing.schedule import Conflict
from routing.sequences import Sequences
from routing.solution import Route, Solution
from routing.starting import sequences_of, visit_numbers
from routing.stopping import StoppingCriterion, Stopwatch

logger = logging.getLogger(__name__)

FLEET_SHARE, MOST_FLEET_SHARE = 0.35, 0.7
"""Of the time, for vehicles, where they come first; at most, when it goes on being worth it."""
FLEET_PATIENCE = 2.0
"""How many times as long as the last vehicle took to save, the next one may take."""
RECOMBINATION_SHARE = 0.07
"""Of the time, for joining all routes seen."""
MOST_RECOMBINATION = 10.0
"""Seconds."""
HOT, COLD = 1.0, 0.01
"""Temperature at the begin and at the end of the cost phase, in prices of an average node."""
MOLTEN = 0.05
"""Of the temperature, what a node of a solution that is free to move has above the best one."""
HEATINGS, BURST_SHARE = 4, 0.015
"""How often the temperature is doubled at most when solutions are not free to move, and the time between."""
LUKEWARM = (0.1, 0.3, 1.0)
"""In the fleet phase: of its attempts, in turn."""
ATTEMPT_SHARE = 0.08
"""Of the time, until an attempt that saves no vehicle is given up and another one begins from the best answer."""
CALL_SECONDS = 0.02
"""How long one call of the kernel should last: the clock and a cancellation are looked at in between."""
FIRST_CALL, STEADY_CALL, LONGEST_CALL = 20, 100, 50_000
"""Iterations of the first call, of every call of a search that must repeat, and most of any."""
FEW = 20
"""Iterations of a search with one lot."""
CYCLE = 400
"""Iterations a node from hot to cold when nobody says how long to search."""
CALLS_OF_SHORT = 50
"""Calls that the shortest search is cut into."""
POOLED_EVERY = 5
"""Calls of the kernel, or meetings of several cores, between two solutions whose routes are kept."""
EPOCHS = 100
"""How often cores meet."""


def search(
    problem: Problem,
    objective: Objective,
    watch: Stopwatch,
    seed: int,
    on_better: OnBetter | None = None,
    start: Solution | None = None,
    cores: int = 1,
) -> Found:
    """
    Search until the watch says so.

    Parameters
    ----------
    start
        An answer to begin from; what does not fit any more is left aside.
    """
    encoded = encode(problem, objective, None if start is None else visit_numbers(problem, start))
    answer = _Answer(encoded, objective, watch, on_better)
    if start is not None and not check(problem, start):
        answer.keep(start, 0)
    if not encoded.vehicle_types or not (encoded.lots or encoded.begun):
        answer.offer_draft(idle_draft(problem), 0)
        return answer.found(0)
    try:
        team = _Team(encoded, watch, answer, seed, cores)
    except UndrivableError:
        return Found(None, 0, 0)
    if start is not None:
        team.begin_from(sequences_of(encoded, start))
    return answer.found(team.work(fewest_first=objective is Objective.HIER))


def warm_up(on_compile: Callable[[], None] | None = None) -> None:
    """
    Compile the kernel, or load it compiled: never inside a limit of time.

    When several processes do so at once, one compiles and the others wait for it.

    Parameters
    ----------
    on_compile
        Called before something is compiled, which takes a while.
    """
    if is_loaded(work):
        return
    matrix = np.array([[0, 1], [1, 0]], np.int32)
    least = Problem((Stop(1),), (Shipment(delivery=0),), (VehicleType(),), (Depot(0),), (matrix,), (matrix,))
    with compiling_alone(), compiling(on_compile):
        search(least, Objective.DAILY, Stopwatch(StoppingCriterion(iterations=1)), 0)


class _Answer:
    """The best answer so far, timed exactly."""

    def __init__(self, encoded: Encoded, objective: Objective, watch: Stopwatch, on_better: OnBetter | None) -> None:
        self._encoded = encoded
        self._problem = encoded.problem
        self._weights = weights(encoded.problem, objective)
        self._watch = watch
        self._on_better = on_better
        self._clock = Clock(encoded.problem)
        begun = (route for route in idle_draft(encoded.problem) if route.trips) if encoded.begun else ()
        self._stuck = {route.vehicle_type for route in begun if isinstance(self._clock.timed(route), Conflict)}
        """Types whose frozen part alone cannot be driven: it breaks a rule, or waits for what it collected."""
        self._solution: Solution | None = None
        self._total = 0

    @property
    def has_listener(self) -> bool:
        return self._on_better is not None

    def offer(self, sequences: Sequences, iterations: int) -> None:
        """Time rows exactly, and keep them when they are better."""
        self.offer_draft(draft_from(self._encoded, sequences), iterations)

    def offer_draft(self, draft: Draft, iterations: int) -> None:
        """
        Time every route exactly.

        Kernel and schedule agree, so that a refused route is a fault of the kernel: it is logged and left out, for a
        day's plan without one route is worth more than none.
        """
        driven = [route for route in draft if route.trips]
        timed = [self._clock.timed(route) for route in driven]
        for route, conflict in zip(driven, timed, strict=True):
            if isinstance(conflict, Conflict) and route.vehicle_type not in self._stuck:
                details = {"action": "route_refused", "vehicle_type": route.vehicle_type}
                logger.warning("the schedule refuses a route of the kernel: %s", conflict, extra=details)
        frozen = {route.vehicle_type for route in self._problem.frozen}
        if any(not isinstance(t, Route) and r.vehicle_type in frozen for r, t in zip(driven, timed, strict=True)):
            return
        self.keep(solution_of(self._problem, (route for route in timed if isinstance(route, Route))), iterations)

    def keep(self, solution: Solution, iterations: int) -> None:
        """Keep a solution when it is better."""
        total = self._weights.total(measure(self._problem, solution))
        if self._solution is None or total < self._total:
            self._solution, self._total = solution, total
            self._watch.improved()
            if self._on_better is not None:
                self._on_better(solution, total, iterations)

    def found(self, iterations: int) -> Found:
        return Found(self._solution, self._total, iterations)


class _Team:
    """Runs of one problem, one a core."""

    def __init__(self, encoded: Encoded, watch: Stopwatch, answer: _Answer, seed: int, cores: int) -> None:
        self._encoded = encoded
        self._watch = watch
        self._answer = answer
        self._seed = seed
        self._rng = np.random.default_rng(seed)
        self._runs = [Run(encoded, 1000 * seed + core) for core in range(cores)]
        self._pool = Pool(encoded)
        self._calls = [FIRST_CALL] * cores
        self._iterations = 0
        self._best = self._runs[0].best()
        self._best_total = self._runs[0].best_total
        self._told_total = self._best_total
        self._told_at = 0.0

    def begin_from(self, sequences: Sequences) -> None:
        """Begin from an answer instead of from vehicles at home."""
        self._runs[0].write(sequences)

    def work(self, *, fewest_first: bool) -> int:
        """Search; the iterations of each run."""
        self._runs[0].construct()
        self._note(self._runs[0].best(), self._runs[0].best_total)
        self._answer.offer(self._best, 0)
        if len(self._encoded.lots) < 2:
            self._place_one()
            return self._iterations
        for run in self._runs[1:]:
            run.write(self._best)
        if fewest_first:
            self._reduce_fleet()
        while not self._is_over():
            self._anneal()  # again when nobody says how long
        self._answer.offer(self._best, self._iterations)
        return self._iterations

    def _place_one(self) -> None:
        """One lot has no neighbours to learn from: chance alone can have passed over its best place."""
        self._runs[0].anneal(FEW, 0.0)
        self._note_if_better(self._runs[0])
        self._answer.offer(self._best, self._iterations)

    # -- phases ------------------------------------------------------------------------------------------------------

    def _reduce_fleet(self) -> None:
        """Each run on its own; all go on from the one with the fewest vehicles."""
        price = self._runs[0].price_of_node
        fewest = fewest_vehicles(self._encoded.problem, set(self._encoded.impossible))
        exhausted: list[Run] = []

        def step(run: Run, iterations: int) -> None:
            if not run.reduce(iterations, LUKEWARM[attempt % len(LUKEWARM)] * price):
                exhausted.append(run)

        begun, saved_at, attempt, since = self._iterations, 0.0, 0, 0.0
        while not (exhausted or self._is_over() or self._is_past(saved_at, begun) or self._serves_all_with(fewest)):
            self._all(step)
            now = self._watch.fraction(self._iterations) or 0.0
            best = min(self._runs, key=lambda run: run.best_total)
            if best.best_total < self._best_total:
                saved_at = since = now
                self._note(best.best(), best.best_total)
            is_stuck = now - since > ATTEMPT_SHARE
            if is_stuck:
                attempt, since = attempt + 1, now
            for run in self._runs:
                if is_stuck or run.best_total > self._best_total:
                    run.write(self._best)
        for run in self._runs:
            run.write(self._best)
            run.limit_vehicles(run.vehicles)

    def _anneal(self) -> None:
        """From hot to cold; then the routes of all solutions seen are joined."""
        run = self._runs[0]
        run.write(self._best)
        price, begun = run.price_of_node, self._iterations
        share_before = self._watch.fraction(begun) or 0.0

        def progress() -> float:
            fraction = self._watch.fraction(self._iterations)
            if fraction is None:
                return (self._iterations - begun) / (CYCLE * len(self._encoded.halts))
            whole = 1.0 - RECOMBINATION_SHARE - share_before
            return (fraction - share_before) / whole if whole > 0 else 1.0

        is_rest = progress() >= 1.0  # all is joined already, and some time is left
        hot = self._melt(run, price) if self._watch.fraction(0) is not None and not is_rest else HOT
        melted = progress()

        def step(run: Run, iterations: int) -> None:
            part = 1.0 if melted >= 1.0 else min(1.0, max(0.0, (progress() - melted) / (1.0 - melted)))
            run.anneal(iterations, price * hot * (COLD / hot) ** part)

        meetings = 0
        while not self._is_over() and (is_rest or progress() < 1.0):
            if len(self._runs) == 1:
                self._all(step)
                self._note_if_better(run)
            else:
                self._anneal_regions(step)
            meetings += 1
            if meetings % POOLED_EVERY == 0:
                self._pool.add(run.current(), run.costs())
        if not is_rest and not self._is_over():
            self._join()

    def _melt(self, run: Run, price: float) -> float:
        """
        Find the temperature to begin with, in prices of a node.

        With as few vehicles as can be, or narrow windows, good solutions lie apart and a usual temperature leaves the
        search where it is. So it is heated until its solutions rise above the best one as those of a free system would
        (the melting of Kirkpatrick, Gelatt & Vecchi 1983).
        """
        hot = HOT
        for _ in range(HEATINGS):
            heated = _at(price * hot)
            until = (self._watch.fraction(self._iterations) or 0.0) + BURST_SHARE
            while not self._is_over() and (self._watch.fraction(self._iterations) or 0.0) < until:
                self._iterations += self._call(0, heated, 0)
            self._note_if_better(run)
            if self._is_over() or run.excess >= MOLTEN * len(self._encoded.halts) * price * hot:
                break
            hot *= 2.0
        return hot

    def _anneal_regions(self, step: Callable[[Run, int], None]) -> None:
        """Each run works on its own region of the first one's solution; then the regions are put together again."""
        whole = self._runs[0].current()
        regions = split(self._encoded, whole, len(self._runs), self._rng)
        for run, region in zip(self._runs, regions, strict=True):
            others = set(range(len(whole))).difference(region)
            run.write(whole, as_best=True)
            run.close(sorted(others))
        self._all(step)
        for rows in ([run.best() for run in self._runs], [run.current() for run in self._runs]):
            first = self._runs[0]
            first.close(())
            first.write(merged(self._encoded, regions, rows))
            self._note_if_better(first)

    def _join(self) -> None:
        """Set partitioning over all routes seen."""
        remaining = self._watch.remaining
        seconds = None if remaining is None else min(MOST_RECOMBINATION, remaining)
        if seconds is not None and seconds < 0.05:
            return
        run = self._runs[0]
        run.write(self._best)
        rows = self._pool.join(
            self._best,
            run.costs(),
            seconds=seconds,
            seed=self._seed,
            cancel=lambda: self._watch.is_over(self._iterations),
        )
        if rows is not None:
            run.write(rows)
            self._note_if_better(run)

    def _serves_all_with(self, vehicles: int) -> bool:
        """Whether the best answer leaves nothing behind and has no more vehicles than this."""
        served = sum(n >= 0 for sequence in self._best for n in sequence)
        is_small = sum(1 for sequence in self._best if sequence) <= vehicles
        return is_small and served == len(self._encoded.halts)

    # -- one step of all runs ----------------------------------------------------------------------------------------

    def _all(self, step: Callable[[Run, int], None]) -> None:
        """Let every run work for a while, each in a thread of its own."""
        if len(self._runs) == 1:
            self._iterations += self._call(0, step, 0)
            return
        until = time.monotonic() + self._epoch()
        with ThreadPoolExecutor(len(self._runs)) as threads:
            done = list(threads.map(lambda core: self._calls_until(core, step, until), range(len(self._runs))))
        self._iterations += max(done)

    def _epoch(self) -> float:
        whole = self._watch.seconds + (self._watch.remaining or 10.0)
        return max(0.05, whole / EPOCHS)

    def _calls_until(self, core: int, step: Callable[[Run, int], None], until: float) -> int:
        done = 0
        while True:
            done += self._call(core, step, done)
            if self._watch.repeats:
                if done >= STEADY_CALL * 5 or self._watch.is_over(self._iterations + done):
                    return done
            elif time.monotonic() >= until or self._watch.is_over(self._iterations + done):
                return done

    def _call(self, core: int, step: Callable[[Run, int], None], done: int) -> int:
        """One call of the kernel, of about `CALL_SECONDS`, after so many iterations of this step; its iterations."""
        count = self._steady_call() if self._watch.repeats else self._calls[core]
        left = self._watch.iterations_left(self._iterations + done)
        count = max(1, count if left is None else min(count, left))
        began = time.monotonic()
        step(self._runs[core], count)
        took = max(1e-5, time.monotonic() - began)
        self._calls[core] = max(1, min(2 * count, LONGEST_CALL, int(count * CALL_SECONDS / took)))
        return count

    def _steady_call(self) -> int:
        """Iterations of every call when the search must repeat: few enough for each phase to have some."""
        whole = self._watch.iterations_left(0) or 0
        return max(1, min(STEADY_CALL, whole // CALLS_OF_SHORT))

    # -- the best so far ---------------------------------------------------------------------------------------------

    def _note_if_better(self, run: Run) -> None:
        if run.best_total < self._best_total:
            self._note(run.best(), run.best_total)

    def _note(self, sequences: Sequences, total: int) -> None:
        if total < self._best_total:
            self._best, self._best_total = sequences, total
            self._watch.improved()
        if self._answer.has_listener and self._best_total < self._told_total and self._may_tell():
            self._tell()

    def _may_tell(self) -> bool:
        return self._watch.repeats or self._watch.seconds - self._told_at > 5 * CALL_SECONDS

    def _tell(self) -> None:
        self._told_total = self._best_total
        self._answer.offer(self._best, self._iterations)
        self._told_at = self._watch.seconds

    def _is_over(self) -> bool:
        return self._watch.is_over(self._iterations)

    def _is_past(self, saved_at: float, begun: int) -> bool:
        """Whether the fleet phase has had its time; it last saved a vehicle after the part `saved_at` of the time."""
        fraction = self._watch.fraction(self._iterations)
        if fraction is None:
            return self._iterations - begun >= CYCLE * len(self._encoded.halts)
        return fraction >= min(MOST_FLEET_SHARE, max(FLEET_SHARE, FLEET_PATIENCE * saved_at))


def _at(temperature: float) -> Callable[[Run, int], None]:
    def step(run: Run, iterations: int) -> None:
        run.anneal(iterations, temperature)

    return step

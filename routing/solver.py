"""
The only door to any engine.

Every answer that leaves here has passed the checker, is measured by the objective, and says (unless nobody asks) why it
left behind what it left behind.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from routing.checker import check
from routing.errors import EngineError
from routing.explain import reasons
from routing.model import Problem
from routing.objective import Objective, Terms, measure, weights
from routing.search import search, warm_up
from routing.solution import Solution
from routing.stopping import StoppingCriterion, Stopwatch


@dataclass(frozen=True, slots=True)
class Progress:
    """A better answer, found on the way. Its reasons are not given yet."""

    seconds: float
    iterations: int
    solution: Solution
    terms: Terms
    total: int


@dataclass(frozen=True, slots=True)
class Result:
    """The answer."""

    solution: Solution
    objective: Objective
    terms: Terms
    total: int
    seconds: float
    iterations: int
    engine: str


ENGINE = "Đường Thư"

OnProgress = Callable[[Progress], None]


def solve(
    problem: Problem,
    stop: StoppingCriterion,
    seed: int = 0,
    on_progress: OnProgress | None = None,
    *,
    objective: Objective = Objective.DAILY,
    cores: int = 1,
    start: Solution | None = None,
    explain: bool = True,
) -> Result:
    """
    Find the best answer within the limits.

    Parameters
    ----------
    seed
        Chooses the way that the search takes. Without a limit in seconds, the same seed on the same machine gives the
        same solution.
    on_progress
        Called with each better answer on the way: complete, timed, checked, without reasons.
    cores
        Threads; the search lets go of the interpreter, so that each keeps a core busy.
    start
        An answer to begin from, of this problem or one much like it. What it says about shipments and vehicles that
        no longer fit is left aside; if it is feasible, the result is not worse.
    explain
        Whether to find out why shipments stay behind: it takes time when there are many. Without it they have no
        reasons.

    Raises
    ------
    InvalidProblemError
        When its costs are too large to be added up.
    UnsupportedProblemError
        When a vehicle type has more breaks than the search can keep apart.
    EngineError
        When an engine's answer does not pass the checker, or not even the frozen parts can be driven.
    """
    if cores < 1:
        raise ValueError(f"a search needs at least one core, got {cores}")
    warm_up()
    watch = Stopwatch(stop)
    weights(problem, objective)  # refuses what cannot be measured before any work is done
    reporter = _Reporter(problem, objective, watch, on_progress)
    limits = _shortened(stop, problem)
    told = None if on_progress is None else reporter.report
    found = search(problem, objective, Stopwatch(limits), seed, told, start, cores)
    if found.solution is None:
        raise EngineError("no vehicle can drive its frozen part in time: change it, or free it")
    return _result(problem, objective, found.solution, found.iterations, stop, watch, explain=explain)


def _result(
    problem: Problem,
    objective: Objective,
    solution: Solution,
    iterations: int,
    stop: StoppingCriterion,
    watch: Stopwatch,
    *,
    explain: bool,
) -> Result:
    def hurry() -> bool:
        is_cancelled = stop.cancel is not None and stop.cancel.is_set()
        return is_cancelled or (stop.seconds is not None and watch.seconds > stop.seconds)

    if explain:
        solution = reasons(problem, solution, hurry=hurry)
    _prove(problem, solution, objective)
    terms = measure(problem, solution)
    total = weights(problem, objective).total(terms)
    return Result(solution, objective, terms, total, watch.seconds, iterations, ENGINE)


def _shortened(stop: StoppingCriterion, problem: Problem) -> StoppingCriterion:
    """Time is kept back for the last schedule, the check and the reasons."""
    if stop.seconds is None:
        return stop
    closing = 0.1 + 0.0005 * len(problem.shipments)
    return replace(stop, seconds=stop.seconds - min(closing, stop.seconds / 4))


def _prove(problem: Problem, solution: Solution, objective: Objective) -> None:
    if violations := check(problem, solution, objective=objective):
        listed = "; ".join(f"{v.constraint}: {v.detail}" for v in violations[:5])
        raise EngineError(f"the answer breaks {len(violations)} rules: {listed}")


class _Reporter:
    """Checks better answers and passes them on."""

    def __init__(
        self, problem: Problem, objective: Objective, watch: Stopwatch, on_progress: OnProgress | None
    ) -> None:
        self._problem = problem
        self._objective = objective
        self._watch = watch
        self._on_progress = on_progress

    def report(self, solution: Solution, total: int, iterations: int) -> None:
        """Pass on a better answer."""
        if self._on_progress is None:
            return
        _prove(self._problem, solution, self._objective)
        terms = measure(self._problem, solution)
        self._on_progress(Progress(self._watch.seconds, iterations, solution, terms, total))

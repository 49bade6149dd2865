"""
Degenerate problems solved in a process of their own, so that a crash or a hang names the problem and ends nothing else.
"""

from __future__ import annotations

import faulthandler
import logging
import multiprocessing
import time
import warnings
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection

from routing.checker import check
from routing.errors import EngineError, InvalidProblemError
from routing.model import Problem
from routing.objective import Objective, measure, weights
from routing.schedule import time_route
from routing.search import warm_up
from routing.solution import Route
from routing.solver import Result, solve
from routing.stopping import StoppingCriterion
from tests.routing.degenerate import Degenerate, degenerate_problem

SECONDS = 2.0
"""Given to each search, which a tiny problem does not need."""
ITERATIONS = 100
MOST_OVERRUN = 3.0
"""Seconds; measured closely in `benchmarks/solver_promises.py`."""
SILENCE = 60.0
"""Seconds without a word after which a search hangs; the first one may compile."""
START_UP = 240.0

Work = Callable[[Connection, Sequence[int]], None]
"""Sends (seed, fault) after each problem."""


def solve_all(answers: Connection, seeds: Sequence[int]) -> None:
    """Runs in the process that may die. Where it hangs is written to its standard error."""
    warnings.simplefilter("error")
    warm_up()  # outside the limits of the first problem
    for number, seed in enumerate(seeds):
        faulthandler.dump_traceback_later((SILENCE if number else START_UP) - 2)
        case = degenerate_problem(seed)
        fault = _fault(case, seed)
        faulthandler.cancel_dump_traceback_later()
        answers.send((seed, f"{fault} ({', '.join(case.twists)})" if fault else ""))


def faults(seeds: Sequence[int], work: Work = solve_all, start_up: float = START_UP) -> dict[int, str]:
    """Solve the problems of these seeds; say what is wrong with each that has a fault."""
    found: dict[int, str] = {}
    waiting = list(seeds)
    while waiting:
        done, trouble = _watch(waiting, found, work, start_up)
        if done < len(waiting) and trouble:
            seed = waiting[done]
            found[seed] = f"{trouble} ({', '.join(degenerate_problem(seed).twists)})"
            done += 1
        waiting = waiting[done:]
    return found


def _watch(seeds: Sequence[int], found: dict[int, str], work: Work, start_up: float) -> tuple[int, str]:
    """Watch one process until it is through, dies or falls silent: how many problems are done, and its trouble."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(theirs, list(seeds)), daemon=True)
    process.start()
    theirs.close()
    done, patience = 0, start_up
    try:
        while done < len(seeds):
            if not ours.poll(patience):
                return done, f"hangs for {patience:.0f} s"
            seed, fault = ours.recv()
            done, patience = done + 1, SILENCE
            if fault:
                found[seed] = fault
    except EOFError:
        process.join()
        return done, f"crashes the process (exit code {process.exitcode})"
    finally:
        process.kill()
        process.join()
    return done, ""


def _fault(case: Degenerate, seed: int) -> str:
    """What is wrong with the answer to a problem, or was with a route on the way to it; empty = nothing."""
    refused = _Refused()
    logger = logging.getLogger("routing.search")
    logger.addHandler(refused)
    try:
        return _fault_of(case, seed) or refused.first
    finally:
        logger.removeHandler(refused)


class _Refused(logging.Handler):
    """Keeps what was said first of a route that kernel and exact schedule do not agree on."""

    first = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.first = self.first or record.getMessage()


def _fault_of(case: Degenerate, seed: int) -> str:
    objective = list(Objective)[seed % 3]
    began = time.monotonic()
    try:
        result = solve(case.problem, StoppingCriterion(SECONDS, ITERATIONS), seed, objective=objective)
    except InvalidProblemError as error:
        is_reason = case.is_huge and any(word in str(error) for word in ("large", "bits"))
        return "" if is_reason else f"is refused: {error}"
    except EngineError as error:
        is_reason = "frozen" in str(error) and not frozen_parts_can_be_driven(case.problem)
        return "" if is_reason else f"raises {error}"
    except Exception as error:  # noqa: BLE001  # every crash is to be named, whatever it is
        return f"raises {type(error).__name__}: {error}"
    overrun = time.monotonic() - began - SECONDS
    return f"ends {overrun:.1f} s late" if overrun > MOST_OVERRUN else _fault_in(case.problem, result, objective)


def _fault_in(problem: Problem, result: Result, objective: Objective) -> str:
    if violations := check(problem, result.solution, objective=objective, total=result.total):
        return f"is infeasible: {violations[:3]}"
    if result.total != weights(problem, objective).total(measure(problem, result.solution)):
        return "has another total than it states"
    unnamed = [left.shipment for left in result.solution.unassigned if not left.reasons]
    return f"leaves {unnamed} without a reason" if unnamed else ""


def frozen_parts_can_be_driven(problem: Problem) -> bool:
    """Whether every frozen part could be driven, if all of them end where they are."""
    for part in problem.frozen:
        trips = [[(visit.stop, visit.tasks) for visit in trip] for trip in part.trips if trip]
        if trips and not isinstance(time_route(problem, part.vehicle_type, trips), Route):
            return False
    return True

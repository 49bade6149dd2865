"""
Measure how closely `solve` keeps its limits: overrun of a budget, and time from a cancel to the answer.

python -m benchmarks.solver_promises [--sizes 60 300 1000 2000] [--seconds 2 10] [--repeats 3] [--cores 1]

The promise: an overrun of at most 2 % + 0.1 s, an answer at most 0.2 s after a cancel. Prints a Markdown table; exits
with 1 when a promise is broken. Say on what machine, and what else it did.
"""

from __future__ import annotations

import argparse
import platform
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.daily.sample import sample_day
from routing.checker import check
from routing.model import Problem
from routing.objective import Objective
from routing.solver import ENGINE, Result, solve
from routing.stopping import StoppingCriterion

OVERRUN_SHARE, OVERRUN_SECONDS = 0.02, 0.1
CANCEL_SECONDS = 0.2
CANCELLED_AT = (0.3, 1.0, 4.0)
"""Seconds after which a search is cancelled: before, about when and after it has a first answer."""
SHIPMENTS_PER_STOP, SHIPMENTS_PER_COURIER = 2.5, 50


@dataclass(frozen=True, slots=True)
class Measured:
    """One search."""

    late: float
    """Seconds after its limit, or after the cancel; negative = before."""
    left: int
    is_proved: bool


def day(shipments: int, seed: int) -> Problem:
    """Make up a day of that size."""
    stops, couriers = int(shipments / SHIPMENTS_PER_STOP), max(2, shipments // SHIPMENTS_PER_COURIER)
    return sample_day(shipments, stops, couriers, seed=seed)


def overrun(problem: Problem, seconds: float, seed: int, cores: int) -> Measured:
    """Search for some seconds."""
    began = time.perf_counter()
    result = solve(problem, StoppingCriterion(seconds=seconds), seed, cores=cores)
    return _measured(problem, result, time.perf_counter() - began - seconds)


def cancelled(problem: Problem, after: float, seed: int, cores: int) -> Measured:
    """Search until cancelled from another thread."""
    cancel, moments = threading.Event(), list[float]()

    def set_it() -> None:
        moments.append(time.perf_counter())
        cancel.set()

    timer = threading.Timer(after, set_it)
    timer.start()
    result = solve(problem, StoppingCriterion(seconds=120, cancel=cancel), seed, cores=cores)
    ended = time.perf_counter()
    timer.join()
    return _measured(problem, result, ended - moments[0])


def _measured(problem: Problem, result: Result, late: float) -> Measured:
    is_proved = check(problem, result.solution, objective=Objective.DAILY, total=result.total) == ()
    return Measured(late, result.terms.left, is_proved)


def rows(sizes: Sequence[int], budgets: Sequence[float], repeats: int, cores: int) -> Iterator[tuple[str, bool]]:
    """Each line of the table, and whether it keeps its promise."""
    for size in sizes:
        problems = [day(size, seed) for seed in range(repeats)]
        for seconds in budgets:
            measured = [overrun(problem, seconds, seed, cores) for seed, problem in enumerate(problems)]
            yield _row(size, f"{seconds:g} s", OVERRUN_SHARE * seconds + OVERRUN_SECONDS, measured)
        for after in CANCELLED_AT:
            measured = [cancelled(problem, after, seed, cores) for seed, problem in enumerate(problems)]
            yield _row(size, f"cancel at {after:g} s", CANCEL_SECONDS, measured)


def _row(size: int, limit: str, most: float, measured: Sequence[Measured]) -> tuple[str, bool]:
    late = sorted(one.late for one in measured)
    is_kept = late[-1] <= most and all(one.is_proved for one in measured)
    left = "/".join(str(one.left) for one in measured)
    middle = late[len(late) // 2]
    verdict = "kept" if is_kept else "**broken**"
    return f"| {size} | {limit} | {most:.2f} | {middle:+.3f} | {late[-1]:+.3f} | {left} | {verdict} |", is_kept


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", nargs="+", type=int, default=[60, 300, 1000, 2000], help="shipments of the days")
    parser.add_argument("--seconds", nargs="+", type=float, default=[2, 10], help="budgets, wall-clock seconds")
    parser.add_argument("--repeats", type=int, default=3, help="days of each size")
    parser.add_argument("--cores", type=int, default=1)
    arguments = parser.parse_args()
    solve(day(10, 0), StoppingCriterion(iterations=5))  # compiles what is compiled at first use
    print(f"{ENGINE}, {arguments.cores} core(s), Python {platform.python_version()}, {platform.machine()}\n")
    print("| shipments | limit | promise, s | median late, s | worst late, s | left | promise is |")
    print("|---:|---|---:|---:|---:|---|---|")
    kept = True
    for line, is_kept in rows(arguments.sizes, arguments.seconds, arguments.repeats, arguments.cores):
        print(line, flush=True)
        kept = kept and is_kept
    sys.exit(0 if kept else 1)


if __name__ == "__main__":
    main()

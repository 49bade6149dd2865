"""
Time `solve` side by side: problem JSON, benchmark instances, or made-up days when no file is named.

python -m benchmarks.daily.time_solve [FILE ...] [--seconds S] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.daily.sample import sample_day
from routing.formats import read_instance
from routing.json_io import problem_from_json
from routing.model import Problem
from routing.objective import Objective
from routing.solver import Progress, solve
from routing.stopping import StoppingCriterion

DAYS = ((60, 40, 3), (300, 150, 6), (1000, 400, 20))
"""Shipments, stops, couriers."""


def problems(files: list[Path]) -> Iterator[tuple[str, Problem, Objective]]:
    """Name, problem and objective of each file, or of the made-up days."""
    if not files:
        for size in DAYS:
            yield "day " + "/".join(map(str, size)), sample_day(*size), Objective.DAILY
    for file in files:
        if file.suffix == ".json":
            yield file.name, problem_from_json(json.loads(file.read_text("utf-8"))), Objective.DAILY
        else:
            instance = read_instance(file)
            yield instance.name, instance.problem, instance.objective


def main() -> None:
    """Print one line a problem."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path, help="problem JSON or benchmark instances")
    parser.add_argument("--seconds", type=float, default=10, help="wall-clock limit of each problem, seconds")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    print(
        f"{'problem':24}{'objective':10}{'first s':>8}{'wall s':>8}{'cpu s':>8}{'iter':>7}"
        f"{'left':>6}{'veh':>5}{'km':>10}{'total':>22}"
    )
    for name, problem, objective in problems(arguments.files):
        seen: list[Progress] = []
        began, worked = time.perf_counter(), time.process_time()
        stop = StoppingCriterion(seconds=arguments.seconds)
        result = solve(problem, stop, arguments.seed, seen.append, objective=objective)
        wall, work = time.perf_counter() - began, time.process_time() - worked
        first = seen[0].seconds if seen else wall
        terms = result.terms
        print(
            f"{name:24}{objective:10}{first:8.2f}{wall:8.2f}{work:8.2f}{result.iterations:7}{terms.left:6}"
            f"{terms.vehicles:5}{terms.distance / 1000:10.1f}{result.total:22}"
        )


if __name__ == "__main__":
    main()

"""
A province's day by the own engine and by the reference engine, in the same seconds of one core.

python -m benchmarks.daily.against_reference NETWORK SHIPMENTS --date 2026-11-25 [--seconds 10] [--seed 0]

NETWORK and SHIPMENTS are what `duongthu plan` takes; `duongthu demo --no-serve --out DIR` writes a sample of both.
Seconds are shared out among the plan groups as `plan` does, for two at a time; groups are solved one after the other.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path

from api.commands.console import Voice
from api.commands.day import prepare, read_day
from api.plans.planning import WORKERS, share_seconds
from api.plans.problems import COST_UNITS_PER_DONG
from routing.model import Problem
from routing.objective import Objective, Terms, measure
from routing.reference.engine import search
from routing.solver import solve
from routing.stopping import StoppingCriterion, Stopwatch


def own(problem: Problem, stop: StoppingCriterion, seed: int) -> Terms:
    """What the own engine's answer counts."""
    return solve(problem, stop, seed).terms


def reference(problem: Problem, stop: StoppingCriterion, seed: int) -> Terms:
    """What the reference engine's answer counts."""
    found = search(problem, Objective.DAILY, Stopwatch(stop), seed)
    if found.solution is None:
        raise SystemExit("the reference engine found no answer")
    return measure(problem, found.solution)


def row(engine: Callable[..., Terms], problems: Iterable[Problem], shares: Iterable[float], seed: int) -> str:
    """One line of the table."""
    terms = [engine(p, StoppingCriterion(seconds=s), seed) for p, s in zip(problems, shares, strict=True)]
    kilometres = sum(t.distance for t in terms) / 1000
    million = sum(t.cost for t in terms) / COST_UNITS_PER_DONG / 1e6
    left, must = sum(t.left for t in terms), sum(t.must_go_left for t in terms)
    couriers = sum(t.vehicles for t in terms)
    return f"| {engine.__name__} | {couriers} | {kilometres:,.0f} | {million:.3f} | {left} ({must}) |"


def main() -> None:
    """Print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("network", type=Path)
    parser.add_argument("shipments", type=Path)
    parser.add_argument("--date", type=date.fromisoformat, required=True)
    parser.add_argument("--seconds", type=float, default=10, help="for the whole day")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    voice = Voice("en", True)
    day = read_day(voice, arguments.network, arguments.shipments, arguments.date)
    problems = [group.problem for group in prepare(voice, day, seed=arguments.seed).groups]
    shares = share_seconds([len(problem.shipments) for problem in problems], arguments.seconds, WORKERS)
    print("| engine | couriers | km | million đồng | left (must go) |\n|---|---|---|---|---|")
    for engine in (own, reference):
        print(row(engine, problems, shares, arguments.seed), flush=True)


if __name__ == "__main__":
    main()

"""
Where new points should stand: `python -m benchmarks.coverage`.

First the sample province An Giang, as `duongthu coverage run` sees it: its settlements, the posts in force, and those
without a post as candidates. For k = 1 ... 24, people within 30 minutes on foot
and by motorbike, exact and greedy, and the time of spopt (CBC) for the same, in the same run. Then a made-up case:
uniform places and points on a square, straight-line times. Every exact answer must be what spopt finds, where that ends
in time; otherwise the exit code is 1.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import numpy as np
import typer

from api.coverage.assumptions import Assumptions
from api.coverage.document import Means
from api.coverage.frontiers import siting
from api.coverage.situation import Situation, read_situation
from api.demo.provinces import DEFAULT_DAY, write_province
from api.network.reader import read_network
from api.plans.roads import load_roads
from benchmarks.machine import machine
from benchmarks.tables import table_head, table_row
from geo.coverage.siting.answer import Siting, behind
from geo.coverage.siting.frontier import frontier
from geo.coverage.siting.lscp import greedy_lscp, lscp
from geo.coverage.siting.mclp import greedy_mclp, mclp
from geo.coverage.siting.p_center import greedy_p_center, p_center
from geo.coverage.siting.p_median import greedy_p_median, p_median
from geo.coverage.siting.problem import SitingProblem, siting_problem
from geo.coverage.siting.program import Effort

LIMIT = 1800


@dataclass(frozen=True, slots=True)
class Model:
    """One model of one case: ours exact, ours greedy, spopt's."""

    name: str
    exact: Callable[[], Siting]
    greedy: Callable[[], Siting]
    peer: str
    """Its class in `spopt.locate`."""
    asked: dict[str, Any]


def main(
    places: Annotated[int, typer.Option(help="Of the made-up case.")] = 1000,
    candidates: Annotated[int, typer.Option(help="Of the made-up case.")] = 300,
    k: Annotated[int, typer.Option(help="New points of the made-up case.")] = 40,
    seconds: Annotated[float, typer.Option(help="That each exact answer, ours or spopt's, may take.")] = 300.0,
) -> None:
    """Compare exact, greedy and spopt."""
    print(f"{machine()}\n")
    effort = Effort(seconds=seconds)
    agree = [_province(means, effort) for means in Means]
    agree.append(_made_up(places, candidates, k, effort))
    sys.exit(0 if all(agree) else 1)


def _province(means: Means, effort: Effort) -> bool:
    """The frontier of the sample province; whether spopt agrees at every k."""
    began = time.perf_counter()
    problem, _ = siting(_an_giang(), Assumptions(), means)
    prepared = time.perf_counter() - began
    count = problem.candidates.size
    began = time.perf_counter()
    found = frontier(problem, LIMIT, count, effort=effort)
    ours = time.perf_counter() - began
    theirs, optima = _timed_peer(
        [("MCLP", _people(problem) | {"service_radius": LIMIT, "p_facilities": k + problem.fixed.size})
         for k in range(1, count + 1)], problem, effort,
    )  # fmt: skip
    print(f"An Giang (synthetic roads), {means.value}: {problem.people.size} places, {problem.people.sum():,} people,")
    print(
        f"{problem.fixed.size} points, {count} candidates; {found.already:,} people within {LIMIT // 60} min already."
    )
    print(f"Roads and access {prepared:.2f} s; k = 1 ... {count}: ours {ours:.2f} s, spopt {theirs:.2f} s", end="")
    print(f" ({theirs / ours:.1f} x ours)\n")
    for line in table_head(["k", "people, exact", "people, greedy", "behind", "proved"]):
        print(line)
    for at in sorted({*range(6), *range(5, count, 6), count - 1}):
        row = [f"{at + 1}", f"{found.exact[at].value:,}", f"{found.greedy[at]:,}", f"{found.behind()[at]:.2%}"]
        print(table_row([*row, "yes" if found.exact[at].proved else "no"]))
    agree = found.people().tolist() == optima
    print(f"\ngreedy is at most {max(found.behind()):.2%} behind")
    print(f"spopt has the same optimum at every k: {'yes' if agree else 'NO'}\n")
    return agree


@cache
def _an_giang() -> Situation:
    """As a study sees it."""
    with TemporaryDirectory() as name:
        network = read_network(write_province("an-giang", Path(name))[0])
    return read_situation(network, load_roads(network, DEFAULT_DAY, settlements=True), DEFAULT_DAY)


def _made_up(places: int, candidates: int, k: int, effort: Effort) -> bool:
    rng = np.random.default_rng(0)
    homes, desks = rng.random((places, 2)), rng.random((candidates, 2))
    times = np.rint(3600 * np.linalg.norm(homes[:, None] - desks[None, :], axis=2)).astype(np.int64)
    problem = siting_problem(rng.integers(100, 5000, places), times, range(candidates))
    wide = int(times.min(axis=1).max() * 1.2)
    print(f"Made up: {places} places, {candidates} candidates, k = {k}; limits 360 s (MCLP) and {wide} s (LSCP)\n")
    columns = [
        "model",
        "exact",
        "proved",
        "greedy",
        "behind",
        "s, exact",
        "s, greedy",
        "s, spopt",
        "spopt : ours",
        "same",
    ]
    for line in table_head(columns):
        print(line)
    agree = True
    for model in _models(problem, k, wide, effort):
        best, seconds = _timed(model.exact)
        greedy, quick = _timed(model.greedy)
        theirs, (optimum,) = _timed_peer([(model.peer, model.asked)], problem, effort)
        same = "not in time" if optimum is None else "yes" if optimum == best.value else "NO"
        agree &= same != "NO"
        row = [model.name, f"{best.value:,}", "yes" if best.proved else f"gap {best.gap:.2%}", f"{greedy.value:,}"]
        row += [f"{behind(greedy.value, best.value):.2%}", f"{seconds:.1f}", f"{quick:.1f}", f"{theirs:.1f}"]
        print(table_row([*row, f"{theirs / seconds:.1f}", same]), flush=True)
    return agree


def _models(problem: SitingProblem, k: int, wide: int, effort: Effort) -> Iterator[Model]:
    people = _people(problem)
    yield Model(
        "MCLP", lambda: mclp(problem, 360, k=k, effort=effort), lambda: greedy_mclp(problem, 360, k=k),
        "MCLP", people | {"service_radius": 360, "p_facilities": k},
    )  # fmt: skip
    yield Model(
        "LSCP", lambda: lscp(problem, wide, effort=effort), lambda: greedy_lscp(problem, wide),
        "LSCP", {"service_radius": wide},
    )  # fmt: skip
    yield Model(
        "p-median", lambda: p_median(problem, k, effort=effort), lambda: greedy_p_median(problem, k),
        "PMedian", people | {"p_facilities": k},
    )  # fmt: skip
    yield Model(
        "p-center", lambda: p_center(problem, k, effort=effort), lambda: greedy_p_center(problem, k),
        "PCenter", {"p_facilities": k},
    )  # fmt: skip


def _people(problem: SitingProblem) -> dict[str, Any]:
    return {"weights": problem.people.astype(float)}


def _timed(solve: Callable[[], Siting]) -> tuple[Siting, float]:
    began = time.perf_counter()
    return solve(), time.perf_counter() - began


def _timed_peer(
    asked: list[tuple[str, dict[str, Any]]], problem: SitingProblem, effort: Effort
) -> tuple[float, list[int | None]]:
    """Seconds of spopt for all of these, models built and solved on one thread, and the optima; None = not in time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # spopt uses what its own solver calls old
        import pulp
        from spopt import locate

        standing = np.isin(np.arange(problem.seconds.shape[1]), problem.fixed).astype(int)
        given = {"predefined_facilities_arr": standing} if problem.fixed.size else {}
        solver = pulp.PULP_CBC_CMD(
            msg=False, gapRel=0, gapAbs=0, threads=1, timeLimit=effort.seconds, timeMode="elapsed"
        )
        optima: list[int | None] = []
        began = time.perf_counter()
        for name, values in asked:
            made = getattr(locate, name).from_cost_matrix(problem.seconds.astype(float), **values, **given)
            made.problem.solve(solver)
            is_best = made.problem.sol_status == pulp.LpSolutionOptimal
            optima.append(round(pulp.value(made.problem.objective)) if is_best else None)
        return time.perf_counter() - began, optima


if __name__ == "__main__":
    typer.run(main)

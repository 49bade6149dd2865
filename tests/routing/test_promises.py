"""
What the door promises of its limits, with room for a busy machine: a search ends when it is told to.

How closely it keeps them is measured by `python -m benchmarks.solver_promises`.
"""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from routing.checker import check
from routing.model import FOREVER, Break, Depot, Problem, Shipment, Stop, TimeWindow, VehicleType
from routing.objective import Objective
from routing.solver import Result, solve
from routing.stopping import StoppingCriterion

ROOM = 0.5
"""Seconds of work that a busy machine may add."""
STALL = 2.0
"""Seconds by the clock that it may add."""
CANCELLED_AT = 0.3


def district(num_shipments: int = 150, seed: int = 11) -> Problem:
    """A day of a district: doors around one base, a lunch break, two trips, two dimensions."""
    rng = np.random.default_rng(seed)
    num_stops = num_shipments // 2
    points = rng.normal(0, 5000, (num_stops + 1, 2))
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int32)
    windows = (TimeWindow(27_000, 41_400), TimeWindow(48_600, 61_200))
    courier = VehicleType(
        num_available=8,
        capacity=(40, 30_000),
        tw_early=25_200,
        tw_late=63_000,
        breaks=(Break(3600, 39_600, 46_800),),
        max_trips=2,
        reload_duration=600,
        fixed_cost=10_000,
        unit_distance_cost=1,
        unit_duration_cost=1,
    )
    return Problem(
        stops=tuple(Stop(k + 1, windows, setup_duration=120) for k in range(num_stops)),
        shipments=tuple(_shipment(rng, k % num_stops) for k in range(num_shipments)),
        vehicle_types=(courier,),
        depots=(Depot(0),),
        distances=(metres,),
        durations=((metres // 8).astype(np.int32),),
    )


def _shipment(rng: np.random.Generator, stop: int) -> Shipment:
    load = (1, int(rng.integers(50, 900)))
    if rng.random() < 0.6:
        release = int(rng.choice((0, 0, 37_800)))
        return Shipment(delivery=stop, load=load, delivery_duration=60, penalty=10**5, release=release)
    cut_off = int(rng.choice((FOREVER, FOREVER, 43_200)))
    return Shipment(pickup=stop, load=load, pickup_duration=90, penalty=10**5, latest_return=cut_off)


@pytest.fixture(scope="module")
def warm() -> None:
    """Compile before a clock runs."""
    solve(district(10), StoppingCriterion(iterations=5))


def proved(problem: Problem, result: Result) -> bool:
    named = all(left.reasons for left in result.solution.unassigned)
    return named and check(problem, result.solution, objective=Objective.DAILY, total=result.total) == ()


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("seconds", [0.2, 1.0, 2.5])
def test_a_limit_in_seconds_is_kept(seconds: float) -> None:
    problem, began = district(), time.process_time()  # a machine that stalls is no fault of the search
    result = solve(problem, StoppingCriterion(seconds=seconds), 1)
    assert time.process_time() - began < seconds + ROOM
    assert proved(problem, result)


@pytest.mark.usefixtures("warm")
def test_a_cancel_from_another_thread_ends_the_search_with_its_best_answer() -> None:
    problem, cancel, cancelled = district(), threading.Event(), list[float]()

    def set_it() -> None:
        cancelled.append(time.process_time())
        cancel.set()

    timer = threading.Timer(CANCELLED_AT, set_it)
    timer.start()
    result = solve(problem, StoppingCriterion(seconds=60, cancel=cancel), 1)
    ended = time.process_time()
    timer.join()
    assert ended - cancelled[0] < 0.2 + ROOM
    assert proved(problem, result)


@pytest.mark.usefixtures("warm")
def test_a_search_cancelled_before_it_begins_still_answers() -> None:
    problem, cancel, began = district(), threading.Event(), time.monotonic()
    cancel.set()
    result = solve(problem, StoppingCriterion(cancel=cancel), 1)
    assert time.monotonic() - began < 2 + STALL
    assert proved(problem, result)


@pytest.mark.usefixtures("warm")
def test_the_stated_seconds_are_those_that_passed() -> None:
    began = time.monotonic()
    result = solve(district(), StoppingCriterion(seconds=0.5), 1)
    assert 0 <= time.monotonic() - began - result.seconds < 0.1 + STALL


@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize("limit", [{"iterations": 20}, {"no_improvement": 0.2}])
def test_other_limits_end_a_search_too(limit: dict[str, float]) -> None:
    problem = district(40)
    began = time.monotonic()
    result = solve(problem, StoppingCriterion(seconds=60, **limit), 1)  # type: ignore[arg-type]
    assert time.monotonic() - began < 30
    assert proved(problem, result)

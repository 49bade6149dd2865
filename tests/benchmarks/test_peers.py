"""Engines answer a problem by hand; each test is skipped where its package is not installed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from benchmarks.solver.answers import Limits, Planned
from benchmarks.solver.instances import Case
from benchmarks.solver.judge import judge
from benchmarks.solver.peers import load_peer
from benchmarks.solver.peers.plain import Units, drivers_of, jobs_of, may_carry, open_for
from routing.model import Action, Shipment, Stop, TimeWindow
from tests.benchmarks.samples import lunch, square

PACKAGES = {
    "own": "routing", "reference": "ortools", "ortools": "ortools", "pyvrp": "pyvrp", "pyvrp-fleet": "pyvrp",
    "vroom": "vroom", "vrp-cli": "vrp_cli",
}  # fmt: skip
TWO_WINDOWS = (TimeWindow(0, 50), TimeWindow(500, 600))


def answer(engine: str, case: Case, seconds: float = 1.0) -> Sequence[Planned]:
    """What an engine finds."""
    pytest.importorskip(PACKAGES[engine])
    search = load_peer(engine).prepare(case, Limits(seconds))
    return search()().routes  # type: ignore[no-any-return]


@pytest.mark.slow
@pytest.mark.parametrize("engine", PACKAGES)
def test_every_engine_finds_two_vehicles_and_the_shortest_way(engine: str) -> None:
    judged = judge(square(windows=TWO_WINDOWS[1:]), answer(engine, square(windows=TWO_WINDOWS[1:])))
    assert judged.is_feasible
    assert (judged.vehicles, judged.solution.distance) == (2, 600)


@pytest.mark.slow
@pytest.mark.parametrize("engine", [name for name in PACKAGES if name != "pyvrp-fleet"])
def test_every_engine_knows_several_windows(engine: str) -> None:
    case = square(windows=TWO_WINDOWS)
    assert judge(case, answer(engine, case)).is_feasible


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["own", "reference", "ortools", "pyvrp", "vroom", "vrp-cli"])
def test_every_engine_pairs_a_pickup_with_its_delivery(engine: str) -> None:
    case = square()
    pair = Shipment(pickup=2, delivery=0, load=(2,), must_go=True)
    single = Shipment(pickup=1, load=(1,), must_go=True)
    paired = replace(case, problem=replace(case.problem, shipments=(pair, single)))
    judged = judge(paired, answer(engine, paired))
    assert judged.is_feasible
    assert judged.vehicles == 1
    assert judged.solution.distance == 400 + 200  # to the far side, across, and by the corner between or back for it


def test_shipments_of_one_door_are_one_job_when_a_set_up_is_shared() -> None:
    case = square()
    double = (*case.problem.shipments, Shipment(delivery=0, load=(1,), delivery_duration=5, must_go=True))
    doors = (replace(case.problem.stops[0], setup_duration=60), *case.problem.stops[1:])
    jobs = jobs_of(replace(case.problem, shipments=double, stops=doors))
    first = next(job for job in jobs if job.ends[0].stop == 0)
    assert len(jobs) == 3
    assert (first.ends[0].service, first.load, first.penalty) == (60 + 10 + 5, (2,), 1000)
    assert [task.action for task in first.ends[0].tasks] == [Action.DELIVER] * 2


def test_trips_are_parted_when_the_line_arrives() -> None:
    case = square(full=True, max_trips=2, reload_duration=60, fixed_cost=101)
    late = (replace(case.problem.shipments[0], release=600), *case.problem.shipments[1:])
    problem = replace(case.problem, shipments=late)
    drivers = drivers_of(problem)
    assert [(d.copy, d.trip, d.early, d.late, d.fixed_cost) for d in drivers[:2]] == [
        (0, 0, 0, 540, 50), (0, 1, 600, 10_000, 51),
    ]  # fmt: skip
    job = next(job for job in jobs_of(problem) if job.shipment.release)
    assert [may_carry(problem, driver, job) for driver in drivers[:2]] == [False, True]
    early = replace(job, delivery=None, pickup=job.delivery, shipment=replace(job.shipment, latest_return=560))
    assert [may_carry(problem, driver, early) for driver in drivers[:2]] == [True, False]


def test_stops_are_closed_where_a_break_belongs() -> None:
    problem = square(full=True, breaks=(lunch(),)).problem
    assert open_for(problem, (TimeWindow(0, 5000),), 30) == [TimeWindow(0, 520), TimeWindow(1950, 5000)]
    assert open_for(square().problem, Stop(1).windows, 30) == [TimeWindow()]


def test_lengths_are_rounded_and_times_rounded_up() -> None:
    units = Units(divisor=1000)
    matrix = square().problem.distances[0] + 1
    assert units.lengths(matrix).tolist()[0] == [0, 0, 0, 0]
    assert units.times(matrix).tolist()[0] == [1, 1, 1, 1]
    assert (units.early(1001), units.late(1999)) == (2, 1)

from __future__ import annotations

from benchmarks.solver.answers import Planned
from benchmarks.solver.judge import judge
from routing.checker import check
from routing.model import TimeWindow
from tests.benchmarks.samples import lunch, plan, square, visits


def test_an_answer_is_measured_by_hand() -> None:
    judged = judge(square(), [plan(0, 1), plan(2)])
    assert judged.is_feasible
    assert (judged.vehicles, judged.solution.distance, judged.terms.left) == (2, 400 + 200, 0)
    assert judged.distance == 0.6  # without an instance, km


def test_a_route_that_cannot_be_driven_is_left_out_whole() -> None:
    judged = judge(square(), [plan(0, 1, 2)])
    assert not judged.is_feasible
    assert judged.refused == ("capacity by 1",)
    assert (judged.vehicles, judged.terms.left) == (0, 3)


def test_a_late_arrival_is_refused_by_the_exact_schedule() -> None:
    case = square(windows=(TimeWindow(0, 319),))
    assert judge(case, [plan(0, 1), plan(2)]).is_feasible
    late = judge(case, [plan(1, 0), plan(2)])
    assert late.is_feasible
    assert judge(case, [plan(1, 2), plan(0)]).is_feasible
    assert judge(case, [plan(0, 2), plan(1)]).refused == ()
    assert judge(square(windows=(TimeWindow(0, 309),)), [plan(0, 2), plan(1)]).refused == ("time_windows by 1",)


def test_in_the_full_model_the_cheapest_visit_is_left_behind_at_its_price() -> None:
    judged = judge(square(full=True), [plan(0, 1, 2)])
    assert [u.shipment for u in judged.solution.unassigned] == [0]
    assert judged.terms.penalties == 1000
    assert judged.refused == ("capacity by 1",)


def test_a_break_without_room_costs_what_is_in_its_way() -> None:
    case = square(full=True, windows=(TimeWindow(690, 700),), tw_early=400, tw_late=1000, breaks=(lunch(),))
    judged = judge(case, [plan(0, 1), plan(2)])
    assert judged.violations == ()
    assert check(case.problem, judged.solution) == ()


def test_a_shipment_is_carried_once_and_vehicles_are_counted() -> None:
    twice = judge(square(), [plan(0, 1), plan(1, 2)])
    assert (twice.vehicles, twice.terms.left, twice.violations) == (2, 0, ())
    assert twice.solution.routes[1].tasks[0].shipment == 2
    assert judge(square(), [plan(0), plan(1), plan(2)]).refused == ("fleet",)


def test_several_trips_are_one_route() -> None:
    case = square(max_trips=2, num_available=1)
    judged = judge(case, [Planned(0, [visits(0, 1), visits(2)])])
    assert judged.is_feasible
    assert (judged.vehicles, judged.solution.distance) == (1, 600)

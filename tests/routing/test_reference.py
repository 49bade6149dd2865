"""The parts of the OR-Tools engine: bundles, gates, prices, repair."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.drafts import Clock, DraftRoute, idle_draft, joined
from routing.model import Action, FrozenRoute, FrozenVisit, Problem, Shipment, Task
from routing.objective import Objective
from routing.prices import LARGEST_TOTAL, prices
from routing.reference.bundles import LONGEST_SERVICE, Bundling, bundle
from routing.reference.couriers import MOST_CLASSES, fleet
from routing.reference.engine import search
from routing.reference.insertion import Inserter, Lot, lots_of
from routing.reference.sketch import Sketcher
from routing.schedule import Conflict
from routing.solution import Route
from routing.stopping import StoppingCriterion, Stopwatch
from tests.routing.samples import FOUR_STOPS_ROUTE, collect, deliver, four_stops, random_problem, random_sequence


def with_shipments(*shipments: Shipment, capacity: tuple[int, ...] = (3,), max_trips: int = 1) -> Problem:
    base = four_stops()
    courier = replace(base.vehicle_types[0], capacity=capacity, max_trips=max_trips)
    return replace(base, shipments=shipments, vehicle_types=(courier,))


def task_sets(bundling: Bundling) -> list[set[Task]]:
    return [set(b.tasks) for b in bundling.bundles]


# -- bundles ---------------------------------------------------------------------------------------------------------


def test_alike_shipments_of_one_stop_become_one_bundle() -> None:
    bundling = bundle(
        with_shipments(Shipment(delivery=0, load=(1,)), Shipment(pickup=0, load=(1,)), Shipment(pickup=1))
    )
    assert task_sets(bundling) == [{deliver(0), collect(1)}, {collect(2)}]
    assert bundling.bundles[0].tasks == (deliver(0), collect(1))
    assert (bundling.bundles[0].unloaded, bundling.bundles[0].change) == ((1,), (0,))


def test_a_bundle_fits_the_smallest_vehicle_that_may_carry_it() -> None:
    bundling = bundle(with_shipments(*(Shipment(delivery=0, load=(2,)) for _ in range(3)), capacity=(4,)))
    assert task_sets(bundling) == [{deliver(0), deliver(1)}, {deliver(2)}]


def test_long_work_at_one_door_is_split() -> None:
    slow = Shipment(delivery=0, delivery_duration=LONGEST_SERVICE)
    assert len(bundle(with_shipments(slow, slow)).bundles) == 2


@pytest.mark.parametrize(
    "other",
    [
        Shipment(delivery=0, release=30_000),
        Shipment(delivery=0, must_go=True),
        Shipment(delivery=0, max_ride=900),
        Shipment(delivery=0, published=0),
        Shipment(delivery=1),
    ],
)
def test_unlike_shipments_stay_apart(other: Shipment) -> None:
    assert len(bundle(with_shipments(Shipment(delivery=0), other)).bundles) == 2


def test_a_release_before_the_shift_makes_no_difference() -> None:
    assert len(bundle(with_shipments(Shipment(delivery=0), Shipment(delivery=0, release=20_000))).bundles) == 1


def test_pairs_are_two_bundles_of_which_the_second_names_the_first() -> None:
    alike = Shipment(pickup=1, delivery=3, load=(1,))
    bundling = bundle(with_shipments(alike, alike))
    assert task_sets(bundling) == [{collect(0), collect(1)}, {deliver(0), deliver(1)}]
    assert [b.pickup for b in bundling.bundles] == [None, 0]


def test_what_no_vehicle_may_carry_is_named() -> None:
    heavy, strange = Shipment(delivery=0, load=(9,)), Shipment(delivery=0, skills=frozenset({1}))
    assert bundle(with_shipments(heavy, Shipment(delivery=1), strange)).impossible == (0, 2)


def test_what_a_frozen_part_has_collected_is_delivered_by_the_same_vehicle() -> None:
    part = FrozenRoute(0, ((FrozenVisit(1, (collect(3),)),),))
    bundling = bundle(replace(four_stops(), frozen=(part,)))
    assert bundling.frozen == {0: ((0,),)}
    assert (bundling.bundles[1].tasks, bundling.bundles[1].pickup) == ((deliver(3),), 0)


@pytest.mark.parametrize("seed", range(20))
def test_every_task_is_in_one_bundle_or_impossible(seed: int) -> None:
    problem = random_problem(seed, num_shipments=9)
    bundling = bundle(problem)
    tasks = [task for b in bundling.bundles for task in b.tasks]
    assert len(tasks) == len(set(tasks))
    assert {t.shipment for t in tasks} | set(bundling.impossible) == set(range(9))


# -- couriers and gates ----------------------------------------------------------------------------------------------


def gates_of(problem: Problem) -> list[tuple[int, int]]:
    return [(gate.opens, gate.closes) for gate in fleet(problem, bundle(problem)).gates]


def test_no_gate_is_offered_where_nothing_calls_for_one() -> None:
    assert gates_of(with_shipments(Shipment(delivery=0, load=(1,)), max_trips=5)) == []


def test_each_release_and_cut_off_gets_a_gate() -> None:
    late = (Shipment(delivery=0, release=30_000), Shipment(delivery=1, release=40_000))
    assert gates_of(with_shipments(*late, Shipment(pickup=0, latest_return=36_000))) == [(1, 0), (2, 0), (0, 1)]


def test_capacity_calls_for_gates_up_to_the_number_of_trips() -> None:
    full = [Shipment(delivery=k, load=(3,)) for k in range(4)]
    assert gates_of(with_shipments(*full, max_trips=3)) == [(0, 0), (0, 0)]


def test_many_releases_are_gathered_and_none_is_early() -> None:
    problem = with_shipments(*(Shipment(delivery=0, release=26_000 + 100 * k) for k in range(20)))
    made = fleet(problem, bundle(problem))
    assert len(made.releases) <= MOST_CLASSES
    assert all(made.releases[made.release_class(s.release) - 1] >= s.release for s in problem.shipments)


def test_many_cut_offs_are_gathered_and_none_is_late() -> None:
    problem = with_shipments(*(Shipment(pickup=0, latest_return=30_000 + 100 * k) for k in range(20)))
    made = fleet(problem, bundle(problem))
    assert len(made.cut_offs) <= MOST_CLASSES
    assert all(made.cut_offs[made.cut_off_class(s.latest_return) - 1] <= s.latest_return for s in problem.shipments)


# -- prices ----------------------------------------------------------------------------------------------------------


def test_prices_keep_must_go_above_everything_and_far_from_overflow() -> None:
    base = four_stops()
    problem = replace(base, vehicle_types=(replace(base.vehicle_types[0], fixed_cost=10**15),))
    left = prices(problem, Objective.DAILY).left
    assert sum(left) <= LARGEST_TOTAL
    assert left[3] > prices(problem, Objective.DAILY).vehicle[0] > left[0] == 1000


# -- sketches and insertion ------------------------------------------------------------------------------------------


def draft_route(sequence: list[list[tuple[int, list[Task]]]], vehicle_type: int = 0) -> DraftRoute:
    return DraftRoute(vehicle_type, tuple(tuple((stop, tuple(tasks)) for stop, tasks in trip) for trip in sequence))


@pytest.mark.parametrize("seed", range(150))
def test_what_a_sketch_refuses_the_schedule_refuses(seed: int) -> None:
    problem = random_problem(seed, num_shipments=4)
    route = draft_route(random_sequence(problem, seed))
    if Sketcher(problem).sketch(route) is None:
        assert isinstance(Clock(problem).timed(route), Conflict)


def test_insertion_takes_the_cheapest_place() -> None:
    problem = four_stops()
    inserter = Inserter(problem, prices(problem, Objective.DAILY), Clock(problem))
    draft = (draft_route([[(0, [deliver(0)]), (2, [collect(2)])]]),)
    inserted = inserter.insert(draft, Lot((deliver(1),)))
    assert inserted is not None
    assert [stop for stop, _ in inserted.draft[0].trips[0]] == [0, 1, 2]
    assert inserted.added == 60  # its set-up: the stop lies on the way


def test_insertion_joins_a_visit_of_the_same_stop() -> None:
    problem = four_stops()
    inserter = Inserter(problem, prices(problem, Objective.DAILY), Clock(problem))
    inserted = inserter.insert((draft_route([[(1, [deliver(1)])]]),), Lot((collect(3),), (deliver(3),)))
    assert inserted is not None
    assert inserted.draft[0].trips == (((1, (deliver(1), collect(3))), (3, (deliver(3),))),)


@pytest.mark.parametrize("seed", range(15))
def test_what_is_inserted_can_be_driven(seed: int) -> None:
    problem = random_problem(seed, num_shipments=6)
    clock = Clock(problem)
    inserter, draft = Inserter(problem, prices(problem, Objective.DAILY), clock), idle_draft(problem)
    for lot in lots_of(problem, list(range(6))):
        inserted = inserter.insert(draft, lot)
        draft = inserted.draft if inserted else draft
        assert all(isinstance(clock.timed(route), Route) for route in draft if route.trips)


def test_tasks_of_one_visit_are_ordered_to_need_least_room() -> None:
    problem = replace(
        four_stops(), shipments=(Shipment(delivery=0), Shipment(pickup=0), Shipment(pickup=0, delivery=1))
    )
    tasks = (Task(1, Action.COLLECT), Task(2, Action.COLLECT), Task(0, Action.DELIVER))
    assert joined(problem, tasks[:2], tasks[2:]) == (tasks[2], tasks[1], tasks[0])


# -- the engine ------------------------------------------------------------------------------------------------------


def watch() -> Stopwatch:
    return Stopwatch(StoppingCriterion(iterations=20))


def test_the_four_stops_are_carried_in_one_route() -> None:
    problem = replace(four_stops(), shipments=tuple(replace(s, must_go=True) for s in four_stops().shipments))
    found = search(problem, Objective.DAILY, watch(), 0)
    assert found.solution is not None
    assert found.solution.unassigned == ()
    expected = Clock(problem).timed(draft_route(FOUR_STOPS_ROUTE))
    assert isinstance(expected, Route)
    assert found.solution.distance == expected.distance


def test_no_answer_carries_less_than_plain_insertion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even when OR-Tools finds nothing at all."""
    monkeypatch.setattr("routing.reference.engine.LocalSearch.run", lambda *_: 0)
    found = search(four_stops(), Objective.HIER, watch(), 0)
    assert found.solution is not None
    assert found.solution.unassigned == ()


def test_visits_that_the_schedule_refuses_are_put_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    base = four_stops()
    problem = replace(base, vehicle_types=(replace(base.vehicle_types[0], capacity=(1,), max_trips=2),))
    overloaded = draft_route([[(0, [deliver(0)]), (1, [deliver(1)])]])

    def offer(_: object, __: object, on_draft: object, ___: object) -> int:
        assert callable(on_draft)
        on_draft((overloaded,), 1)
        return 1

    monkeypatch.setattr("routing.reference.engine.LocalSearch.run", offer)
    found = search(problem, Objective.HIER, watch(), 0)
    assert found.solution is not None
    assert {0, 1} <= {task.shipment for route in found.solution.routes for task in route.tasks}

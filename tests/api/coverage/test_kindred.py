"""Rounds of a changed day begin from those of the day without the change, against lists kept by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

import pytest

from api.coverage.kindred import KnownRounds, rounds_for
from api.coverage.lab import Lab
from api.network.model import Courier
from api.plans.problems import PlanGroup, build_groups
from api.plans.tasks import Work
from routing.model import Action
from routing.solution import Solution
from tests.api.coverage.line_province import Here, line_lab

Errand = tuple[str, Action]


@pytest.fixture(scope="module")
def lab() -> Lab:
    return line_lab(iterations=20)


@pytest.fixture(scope="module")
def known(lab: Lab) -> tuple[PlanGroup, Solution]:
    """The fullest day."""
    lab.unchanged()
    (rounds,) = (one.rounds for one in lab.rounds.values())
    return max(rounds.values(), key=lambda one: len(one[0].works))


def _rebuilt(
    lab: Lab, group: PlanGroup, keep: Callable[[Work], bool], crew: Iterable[Courier] | None = None
) -> PlanGroup:
    works = [work for work in group.works if keep(work)]
    network = lab.situation.network
    couriers = tuple(group.couriers if crew is None else crew)
    return build_groups(network, works, lab.situation.roads, lab.situation.day, crew=couriers)[0]


def _told(group: PlanGroup, solution: Solution) -> dict[str, list[list[set[Errand]]]]:
    """By courier: trips of visits of errands."""
    found: dict[str, list[list[set[Errand]]]] = defaultdict(list)
    for route in solution.routes:
        for trip in route.trips:
            visits = [
                {(group.works[task.shipment].shipment.code, task.action) for task in visit.tasks}
                for visit in trip.visits
            ]
            found[group.couriers[route.vehicle_type].courier_id].append(visits)
    return found


def _without(told: dict[str, list[list[set[Errand]]]], codes: set[str]) -> dict[str, list[list[set[Errand]]]]:
    found = {}
    for courier, trips in told.items():
        left = [[{one for one in visit if one[0] not in codes} for visit in trip] for trip in trips]
        kept = [[visit for visit in trip if visit] for trip in left]
        found[courier] = [trip for trip in kept if trip]
    return {courier: trips for courier, trips in found.items() if trips}


def _codes(told: dict[str, list[list[set[Errand]]]]) -> set[str]:
    return {code for trips in told.values() for trip in trips for visit in trip for code, _ in visit}


def test_what_is_there_no_more_is_left_out(lab: Lab, known: tuple[PlanGroup, Solution]) -> None:
    group, solution = known
    gone = {work.shipment.code for work in group.works[::3]}
    assert len(gone) > 3
    fewer = _rebuilt(lab, group, lambda work: work.shipment.code not in gone, reversed(group.couriers))
    assert _told(fewer, rounds_for(fewer, group, solution)) == _without(_told(group, solution), gone)


def test_a_courier_who_does_not_come_has_no_round(lab: Lab, known: tuple[PlanGroup, Solution]) -> None:
    group, solution = known
    told = _told(group, solution)
    away = next(iter(told))
    left = _rebuilt(lab, group, lambda _work: True, [one for one in group.couriers if one.courier_id != away])
    assert _told(left, rounds_for(left, group, solution)) == {who: told[who] for who in told if who != away}


def test_what_is_new_is_done_where_somebody_calls_already(lab: Lab, known: tuple[PlanGroup, Solution]) -> None:
    group, solution = known
    codes = [work.shipment.code for work in group.works]
    new = set(codes[::2])
    fewer = _rebuilt(lab, group, lambda work: work.shipment.code not in new)
    rounds = rounds_for(fewer, group, solution)
    grown = rounds_for(group, fewer, rounds)
    carried = _codes(_told(fewer, rounds))
    stops = {code: group.problem.stop_of(*group.problem.tasks_of(number)) for number, code in enumerate(codes)}
    called = {stops[code] for code in carried}
    expected = {code for code in codes if code in carried or (code in new and stops[code] in called)}
    told = _told(group, grown)
    assert _codes(told) == expected
    assert expected & new, "the day has no two shipments at one place"
    assert _without(told, new) == _told(fewer, rounds)


def test_a_short_search_from_known_rounds_keeps_what_a_thorough_one_found(
    lab: Lab, known: tuple[PlanGroup, Solution]
) -> None:
    group, _ = known
    day, rounds = lab.situation.day, KnownRounds()
    (thorough,) = rounds.solve(day, [group], iterations=500, seed=1, executor=Here())
    rounds.rounds[day, group.bases] = group, thorough.solution
    (again,) = rounds.solve(day, [group], iterations=1, seed=2, executor=Here())
    (alone,) = KnownRounds().solve(day, [group], iterations=1, seed=2, executor=Here())
    assert again.total <= thorough.total < alone.total

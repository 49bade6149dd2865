"""
Problems that no planner would make and some system some day will: empty, closed, cut off, coincident, enormous.

Each is a random problem with one to three `TWISTS`. Everything here is allowed by the model.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from routing.model import (
    FOREVER,
    UNREACHABLE,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    Preferences,
    Problem,
    TimeWindow,
)
from tests.routing.constraint_problems import every_shipment, every_stop, every_vehicle
from tests.routing.samples import random_problem

INT64_MAX = 2**63 - 1

Twist = Callable[[random.Random, Problem], Problem]


@dataclass(frozen=True, slots=True)
class Degenerate:
    """A problem, and what is odd about it."""

    problem: Problem
    twists: tuple[str, ...]

    @property
    def is_huge(self) -> bool:
        """Whether an engine may refuse it: its numbers may not add up in 63 bits."""
        return any(name.startswith("huge") for name in self.twists)


def degenerate_problem(seed: int) -> Degenerate:
    """Draw one."""
    rng = random.Random(seed)
    problem = random_problem(seed, num_shipments=rng.randint(1, 8), num_vehicle_types=rng.randint(1, 3))
    wishes = Preferences(rng.choice((0, 2)), rng.choice((0, 50)), rng.choice((0, 50)))
    problem = replace(problem, preferences=wishes)
    chosen = rng.sample(range(len(TWISTS)), rng.choice((1, 1, 2, 2, 3)))
    names = tuple(list(TWISTS)[k] for k in sorted(chosen))
    for name in names:
        problem = TWISTS[name](rng, problem)
    return Degenerate(problem, names)


# -- nothing ---------------------------------------------------------------------------------------------------------


def _nothing_at_all(_: random.Random, __: Problem) -> Problem:
    empty = np.zeros((0, 0), dtype=np.int32)
    return Problem((), (), (), (), (empty,), (empty,))


def _no_shipments(_: random.Random, problem: Problem) -> Problem:
    return replace(problem, shipments=())


def _no_vehicles(_: random.Random, problem: Problem) -> Problem:
    return replace(every_shipment(problem, vehicle_types=None, published=None), vehicle_types=())


def _no_room(_: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, capacity=(0, 0, 0))


def _no_time_aboard(_: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, max_ride=0)


def _no_distance_allowed(_: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, max_distance=0)


def _no_work_allowed(_: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, max_duration=0)


def _no_prices(_: random.Random, problem: Problem) -> Problem:
    free = every_vehicle(problem, fixed_cost=0, unit_distance_cost=0, unit_duration_cost=0, unit_overtime_cost=0)
    return replace(free, preferences=Preferences())


def _worthless(_: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, must_go=False, penalty=0)


def _all_must_go(_: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, must_go=True)


def _nobody_may(_: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, vehicle_types=frozenset())


def _strange_skills(rng: random.Random, problem: Problem) -> Problem:
    """Numbers that are no bit of a machine word, and more of them than it has."""
    many = frozenset(range(-3, 90)) | {10**12}
    problem = every_shipment(problem, skills=lambda: frozenset(rng.sample(sorted(many), 2)))
    return every_vehicle(problem, skills=many if rng.random() < 0.7 else frozenset())


def _strange_zones(rng: random.Random, problem: Problem) -> Problem:
    problem = every_stop(problem, zone=lambda: rng.choice((None, -1, 70, 10**12)))
    return every_vehicle(problem, zones=frozenset({-1, 10**12}))


# -- time ------------------------------------------------------------------------------------------------------------


def _closed_when_reached(_: random.Random, problem: Problem) -> Problem:
    return every_stop(problem, windows=(TimeWindow(0, 0),))


def _open_never(_: random.Random, problem: Problem) -> Problem:
    return every_stop(problem, windows=(TimeWindow(FOREVER, FOREVER),))


def _many_windows(rng: random.Random, problem: Problem) -> Problem:
    width = rng.choice((0, 1, 20))
    return every_stop(problem, windows=tuple(TimeWindow(50 * k, 50 * k + width) for k in range(20)))


def _shift_of_a_moment(rng: random.Random, problem: Problem) -> Problem:
    moment = rng.choice((0, 500, FOREVER))
    return every_vehicle(problem, tw_early=moment, tw_late=moment, max_overtime=rng.choice((0, 300)))


def _endless_shift(rng: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, tw_late=FOREVER, max_overtime=rng.choice((0, FOREVER)))


def _closed_depots(_: random.Random, problem: Problem) -> Problem:
    return replace(problem, depots=tuple(Depot(depot.location, FOREVER, FOREVER) for depot in problem.depots))


def _depots_of_a_moment(_: random.Random, problem: Problem) -> Problem:
    return replace(problem, depots=tuple(Depot(depot.location, 0, 0) for depot in problem.depots))


def _released_after_work(rng: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, release=lambda: rng.choice((2000, FOREVER)))


def _back_at_midnight(_: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, latest_return=0)


def _no_durations(_: random.Random, problem: Problem) -> Problem:
    problem = every_shipment(every_stop(problem, setup_duration=0), pickup_duration=0, delivery_duration=0)
    return replace(problem, durations=tuple(np.zeros_like(matrix) for matrix in problem.durations))


def _endless_service(rng: random.Random, problem: Problem) -> Problem:
    problem = every_shipment(problem, pickup_duration=rng.choice((0, FOREVER)), delivery_duration=FOREVER)
    return every_stop(problem, setup_duration=lambda: rng.choice((0, FOREVER)))


def _many_breaks(rng: random.Random, problem: Problem) -> Problem:
    rests = tuple(Break(rng.choice((1, 50)), 100 * k, 100 * k + rng.choice((0, 90))) for k in range(1, 5))
    return every_vehicle(problem, breaks=rests)


def _break_all_day(_: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, breaks=(Break(2000, 0, 1000),))


def _same_break_twice(_: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, breaks=(Break(30, 200, 300), Break(30, 200, 300)))


# -- places ----------------------------------------------------------------------------------------------------------


def _one_point(_: random.Random, problem: Problem) -> Problem:
    """Everything at the same place, by the matrix."""
    zeros = tuple(np.zeros_like(matrix) for matrix in problem.durations)
    return replace(problem, durations=zeros, distances=zeros)


def _one_location(_: random.Random, problem: Problem) -> Problem:
    """Everything at the same place, by name."""
    depots = tuple(replace(depot, location=0) for depot in problem.depots)
    return replace(every_stop(problem, location=0), depots=depots)


def _one_stop(_: random.Random, problem: Problem) -> Problem:
    """Everything at one door: pairs begin where they end."""
    moved = (
        replace(s, pickup=None if s.pickup is None else 0, delivery=None if s.delivery is None else 0)
        for s in problem.shipments
    )
    return replace(problem, shipments=tuple(moved))


def _cut_off(rng: random.Random, problem: Problem) -> Problem:
    """Islands: no path between one half of the places and the other, or between any."""
    size = problem.num_locations
    island = np.array([rng.random() < 0.5 for _ in range(size)])
    apart = island[:, None] != island[None, :] if rng.random() < 0.6 else ~np.eye(size, dtype=np.bool_)
    cut = tuple(np.where(apart, UNREACHABLE, matrix).astype(np.int32) for matrix in problem.durations)
    return replace(problem, durations=cut)


def _cut_off_from_itself(_: random.Random, problem: Problem) -> Problem:
    nowhere = tuple(np.full_like(matrix, UNREACHABLE) for matrix in problem.durations)
    return replace(problem, durations=nowhere, distances=nowhere)


def _one_way(_: random.Random, problem: Problem) -> Problem:
    """Nobody comes home."""
    cut = tuple(matrix.copy() for matrix in problem.durations)
    for matrix in cut:
        matrix[2:, :2] = UNREACHABLE
    return replace(problem, durations=cut)


def _long_way_round(rng: random.Random, problem: Problem) -> Problem:
    """A place is not at no distance from itself."""
    detour = tuple(matrix.copy() for matrix in problem.durations)
    for matrix in detour:
        np.fill_diagonal(matrix, rng.choice((7, UNREACHABLE)))
    return replace(problem, durations=detour)


# -- amounts ---------------------------------------------------------------------------------------------------------


def _many_trips(_: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, max_trips=10**6, reload_duration=0)


def _many_vehicles(rng: random.Random, problem: Problem) -> Problem:
    return every_vehicle(problem, num_available=rng.choice((1000, 10**6)))


def _ragged_loads(rng: random.Random, problem: Problem) -> Problem:
    problem = every_vehicle(problem, capacity=(3,) * rng.choice((0, 1, 3)))
    return every_shipment(problem, load=lambda: (1,) * rng.choice((0, 2, 6)))


def _huge_loads(rng: random.Random, problem: Problem) -> Problem:
    problem = every_shipment(problem, load=lambda: (rng.choice((1, 2**40, 2**55, 2**59 - 1)),), collected=())
    return every_vehicle(problem, capacity=(rng.choice((1, 2**41, INT64_MAX)),))


def _huge_durations(rng: random.Random, problem: Problem) -> Problem:
    most = rng.choice((FOREVER // 2, UNREACHABLE - 1))
    long = tuple(np.where(matrix > 0, most, 0).astype(np.int32) for matrix in problem.durations)
    return every_vehicle(replace(problem, durations=long), tw_late=FOREVER, max_duration=FOREVER)


def _huge_distances(_: random.Random, problem: Problem) -> Problem:
    far = tuple(np.where(matrix > 0, UNREACHABLE - 1, 0).astype(np.int32) for matrix in problem.distances)
    return every_vehicle(replace(problem, distances=far), max_distance=FOREVER)


def _huge_prices(rng: random.Random, problem: Problem) -> Problem:
    return every_vehicle(
        problem,
        fixed_cost=rng.choice((0, 2**40, 2**55, 2**62)),
        unit_distance_cost=rng.choice((1, 2**20, 2**40)),
        unit_duration_cost=rng.choice((0, 2**20)),
    )


def _huge_penalties(rng: random.Random, problem: Problem) -> Problem:
    return every_shipment(problem, must_go=lambda: rng.random() < 0.3, penalty=rng.choice((2**31, 2**52, 2**62)))


def _huge_wishes(rng: random.Random, problem: Problem) -> Problem:
    return replace(problem, preferences=Preferences(*(rng.choice((0, 2**20, 2**45)) for _ in range(3))))


# -- frozen parts, last: they need a type of one vehicle ---------------------------------------------------------------


def _begin(problem: Problem, shipments: int, available_at: int, *, complete: bool) -> Problem:
    """The first vehicle type has its first shipments aboard or done."""
    if not problem.vehicle_types:
        return problem
    tasks = [task for s in range(min(shipments, len(problem.shipments))) for task in problem.tasks_of(s)]
    visits = tuple(FrozenVisit(problem.stop_of(task), (task,)) for task in tasks)
    alone = replace(problem.vehicle_types[0], num_available=1)
    part = FrozenRoute(0, (visits,), available_at, complete)
    return replace(problem, vehicle_types=(alone, *problem.vehicle_types[1:]), frozen=(part,))


def _frozen_empty(rng: random.Random, problem: Problem) -> Problem:
    return _begin(problem, 0, rng.choice((0, 5000)), complete=False)


def _frozen_and_closed_empty(_: random.Random, problem: Problem) -> Problem:
    return _begin(problem, 0, 0, complete=True)


def _frozen_without_trips(_: random.Random, problem: Problem) -> Problem:
    problem = _begin(problem, 0, 300, complete=False)
    return replace(problem, frozen=tuple(replace(part, trips=()) for part in problem.frozen))


def _frozen_begun(rng: random.Random, problem: Problem) -> Problem:
    return _begin(problem, rng.randint(1, 3), rng.choice((0, 300, FOREVER)), complete=False)


def _frozen_complete(rng: random.Random, problem: Problem) -> Problem:
    return _begin(problem, rng.choice((1, 2, 8)), 0, complete=True)


def _frozen_passing_by(_: random.Random, problem: Problem) -> Problem:
    """A visit at which nothing is done."""
    problem = _begin(problem, 0, 0, complete=False)
    idle = (FrozenVisit(0, ()),) if problem.stops else ()
    return replace(problem, frozen=tuple(replace(part, trips=(idle,)) for part in problem.frozen))


TWISTS: dict[str, Twist] = {
    function.__name__.strip("_"): function
    for function in (
        _nothing_at_all, _no_shipments, _no_vehicles, _no_room, _no_time_aboard, _no_distance_allowed,
        _no_work_allowed, _no_prices, _worthless, _all_must_go, _nobody_may, _strange_skills, _strange_zones,
        _closed_when_reached, _open_never, _many_windows, _shift_of_a_moment, _endless_shift, _closed_depots,
        _depots_of_a_moment, _released_after_work, _back_at_midnight, _no_durations, _endless_service, _many_breaks,
        _break_all_day, _same_break_twice, _one_point, _one_location, _one_stop, _cut_off, _cut_off_from_itself,
        _one_way, _long_way_round, _many_trips, _many_vehicles, _ragged_loads, _huge_loads, _huge_durations,
        _huge_distances, _huge_prices, _huge_penalties, _huge_wishes, _frozen_empty, _frozen_and_closed_empty,
        _frozen_without_trips, _frozen_begun, _frozen_complete, _frozen_passing_by,
    )
}  # fmt: skip
"""In the order in which they are applied."""

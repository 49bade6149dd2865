"""Days to run: random events that can happen, and what must hold whatever happens."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import zip_longest

import numpy as np

from routing.checker import check
from routing.dispatch import (
    Arrived,
    BrokenDown,
    Courier,
    Day,
    Departed,
    Event,
    Failed,
    Late,
    LineLate,
    NewPickup,
    Phase,
    Replanned,
    Returned,
    RoadClosed,
    Served,
    begin,
)
from routing.model import UNREACHABLE, Action, IntMatrix, Load, Shipment, Stop, Task
from routing.solution import Trip
from routing.solver import solve
from routing.stopping import StoppingCriterion
from tests.routing.samples import random_problem

FEW = StoppingCriterion(iterations=30)


def random_day(seed: int) -> Day:
    """A published day of up to three couriers and ten shipments, with every feature of the model."""
    rng = random.Random(seed)
    drawn = random_problem(seed, num_shipments=rng.randint(3, 10), num_vehicle_types=rng.randint(1, 3))
    couriers = tuple(replace(v, num_available=1) for v in drawn.vehicle_types)
    preferences = replace(drawn.preferences, change_cost=rng.choice((0, 500)))
    problem = replace(drawn, vehicle_types=couriers, preferences=preferences)
    return begin(problem, solve(problem, FEW, seed).solution, tolerance=rng.choice((0, 20, 100, 1000)))


def random_event(rng: random.Random, day: Day) -> Event:
    """Something that can happen next, soon."""
    possible = [event for v in range(len(day.couriers)) for event in _of_courier(rng, day, v)]
    if rng.random() < 0.75 and possible:
        return rng.choice(possible)
    return rng.choice([*_of_all(rng, day)])


def _of_courier(rng: random.Random, day: Day, v: int) -> Iterator[Event]:
    courier, trips = day.couriers[v], day.ahead[v]
    soon = day.now + rng.choice((0, 0, 5, 20, 60))
    if courier.is_out:
        return
    if not courier.is_under_way:
        if trips:
            yield from _departures(rng, day, v)
        return
    if trips[0].visits:
        visit = trips[0].visits[0]
        yield Served(max(soon, visit.ends), v, visit.stop)
        yield Served(soon, v, visit.stop)
        if courier.arrived is None:
            yield Arrived(max(soon, visit.arrives), v, visit.stop)
        else:
            yield Failed(soon, v, rng.choice(visit.tasks).shipment)
    elif courier.made:
        yield Returned(max(soon, trips[0].returns), v)
    if rng.random() < 0.2:
        yield Returned(soon, v)
    if rng.random() < 0.3:
        yield Late(day.now, v, soon + 40)
    if rng.random() < 0.2:
        yield BrokenDown(day.now, v, rng.choice((None, Stop(rng.randrange(day.problem.num_locations)))))


def _departures(rng: random.Random, day: Day, v: int) -> Iterator[Event]:
    """With everything that is planned, or without a part of it."""
    courier, trip = day.couriers[v], day.ahead[v][0]
    back = courier.driven[-1].returns if courier.driven else 0
    wanted = [t.shipment for visit in trip.visits for t in visit.tasks if _lies_at_base(day, t.shipment)]
    ready = max((day.problem.shipments[s].release for s in wanted), default=0)
    yield Departed(max(day.now, back, trip.departs, ready) + rng.choice((0, 0, 0, 30)), v)
    if rng.random() < 0.2:
        at = max(day.now, back, trip.departs)
        there = [s for s in wanted if day.problem.shipments[s].release <= at]
        yield Departed(at, v, frozenset(rng.sample(there, rng.randint(0, len(there)))))


def _lies_at_base(day: Day, s: int) -> bool:
    return day.states[s].phase is Phase.WAITING and day.problem.shipments[s].pickup is None


def _of_all(rng: random.Random, day: Day) -> Iterator[Event]:
    stops = len(day.problem.stops)
    yield NewPickup(
        day.now,
        Shipment(pickup=rng.randrange(stops), load=(1,), penalty=rng.choice((0, 3000)), must_go=rng.random() < 0.5),
    )
    yield NewPickup(
        day.now, Shipment(pickup=stops, load=(1,), must_go=True), Stop(rng.randrange(day.problem.num_locations))
    )
    yield RoadClosed(day.now, day.problem.distances, tuple(_slower(rng, m) for m in day.problem.durations))
    lying = [s for s in range(len(day.states)) if _lies_at_base(day, s)]
    if lying:
        yield LineLate(day.now, frozenset({rng.choice(lying)}), day.now + 150)


def _slower(rng: random.Random, matrix: IntMatrix) -> IntMatrix:
    slower = matrix.copy()
    rows = rng.sample(range(len(matrix)), min(2, len(matrix)))
    chosen = slower[rows]
    slower[rows] = np.where(chosen < UNREACHABLE, chosen * 2, chosen)
    return slower


# -- what must hold ----------------------------------------------------------------------------------------------------


def faults(day: Day, told: Replanned) -> list[str]:
    """Everything that is wrong with a re-plan of a day."""
    found = [f"{v.constraint}: {v.detail}" for v in check(told.problem, told.solution)]
    found += ["what was driven changed"] * (
        list(map(_driven, told.day.couriers)) != list(map(_driven, day.couriers)) or told.day.states != day.states
    )
    pairs = zip(day.couriers, told.day.couriers, strict=True)
    found += ["metres were forgotten"] * any(new.metres < old.metres for old, new in pairs)
    found += _broken_silently(day, told) + _lost(told) + _strayed(told) + list(_overloaded(told.day))
    return found


def _broken_silently(day: Day, told: Replanned) -> list[str]:
    """Promises that are broken are told, and no others."""
    starts = {
        task: visit.starts
        for trips in told.day.ahead
        for trip in trips
        for visit in trip.visits
        for task in visit.tasks
        if task in day.promises
    }
    broken = {task for task, time in starts.items() if abs(time - day.promises[task]) > day.tolerance}
    delays = {delay.task for delay in told.changes.delays}
    return [f"{task} is late untold, or told without need" for task in broken ^ delays]


def _driven(courier: Courier) -> Courier:
    return replace(courier, turned=None, arrived=None, metres=0)


def _planned(day: Day) -> dict[Task, list[int]]:
    planned: dict[Task, list[int]] = {}
    for v, trips in enumerate(day.ahead):
        for task in (task for trip in trips for visit in trip.visits for task in visit.tasks):
            planned.setdefault(task, []).append(v)
    return planned


def _lost(told: Replanned) -> list[str]:
    """
    Every shipment is over, on its way home, wholly planned once, or left with a reason: one of these.

    Only what a courier is about to collect already is collected even if it cannot be delivered any more.
    """
    day, planned, found = told.day, _planned(told.day), []
    left = {one.shipment for one in told.left if one.reasons}
    made = {
        t
        for c in day.couriers
        for visit in (*(v for trip in c.driven for v in trip.visits), *c.made)
        for t in visit.tasks
    }
    begun = {task for v in range(len(day.couriers)) for task in _begun(day, v)}
    for s, state in enumerate(day.states):
        tasks = [
            task for task in day.problem.tasks_of(s) if state.phase is Phase.WAITING or task.action is Action.DELIVER
        ]
        times = [len(planned.get(task, [])) for task in tasks]
        to_do = state.phase in (Phase.WAITING, Phase.ABOARD)
        fine = [([1] * len(tasks), False), ([0] * len(tasks), True)]
        if Task(s, Action.COLLECT) in begun:
            fine.append(([1, 0], True))
        if to_do and (times, s in left) not in fine:
            found.append(f"shipment {s}, {state.phase}, is planned {times} times, left: {s in left}")
        is_stranded = state.phase is Phase.HOMEWARD and state.vehicle is not None and day.couriers[state.vehicle].is_out
        if not to_do and (any(task in planned for task in day.problem.tasks_of(s)) or (s in left) != is_stranded):
            found.append(f"shipment {s} is {state.phase}, yet planned or left")
        if state.phase in (Phase.HOMEWARD, Phase.OVER) and not state.failed and not made & {Task(s, a) for a in Action}:
            found.append(f"shipment {s} is {state.phase}, but nobody did it")
    return found


def _begun(day: Day, v: int) -> Iterator[Task]:
    """Tasks at the next door of a vehicle under way."""
    visits = day.ahead[v][0].visits[:1] if day.couriers[v].is_under_way else ()
    return (task for visit in visits for task in visit.tasks)


def _strayed(told: Replanned) -> list[str]:
    """Goods aboard stay with their vehicle; from one on its way home others may load them when it is there."""
    return [
        f"shipment {s} is aboard {state.vehicle}, but {v} delivers it"
        for s, state in enumerate(told.day.states)
        if state.phase is Phase.ABOARD and state.vehicle is not None
        for v, trips in enumerate(told.day.ahead)
        for trip in trips
        if any(task.shipment == s for visit in trip.visits for task in visit.tasks)
        if v != state.vehicle and not _is_home_before(told.day, state.vehicle, trip)
    ]


def _is_home_before(day: Day, v: int, trip: Trip) -> bool:
    return not day.ahead[v][0].visits and day.ahead[v][0].returns <= trip.departs


def _overloaded(day: Day) -> Iterator[str]:
    """Vehicles under way, watched physically: no trip takes more than fits, or than is aboard already."""
    for v, courier in enumerate(day.couriers):
        if not courier.is_under_way:
            continue
        aboard = _sum(
            _load_of(day, s)
            for s, state in enumerate(day.states)
            if state.vehicle == v and state.phase in (Phase.ABOARD, Phase.HOMEWARD)
        )
        most = tuple(max(a, b) for a, b in zip(day.problem.vehicle_types[v].capacity, (*aboard, 0, 0, 0), strict=False))
        for task in (task for visit in day.ahead[v][0].visits for task in visit.tasks):
            shipment = day.problem.shipments[task.shipment]
            if task.action is Action.COLLECT:
                aboard = _sum((aboard, shipment.load))
            else:
                aboard = _sum((aboard, shipment.collected, tuple(-x for x in shipment.load)))
            if any(x > room for x, room in zip(aboard, most, strict=False)):
                yield f"vehicle {v} has {aboard} aboard after {task}, {most} fit"


def _load_of(day: Day, s: int) -> Load:
    return day.states[s].load if day.states[s].phase is Phase.HOMEWARD else day.problem.shipments[s].load


def _sum(loads: Iterable[Load]) -> Load:
    return tuple(map(sum, zip_longest(*loads, fillvalue=0)))

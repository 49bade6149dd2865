"""What a new plan changes: for which shipment and courier, and why."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from routing.dispatching.day import Day, Phase
from routing.dispatching.events import BrokenDown, Event, LineLate, NewPickup, RoadClosed
from routing.model import Action, Task
from routing.schedule import Conflict
from routing.solution import Reason, Solution


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a task stands in a plan."""

    vehicle: int
    trip: int
    """Of the vehicle's day."""
    position: int
    """Of its visit in the trip."""
    starts: int
    """When the visit's service begins."""


@dataclass(frozen=True, slots=True)
class Move:
    """A task that another courier does, or the same one in another order."""

    task: Task
    before: Spot | None
    """None = it was in no plan."""
    after: Spot | None
    """None = it is in no plan any more: see what is left."""
    cause: Event | None
    """What has happened; None = nothing but that time went by."""
    conflict: Conflict | None
    """
    What its place in the told order broke, when what broke before it was out already; visits as in the problem.

    None = nothing: it makes room for something else, had no place, or its courier drives no more.
    """


@dataclass(frozen=True, slots=True)
class Delay:
    """A promise that cannot be kept for sure, and is told anew."""

    task: Task
    vehicle: int
    promised: int
    """When the visit was told to begin."""
    expected: int
    cause: Event | None
    """As of a move."""


@dataclass(frozen=True, slots=True)
class CourierChange:
    """What the new plan means for a courier."""

    vehicle: int
    metres: int
    """More than was told; negative = less."""
    delay: int
    """Seconds by which the day ends later than was told; negative = earlier."""
    is_untouched: bool
    """He does the same in the same order."""


@dataclass(frozen=True, slots=True)
class Left:
    """A shipment that nobody serves."""

    shipment: int
    vehicle: int | None
    """In which it lies; None = it is where it was."""
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that a new plan changes."""

    moves: tuple[Move, ...]
    delays: tuple[Delay, ...]
    couriers: tuple[CourierChange, ...]
    """One a vehicle type."""


def changes(day: Day, new: Day, conflicts: Mapping[int, Conflict]) -> Changes:
    """
    Compare what was told with a new plan; what is over is left out.

    Parameters
    ----------
    conflicts
        What the told place of a shipment breaks under the facts of now.
    """
    open_tasks = _open_tasks(day)
    before, after = (_spots(plan, open_tasks) for plan in (day.told, new.told))
    moved = tuple(_moves(day, before, after, conflicts))
    return Changes(moved, tuple(_delays(day, new, before, after)), tuple(_courier_changes(day, new, moved)))


def _moves(
    day: Day, before: Mapping[Task, Spot], after: Mapping[Task, Spot], conflicts: Mapping[int, Conflict]
) -> Iterator[Move]:
    stays = _in_order(before, after)
    for task in sorted({*before, *after} - stays):
        old, new = before.get(task), after.get(task)
        yield Move(task, old, new, _cause(day, task, old, new), conflicts.get(task.shipment))


def _delays(day: Day, new: Day, before: Mapping[Task, Spot], after: Mapping[Task, Spot]) -> Iterator[Delay]:
    for task, spot in sorted(after.items(), key=lambda item: item[0]):
        promised = day.promises.get(task)
        if promised is not None and new.promises[task] != promised:
            cause = _cause(day, task, before.get(task), spot)
            yield Delay(task, spot.vehicle, promised, spot.starts, cause)


def _courier_changes(day: Day, new: Day, moved: Sequence[Move]) -> Iterator[CourierChange]:
    touched = {spot.vehicle for move in moved for spot in (move.before, move.after) if spot}
    told = {route.vehicle_type: route for route in day.told.routes}
    planned = {route.vehicle_type: route for route in new.told.routes}
    for v in range(len(day.couriers)):
        before, after = told.get(v), planned.get(v)
        metres = (after.distance if after else 0) - (before.distance if before else 0)
        delay = after.trips[-1].returns - before.trips[-1].returns if before and after else 0
        yield CourierChange(v, metres, delay, v not in touched)


def _open_tasks(day: Day) -> dict[Task, int]:
    """What is still to be done, and since when: what a broken vehicle had collected is collected again."""
    waiting = [s for s, state in enumerate(day.states) if state.phase is Phase.WAITING]
    aboard = [s for s, state in enumerate(day.states) if state.phase is Phase.ABOARD]
    since = {s: day.states[s].since if day.states[s].was_aboard else 0 for s in waiting}
    to_do = {task: since[s] for s in waiting for task in day.problem.tasks_of(s)}
    return to_do | {Task(s, Action.DELIVER): 0 for s in aboard}


def _spots(plan: Solution, tasks: Mapping[Task, int]) -> dict[Task, Spot]:
    return {
        task: Spot(route.vehicle_type, number, position, visit.starts)
        for route in plan.routes
        for number, trip in enumerate(route.trips)
        for position, visit in enumerate(trip.visits)
        for task in visit.tasks
        if task in tasks and visit.starts >= tasks[task]
    }


def _in_order(before: Mapping[Task, Spot], after: Mapping[Task, Spot]) -> frozenset[Task]:
    """Tasks that the same courier does in the same trip, as many as keep their order."""
    same: dict[int, list[Task]] = {}
    for task, spot in sorted(after.items(), key=lambda item: (item[1].vehicle, item[1].trip, item[1].position)):
        old = before.get(task)
        if old is not None and (old.vehicle, old.trip) == (spot.vehicle, spot.trip):
            same.setdefault(spot.vehicle, []).append(task)
    ranks = {v: [(before[task].trip, before[task].position) for task in tasks] for v, tasks in same.items()}
    return frozenset(task for v, tasks in same.items() for task in (tasks[k] for k in _longest_rise(ranks[v])))


def _longest_rise(values: Sequence[tuple[int, int]]) -> list[int]:
    """Positions of a longest subsequence that never falls (Schensted 1961)."""
    ends: list[int] = []
    before: list[int | None] = []
    for k, value in enumerate(values):
        at = bisect_left([values[e] for e in ends], (value[0], value[1] + 1))
        before.append(ends[at - 1] if at else None)
        ends[at : at + 1] = [k]
    rise: list[int] = []
    k_or_none = ends[-1] if ends else None
    while k_or_none is not None:
        rise.append(k_or_none)
        k_or_none = before[k_or_none]
    return rise[::-1]


def _cause(day: Day, task: Task, before: Spot | None, after: Spot | None) -> Event | None:
    """
    The event that concerns the task itself, else its old courier, else everybody, else the new one's.

    What went as planned explains nothing, unless nothing else has happened.
    """
    news = list(reversed(day.disturbances or day.news))
    pickups = [event for event in day.news if isinstance(event, NewPickup)]
    born = len(day.states) - len(pickups)
    if task.shipment >= born:
        return pickups[task.shipment - born]
    old = before.vehicle if before else None
    new = after.vehicle if after else None
    tests: tuple[Callable[[Event], bool], ...] = (
        lambda e: isinstance(e, LineLate) and task.shipment in e.shipments,
        lambda e: getattr(e, "shipment", None) == task.shipment,
        lambda e: isinstance(e, BrokenDown) and e.vehicle == old,
        lambda e: old is not None and getattr(e, "vehicle", None) == old,
        lambda e: isinstance(e, RoadClosed),
        lambda e: isinstance(e, (BrokenDown, NewPickup, LineLate)),
        lambda e: new is not None and getattr(e, "vehicle", None) == new,
        lambda _: True,
    )
    return next((event for test in tests for event in news if test(event)), None)

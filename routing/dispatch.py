"""
A running day: what is driven is behind, what is ahead is re-timed, inserted or planned anew, and each change explained.

```python
day = begin(problem, published, tolerance=1800)
day = after(day, Departed(27_000, vehicle=0))          # as events come in
day = after(day, NewPickup(30_000, Shipment(pickup=3)))
told = insert(day)                                     # at once: its cheapest place, all else in its order
told = replan(day, StoppingCriterion(seconds=5))       # or: everything that is not driven may move
day = told.day                                         # the plan is adopted
```

Days are values: nothing is changed in place, and a plan that is not wanted is simply not adopted.

Both doors keep promises before they serve what is new. First every promise that may still hold is a window that must be
kept; only what then finds no place has its promise given up, and is served late rather than not at all. A plan that
still holds is not touched, and a courier who carries the same as before keeps his order.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import count

from routing.checker import check
from routing.dispatching.adopting import adopted, plan_of
from routing.dispatching.changes import Changes, CourierChange, Delay, Left, Move, changes
from routing.dispatching.day import Courier, Day, Phase, State, begin
from routing.dispatching.events import (
    Arrived,
    BrokenDown,
    Cancelled,
    Departed,
    Event,
    Failed,
    Late,
    LineLate,
    NewPickup,
    Place,
    Rested,
    Returned,
    RoadClosed,
    Served,
    WindowsChanged,
)
from routing.dispatching.foresight import Foresight, foresee
from routing.dispatching.happening import after
from routing.dispatching.remaining import Remaining
from routing.dispatching.remaining import remaining as _remaining
from routing.dispatching.standing import Standing, inserted, riding_home, standing, without_late_goods
from routing.errors import EngineError
from routing.explain import reasons
from routing.model import Problem, Task
from routing.schedule import Conflict
from routing.solution import Constraint, Reason, Solution
from routing.solver import solve
from routing.stopping import StoppingCriterion

__all__ = [
    "Arrived", "BrokenDown", "Cancelled", "Changes", "Courier", "CourierChange", "Day", "Delay", "Departed", "Event",
    "Failed", "Late", "Left", "LineLate", "Move", "NewPickup", "Phase", "Place", "Replanned", "Rested", "Returned",
    "RoadClosed", "Served", "State", "WindowsChanged", "after", "begin", "insert", "remaining", "replan",
]  # fmt: skip

INSERTION_SECONDS = 0.25
"""After so many seconds an insertion tries no more places: the rest is for the proof and the telling."""
SHARES = (0.6, 0.9)
"""Of the time that is left: for the search that keeps all promises, and for one with those given up that it lost."""
LEAST_SECONDS = 0.05
"""For one search."""


@dataclass(frozen=True, slots=True, eq=False)
class Replanned:
    """A plan for the rest of the day."""

    day: Day
    """The day with this plan adopted."""
    problem: Problem
    """What was still to be done."""
    solution: Solution
    """Its answer, proved by the checker; what is driven is two visits a vehicle (see `dispatching/remaining.py`)."""
    changes: Changes
    left: tuple[Left, ...]
    missed: tuple[tuple[int, int], ...]
    """Shipments on their way to a cut-off (or a longest ride) that they cannot keep any more, by how many seconds."""

    @property
    def untouched(self) -> frozenset[int]:
        """Vehicles that do what they were told, in that order."""
        return frozenset(change.vehicle for change in self.changes.couriers if change.is_untouched)


def remaining(day: Day) -> Problem:
    """
    What is still to be done, with everything driven frozen and every promise that may hold as a window.

    Shipments and vehicle types have the numbers of the day; stops have them too, and more follow.
    """
    return _remaining(day, foresee(day)).problem


def insert(day: Day) -> Replanned:
    """
    Find the cheapest feasible places for what has none, everything else kept in its order.

    A new pickup takes half a second at most on a province's day; what a breakdown or a delay leaves without a place
    takes a second, in which not everything is tried. What found no place is left with the reason. A full `replan` may
    find one by moving others.
    """
    began = time.monotonic()

    def hurry() -> bool:
        return time.monotonic() - began > INSERTION_SECONDS

    def find(left: Remaining, held: Standing, _: int) -> Solution:
        return inserted(left.problem, held.solution, _wanted(day, left, held), hurry)

    told = _planned(day, find, hurry, aboard_only=False)
    return replace(told, day=replace(told.day, told_left=told.day.told_left & day.told_left))


def replan(day: Day, stop: StoppingCriterion, seed: int = 0, *, cores: int = 1) -> Replanned:
    """
    Plan what is not driven anew, from the plan as it stands.

    Parameters
    ----------
    stop
        Limits of the whole re-plan. Nothing is searched when the plan holds and nothing is without a place; then
        only what was told left is tried again, all else in its order.

    Raises
    ------
    EngineError
        When an engine's answer does not pass the checker.
    """
    began = time.monotonic()

    def hurry() -> bool:
        late = stop.seconds is not None and time.monotonic() - began > stop.seconds
        return late or (stop.cancel is not None and stop.cancel.is_set())

    def find(left: Remaining, held: Standing, tries: int) -> Solution:
        is_held = not held.conflicts and _unplaced(held) <= day.told_left
        part = None if is_held else _part(stop, tries, time.monotonic() - began)
        if part is None:
            return inserted(left.problem, held.solution, _wanted(day, left, held), hurry)
        return _calmed(held, solve(left.problem, part, seed, cores=cores, start=held.solution).solution)

    return _planned(day, find, hurry, aboard_only=True)


Finder = Callable[[Remaining, Standing, int], Solution]
"""Finds an answer from what holds; told how many have been found before, with more promises."""


def _planned(day: Day, find: Finder, hurry: Callable[[], bool], *, aboard_only: bool) -> Replanned:
    """
    Find a plan that keeps all promises; those of what has no place are given up, and one is found from the last.

    Those that the told order breaks are given up at once: of goods aboard only, which nobody else can deliver, or all.
    """
    foresight = foresee(day)
    given_up, staying = frozenset[Task](), frozenset[int]()
    left = _remaining(day, foresight)
    held = standing(left, foresight.day.ahead)
    if held.conflicts:
        given_up = _late(day, foresight, held, aboard_only=aboard_only)
        left = _remaining(day, foresight, given_up=given_up)
        held = standing(left, foresight.day.ahead)
    conflicts = held.conflicts
    for tries in count():
        solution = find(left, held, tries)
        lost, overloading = _broken(left, solution), riding_home(left, solution)
        if not lost and not overloading:
            break
        given_up, staying, plan = given_up | lost, staying | overloading, plan_of(left, solution)
        left = _remaining(day, foresight, given_up=given_up, staying=staying)
        held = standing(left, plan)
    if any(not unassigned.reasons for unassigned in solution.unassigned):
        solution = reasons(left.problem, solution, hurry=hurry)
    if violations := check(left.problem, solution):
        raise EngineError(f"the plan breaks a rule: {violations[0].constraint}: {violations[0].detail}")
    return _told(day, left, solution, conflicts)


def _late(day: Day, foresight: Foresight, held: Standing, *, aboard_only: bool) -> frozenset[Task]:
    """Promises that the told order breaks, whatever else it breaks; nobody waits for goods that are late themselves."""
    left = _remaining(day, foresight, given_up=day.promises)
    loose = standing(left, without_late_goods(left, foresight.day.ahead, held.conflicts))
    visits = (visit for route in loose.solution.routes for visit in route.visits)
    starts = {task: visit.starts for visit in visits for task in visit.tasks}
    return frozenset(
        task
        for task, promised in day.promises.items()
        if task.shipment in loose.conflicts or starts.get(task, 0) > promised + day.tolerance
        if not aboard_only or _is_aboard(foresight.day, task.shipment)
    )


def _is_aboard(day: Day, shipment: int) -> bool:
    return shipment < len(day.states) and day.states[shipment].phase is Phase.ABOARD


def _broken(left: Remaining, solution: Solution) -> frozenset[Task]:
    """Promises of what an answer leaves behind."""
    behind = {unassigned.shipment for unassigned in solution.unassigned}
    return frozenset(task for task in left.promised if task.shipment in behind)


def _part(stop: StoppingCriterion, tries: int, passed: float) -> StoppingCriterion | None:
    """The limits of one search, when so many have been and so many seconds have passed; None = there is no time."""
    if tries >= len(SHARES):
        return None
    if stop.seconds is None:
        return stop
    seconds = SHARES[tries] * (stop.seconds - passed)
    return replace(stop, seconds=seconds) if seconds > LEAST_SECONDS else None


def _calmed(held: Standing, solution: Solution) -> Solution:
    """Whoever carries what he carried before keeps the order that he was told, if it still holds."""
    told = {route.vehicle_type: route for route in held.solution.routes}
    routes = (
        told[route.vehicle_type]
        if route.vehicle_type in told and set(told[route.vehicle_type].tasks) == set(route.tasks)
        else route
        for route in solution.routes
    )
    return replace(solution, routes=tuple(routes))


def _told(day: Day, left: Remaining, solution: Solution, conflicts: dict[int, Conflict]) -> Replanned:
    new = adopted(day, left, solution)
    return Replanned(
        day=new,
        problem=left.problem,
        solution=solution,
        changes=changes(day, new, conflicts),
        left=tuple(_left(day, left, solution)),
        missed=tuple(sorted(left.missed.items())),
    )


def _left(day: Day, left: Remaining, solution: Solution) -> Iterator[Left]:
    """What nobody serves; aboard a vehicle that takes nothing more, the reason is what stopped it."""
    for unassigned in solution.unassigned:
        state = day.states[unassigned.shipment]
        vehicle = state.vehicle if state.phase is Phase.ABOARD else None
        told = unassigned.reasons if vehicle not in left.closed else (_why_closed(left, vehicle),)
        yield Left(unassigned.shipment, vehicle, told)
    for shipment, state in enumerate(day.states):
        if state.phase is Phase.HOMEWARD and state.vehicle is not None and day.couriers[state.vehicle].is_out:
            yield Left(shipment, state.vehicle, (_why_closed(left, state.vehicle),))


def _why_closed(left: Remaining, vehicle: int | None) -> Reason:
    conflict = left.closed[vehicle] if vehicle is not None else None
    if conflict is None:
        return Reason(Constraint.LOCKS, vehicle, 1)
    return Reason(conflict.constraint, vehicle, conflict.amount)


def _unplaced(held: Standing) -> frozenset[int]:
    return frozenset(unassigned.shipment for unassigned in held.solution.unassigned)


def _wanted(day: Day, left: Remaining, held: Standing) -> list[int]:
    """
    What should get a place, dearest to leave first.

    What was told left comes last, and only if it must go and something has happened since: it may fit now.
    """
    now, whole = left.problem.shipments, day.problem.shipments
    unplaced = _unplaced(held)
    again = {s for s in unplaced & day.told_left if day.news and (now[s].must_go or whole[s].must_go)}
    return sorted(unplaced - day.told_left | again, key=lambda s: (s in again, not now[s].must_go, -now[s].penalty, s))

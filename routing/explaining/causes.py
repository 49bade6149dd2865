"""
Which single changes could lift what forbids a place.

A moment that comes too late has two kinds of causes: its own limit, and the last moment before it at which the vehicle
had to wait (for an opening, a release, its shift). Nothing between the two could be earlier, nothing before the wait
matters, unless the wait is for the next window of a stop just missed: then also what made it miss that one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from routing.explaining.chains import Kind, Moment
from routing.explaining.permits import PERMITS
from routing.explaining.trial import Refusal, Trial
from routing.model import FOREVER, Action, Shipment
from routing.scheduling.admission import base_of_return, loads_of
from routing.solution import Change, Constraint, Relaxation

DAY = 86_400
"""No more seconds than this are ever asked for."""


class Cause(NamedTuple):
    """A change that could help, in the excerpt's numbers."""

    relaxation: Relaxation
    """With the amount that it looks like."""
    most: int
    """The largest amount that makes sense."""


def causes(trial: Trial, refusal: Refusal) -> list[Cause]:
    """Changes that could admit the route; what forbids it may be told by several."""
    find = _FINDERS.get(refusal.constraint)
    return list(find(trial, refusal)) if find else []


# -- what does not depend on the clock -------------------------------------------------------------------------------


def _permission(change: Change) -> Callable[[Trial, Refusal], Iterator[Cause]]:
    def find(trial: Trial, _: Refusal) -> Iterator[Cause]:
        yield Cause(Relaxation(change, 1, 0, shipment=trial.shipment), 1)

    return find


def _of_the_vehicle(change: Change) -> Callable[[Trial, Refusal], Iterator[Cause]]:
    def find(_: Trial, refusal: Refusal) -> Iterator[Cause]:
        yield Cause(Relaxation(change, refusal.amount, 0), refusal.amount)

    return find


def _room(trial: Trial, _: Refusal) -> Iterator[Cause]:
    """Room in one dimension; a lack in two of them is no single change."""
    problem = trial.excerpt.problem
    aboard = [load for trip in loads_of(problem, trial.trips) for load in (trip.departing, *trip.most)]
    rooms = enumerate(problem.vehicle_types[0].capacity)
    over = [(dimension, max(load[dimension] for load in aboard) - room) for dimension, room in rooms]
    lacking = [(dimension, amount) for dimension, amount in over if amount > 0]
    if len(lacking) == 1:
        dimension, amount = lacking[0]
        yield Cause(Relaxation(Change.CAPACITY_LARGER, amount, 0, dimension=dimension), amount)


# -- what comes too late ---------------------------------------------------------------------------------------------


def _too_late(trial: Trial, refusal: Refusal) -> Iterator[Cause]:
    """The limit of what alone is too late could give way; less of a wait before the first could help them all."""
    late = [k for k, moment in enumerate(refusal.chain) if moment.late]
    if len(late) == 1:
        yield from _later(trial, refusal.chain[late[0]])
    if late:
        worst = max(refusal.chain[k].late for k in late)
        yield from _waits_before(trial, refusal.chain, late[0], worst)


def _without_rest(trial: Trial, refusal: Refusal) -> Iterator[Cause]:
    """No place for the break is known to be best: its own window, the shift, or any wait may be what binds."""
    yield Cause(Relaxation(Change.BREAK_LATER, refusal.amount, 0), DAY)
    yield Cause(Relaxation(Change.OVERTIME, refusal.amount, 0), DAY)
    yield from _waits(trial, refusal)


def _too_long(trial: Trial, refusal: Refusal) -> Iterator[Cause]:
    """The route may take longer, or wait less."""
    yield Cause(Relaxation(Change.DURATION_LONGER, refusal.amount, 0), DAY)
    yield from _waits(trial, refusal)


def _too_long_aboard(trial: Trial, refusal: Refusal) -> Iterator[Cause]:
    """Any shipment with a limit may be the one; and what waits on the way makes rides long."""
    for number, shipment in enumerate(trial.excerpt.problem.shipments):
        if shipment.max_ride < FOREVER:
            yield Cause(Relaxation(Change.RIDE_LONGER, refusal.amount, 0, shipment=number), DAY)
    yield from _waits(trial, refusal)


def _waits(trial: Trial, refusal: Refusal) -> Iterator[Cause]:
    for k, moment in enumerate(refusal.chain):
        if moment.waits:
            yield from _earlier(trial, refusal.chain, k, refusal.amount)


def _later(trial: Trial, moment: Moment) -> Iterator[Cause]:
    """The limit itself gives way."""
    if moment.kind is Kind.REST:
        yield Cause(Relaxation(Change.BREAK_LATER, moment.late, 0), DAY)
    elif moment.kind is Kind.START:
        window = len(moment.point.windows) - 1
        yield Cause(_window(trial, moment, Change.WINDOW_LATER, window, moment.late), DAY)
    elif moment.kind is Kind.RETURN:
        yield Cause(_return(trial, moment), DAY)


def _return(trial: Trial, moment: Moment) -> Relaxation:
    problem, amount = trial.excerpt.problem, moment.late
    if moment.point.binds is Constraint.SHIFT:
        return Relaxation(Change.OVERTIME, amount, 0)
    if moment.point.binds is Constraint.DEPOT_HOURS:
        depot = base_of_return(problem, 0, is_last=moment.trip == len(trial.trips) - 1)
        return Relaxation(Change.DEPOT_LATER, amount, 0, depot=depot)
    brought = _shipments(trial, moment.trip, Action.COLLECT)
    tightest = min(brought, key=lambda number: problem.shipments[number].latest_return)
    return Relaxation(Change.RETURN_LATER, amount, 0, shipment=tightest)


def _waits_before(trial: Trial, chain: Sequence[Moment], k: int, amount: int) -> Iterator[Cause]:
    """The last moment before `k` that had to wait, if it may be earlier."""
    waiting = next((j for j in range(k - 1, 0, -1) if chain[j].waits), 0)
    yield from _earlier(trial, chain, waiting, amount)


def _earlier(trial: Trial, chain: Sequence[Moment], k: int, amount: int) -> Iterator[Cause]:
    moment = chain[k]
    if moment.kind is Kind.DEPARTURE:
        yield from _departs_earlier(trial, moment, amount)
    elif moment.kind is Kind.START:
        window = next(w for w, (early, _) in enumerate(moment.point.windows) if early == moment.begins)
        early, _ = moment.point.windows[window]
        yield Cause(_window(trial, moment, Change.WINDOW_EARLIER, window, amount), early)
        if window:
            missed_by = moment.arrives - moment.point.windows[window - 1][1]
            yield Cause(_window(trial, moment, Change.WINDOW_LATER, window - 1, missed_by), DAY)
            yield from _waits_before(trial, chain, k, missed_by)


def _departs_earlier(trial: Trial, moment: Moment, amount: int) -> Iterator[Cause]:
    """What holds the departure back, if it is one thing alone."""
    problem, floor = trial.excerpt.problem, moment.begins
    vehicle = problem.vehicle_types[0]
    loaded = _shipments(trial, moment.trip, Action.DELIVER)
    released = [number for number in loaded if problem.shipments[number].release == floor]
    holding = []
    if moment.trip == 0 and vehicle.tw_early == floor:
        holding.append(Relaxation(Change.SHIFT_EARLIER, amount, 0))
    if problem.depots[vehicle.start_depot].tw_early == floor:
        holding.append(Relaxation(Change.DEPOT_EARLIER, amount, 0, depot=vehicle.start_depot))
    if released:
        holding.append(Relaxation(Change.RELEASE_EARLIER, amount, 0, shipment=released[-1]))
    if len(holding) == 1 and floor:
        yield Cause(holding[0], floor)


def _window(trial: Trial, moment: Moment, change: Change, window: int, amount: int) -> Relaxation:
    stop, _ = trial.trips[moment.trip][moment.visit]
    return Relaxation(change, amount, 0, stop=stop, window=window)


def _shipments(trial: Trial, trip: int, action: Action) -> list[int]:
    """Those whose other end is the base: what a trip loads there (DELIVER) or brings there (COLLECT)."""

    def is_at_base(shipment: Shipment) -> bool:
        return (shipment.delivery if action is Action.COLLECT else shipment.pickup) is None

    tasks = (task for _, tasks in trial.trips[trip] for task in tasks)
    shipments = trial.excerpt.problem.shipments
    return [task.shipment for task in tasks if task.action is action and is_at_base(shipments[task.shipment])]


_FINDERS: dict[Constraint, Callable[[Trial, Refusal], Iterator[Cause]]] = {
    **{constraint: _permission(change) for constraint, change in PERMITS.items()},
    Constraint.CAPACITY: _room,
    Constraint.TRIPS: _of_the_vehicle(Change.TRIP_MORE),
    Constraint.MAX_DISTANCE: _of_the_vehicle(Change.DISTANCE_LONGER),
    Constraint.TIME_WINDOWS: _too_late,
    Constraint.SHIFT: _too_late,
    Constraint.DEPOT_HOURS: _too_late,
    Constraint.LATEST_RETURN: _too_late,
    Constraint.TIMELINE: _too_late,
    Constraint.BREAKS: _without_rest,
    Constraint.MAX_DURATION: _too_long,
    Constraint.RIDE_TIME: _too_long_aboard,
}
"""No change makes a road, and what lacks structure is no plan."""

"""
A day a little later: what every vehicle on the road has begun is over.

Whoever drives to a door, or stands at it, finishes there: he has been told, and nobody knows where on the road he is.
Whoever drives home gets there. So a vehicle under way is always at a place of the matrices when something new begins
for it, at a time that may lie a little ahead. Only a visit that cannot be made, at a closed door or without room, is
not begun: then the vehicle is taken to be at the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.dispatching.day import Courier, Day, Position
from routing.dispatching.events import Arrived, Rested, Returned, Served
from routing.dispatching.happening import base_ahead, happened, place, service, way, with_courier
from routing.model import FOREVER, Action, Stop
from routing.solution import Visit


@dataclass(frozen=True, slots=True, eq=False)
class Foresight:
    """The day when everything begun is over."""

    day: Day
    positions: Mapping[int, Position]
    """Of the vehicles that have driven today."""


def foresee(day: Day) -> Foresight:
    """Let everything that is begun be over."""
    positions: dict[int, Position] = {}
    later = day
    for v, courier in enumerate(day.couriers):
        if courier.is_under_way:
            later, turned = _finished(later, v)
            positions |= {v: turned} if turned else {}
        if v not in positions and (courier.is_under_way or courier.driven):
            positions[v] = _position(later, v)
    return Foresight(later, positions)


def _position(day: Day, v: int) -> Position:
    courier, problem = day.couriers[v], day.problem
    if courier.made:
        return Position(place(day, v), courier.made[-1].leaves)
    vehicle = problem.vehicle_types[v]
    return Position(problem.depots[vehicle.start_depot].location, courier.driven[-1].returns)


def _finished(day: Day, v: int) -> tuple[Day, Position | None]:
    """The day when the vehicle's next visit is over; where it stands then, if the door is closed when it comes."""
    visits = day.ahead[v][0].visits
    if not visits:
        home = day.problem.depots[base_ahead(day, v)].location
        return happened(day, Returned(_arrival(day, v, home), v)), None
    later = _with_next_visit(day, v)
    if later is None:
        turned = _before_the_door(day, v, day.problem.stops[visits[0].stop])
        metres = day.couriers[v].metres + way(day, v, turned.location)
        return with_courier(day, v, replace(day.couriers[v], metres=metres)), turned
    return later, None


def _before_the_door(day: Day, v: int, stop: Stop) -> Position:
    """Where a vehicle is free when its next visit cannot be made: at the door, or where no way leads on."""
    courier = day.couriers[v]
    arrives = courier.arrived if courier.arrived is not None else _arrival(day, v, stop.location)
    free = max(day.now, courier.held_until)
    return Position(place(day, v), free) if arrives >= FOREVER else Position(stop.location, max(arrives, free))


def _with_next_visit(day: Day, v: int) -> Day | None:
    """The day when a vehicle's next visit is over; None = it cannot be made."""
    courier, visit = day.couriers[v], day.ahead[v][0].visits[0]
    stop = day.problem.stops[visit.stop]
    takes = service(day, v, visit)
    if not _fits(day, v, visit):
        return None
    if courier.arrived is not None:  # whoever stands at a door is served
        starts = _begin(day, visit, courier.arrived) or courier.arrived
        return happened(day, Served(max(starts + takes, day.now, courier.held_until), v, visit.stop))
    arrives = _arrival(day, v, stop.location)
    if arrives >= FOREVER:
        return None
    rested, ready = _rest_before(day, courier, v, visit, arrives)
    starts_or_none = _begin(day, visit, ready)
    if starts_or_none is None:
        return None
    for rest in rested:
        day = happened(day, Rested(ready, v, rest))
    day = happened(day, Arrived(arrives, v, visit.stop))
    return happened(day, Served(starts_or_none + takes, v, visit.stop))


def _fits(day: Day, v: int, visit: Visit) -> bool:
    """Whether there is room for what a vehicle's next visit collects: more than was planned may be aboard."""
    width, capacity = day.problem.num_dimensions, day.problem.vehicle_types[v].capacity
    aboard = [*day.aboard(v), *(0,) * width][:width]
    for task in visit.tasks:
        shipment = day.problem.shipments[task.shipment]
        is_collected = task.action is Action.COLLECT
        gains = ((shipment.load, 1),) if is_collected else ((shipment.load, -1), (shipment.collected, 1))
        for load, sign in gains:
            for dimension, amount in enumerate(load):
                aboard[dimension] += sign * amount
        if any(amount > most for amount, most in zip(aboard, capacity, strict=False)):
            return False
    return True


def _arrival(day: Day, v: int, there: int) -> int:
    """When a vehicle on the road is there: after its drive, and not before now or before it is let go."""
    courier = day.couriers[v]
    left = courier.made[-1].leaves if courier.made else courier.departed or 0
    left = courier.turned.time if courier.turned else left
    drive = int(day.problem.durations[day.problem.vehicle_types[v].profile][place(day, v), there])
    return min(FOREVER, max(left + drive, day.now, courier.held_until))


def _begin(day: Day, visit: Visit, time: int) -> int | None:
    """When a visit begins from a time on: not before it was told, if the door is open then."""
    stop = day.problem.stops[visit.stop]
    told = max((day.promises[task] for task in visit.tasks if task in day.promises), default=0) - day.tolerance
    is_open = any(window.early <= told <= window.late for window in stop.windows)
    return told if is_open and told > time else _opening(stop, time)


def _opening(stop: Stop, time: int) -> int | None:
    """The first moment from a time on at which service may begin."""
    return next((max(window.early, time) for window in stop.windows if window.late >= time), None)


def _rest_before(day: Day, courier: Courier, v: int, visit: Visit, arrives: int) -> tuple[list[int], int]:
    """Breaks that would come too late after the visit are taken at its door; which, and when they are over."""
    taken, ready = [], arrives
    for number, rest in enumerate(day.problem.vehicle_types[v].breaks):
        is_needed = courier.first_departure < rest.tw_early + rest.duration
        if number in courier.rested or ready > rest.tw_late or not is_needed:
            continue
        starts = _begin(day, visit, ready)
        if starts is not None and starts + service(day, v, visit) > rest.tw_late:
            taken.append(number)
            ready = max(ready, rest.tw_early) + rest.duration
    return taken, ready


def expected(day: Day, foresight: Foresight, v: int) -> tuple[Visit, ...]:
    """The visits of a vehicle that are taken to be over in a foresight but are not."""
    before, later = day.couriers[v], foresight.day.couriers[v]
    made = later.made if later.is_under_way else later.driven[-1].visits if before.is_under_way else ()
    return made[len(before.made) :]

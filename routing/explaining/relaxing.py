"""The problem after a change: what a relaxation means, exactly."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from routing.model import FOREVER, Problem, Shipment, Stop, TimeWindow, VehicleType
from routing.solution import Change, Relaxation

T = TypeVar("T")


def relaxed(problem: Problem, relaxation: Relaxation) -> Problem:
    """
    Apply a relaxation to its problem, and nothing else.

    Raises
    ------
    ValueError
        When the relaxation does not say what its change is about.
    """
    return _RULES[relaxation.change](problem, relaxation)


def opening(problem: Problem, vehicle_type: int) -> int:
    """From when on one more vehicle like this type could drive: like its begun route, not before that is free again."""
    begun = [frozen.available_at for frozen in problem.frozen if frozen.vehicle_type == vehicle_type]
    return max(problem.vehicle_types[vehicle_type].tw_early, *begun, 0)


def _position(index: int | None) -> int:
    if index is None:
        raise ValueError("the relaxation does not say what its change is about")
    return index


def _with_one(items: Sequence[T], index: int | None, change: Callable[[T], T]) -> tuple[T, ...]:
    chosen = _position(index)
    return tuple(change(item) if k == chosen else item for k, item in enumerate(items))


# -- stops and bases -------------------------------------------------------------------------------------------------


def _window(problem: Problem, relaxation: Relaxation) -> Problem:
    def stretched(stop: Stop) -> Stop:
        windows = _with_one(stop.windows, relaxation.window, lambda window: _longer(window, relaxation))
        return replace(stop, windows=_united(windows))

    return replace(problem, stops=_with_one(problem.stops, relaxation.stop, stretched))


def _longer(window: TimeWindow, relaxation: Relaxation) -> TimeWindow:
    if relaxation.change is Change.WINDOW_EARLIER:
        return TimeWindow(max(0, window.early - relaxation.amount), window.late)
    return TimeWindow(window.early, min(FOREVER, window.late + relaxation.amount))


def _united(windows: Sequence[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Windows in order, those that have grown together made one."""
    first, *others = sorted(windows, key=lambda window: window.early)
    united = [first]
    for window in others:
        if window.early <= united[-1].late + 1:
            united[-1] = TimeWindow(min(united[-1].early, window.early), max(united[-1].late, window.late))
        else:
            united.append(window)
    return tuple(united)


def _depot(problem: Problem, relaxation: Relaxation) -> Problem:
    amount = relaxation.amount
    if relaxation.change is Change.DEPOT_EARLIER:
        return replace(
            problem,
            depots=_with_one(
                problem.depots, relaxation.depot, lambda d: replace(d, tw_early=max(0, d.tw_early - amount))
            ),
        )
    return replace(
        problem,
        depots=_with_one(
            problem.depots, relaxation.depot, lambda d: replace(d, tw_late=min(FOREVER, d.tw_late + amount))
        ),
    )


# -- shipments -------------------------------------------------------------------------------------------------------


def _release(problem: Problem, relaxation: Relaxation) -> Problem:
    release = problem.shipments[_position(relaxation.shipment)].release
    earlier = max(0, release - relaxation.amount)
    changed = (replace(s, release=earlier) if s.release == release else s for s in problem.shipments)
    return replace(problem, shipments=tuple(changed))


def _latest_return(problem: Problem, relaxation: Relaxation) -> Problem:
    latest = problem.shipments[_position(relaxation.shipment)].latest_return
    later = min(FOREVER, latest + relaxation.amount)
    changed = (replace(s, latest_return=later) if s.latest_return == latest else s for s in problem.shipments)
    return replace(problem, shipments=tuple(changed))


def _shipment(change: Callable[[Shipment, Relaxation], Shipment]) -> Callable[[Problem, Relaxation], Problem]:
    def apply(problem: Problem, relaxation: Relaxation) -> Problem:
        shipments = _with_one(problem.shipments, relaxation.shipment, lambda s: change(s, relaxation))
        return replace(problem, shipments=shipments)

    return apply


def _unlock(problem: Problem, relaxation: Relaxation) -> Problem:
    kind = _position(relaxation.vehicle_type)

    def unlocked(shipment: Shipment) -> Shipment:
        locks = shipment.vehicle_types
        return shipment if locks is None else replace(shipment, vehicle_types=locks | {kind})

    return replace(
        problem,
        shipments=_with_one(problem.shipments, relaxation.shipment, unlocked),
        frozen=tuple(replace(f, complete=f.complete and f.vehicle_type != kind) for f in problem.frozen),
    )


# -- vehicles --------------------------------------------------------------------------------------------------------


def _vehicle(change: Callable[[VehicleType, Relaxation], VehicleType]) -> Callable[[Problem, Relaxation], Problem]:
    def apply(problem: Problem, relaxation: Relaxation) -> Problem:
        types = _with_one(problem.vehicle_types, relaxation.vehicle_type, lambda v: change(v, relaxation))
        return replace(problem, vehicle_types=types)

    return apply


def _skills(problem: Problem, relaxation: Relaxation) -> Problem:
    needed = problem.shipments[_position(relaxation.shipment)].skills
    apply = _vehicle(lambda vehicle, _: replace(vehicle, skills=vehicle.skills | needed))
    return apply(problem, relaxation)


def _larger(vehicle: VehicleType, relaxation: Relaxation) -> VehicleType:
    capacity = _with_one(vehicle.capacity, relaxation.dimension, lambda room: room + relaxation.amount)
    return replace(vehicle, capacity=capacity)


def _rest_later(vehicle: VehicleType, relaxation: Relaxation) -> VehicleType:
    return replace(vehicle, breaks=tuple(replace(b, tw_late=b.tw_late + relaxation.amount) for b in vehicle.breaks))


def _one_more(problem: Problem, relaxation: Relaxation) -> Problem:
    """A type whose route is begun is one vehicle: the further one is a type of its own, behind all others."""
    kind = _position(relaxation.vehicle_type)
    vehicle = problem.vehicle_types[kind]
    if all(frozen.vehicle_type != kind for frozen in problem.frozen):
        more = replace(vehicle, num_available=vehicle.num_available + relaxation.amount)
        return replace(problem, vehicle_types=_with_one(problem.vehicle_types, kind, lambda _: more))
    early = min(opening(problem, kind), vehicle.tw_late)
    more = replace(vehicle, num_available=relaxation.amount, tw_early=early)
    return replace(problem, vehicle_types=(*problem.vehicle_types, more))


_RULES: dict[Change, Callable[[Problem, Relaxation], Problem]] = {
    Change.WINDOW_EARLIER: _window,
    Change.WINDOW_LATER: _window,
    Change.DEPOT_EARLIER: _depot,
    Change.DEPOT_LATER: _depot,
    Change.RELEASE_EARLIER: _release,
    Change.RETURN_LATER: _latest_return,
    Change.RIDE_LONGER: _shipment(lambda s, r: replace(s, max_ride=min(FOREVER, s.max_ride + r.amount))),
    Change.OTHER_DEPOT: _shipment(lambda s, _: replace(s, depot=None)),
    Change.PENALTY_HIGHER: _shipment(lambda s, r: replace(s, penalty=s.penalty + r.amount)),
    Change.UNLOCK: _unlock,
    Change.SKILL_MORE: _skills,
    Change.SHIFT_EARLIER: _vehicle(lambda v, r: replace(v, tw_early=max(0, v.tw_early - r.amount))),
    Change.OVERTIME: _vehicle(lambda v, r: replace(v, max_overtime=v.max_overtime + r.amount)),
    Change.BREAK_LATER: _vehicle(_rest_later),
    Change.DISTANCE_LONGER: _vehicle(lambda v, r: replace(v, max_distance=v.max_distance + r.amount)),
    Change.DURATION_LONGER: _vehicle(lambda v, r: replace(v, max_duration=v.max_duration + r.amount)),
    Change.TRIP_MORE: _vehicle(lambda v, r: replace(v, max_trips=v.max_trips + r.amount)),
    Change.CAPACITY_LARGER: _vehicle(_larger),
    Change.VEHICLE_MORE: _one_more,
}

"""An event makes a new day of a day, or is refused because it cannot have happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from routing.dispatching.day import Courier, Day, Phase, State, shipments_of
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
from routing.errors import InvalidEventError
from routing.model import FOREVER, UNREACHABLE, Action, IntMatrix, Shipment, Stop, Task
from routing.solution import Trip, Visit

WEEK = 7 * 86_400
"""Seconds: nothing happens later on a day."""


def after(day: Day, event: Event) -> Day:
    """
    Let something happen.

    Raises
    ------
    InvalidEventError
        When it cannot have happened: an unknown vehicle, a visit that is not the next one, a clock that goes back.
    """
    _check_numbers(event)
    if event.at < day.now:
        raise InvalidEventError(f"{_name(event)} at {event.at}: the day is at {day.now} already, time never goes back")
    vehicle = getattr(event, "vehicle", None)
    if vehicle is not None and not 0 <= vehicle < len(day.couriers):
        raise InvalidEventError(f"{_name(event)}: there is no vehicle {vehicle}, only {len(day.couriers)}")
    if vehicle is not None and day.couriers[vehicle].is_out:
        raise InvalidEventError(f"{_name(event)}: vehicle {vehicle} drives no more today")
    later = happened(day, event)
    disturbances = day.disturbances if _is_as_planned(day, event) else (*day.disturbances, event)
    return replace(later, now=event.at, news=(*day.news, event), disturbances=disturbances)


def happened(day: Day, event: Event) -> Day:
    """The day after an event, its clock aside."""
    happening = HAPPENINGS.get(type(event))
    if happening is None:
        raise InvalidEventError(f"{_name(event)} is no event of a running day")
    return happening(day, event)


def _is_as_planned(day: Day, event: Event) -> bool:
    """Whether a courier's way goes on as it was told, and no later."""
    match event:
        case Departed(at, v, None):
            return at <= day.ahead[v][0].departs
        case Arrived(at, v):
            return at <= day.ahead[v][0].visits[0].arrives
        case Served(at, v):
            return at <= day.ahead[v][0].visits[0].ends
        case Returned(at, v):
            return not day.ahead[v][0].visits and at <= day.ahead[v][0].returns
    return isinstance(event, Rested)


def _name(event: Event) -> str:
    return type(event).__name__


def _check_numbers(event: Event) -> None:
    """Refuse what only looks like a number, and times after all days, before they get into a plan."""
    for field in ("at", "until", "vehicle", "rest"):
        number = getattr(event, field, None)
        if number is not None and type(number) is not int:
            raise InvalidEventError(f"{_name(event)}: `{field}` is a whole number (int), got {number!r}")
    for field, most in (("at", WEEK), ("until", FOREVER)):
        if not 0 <= getattr(event, field, 0) <= most:
            raise InvalidEventError(f"{_name(event)}: `{field}` lies in [0, {most}], got {getattr(event, field)}")


# -- a courier's way ---------------------------------------------------------------------------------------------------


def _departed(day: Day, event: Departed) -> Day:
    v, trips = event.vehicle, day.ahead[event.vehicle]
    if day.couriers[v].is_under_way:
        raise InvalidEventError(f"Departed: vehicle {v} is on a trip already")
    if not trips:
        raise InvalidEventError(f"Departed: vehicle {v} has no trip to make")
    if day.couriers[v].driven and event.at < day.couriers[v].driven[-1].returns:
        raise InvalidEventError(f"Departed: vehicle {v} is not back before {day.couriers[v].driven[-1].returns}")
    wanted = frozenset(s for s in shipments_of(trips[0].visits) if _is_at_base(day, s))
    loaded = wanted if event.loaded is None else event.loaded
    for s in sorted(loaded):
        _check_loadable(day, event, s)
    day = _with_states(day, {s: State(Phase.ABOARD, v, event.at) for s in loaded})
    day = _without(day, wanted ^ loaded)
    visits = visits_without(trips[0].visits, wanted ^ loaded)
    rest = day.ahead[v][1:] if visits else day.ahead[v]
    day = _with_ahead(day, v, (replace(trips[0], visits=visits, departs=event.at), *rest))
    return with_courier(day, v, replace(day.couriers[v], departed=event.at))


def _is_at_base(day: Day, s: int) -> bool:
    return day.states[s].phase is Phase.WAITING and day.problem.shipments[s].pickup is None


def _check_loadable(day: Day, event: Departed, s: int) -> None:
    if not 0 <= s < len(day.states) or not _is_at_base(day, s):
        raise InvalidEventError(f"Departed: shipment {s} does not lie at a base, so vehicle {event.vehicle} has it not")
    base = day.problem.vehicle_types[event.vehicle].start_depot
    if day.problem.shipments[s].depot not in (None, base):
        raise InvalidEventError(f"Departed: shipment {s} lies at depot {day.problem.shipments[s].depot}, not at {base}")
    if (release := day.problem.shipments[s].release) > event.at:
        raise InvalidEventError(
            f"Departed: shipment {s} reaches the base at {release}, after {event.at}: say what was loaded"
        )


def _arrived(day: Day, event: Arrived) -> Day:
    courier, _ = _next_visit(day, event.vehicle, event.stop, event)
    if courier.arrived is not None:
        raise InvalidEventError(f"Arrived: vehicle {event.vehicle} stands at stop {event.stop} already")
    return with_courier(day, event.vehicle, replace(courier, arrived=event.at))


def _served(day: Day, event: Served) -> Day:
    _, visit = _next_visit(day, event.vehicle, event.stop, event)
    done = {task.shipment: _done(day, task, event) for task in visit.tasks}
    return _made(_with_states(day, done), event.vehicle, visit, event.at)


def _done(day: Day, task: Task, event: Served) -> State:
    shipment = day.problem.shipments[task.shipment]
    if task.action is Action.COLLECT and shipment.delivery is not None:
        return State(Phase.ABOARD, event.vehicle, event.at)
    brought = shipment.load if task.action is Action.COLLECT else shipment.collected
    if task.action is Action.COLLECT or any(brought):
        return State(Phase.HOMEWARD, event.vehicle, event.at, brought)
    return State(Phase.OVER, event.vehicle, event.at)


def _failed(day: Day, event: Failed) -> Day:
    v, s = event.vehicle, event.shipment
    courier = day.couriers[v]
    visit = next((visit for trip in day.ahead[v][:1] for visit in trip.visits[:1]), None)
    if courier.arrived is None or visit is None:
        raise InvalidEventError(f"Failed: vehicle {v} stands at no door")
    failed = next((task for task in visit.tasks if task.shipment == s), None)
    if failed is None:
        raise InvalidEventError(f"Failed: shipment {s} is not to be handed over at stop {visit.stop}")
    goes_home = failed.action is Action.DELIVER
    load = day.problem.shipments[s].load if goes_home else ()
    state = State(Phase.HOMEWARD if goes_home else Phase.OVER, v, event.at, load, failed=True)
    left = replace(visit, tasks=tuple(task for task in visit.tasks if task.shipment != s))
    day = _with_states(day, {s: state})
    if left.tasks:
        trip, *rest = day.ahead[v]
        day = _with_ahead(day, v, (replace(trip, visits=(left, *trip.visits[1:])), *rest))
        return _without(day, frozenset({s}))
    return _without(_made(day, v, left, event.at), frozenset({s}))


def _next_visit(day: Day, v: int, stop: int, event: Event) -> tuple[Courier, Visit]:
    courier = day.couriers[v]
    if not courier.is_under_way:
        raise InvalidEventError(f"{_name(event)}: vehicle {v} is at its base, it has not departed")
    visits = day.ahead[v][0].visits
    if not visits:
        raise InvalidEventError(f"{_name(event)}: vehicle {v} has no more stops on this trip")
    if visits[0].stop != stop:
        raise InvalidEventError(f"{_name(event)}: the next stop of vehicle {v} is {visits[0].stop}, not {stop}")
    return courier, visits[0]


def _made(day: Day, v: int, visit: Visit, at: int) -> Day:
    """The next visit is over: its real times are kept, and the way to it is driven."""
    courier = day.couriers[v]
    arrives = at if courier.arrived is None else courier.arrived
    starts = max(arrives, at - service(day, v, visit))
    real = replace(visit, arrives=arrives, starts=starts, ends=at, leaves=at, load=(), slack=0)
    metres = courier.metres + way(day, v, day.problem.stops[visit.stop].location)
    trip, *rest = day.ahead[v]
    day = _with_ahead(day, v, (replace(trip, visits=trip.visits[1:]), *rest))
    return with_courier(day, v, replace(courier, made=(*courier.made, real), metres=metres, arrived=None, turned=None))


def service(day: Day, v: int, visit: Visit) -> int:
    """Seconds that a vehicle's next visit takes."""
    courier, stop = day.couriers[v], day.problem.stops[visit.stop]
    items = sum(day.problem.duration_of(task) for task in visit.tasks)
    is_there = bool(courier.made or courier.turned) and place(day, v) == stop.location
    return items if is_there else stop.setup_duration + items


def place(day: Day, v: int) -> int:
    """The location that a vehicle has left last, or is at."""
    made, turned = day.couriers[v].made, day.couriers[v].turned
    if turned is not None:
        return turned.location
    start = day.problem.depots[day.problem.vehicle_types[v].start_depot].location
    return day.problem.stops[made[-1].stop].location if made else start


def base_ahead(day: Day, v: int) -> int:
    """The depot where the trip under way ends."""
    vehicle = day.problem.vehicle_types[v]
    return vehicle.end_depot if len(day.ahead[v]) < 2 else vehicle.start_depot


def way(day: Day, v: int, there: int) -> int:
    """Metres from where a vehicle was last; nothing is known of a way that it found although none was left."""
    metres = int(day.problem.distances[day.problem.vehicle_types[v].profile][place(day, v), there])
    return 0 if metres == UNREACHABLE else metres


def _returned(day: Day, event: Returned) -> Day:
    v, courier = event.vehicle, day.couriers[event.vehicle]
    if courier.departed is None:
        raise InvalidEventError(f"Returned: vehicle {v} is at its base, it has not departed")
    base = base_ahead(day, v)
    metres = courier.metres + way(day, v, day.problem.depots[base].location)
    driven = (*courier.driven, Trip(courier.made, courier.departed, event.at, distance=metres))
    is_away = base != day.problem.vehicle_types[v].start_depot
    brought = [s for s, state in enumerate(day.states) if state.vehicle == v and state.phase is Phase.ABOARD]
    home = [s for s, state in enumerate(day.states) if state.vehicle == v and state.phase is Phase.HOMEWARD]
    shipments = list(day.problem.shipments)
    for s in brought:
        shipments[s] = replace(shipments[s], pickup=None, pickup_duration=0, depot=base, release=event.at)
    states = {s: State(since=event.at, was_aboard=True) for s in brought}
    states |= {s: replace(day.states[s], phase=Phase.OVER, since=event.at, load=()) for s in home}
    day = _with_states(replace(day, problem=replace(day.problem, shipments=tuple(shipments))), states)
    unmade = shipments_of(day.ahead[v][0].visits)
    day = _without(_with_ahead(day, v, day.ahead[v][1:]), unmade)
    return with_courier(day, v, Courier(driven, held_until=courier.held_until, rested=courier.rested, is_out=is_away))


def _rested(day: Day, event: Rested) -> Day:
    courier = day.couriers[event.vehicle]
    count = len(day.problem.vehicle_types[event.vehicle].breaks)
    if not 0 <= event.rest < count or event.rest in courier.rested:
        raise InvalidEventError(
            f"Rested: vehicle {event.vehicle} has {count} breaks, and not number {event.rest} to take"
        )
    return with_courier(day, event.vehicle, replace(courier, rested=courier.rested | {event.rest}))


def _late(day: Day, event: Late) -> Day:
    if event.until < event.at:
        raise InvalidEventError(f"Late: vehicle {event.vehicle} is held up until {event.until}, before {event.at}")
    courier = day.couriers[event.vehicle]
    return with_courier(day, event.vehicle, replace(courier, held_until=event.until))


# -- a vehicle that breaks down ----------------------------------------------------------------------------------------


def _broken_down(day: Day, event: BrokenDown) -> Day:
    v, courier = event.vehicle, day.couriers[event.vehicle]
    driven = courier.driven
    if courier.departed is not None:
        driven = (*driven, Trip(courier.made, courier.departed, event.at, distance=courier.metres))
    day = _with_ahead(day, v, ())
    day = with_courier(day, v, Courier(driven, rested=courier.rested, is_out=True))
    if event.stop is None:
        _need_no_place(event)
        return day
    day, stop = _with_stop(day, event.stop, event.place, event)
    aboard = [s for s, state in enumerate(day.states) if state.vehicle == v and _is_aboard(state)]
    shipments = list(day.problem.shipments)
    for s in aboard:
        shipments[s] = _handed_over(shipments[s], day.states[s], v, stop)
    promises = {task: t for task, t in day.promises.items() if task not in {Task(s, Action.COLLECT) for s in aboard}}
    day = replace(day, problem=replace(day.problem, shipments=tuple(shipments)), promises=promises)
    waiting = {s: State(since=event.at, failed=day.states[s].failed, was_aboard=True) for s in aboard}
    return _with_states(day, waiting)


def _is_aboard(state: State) -> bool:
    return state.phase in (Phase.ABOARD, Phase.HOMEWARD)


def _handed_over(shipment: Shipment, state: State, v: int, stop: int) -> Shipment:
    """What was aboard, to be collected where it lies now: by anybody, since it can no longer be reserved for one."""
    allowed = None if shipment.vehicle_types is None else shipment.vehicle_types - {v}
    found = replace(shipment, pickup=stop, pickup_duration=0, release=0, vehicle_types=allowed or None)
    if state.phase is Phase.ABOARD:
        return found
    return replace(found, delivery=None, delivery_duration=0, load=state.load, collected=())


# -- what concerns everybody -------------------------------------------------------------------------------------------


def _new_pickup(day: Day, event: NewPickup) -> Day:
    if event.stop is None:
        _need_no_place(event)
    else:
        day, _ = _with_stop(day, event.stop, event.place, event)
    try:
        problem = replace(day.problem, shipments=(*day.problem.shipments, event.shipment))
    except ValueError as error:
        raise InvalidEventError(f"NewPickup: {error}") from error
    return replace(day, problem=problem, states=(*day.states, State(since=event.at)))


def _need_no_place(event: BrokenDown | NewPickup) -> None:
    if event.place is not None:
        raise InvalidEventError(f"{_name(event)}: a new place is the location of a new stop, and there is none")


def _with_stop(day: Day, stop: Stop, new: Place | None, event: Event) -> tuple[Day, int]:
    """The day with one more stop, and its number."""
    problem = day.problem
    try:
        if new is not None:
            distances = _all_wider(problem.distances, new.distances)
            problem = replace(problem, distances=distances, durations=_all_wider(problem.durations, new.durations))
        problem = replace(problem, stops=(*problem.stops, stop))
    except ValueError as error:
        raise InvalidEventError(f"{_name(event)}: {error}") from error
    return replace(day, problem=problem), len(problem.stops) - 1


def _all_wider(matrices: Sequence[IntMatrix], ways: Sequence[IntMatrix]) -> tuple[IntMatrix, ...]:
    if len(matrices) != len(ways):
        raise ValueError(f"a new place needs ways for each of {len(matrices)} profiles, got {len(ways)}")
    return tuple(_wider(*pair) for pair in zip(matrices, ways, strict=True))


def _wider(matrix: IntMatrix, ways: IntMatrix) -> IntMatrix:
    size = len(matrix)
    if not isinstance(ways, np.ndarray):
        raise ValueError(f"ways are int32 arrays of NumPy, got a {type(ways).__name__}")  # noqa: TRY004
    if ways.dtype != np.int32 or ways.shape != (2, size):
        raise ValueError(
            f"a new place needs ways as an int32 array of shape (2, {size}), got {ways.dtype} {ways.shape}"
        )
    wider = np.zeros((size + 1, size + 1), np.int32)
    wider[:size, :size] = matrix
    wider[size, :size], wider[:size, size] = ways
    return wider


def _road_closed(day: Day, event: RoadClosed) -> Day:
    try:
        problem = replace(day.problem, distances=event.distances, durations=event.durations)
    except ValueError as error:
        raise InvalidEventError(f"RoadClosed: {error}") from error
    if problem.num_locations != day.problem.num_locations or len(event.distances) != len(day.problem.distances):
        raise InvalidEventError("RoadClosed: the new matrices have another number of locations or profiles")
    return replace(day, problem=problem)


def _line_late(day: Day, event: LineLate) -> Day:
    shipments = list(day.problem.shipments)
    for s in sorted(event.shipments):
        if not 0 <= s < len(shipments):
            raise InvalidEventError(f"LineLate: there is no shipment {s}, only {len(shipments)}")
        if not _is_at_base(day, s):
            raise InvalidEventError(f"LineLate: no line brings shipment {s} any more, it is {day.states[s].phase}")
        shipments[s] = replace(shipments[s], release=max(shipments[s].release, event.until))
    return replace(day, problem=replace(day.problem, shipments=tuple(shipments)))


def _cancelled(day: Day, event: Cancelled) -> Day:
    s, state = event.shipment, _open_state(day, event)
    shipment, alone = day.problem.shipments[s], frozenset({event.shipment})
    if state.phase is Phase.ABOARD:
        homeward = State(Phase.HOMEWARD, state.vehicle, event.at, shipment.load, failed=True)
        return _without(_with_states(day, {s: homeward}), alone)
    if state.was_aboard and shipment.pickup is not None:  # it lies where a vehicle broke down: it is brought home
        home = replace(shipment, delivery=None, delivery_duration=0, collected=())
        return _without(_unpromised(day, s, home), alone) if shipment.delivery is not None else day
    day = _unpromised(day, s, replace(shipment, must_go=False, penalty=0))
    return _without(replace(day, told_left=day.told_left | alone), alone)


def _unpromised(day: Day, s: int, shipment: Shipment) -> Day:
    """The day with another shipment in the place of one, to which nothing is promised."""
    shipments = (*day.problem.shipments[:s], shipment, *day.problem.shipments[s + 1 :])
    promises = {task: time for task, time in day.promises.items() if task.shipment != s}
    return replace(day, problem=replace(day.problem, shipments=shipments), promises=promises)


def _windows_changed(day: Day, event: WindowsChanged) -> Day:
    s = event.shipment
    _open_state(day, event)
    day, stop = _with_stop(day, event.stop, None, event)
    shipment = day.problem.shipments[s]
    is_fetched = shipment.delivery is None
    day = _unpromised(day, s, replace(shipment, pickup=stop) if is_fetched else replace(shipment, delivery=stop))
    return _without(replace(day, told_left=day.told_left - {s}), frozenset({s}))


def _open_state(day: Day, event: Cancelled | WindowsChanged) -> State:
    """Of a shipment with something left to do, at whose door nobody stands."""
    s = event.shipment
    if not 0 <= s < len(day.states) or day.states[s].phase not in (Phase.WAITING, Phase.ABOARD):
        raise InvalidEventError(f"{_name(event)}: nothing is left to do for shipment {s}")
    for courier, trips in zip(day.couriers, day.ahead, strict=True):
        if courier.arrived is not None and s in shipments_of(trips[0].visits[:1]):
            raise InvalidEventError(f"{_name(event)}: a vehicle stands at the door of shipment {s}")
    return day.states[s]


# -- small changes -----------------------------------------------------------------------------------------------------


def with_courier(day: Day, v: int, courier: Courier) -> Day:
    return replace(day, couriers=(*day.couriers[:v], courier, *day.couriers[v + 1 :]))


def _with_ahead(day: Day, v: int, trips: Iterable[Trip]) -> Day:
    return replace(day, ahead=(*day.ahead[:v], tuple(trips), *day.ahead[v + 1 :]))


def _with_states(day: Day, states: Mapping[int, State]) -> Day:
    return replace(day, states=tuple(states.get(s, state) for s, state in enumerate(day.states)))


def _without(day: Day, shipments: frozenset[int]) -> Day:
    """Take shipments out of the plan; trips that are left empty are not made, but the one under way is."""
    if not shipments:
        return day
    ahead = []
    for courier, trips in zip(day.couriers, day.ahead, strict=True):
        kept = [replace(trip, visits=visits_without(trip.visits, shipments)) for trip in trips]
        ahead.append(tuple(t for number, t in enumerate(kept) if t.visits or (courier.is_under_way and not number)))
    return replace(day, ahead=tuple(ahead))


def visits_without(visits: tuple[Visit, ...], shipments: frozenset[int]) -> tuple[Visit, ...]:
    kept = (replace(v, tasks=tuple(t for t in v.tasks if t.shipment not in shipments)) for v in visits)
    return tuple(visit for visit in kept if visit.tasks)


HAPPENINGS: Mapping[type[Event], Callable[[Day, Any], Day]] = {
    Departed: _departed,
    Arrived: _arrived,
    Served: _served,
    Failed: _failed,
    Returned: _returned,
    Rested: _rested,
    Late: _late,
    BrokenDown: _broken_down,
    NewPickup: _new_pickup,
    RoadClosed: _road_closed,
    LineLate: _line_late,
    Cancelled: _cancelled,
    WindowsChanged: _windows_changed,
}
"""What each event does."""

"""
What is still to be done, as a problem that any engine solves.

What is driven lies behind two frozen visits a vehicle. The first, *behind*, is in a matrix row of its own: the drive
from the base to it takes the real time since the day's first departure and the real metres. The second, *here*, is the
place where the vehicle is free next (see `foresight`); everything done so far is done there. So real times may differ
from the matrices and doors may have closed since without anything becoming infeasible; working time, metres, trips and
the return to the base go on counting; and what is on its way to the base keeps its room and its cut-off. A start depot
at the present place would do less: later trips reload at the start depot.

- *Goods aboard* to be delivered are goods from the base that only their vehicle may carry. They may be left: then they
  ride home, with the reason. Those that are named as `staying` ride home in any case: their room is taken until then,
  and only a later trip may take them out again.
- *Goods at the base* are released no earlier than now, so they never join a trip that has left.
- *Promises* are windows: the day's window cut to what was told, at a stop of its own beside the true one. What is
  promised or aboard must go; what is new may stay, at a price above any detour, so that no promise is broken for it.
- A cut-off, or a longest ride, that even the straight way home misses binds nobody any more; it is told as missed.
- A vehicle that cannot even go straight home within its rules does just that and takes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from routing.dispatching.day import Day, Phase, Position, State
from routing.dispatching.foresight import Foresight
from routing.model import (
    FOREVER,
    UNREACHABLE,
    Action,
    FrozenRoute,
    FrozenVisit,
    IntMatrix,
    Load,
    Problem,
    Shipment,
    Stop,
    Task,
    TimeWindow,
    VehicleType,
)
from routing.schedule import Conflict, time_route
from routing.solution import Constraint

BY_DAY = 86_400
"""Seconds: no detour takes longer."""


@dataclass(frozen=True, slots=True, eq=False)
class Remaining:
    """A problem of what is still to be done; its shipments and vehicle types have the numbers of the day."""

    problem: Problem
    foresight: Foresight
    stops: tuple[int | None, ...]
    """By stop of the problem: that of the day; None = where a vehicle is, and what is behind it."""
    here: Mapping[int, int]
    """By vehicle type that has driven: the stop where it is; the one behind it is the next."""
    closed: Mapping[int, Conflict | None]
    """Vehicles that take nothing more: what forbids their way home; None = they broke down."""
    missed: Mapping[int, int]
    """Shipments on the way to a cut-off that they will miss, by how many seconds."""
    staying: frozenset[int]
    """Goods aboard that ride home."""
    promised: frozenset[Task]
    """Whose promise is a window of the problem."""


def remaining(
    day: Day, foresight: Foresight, *, given_up: Collection[Task] = (), staying: Collection[int] = ()
) -> Remaining:
    """
    Build the problem of what is still to be done.

    Parameters
    ----------
    day
        Who is to carry what, as told: another courier pays `change_cost`.
    foresight
        The same day when what is begun is over, with this or another plan.
    given_up
        Promises that need not be kept.
    staying
        Goods aboard that ride home.
    """
    return _Builder(day, foresight, frozenset(given_up), frozenset(staying)).run()


class _Builder:
    def __init__(self, day: Day, foresight: Foresight, given_up: frozenset[Task], staying: frozenset[int]) -> None:
        self._foresight = foresight
        self._day = foresight.day
        self._whole = foresight.day.problem
        self._staying = sorted(staying)
        self._closed: dict[int, Conflict | None] = {
            v: None for v, courier in enumerate(self._day.couriers) if courier.is_out
        }
        self._closed |= {v: Conflict(Constraint.SHIFT, late) for v in self._at_home() if (late := self._over(v)) > 0}
        self._missed: dict[int, int] = {}
        been = [v for v, courier in enumerate(self._day.couriers) if courier.is_under_way or courier.driven]
        self._here = {v: len(self._whole.stops) + 2 * k for k, v in enumerate(been)}
        self._promises = {
            task: starts
            for task, starts in self._day.promises.items()
            if task not in given_up and starts + self._day.tolerance >= self._day.now
        }
        self._carrier = {
            task.shipment: v
            for v, trips in enumerate(day.ahead)
            for trip in trips
            for visit in trip.visits
            for task in visit.tasks
        }
        leaving = [self._departs(v) + 1 for v in been if v not in self._closed]
        self._ready = max(self._day.now, *leaving, 0)
        self._dear = _dear(self._whole)

    def run(self) -> Remaining:
        if self._here:
            self._send_home(self._problem(is_bare=True)[0])
        problem, stops, promised = self._problem(is_bare=False)
        return Remaining(
            problem, self._foresight, stops, self._here, self._closed, self._missed, frozenset(self._staying), promised
        )

    def _send_home(self, bare: Problem) -> None:
        """Time each vehicle's straight way home: what it misses in any case, or what forbids it."""
        for v in self._here:
            if v not in self._closed:
                alone = time_route(bare, v, [[(visit.stop, visit.tasks) for visit in self._driven(v)]])
                if isinstance(alone, Conflict):
                    self._closed[v] = alone
                else:
                    self._note_missed(v, alone.trips[-1].returns)

    def _note_missed(self, v: int, returns: int) -> None:
        for s, state in enumerate(self._day.states):
            late = returns - self._cut_off(s)
            if state.vehicle == v and state.phase is Phase.HOMEWARD and late > 0:
                self._missed[s] = late

    def _cut_off(self, s: int) -> int:
        """When what was collected must be at the base: for its line, and before it has been aboard too long."""
        shipment = self._whole.shipments[s]
        if shipment.delivery is not None:
            return FOREVER
        return min(shipment.latest_return, self._day.states[s].since + shipment.max_ride)

    def _problem(self, *, is_bare: bool) -> tuple[Problem, tuple[int | None, ...], frozenset[Task]]:
        """The problem, the day's stop of each stop, promises kept; bare = nothing but what vehicles bring home."""
        places = [self._position(v).location for v in self._here]
        size = self._whole.num_locations
        stops = [
            *self._whole.stops,
            *(stop for k, v in enumerate(self._here) for stop in self._stops_here(v, size + k)),
        ]
        doors = _Doors(self._day, stops, self._promises)
        shipments = [self._shipment(s, doors, is_bare=is_bare) for s in range(len(self._whole.shipments))]
        shipments += [self._ballast(s) for s in self._staying]
        problem = replace(
            self._whole,
            stops=tuple(stops),
            shipments=tuple(shipments),
            vehicle_types=tuple(self._vehicle(v) for v in range(len(self._whole.vehicle_types))),
            distances=tuple(self._wider(m, places, self._metres) for m in self._whole.distances),
            durations=tuple(self._wider(m, places, self._seconds) for m in self._whole.durations),
            frozen=tuple(self._frozen(v) for v in sorted({*self._here, *self._closed})),
        )
        known = [*range(len(self._whole.stops)), *(None for _ in self._here for _ in range(2)), *doors.true]
        return problem, tuple(known), frozenset(doors.promised)

    # -- vehicles ------------------------------------------------------------------------------------------------------

    def _position(self, v: int) -> Position:
        base = self._whole.depots[self._whole.vehicle_types[v].start_depot].location
        return self._foresight.positions.get(v, Position(base, 0))

    def _departs(self, v: int) -> int:
        """The day's first departure, as far as the rules allow one."""
        vehicle = self._whole.vehicle_types[v]
        opening = self._whole.depots[vehicle.start_depot].tw_early
        if v in self._closed:
            return max(vehicle.tw_early, opening)
        return max(self._day.couriers[v].first_departure, opening)

    def _seconds(self, v: int) -> int:
        """Between the first departure and being here."""
        return 0 if v in self._closed else max(0, self._position(v).time - self._departs(v))

    def _at_home(self) -> Iterator[int]:
        """Vehicles that have not driven today."""
        been = (courier.is_under_way or courier.driven or courier.is_out for courier in self._day.couriers)
        return (v for v, has_driven in enumerate(been) if not has_driven)

    def _over(self, v: int) -> int:
        """Seconds since a vehicle's shift is over."""
        return self._free_at(v) - self._whole.vehicle_types[v].tw_late

    def _metres(self, v: int) -> int:
        courier = self._day.couriers[v]
        return courier.metres + sum(trip.distance for trip in courier.driven)

    def _free_at(self, v: int) -> int:
        return max(self._day.now, self._day.couriers[v].held_until, self._position(v).time)

    def _vehicle(self, v: int) -> VehicleType:
        vehicle, courier = self._whole.vehicle_types[v], self._day.couriers[v]
        if v in self._closed:
            return replace(
                vehicle,
                breaks=(),
                capacity=(),
                max_distance=FOREVER,
                max_duration=FOREVER,
                max_trips=max(1, vehicle.max_trips),
            )
        rests = [
            rest
            for number, rest in enumerate(vehicle.breaks)
            if number not in courier.rested and rest.tw_late >= self._free_at(v)
        ]
        if v not in self._here:
            return replace(vehicle, breaks=tuple(rests), tw_early=max(vehicle.tw_early, self._free_at(v)))
        departs, rested = self._departs(v), sum(vehicle.breaks[number].duration for number in courier.rested)
        return replace(
            vehicle,
            tw_early=min(departs, vehicle.tw_late),
            breaks=tuple(rests),
            capacity=_most(vehicle.capacity, self._day.aboard(v)),
            max_trips=max(1, vehicle.max_trips - len(courier.driven) + (not courier.is_under_way)),
            max_duration=min(FOREVER, vehicle.max_duration + rested),
        )

    def _frozen(self, v: int) -> FrozenRoute:
        trips: tuple[tuple[FrozenVisit, ...], ...] = ()
        is_closed = v in self._closed
        if v in self._here:
            trips = (self._driven(v),)
            trips = trips if is_closed or self._day.couriers[v].is_under_way else (*trips, ())
        return FrozenRoute(v, trips, 0 if is_closed else min(FOREVER, self._free_at(v)), complete=is_closed)

    def _tasks_here(self, v: int) -> tuple[Task, ...]:
        mine = [s for s, state in enumerate(self._day.states) if state.vehicle == v]
        done = [Task(s, Action.DELIVER) for s in mine if self._day.states[s].phase is Phase.OVER]
        homeward = [Task(s, Action.COLLECT) for s in mine if self._day.states[s].phase is Phase.HOMEWARD]
        count = len(self._whole.shipments)
        carried = [
            Task(count + k, Action.COLLECT) for k, s in enumerate(self._staying) if self._day.states[s].vehicle == v
        ]
        return (*done, *homeward, *carried)

    def _driven(self, v: int) -> tuple[FrozenVisit, ...]:
        here = FrozenVisit(self._here[v], self._tasks_here(v))
        return (here,) if v in self._closed else (FrozenVisit(self._here[v] + 1, ()), here)

    def _stops_here(self, v: int, row: int) -> tuple[Stop, Stop]:
        """Here, and behind; a closed vehicle is at a place of its own, from where it is at its base at once."""
        if v in self._closed:
            return Stop(row), Stop(row)
        until = (TimeWindow(0, self._departs(v) + self._seconds(v)),)
        return Stop(self._position(v).location, until), Stop(row, until)

    def _wider(self, matrix: IntMatrix, places: list[int], driven: Callable[[int], int]) -> IntMatrix:
        """The matrix with a row and a column for what lies behind each vehicle."""
        size, more = len(matrix), len(places)
        wider = np.full((size + more, size + more), UNREACHABLE, np.int32)
        wider[:size, :size] = matrix
        for k, (v, place) in enumerate(zip(self._here, places, strict=True)):
            vehicle = self._whole.vehicle_types[v]
            start, end = (self._whole.depots[d].location for d in (vehicle.start_depot, vehicle.end_depot))
            wider[size + k, [place, size + k]] = 0
            if v in self._closed:
                wider[size + k, [start, end]] = 0
            wider[start, size + k] = driven(v)
        return wider

    # -- shipments -----------------------------------------------------------------------------------------------------

    def _shipment(self, s: int, doors: _Doors, *, is_bare: bool) -> Shipment:
        state, shipment = self._day.states[s], self._whole.shipments[s]
        if is_bare and state.phase in (Phase.WAITING, Phase.ABOARD):
            return Shipment(delivery=0)
        if state.phase is Phase.WAITING:
            return self._waiting(s, shipment, doors)
        assert state.vehicle is not None
        here = self._here.get(state.vehicle)
        if state.phase is Phase.ABOARD:
            return self._goods_aboard(s, shipment, state, doors)
        if state.phase is Phase.OVER:
            return Shipment(delivery=here)
        if is_bare or s in self._missed or state.vehicle in self._closed:
            return Shipment(pickup=here, load=state.load)
        end = self._whole.vehicle_types[state.vehicle].end_depot
        is_wanted_there = shipment.delivery is None and shipment.depot == end
        depot = end if is_wanted_there else None
        return Shipment(pickup=here, load=state.load, latest_return=self._cut_off(s), depot=depot)

    def _waiting(self, s: int, shipment: Shipment, doors: _Doors) -> Shipment:
        pickup, delivery = doors.of(s, shipment)
        is_told = self._day.states[s].was_aboard or any(task in self._day.promises for task in self._whole.tasks_of(s))
        is_new = shipment.must_go and not is_told
        return replace(
            shipment,
            pickup=pickup,
            delivery=delivery,
            release=max(shipment.release, self._ready) if shipment.pickup is None else shipment.release,
            must_go=is_told,
            penalty=self._dear if is_new else shipment.penalty,
            published=self._carrier.get(s),
        )

    def _goods_aboard(self, s: int, shipment: Shipment, state: State, doors: _Doors) -> Shipment:
        v = state.vehicle
        assert v is not None
        delivery = doors.door(Task(s, Action.DELIVER), shipment.delivery)
        ride = shipment.max_ride if shipment.max_ride == FOREVER else shipment.max_ride + state.since - self._departs(v)
        return replace(
            shipment,
            pickup=None,
            delivery=delivery,
            pickup_duration=0,
            release=self._ready if s in self._staying else 0,
            max_ride=min(FOREVER, max(0, ride)),
            must_go=True,
            depot=None,
            vehicle_types=frozenset({v}),
            published=v,
        )

    def _ballast(self, s: int) -> Shipment:
        """The room of goods that ride home."""
        vehicle = self._day.states[s].vehicle
        assert vehicle is not None
        return Shipment(pickup=self._here[vehicle], load=self._whole.shipments[s].load)


class _Doors:
    """The stops of what is still to be done: promised visits have doors of their own, open as was told."""

    def __init__(self, day: Day, stops: list[Stop], promises: Mapping[Task, int]) -> None:
        self._day = day
        self._stops = stops
        self._promises = promises
        self._known: dict[tuple[int, int], int | None] = {}
        self.true: list[int] = []
        """The day's stop of each door."""
        self.promised: set[Task] = set()

    def of(self, s: int, shipment: Shipment) -> tuple[int | None, int | None]:
        """Where a shipment is collected and delivered."""
        pickup = self.door(Task(s, Action.COLLECT), shipment.pickup)
        return pickup, self.door(Task(s, Action.DELIVER), shipment.delivery)

    def door(self, task: Task, stop: int | None) -> int | None:
        if stop is None or task not in self._promises:
            return stop
        key = stop, self._promises[task]
        if key not in self._known:
            self._known[key] = self._open(stop, self._promises[task])
        door = self._known[key]
        if door is None:  # the door is closed at the time that was told
            return stop
        self.promised.add(task)
        return door

    def _open(self, stop: int, starts: int) -> int | None:
        early, late = max(0, starts - self._day.tolerance), min(FOREVER, starts + self._day.tolerance)
        place = self._day.problem.stops[stop]
        windows = tuple(
            TimeWindow(max(early, w.early), min(late, w.late))
            for w in place.windows
            if w.early <= late and w.late >= early
        )
        if not windows:
            return None
        self._stops.append(replace(place, windows=windows))
        self.true.append(stop)
        return len(self._stops) - 1


def _most(capacity: Load, aboard: Load) -> Load:
    """A capacity that what is aboard does not exceed."""
    return tuple(max(pair) for pair in zip(capacity, (*aboard, *(0,) * len(capacity)), strict=False))


def _dear(problem: Problem) -> int:
    """More than any detour costs."""
    by_metre = max((v.unit_distance_cost for v in problem.vehicle_types), default=0)
    ways = [int(m[m < UNREACHABLE].max(initial=0)) for m in problem.distances]
    by_second = max((v.unit_duration_cost + v.unit_overtime_cost for v in problem.vehicle_types), default=0)
    fixed = max((v.fixed_cost for v in problem.vehicle_types), default=0)
    wishes = problem.preferences
    seconds = BY_DAY * (by_second + wishes.unit_balance_cost)
    return fixed + 4 * by_metre * max(ways, default=0) + seconds + wishes.unfamiliar_cost + wishes.change_cost + 1

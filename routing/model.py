"""
The planning problem: what must be carried, by whom, between which places, when.

Everything is an integer: metres, seconds after local midnight of the plan's day, and for loads and costs whatever
unit the caller uses throughout. Things are named by their position: stop 3 is `problem.stops[3]`. There are no
dates, no strings and no coordinates here; `api` translates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sized
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from routing.errors import InvalidProblemError

IntMatrix = npt.NDArray[np.int32]
"""Square, one row a location."""

FOREVER = 2**31 - 1
"""A time that never comes: the upper end of an open window."""

UNREACHABLE = 2**31 - 1
"""Matrix entry of a pair without a path."""

MOST = 2**63 - 1
"""No sum of loads is larger."""

Load = tuple[int, ...]
"""An amount in each dimension, for example (pieces, grams, đồng of cash)."""


_WHOLE = {int}


def _check_whole(of_what: str, *amounts: object) -> None:
    """Refuse what only looks like a whole number: floats, NaN, truth values, numbers of NumPy that overflow."""
    if not set(map(type, amounts)) <= _WHOLE:
        wrong = next(amount for amount in amounts if type(amount) is not int)
        raise InvalidProblemError(f"{of_what} holds whole numbers (int) only, got {wrong!r} ({type(wrong).__name__})")


def _check_times(of_what: str, *times: int) -> None:
    if min(times) < 0 or max(times) > FOREVER:
        raise InvalidProblemError(f"{of_what}: times and durations are never negative and at most {FOREVER}")


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A closed interval in which service may begin."""

    early: int = 0
    late: int = FOREVER

    def __post_init__(self) -> None:
        _check_whole("a time window", self.early, self.late)
        if not 0 <= self.early <= self.late <= FOREVER:
            raise InvalidProblemError(f"a time window needs 0 <= early <= late, got [{self.early}, {self.late}]")


@dataclass(frozen=True, slots=True)
class Stop:
    """A door: a place with the times at which it opens."""

    location: int
    """Row of the matrices."""
    windows: tuple[TimeWindow, ...] = (TimeWindow(),)
    """When service may begin: disjoint, in order, at least one."""
    setup_duration: int = 0
    """Paid once a visit, before any item, unless the vehicle comes from a stop at the same location."""
    zone: int | None = None
    """The commune, for couriers who know theirs."""

    def __post_init__(self) -> None:
        _check_whole("a stop", self.location, self.setup_duration)
        if self.location < 0 or not 0 <= self.setup_duration <= FOREVER:
            raise InvalidProblemError(f"a stop needs location >= 0 and 0 <= setup_duration <= {FOREVER}")
        if not self.windows:
            raise InvalidProblemError("a stop needs at least one time window")
        for earlier, later in zip(self.windows, self.windows[1:], strict=False):
            if later.early <= earlier.late:
                raise InvalidProblemError("the windows of a stop must be disjoint and in order")


@dataclass(frozen=True, slots=True)
class Depot:
    """A base: where vehicles load, unload, start and end."""

    location: int
    """Row of the matrices."""
    tw_early: int = 0
    """No trip departs before."""
    tw_late: int = FOREVER
    """No trip returns after."""

    def __post_init__(self) -> None:
        _check_whole("a depot", self.location, self.tw_early, self.tw_late)
        if not 0 <= self.tw_early <= self.tw_late <= FOREVER:
            raise InvalidProblemError(f"a depot needs 0 <= tw_early <= tw_late, got [{self.tw_early}, {self.tw_late}]")


class Action(StrEnum):
    """What is done with a shipment at a stop."""

    COLLECT = "collect"
    DELIVER = "deliver"


@dataclass(frozen=True, slots=True, order=True)
class Task:
    """One end of a shipment, the thing a route is made of."""

    shipment: int
    action: Action


@dataclass(frozen=True, slots=True)
class Shipment:
    """
    Something to carry: from a depot to a stop, from a stop to a depot, or from a stop to a stop.

    An end that is None lies at the depot of the vehicle that carries it. At least one end is a stop.
    """

    pickup: int | None = None
    """Stop where it is collected; None = loaded at the depot."""
    delivery: int | None = None
    """Stop where it is delivered; None = unloaded at the depot."""
    load: Load = ()
    """Aboard from pickup to delivery. () = nothing."""
    collected: Load = ()
    """Taken aboard at the delivery stop and brought to the depot: fees, an answer, empties. () = nothing."""
    pickup_duration: int = 0
    """Time to collect this item, besides the stop's set-up."""
    delivery_duration: int = 0
    """Time to deliver this item, besides the stop's set-up."""
    release: int = 0
    """A trip that carries it from the depot departs no earlier."""
    latest_return: int = FOREVER
    """A trip that carries it to the depot returns no later (the cut-off of the line it must catch)."""
    max_ride: int = FOREVER
    """Longest time aboard: from the end of its collection (or its trip's departure) to the start of its delivery
    (or its trip's return)."""
    must_go: bool = False
    """Leaving it behind is worse than any cost."""
    penalty: int = 0
    """Cost of leaving it behind when it may stay."""
    skills: frozenset[int] = frozenset()
    """What the vehicle must be able to do."""
    depot: int | None = None
    """The depot whose vehicles may carry it; None = any."""
    vehicle_types: frozenset[int] | None = None
    """The vehicle types that may carry it (a lock names one); None = any."""
    published: int | None = None
    """The vehicle type that carries it in the published plan: another one pays `Preferences.change_cost`."""

    def __post_init__(self) -> None:
        if self.pickup is None and self.delivery is None:
            raise InvalidProblemError("a shipment needs a stop at one end at least")
        if self.collected and self.delivery is None:
            raise InvalidProblemError("`collected` is taken at the delivery stop: this shipment has none")
        times = self.pickup_duration, self.delivery_duration, self.release, self.latest_return, self.max_ride
        _check_whole("a shipment", self.penalty, *times, *self.load, *self.collected)
        if min((*self.load, *self.collected, self.penalty)) < 0:
            raise InvalidProblemError("loads and penalties are never negative")
        _check_times("a shipment", *times)


@dataclass(frozen=True, slots=True)
class Break:
    """
    Rest that a vehicle's driver must take.

    It is needed when the route departs before `tw_early + duration` and returns after `tw_late`: otherwise it fits
    before or after the day's work. It may fall anywhere between services and drives, at the base too.
    """

    duration: int
    tw_early: int
    """Earliest begin."""
    tw_late: int
    """Latest begin."""

    def __post_init__(self) -> None:
        _check_whole("a break", self.duration, self.tw_early, self.tw_late)
        if self.duration <= 0 or not 0 <= self.tw_early <= self.tw_late:
            raise InvalidProblemError("a break needs duration > 0 and 0 <= tw_early <= tw_late")


@dataclass(frozen=True, slots=True)
class VehicleType:
    """A courier, or several that are alike. One vehicle drives one route a day, of up to `max_trips` trips."""

    num_available: int = 1
    start_depot: int = 0
    end_depot: int = 0
    """Where the last trip ends; trips before it end at `start_depot`."""
    profile: int = 0
    """Which pair of matrices it drives by."""
    capacity: Load = ()
    """Most it may have aboard, by dimension. () = no limit."""
    tw_early: int = 0
    """Start of the shift."""
    tw_late: int = FOREVER
    """End of the shift."""
    max_overtime: int = 0
    """How long after `tw_late` the last trip may return."""
    breaks: tuple[Break, ...] = ()
    skills: frozenset[int] = frozenset()
    max_trips: int = 1
    reload_duration: int = 0
    """Time at the base between two trips."""
    max_distance: int = FOREVER
    """Of the whole route."""
    max_duration: int = FOREVER
    """Of the whole route, first departure to last return, breaks left out."""
    zones: frozenset[int] = frozenset()
    """Communes the courier knows; empty = no preference."""
    fixed_cost: int = 0
    """Once for a day with any route."""
    unit_distance_cost: int = 0
    """Per metre."""
    unit_duration_cost: int = 0
    """Per second of working time: first departure to last return, breaks left out."""
    unit_overtime_cost: int = 0
    """Per second after `tw_late`, on top of `unit_duration_cost`."""

    def __post_init__(self) -> None:
        _check_whole("a vehicle type", self.num_available, self.max_trips, self.tw_early, self.tw_late)
        if self.num_available < 1 or self.max_trips < 1:
            raise InvalidProblemError("a vehicle type needs num_available >= 1 and max_trips >= 1")
        if not 0 <= self.tw_early <= self.tw_late <= FOREVER:
            raise InvalidProblemError("a shift needs 0 <= tw_early <= tw_late")
        amounts = (
            *self.capacity, self.max_overtime, self.reload_duration, self.max_distance, self.max_duration,
            self.fixed_cost, self.unit_distance_cost, self.unit_duration_cost, self.unit_overtime_cost,
        )  # fmt: skip
        _check_whole("a vehicle type", *amounts)
        if min(amounts) < 0:
            raise InvalidProblemError("a vehicle type's limits and costs are never negative")
        if max((*self.capacity, 0)) > MOST:
            raise InvalidProblemError("a capacity is too large: it does not fit in 63 bits")


@dataclass(frozen=True, slots=True)
class FrozenVisit:
    """A visit that has been made, or may not be changed any more."""

    stop: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class FrozenRoute:
    """How the route of a vehicle type must begin; the type has num_available 1."""

    vehicle_type: int
    trips: tuple[tuple[FrozenVisit, ...], ...]
    """Visits in order; the last trip goes on after its last frozen visit unless `complete`."""
    available_at: int = 0
    """Nothing that follows the frozen part begins earlier."""
    complete: bool = False
    """The route is exactly this: nothing may be added."""

    def __post_init__(self) -> None:
        _check_whole("a frozen route", self.available_at)
        _check_times("a frozen route", self.available_at)


@dataclass(frozen=True, slots=True)
class Preferences:
    """What is wished for, priced in the same unit as every other cost."""

    unit_balance_cost: int = 0
    """Per second of the longest working time of a route (min-max equity, Matl, Hartl & Vidal 2018)."""
    unfamiliar_cost: int = 0
    """Per visit to a stop whose zone the courier does not know."""
    change_cost: int = 0
    """Per shipment carried by another vehicle type than the published plan's."""

    def __post_init__(self) -> None:
        _check_whole("a preference", self.unit_balance_cost, self.unfamiliar_cost, self.change_cost)
        if min(self.unit_balance_cost, self.unfamiliar_cost, self.change_cost) < 0:
            raise InvalidProblemError("the prices of preferences are never negative")


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """
    One day of one plan group.

    Parameters
    ----------
    distances, durations
        One square int32 matrix a profile, metres and seconds, over all locations; asymmetric; `UNREACHABLE` where
        there is no path.

    Raises
    ------
    InvalidProblemError
        When an index points nowhere, a matrix has another shape, or loads do not add up in 63 bits.
    """

    stops: tuple[Stop, ...]
    shipments: tuple[Shipment, ...]
    vehicle_types: tuple[VehicleType, ...]
    depots: tuple[Depot, ...]
    distances: tuple[IntMatrix, ...]
    durations: tuple[IntMatrix, ...]
    frozen: tuple[FrozenRoute, ...] = ()
    preferences: Preferences = Preferences()

    def __post_init__(self) -> None:
        _check_matrices(self)
        _check_references(self)
        _check_loads(self)

    @property
    def num_locations(self) -> int:
        """Rows of every matrix."""
        return int(self.distances[0].shape[0])

    @property
    def num_dimensions(self) -> int:
        """Length of the longest load or capacity."""
        loads = [len(v.capacity) for v in self.vehicle_types]
        loads += [max(len(s.load), len(s.collected)) for s in self.shipments]
        return max(loads, default=0)

    @property
    def num_vehicles(self) -> int:
        return sum(v.num_available for v in self.vehicle_types)

    def tasks_of(self, shipment: int) -> tuple[Task, ...]:
        """What must be done at stops for one shipment, in order: one task or two."""
        both = ((Action.COLLECT, self.shipments[shipment].pickup), (Action.DELIVER, self.shipments[shipment].delivery))
        return tuple(Task(shipment, action) for action, stop in both if stop is not None)

    def tasks(self) -> Iterator[Task]:
        for shipment in range(len(self.shipments)):
            yield from self.tasks_of(shipment)

    def stop_of(self, task: Task) -> int:
        """The stop where a task is done."""
        shipment = self.shipments[task.shipment]
        stop = shipment.pickup if task.action is Action.COLLECT else shipment.delivery
        if stop is None:
            raise ValueError(f"shipment {task.shipment} has no stop to {task.action}")
        return stop

    def duration_of(self, task: Task) -> int:
        """Item time of a task, without the stop's set-up."""
        shipment = self.shipments[task.shipment]
        return shipment.pickup_duration if task.action is Action.COLLECT else shipment.delivery_duration


def _check_matrices(problem: Problem) -> None:
    if not problem.distances or len(problem.distances) != len(problem.durations):
        raise InvalidProblemError("a problem needs one distance and one duration matrix for each profile")
    for matrix in (*problem.distances, *problem.durations):
        if not isinstance(matrix, np.ndarray):
            raise InvalidProblemError(f"matrices are square int32 arrays of NumPy, got a {type(matrix).__name__}")
    shape = problem.distances[0].shape
    for matrix in (*problem.distances, *problem.durations):
        if matrix.dtype != np.int32 or matrix.ndim != 2 or matrix.shape != shape or shape[0] != shape[1]:
            raise InvalidProblemError(
                f"matrices are square int32 arrays of one shape, got {matrix.dtype} {matrix.shape}"
            )
        if matrix.size and int(matrix.min()) < 0:
            raise InvalidProblemError("matrices hold no negative entry")


def _check_loads(problem: Problem) -> None:
    for amounts in zip_longest(
        *(load for s in problem.shipments for load in (s.load, s.collected) if load), fillvalue=0
    ):
        if sum(amounts) > MOST:
            raise InvalidProblemError("loads are too large: all of them together do not fit in 63 bits")


def _check_references(problem: Problem) -> None:
    _check_places(problem)
    for vehicle in problem.vehicle_types:
        _need("depot", vehicle.start_depot, problem.depots)
        _need("depot", vehicle.end_depot, problem.depots)
        _need("profile", vehicle.profile, problem.distances)
    for shipment in problem.shipments:
        _check_shipment(problem, shipment)
    for frozen in problem.frozen:
        _check_frozen(problem, frozen)


def _need(what: str, index: int, among: Sized) -> None:
    if not 0 <= index < len(among):
        raise InvalidProblemError(f"{what} {index} does not exist: there are {len(among)}")


def _check_places(problem: Problem) -> None:
    locations = [stop.location for stop in problem.stops] + [depot.location for depot in problem.depots]
    for location in locations:
        _need("location", location, range(problem.num_locations))


def _check_shipment(problem: Problem, shipment: Shipment) -> None:
    for stop in (shipment.pickup, shipment.delivery):
        if stop is not None:
            _need("stop", stop, problem.stops)
    if shipment.depot is not None:
        _need("depot", shipment.depot, problem.depots)
    if shipment.published is not None:
        _need("vehicle type", shipment.published, problem.vehicle_types)
    for vehicle_type in shipment.vehicle_types or ():
        _need("vehicle type", vehicle_type, problem.vehicle_types)


def _check_frozen(problem: Problem, frozen: FrozenRoute) -> None:
    _need("vehicle type", frozen.vehicle_type, problem.vehicle_types)
    if problem.vehicle_types[frozen.vehicle_type].num_available != 1:
        raise InvalidProblemError("a frozen route belongs to a vehicle type with num_available 1")
    for visit in (visit for trip in frozen.trips for visit in trip):
        _need("stop", visit.stop, problem.stops)
        for task in visit.tasks:
            _need("shipment", task.shipment, problem.shipments)
            if problem.stop_of(task) != visit.stop:
                raise InvalidProblemError(f"frozen task {task} is not done at stop {visit.stop}")

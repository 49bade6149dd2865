"""
A Problem as the flat arrays of the kernel, and the kernel's rows as drafts.

Shipments that are alike travel in *lots*: a commune post office takes twenty envelopes at one door, and nothing is
gained by treating them apart. A lot is never more than a small part of what its smallest vehicle carries, and small
problems are not lotted at all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from routing.constraints.capacity import has_room
from routing.constraints.depot import is_at_depot
from routing.constraints.locks import is_unlocked
from routing.constraints.reachability import Ways, has_way
from routing.constraints.skills import has_skills
from routing.drafts import Draft, DraftRoute, DraftVisit
from routing.errors import UnsupportedProblemError
from routing.kernel import columns as c
from routing.kernel.columns import Ints, Tables
from routing.kernel.timing import MAX_BREAKS
from routing.model import FOREVER, MOST, UNREACHABLE, Action, FrozenRoute, Load, Problem, Shipment, Task, VehicleType
from routing.objective import Objective
from routing.prices import Prices, prices

SMALL = 40
"""Up to so many shipments each travels alone."""
PARTS = 6
"""A lot takes at most this part of the smallest vehicle that may carry it."""
LONGEST_SERVICE = 900
"""Seconds of item time in a lot."""
LARGEST_FLEET = 10_000
"""Vehicles, dealt out to the types, that a search can use of a fleet without end."""
MOST_NEAR = 400
"""Neighbours kept of a node."""
NEAR_AT_ONCE = 256
"""Nodes whose neighbours are looked for together."""
MUST_KEEP = 50
"""How many times dearer than any other it is to leave what a frozen part has collected."""


@dataclass(frozen=True, slots=True, eq=False)
class Halt:
    """A node of the kernel: what is done there, and where."""

    stop: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A problem in arrays, and what its numbers mean."""

    problem: Problem
    tables: Tables
    halts: tuple[Halt, ...]
    """By node."""
    lots: tuple[tuple[int, ...], ...]
    """Shipments by request."""
    vehicle_types: tuple[int, ...]
    """By vehicle."""
    impossible: tuple[int, ...]
    """Shipments that no vehicle may carry."""
    begun: dict[int, tuple[int, ...]]
    """By vehicle with a frozen part: its nodes and reload marks, in order."""
    most_positions: int
    """Room of a row."""


def encode(problem: Problem, objective: Objective, together: Sequence[int] | None = None) -> Encoded:
    """
    Lay a problem out in arrays.

    Parameters
    ----------
    together
        By shipment: shipments with different numbers never share a lot (the visits of an answer to start from).
    """
    return _Encoder(problem, objective, together).run()


class _Encoder:
    def __init__(self, problem: Problem, objective: Objective, together: Sequence[int] | None) -> None:
        self._problem = problem
        self._prices: Prices = prices(problem, objective)
        self._together = together
        self._width = problem.num_dimensions
        self._first_window = [0, *accumulate(len(stop.windows) for stop in problem.stops)]
        self._halts: list[Halt] = []
        self._requests: list[tuple[int, int]] = []
        self._lots: list[tuple[int, ...]] = []
        self._only: list[int] = []
        self._rows: list[list[int]] = []
        """Columns of each node."""

    def run(self) -> Encoded:
        problem = self._problem
        if (most := max((len(v.breaks) for v in problem.vehicle_types), default=0)) > MAX_BREAKS:
            raise UnsupportedProblemError(f"a vehicle type may have {MAX_BREAKS} breaks at most, got {most}")
        vehicles, frozen_vehicle = self._vehicles()
        begun = {vehicle: self._begun(problem.frozen[number], vehicle) for number, vehicle in enumerate(frozen_vehicle)}
        done = {task.shipment for halt in self._halts for task in halt.tasks}
        able, impossible = self._add_lots(done)
        kinds = self._kinds()
        node = np.array(self._rows, np.int64).reshape(len(self._rows), c.NODE_LOADS + 3 * self._width)
        out_of = _arcs(problem)
        wish = self._wishes()
        kinds[:, c.ALIKE] = self._classes(able, wish)
        tables = Tables(
            parameter=self._parameter(node, kinds),
            node=node,
            request=self._request(node, kinds),
            kind=kinds,
            vehicle=vehicles,
            window=np.array([(w.early, w.late) for s in problem.stops for w in s.windows] or [(0, 0)], np.int64),
            rest=np.array(
                [(b.duration, b.tw_early, b.tw_late) for v in problem.vehicle_types for b in v.breaks] or [(0, 0, 0)],
                np.int64,
            ),
            able=able,
            wish=wish,
            out_of=out_of,
            into=np.ascontiguousarray(out_of.transpose(0, 2, 1, 3)),
            near=_near(node, out_of),
        )
        types = tuple(int(kind) for kind in vehicles[:, c.KIND])
        return Encoded(
            problem,
            tables,
            tuple(self._halts),
            tuple(self._lots),
            types,
            impossible,
            begun,
            self._most_positions(len(vehicles)),
        )

    # -- vehicles ----------------------------------------------------------------------------------------------------

    def _vehicles(self) -> tuple[Ints, list[int]]:
        """One row a vehicle, and the vehicle of each frozen part."""
        problem = self._problem
        frozen = {route.vehicle_type: route for route in problem.frozen}
        rows: list[tuple[int, int, int, int, int]] = []
        place: dict[int, int] = {}
        for kind, vehicle_type in enumerate(problem.vehicle_types):
            place[kind] = len(rows)
            rows += [(kind, *_resumption(frozen.get(kind)))] * self._number(vehicle_type)
        vehicles = np.array(rows, np.int64).reshape(len(rows), c.VEHICLE_COLUMNS)
        return vehicles, [place[route.vehicle_type] for route in problem.frozen]

    def _number(self, vehicle_type: VehicleType) -> int:
        """Vehicles of a type that could be of use: no more than there are shipments."""
        types = len(self._problem.vehicle_types)
        return min(vehicle_type.num_available, max(1, len(self._problem.shipments)), max(1, LARGEST_FLEET // types))

    def _kinds(self) -> Ints:
        problem = self._problem
        kinds = np.zeros((len(problem.vehicle_types), c.KIND_CAPACITY + self._width), np.int64)
        first_break = 0
        for k, vehicle in enumerate(problem.vehicle_types):
            start, end = problem.depots[vehicle.start_depot], problem.depots[vehicle.end_depot]
            row = kinds[k]
            row[c.PROFILE] = vehicle.profile
            row[c.START_LOCATION], row[c.END_LOCATION] = start.location, end.location
            row[c.SHIFT_EARLY], row[c.SHIFT_LATE] = vehicle.tw_early, vehicle.tw_late
            row[c.MAX_DURATION] = vehicle.max_duration
            row[c.PER_SECOND], row[c.PER_OVERTIME] = self._prices.second[k], self._prices.overtime[k]
            row[c.LAST_RETURN] = min(vehicle.tw_late + vehicle.max_overtime, end.tw_late, FOREVER)
            row[c.DEPOT_OPENS], row[c.START_CLOSES] = start.tw_early, start.tw_late
            row[c.MAX_TRIPS], row[c.RELOAD_TIME] = vehicle.max_trips, vehicle.reload_duration
            row[c.MAX_DISTANCE] = vehicle.max_distance
            row[c.FIXED], row[c.PER_METRE] = self._prices.vehicle[k], self._prices.metre[k]
            row[c.FIRST_BREAK], row[c.NUM_BREAKS] = first_break, len(vehicle.breaks)
            row[c.IS_EXACT] = bool(vehicle.breaks)
            row[c.START_DEPOT], row[c.END_DEPOT] = vehicle.start_depot, vehicle.end_depot
            row[c.KIND_CAPACITY :] = [*vehicle.capacity, *[MOST] * self._width][: self._width]
            first_break += len(vehicle.breaks)
        return kinds

    def _classes(self, able: np.ndarray, wish: Ints) -> list[int]:
        """Number the classes of vehicle types that are the same in every way."""
        frozen = frozenset(route.vehicle_type for route in self._problem.frozen)
        known: dict[object, int] = {}
        return [
            known.setdefault(
                (vehicle, able[:, k].tobytes(), wish[:, k].tobytes(), k if k in frozen else None), len(known)
            )
            for k, vehicle in enumerate(self._problem.vehicle_types)
        ]

    # -- nodes -------------------------------------------------------------------------------------------------------

    def _begun(self, route: FrozenRoute, vehicle: int) -> tuple[int, ...]:
        """Add the halts of a frozen part, and a request for everything it collects for another stop."""
        sequence: list[int] = []
        open_nodes: dict[int, int] = {}
        for number, trip in enumerate(trip for trip in route.trips if trip):
            if number:
                sequence.append(c.RELOAD)
            for visit in trip:
                for place in range(max(1, len(visit.tasks))):
                    tasks = visit.tasks[place : place + 1]
                    n = self._add_halt(visit.stop, tasks, c.GOES_ON if place else c.FROZEN)
                    self._rows[n][c.VEHICLE] = vehicle
                    sequence.append(n)
                    self._pair_up(n, tasks, open_nodes)
        for shipment, collected_at in open_nodes.items():
            task = Task(shipment, Action.DELIVER)
            n = self._add_halt(self._problem.stop_of(task), (task,), len(self._requests))
            self._rows[n][c.ROLE], self._rows[n][c.PARTNER] = c.DELIVERS_PAIR, collected_at
            self._add_request((n, -1), (shipment,), vehicle)
        return tuple(sequence)

    def _pair_up(self, n: int, tasks: Sequence[Task], open_nodes: dict[int, int]) -> None:
        """Note what a frozen node collects for another stop, or which node collected what it delivers."""
        for task in tasks:
            if task.action is Action.COLLECT and self._problem.shipments[task.shipment].delivery is not None:
                self._rows[n][c.ROLE] = c.COLLECTS_PAIR
                open_nodes[task.shipment] = n
            elif task.action is Action.DELIVER and task.shipment in open_nodes:
                self._rows[n][c.ROLE], self._rows[n][c.PARTNER] = c.DELIVERS_PAIR, open_nodes.pop(task.shipment)

    def _add_lots(self, done: set[int]) -> tuple[np.ndarray, tuple[int, ...]]:
        """Add requests for everything that is not begun; which kinds may carry each; what none may."""
        problem = self._problem
        closed = frozenset(route.vehicle_type for route in problem.frozen if route.complete)
        able = [[k == self._problem_kind(vehicle) for k in range(len(problem.vehicle_types))] for vehicle in self._only]
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        ways = Ways(problem)
        kinds_of: dict[int, frozenset[int]] = {}
        impossible = []
        alike = _first_alike(problem)
        for index in (i for i in range(len(problem.shipments)) if i not in done and i not in self._open()):
            kinds_of[index] = _able_kinds(problem, problem.shipments[index], ways, alike) - closed
            if kinds_of[index]:
                groups[self._likeness(index, kinds_of[index])].append(index)
            else:
                impossible.append(index)
        for alike in groups.values():
            for lot in self._cut(alike, kinds_of[alike[0]]):
                self._add_lot(lot)
                able.append([k in kinds_of[alike[0]] for k in range(len(problem.vehicle_types))])
        flags = np.array(able, np.uint8).reshape(len(able), len(problem.vehicle_types))
        return flags, tuple(impossible)

    def _open(self) -> frozenset[int]:
        return frozenset(shipment for lot in self._lots for shipment in lot)

    def _problem_kind(self, vehicle: int) -> int:
        count = 0
        for kind, vehicle_type in enumerate(self._problem.vehicle_types):
            count += self._number(vehicle_type)
            if vehicle < count:
                return kind
        raise ValueError(f"there is no vehicle {vehicle}")

    def _likeness(self, index: int, kinds: frozenset[int]) -> tuple[object, ...]:
        """Shipments with the same likeness may share a lot."""
        s = self._problem.shipments[index]
        if len(self._problem.shipments) <= SMALL:
            return (index,)
        which = self._together[index] if self._together is not None else 0
        return (
            which, s.pickup, s.delivery, s.release, s.latest_return, s.max_ride, s.must_go, s.penalty, kinds,
            s.published, s.depot, self._fills(s),
        )  # fmt: skip

    def _fills(self, s: Shipment) -> tuple[bool, ...]:
        """By dimension, whether its delivery fills the vehicle: within a lot, one node, all do or none."""
        if s.delivery is None:
            return ()
        return tuple(got > gave for got, gave in zip(self._padded(s.collected), self._padded(s.load), strict=True))

    def _cut(self, alike: Sequence[int], kinds: Iterable[int]) -> list[list[int]]:
        """Cut alike shipments into lots of which the smallest vehicle carries several."""
        if len(alike) == 1:
            return [list(alike)]
        capacities = [self._padded(self._problem.vehicle_types[k].capacity, FOREVER) for k in kinds]
        most = [min(capacity) // PARTS for capacity in zip(*capacities, strict=True)]
        lots: list[list[int]] = []
        room: list[int] = []
        for index in alike:
            s = self._problem.shipments[index]
            need = [a + b for a, b in zip(self._padded(s.load), self._padded(s.collected), strict=True)]
            need.append(max(s.pickup_duration, s.delivery_duration))
            if not lots or any(n > r for n, r in zip(need, room, strict=True)):
                lots.append([])
                room = [*most, LONGEST_SERVICE]
            lots[-1].append(index)
            room = [r - n for r, n in zip(room, need, strict=True)]
        return lots

    def _add_lot(self, lot: Sequence[int]) -> None:
        """One node for a lot with one end at a depot, two for one that goes from stop to stop."""
        request = len(self._requests)
        tasks = [task for index in lot for task in self._problem.tasks_of(index)]
        parts = [tuple(t for t in tasks if t.action is action) for action in (Action.COLLECT, Action.DELIVER)]
        nodes = [self._add_halt(self._problem.stop_of(part[0]), part, request) for part in parts if part]
        if len(nodes) == 2:
            for n, partner, role in ((nodes[0], nodes[1], c.COLLECTS_PAIR), (nodes[1], nodes[0], c.DELIVERS_PAIR)):
                self._rows[n][c.ROLE], self._rows[n][c.PARTNER] = role, partner
        self._add_request((nodes[0], nodes[1] if len(nodes) == 2 else -1), tuple(lot), -1)

    def _add_request(self, nodes: tuple[int, int], lot: tuple[int, ...], only: int) -> None:
        self._requests.append(nodes)
        self._lots.append(lot)
        self._only.append(only)

    def _add_halt(self, stop: int, tasks: tuple[Task, ...], request: int) -> int:
        problem, place = self._problem, self._problem.stops[stop]
        shipments = [problem.shipments[task.shipment] for task in tasks]
        row = [0] * (c.NODE_LOADS + 3 * self._width)
        row[c.LOCATION], row[c.STOP], row[c.REQUEST] = place.location, stop, request
        row[c.SETUP], row[c.ITEM] = place.setup_duration, sum(problem.duration_of(task) for task in tasks)
        row[c.FIRST_WINDOW] = self._first_window[stop]
        row[c.NUM_WINDOWS] = len(place.windows)
        row[c.EARLY], row[c.LATE] = place.windows[0].early, place.windows[-1].late
        row[c.LATEST_RETURN], row[c.PARTNER], row[c.VEHICLE], row[c.HOME] = FOREVER, -1, -1, -1
        row[c.MAX_RIDE] = min((s.max_ride for s in shipments), default=FOREVER)
        row[c.ROLE] = c.FROM_DEPOT
        for task, s in zip(tasks, shipments, strict=True):
            if task.action is Action.COLLECT and s.delivery is None:
                row[c.ROLE] = c.TO_DEPOT
                row[c.LATEST_RETURN] = min(row[c.LATEST_RETURN], s.latest_return)
                row[c.HOME] = -1 if s.depot is None else s.depot
            if task.action is Action.DELIVER and s.pickup is None:
                row[c.RELEASE] = max(row[c.RELEASE], s.release)
            self._add_loads(row, task, s)
        self._rows.append(row)
        self._halts.append(Halt(stop, tasks))
        return len(self._halts) - 1

    def _add_loads(self, row: list[int], task: Task, s: Shipment) -> None:
        """Brought from the depot, brought to the depot, change of what is aboard."""
        collects = task.action is Action.COLLECT
        for d, (load, collected) in enumerate(zip(self._padded(s.load), self._padded(s.collected), strict=True)):
            at = c.NODE_LOADS + 3 * d
            if collects:
                row[at + 1] += load if s.delivery is None else 0
                row[at + 2] += load
            else:
                row[at] += load if s.pickup is None else 0
                row[at + 1] += collected
                row[at + 2] += collected - load

    def _padded(self, load: Load, missing: int = 0) -> list[int]:
        return [*load, *[missing] * self._width][: self._width]

    # -- the rest ----------------------------------------------------------------------------------------------------

    def _request(self, node: Ints, kinds: Ints) -> Ints:
        problem = self._problem
        request = np.zeros((len(self._requests), c.REQUEST_COLUMNS), np.int64)
        capacity = np.maximum(1, kinds[:, c.KIND_CAPACITY :].max(axis=0)) if len(kinds) else np.ones(self._width)
        dearest = max(self._prices.left, default=0)
        for r, (nodes, lot) in enumerate(zip(self._requests, self._lots, strict=True)):
            request[r, :2] = nodes
            both = [n for n in nodes if n >= 0]
            left = sum(self._prices.left[s] for s in lot)
            request[r, c.LEFT_COST] = left if self._only[r] < 0 else min(MUST_KEEP * (dearest + 1), 2**60 // 4)
            loads = np.abs(node[both, c.NODE_LOADS :]).reshape(len(both), self._width, 3).max(axis=(0, 2))
            request[r, c.SIZE] = int((loads / capacity * 1000).sum()) if self._width else 0
            base = problem.depots[0].location if problem.depots else 0
            where = node[both, c.LOCATION]
            request[r, c.FAR] = max(int(problem.distances[0][base, w]) for w in where)
            request[r, c.WIDTH] = min(int(node[n, c.LATE] - node[n, c.EARLY]) for n in both)
            request[r, c.OPENS] = max(int(max(node[n, c.EARLY], node[n, c.RELEASE])) for n in both)
            request[r, c.CLOSES] = min(int(min(node[n, c.LATE], node[n, c.LATEST_RETURN])) for n in both)
            request[r, c.ONLY_VEHICLE] = self._only[r]
        return request

    def _wishes(self) -> Ints:
        """Price of a visit by somebody who does not know the place, and of changes of the published plan."""
        problem = self._problem
        wish = np.zeros((len(self._halts), len(problem.vehicle_types), 2), np.int64)
        if not (self._prices.unfamiliar or self._prices.changed):
            return wish
        for n, halt in enumerate(self._halts):
            zone = problem.stops[halt.stop].zone
            counted = [t for t in halt.tasks if t == problem.tasks_of(t.shipment)[0]]
            for k, vehicle in enumerate(problem.vehicle_types):
                if vehicle.zones and zone is not None and zone not in vehicle.zones:
                    wish[n, k, 0] = self._prices.unfamiliar
                published = (problem.shipments[t.shipment].published for t in counted)
                wish[n, k, 1] = self._prices.changed * sum(p is not None and p != k for p in published)
        return wish

    def _parameter(self, node: Ints, kinds: Ints) -> Ints:
        parameter = np.zeros(c.PARAMETERS, np.int64)
        states = 1 << int(kinds[:, c.NUM_BREAKS].max(initial=0))
        timed = bool(
            (kinds[:, c.PER_SECOND] > 0).any()
            or (kinds[:, c.PER_OVERTIME] > 0).any()
            or (kinds[:, c.MAX_DURATION] < FOREVER).any()
            or self._prices.balance > 0
        )
        rides = bool((node[:, c.MAX_RIDE] < FOREVER).any())
        plain = not timed and not rides and states == 1 and not (kinds[:, c.MAX_TRIPS] > 1).any()
        plain = plain and not (node[:, c.SETUP] > 0).any() and not (node[:, c.RELEASE] > 0).any()
        plain = plain and not (node[:, c.LATEST_RETURN] < FOREVER).any() and not (node[:, c.REQUEST] < 0).any()
        wishes = bool(self._prices.unfamiliar or self._prices.changed)
        plain = plain and not wishes and not (kinds[:, c.MAX_DISTANCE] < FOREVER).any()
        parameter[c.DIMENSIONS], parameter[c.STATES] = self._width, states
        parameter[c.IS_TIMED], parameter[c.HAS_WISHES] = timed, wishes
        parameter[c.IS_PLAIN], parameter[c.BALANCE], parameter[c.HAS_RIDES] = plain, self._prices.balance, rides
        parameter[c.IS_METRIC] = _is_metric(self._problem)
        parameter[c.HAS_SEVERAL_WINDOWS] = bool((node[:, c.NUM_WINDOWS] > 1).any())
        channel = c.LOADS + 3 * self._width
        parameter[c.FIRST_CHANNEL_FORWARD] = channel
        parameter[c.FIRST_CHANNEL_BACKWARD] = channel + states
        parameter[c.FIRST_CHANNEL_LEAVE] = channel + 2 * states
        return parameter

    def _most_positions(self, vehicles: int) -> int:
        trips = max((v.max_trips for v in self._problem.vehicle_types), default=1)
        whole = len(self._halts) + min(trips, len(self._halts) + 1) + 6
        return int(min(whole, max(200, 6_000_000 // max(1, vehicles))))


def _first_alike(problem: Problem) -> list[int]:
    """For each vehicle type the first one that is the same."""
    first = {vehicle: k for k, vehicle in reversed(list(enumerate(problem.vehicle_types)))}
    return [first[vehicle] for vehicle in problem.vehicle_types]


def _able_kinds(problem: Problem, shipment: Shipment, ways: Ways, alike: Sequence[int]) -> frozenset[int]:
    """
    Vehicle types that may carry a shipment and have room and roads for it, time aside.

    Parameters
    ----------
    alike
        For each vehicle type the first one that is the same: couriers often are.
    """
    able = {
        k: has_skills(problem, shipment, k)
        and is_at_depot(problem, shipment, k)
        and has_room(problem, shipment, k)
        and has_way(problem, shipment, k, ways)
        for k in dict.fromkeys(alike)
    }
    return frozenset(k for k, first in enumerate(alike) if able[first] and is_unlocked(shipment, k))


def _resumption(route: FrozenRoute | None) -> tuple[int, int, int, int]:
    """Columns of a vehicle after its kind: fixed positions, where it resumes, from when, whether it is closed."""
    if route is None:
        return 1, 0, 0, 0
    trips = [trip for trip in route.trips if trip]
    fixed = 1 + sum(max(1, len(visit.tasks)) for trip in trips for visit in trip) + max(0, len(trips) - 1)
    if route.complete:
        return fixed, -1, 0, 1
    opens_anew = bool(trips) and not route.trips[-1]
    return fixed, fixed if opens_anew else fixed - 1, route.available_at, 0


def _arcs(problem: Problem) -> np.ndarray:
    """Metres and seconds side by side: an insertion asks for both."""
    size = problem.num_locations
    arcs = np.empty((len(problem.distances), size, size, 2), np.int32)
    for profile, pair in enumerate(zip(problem.distances, problem.durations, strict=True)):
        arcs[profile, :, :, 0], arcs[profile, :, :, 1] = pair
    return arcs


def _near(node: Ints, out_of: np.ndarray) -> np.ndarray:
    """For each node the nearest nodes by road, itself first."""
    places = node[:, c.LOCATION]
    count = min(len(places), MOST_NEAR)
    near = np.zeros((len(places), count), np.int32)
    for begin in range(0, len(places), NEAR_AT_ONCE):
        some = places[begin : begin + NEAR_AT_ONCE]
        way = np.minimum(out_of[0, some, :, 0][:, places], out_of[0, :, some, 0][:, places])
        rows = np.arange(len(some))
        way[rows, begin + rows] = -1
        order = (
            np.argpartition(way, count - 1, axis=1)[:, :count] if count < len(places) else way.argsort(kind="stable")
        )
        by_way = np.take_along_axis(way, order, 1).argsort(axis=1, kind="stable")
        near[begin : begin + len(some)] = np.take_along_axis(order, by_way, 1)
    return near


def _is_metric(problem: Problem) -> bool:
    """Whether going by another place is never a short cut: a sample of triples is looked at."""
    rng = np.random.default_rng(0)
    size = problem.num_locations
    a, b, via = rng.integers(0, max(1, size), (3, 20_000 if size else 0))
    slack = 2  # rounding may make a way by another place a unit shorter
    for matrix in (*problem.distances, *problem.durations):
        straight, to, onward = (matrix[arc].astype(np.int64) for arc in ((a, b), (a, via), (via, b)))
        if bool(((straight > to + onward + slack) & (straight < UNREACHABLE)).any()):
            return False
    return True


def draft_from(encoded: Encoded, sequences: Sequence[Sequence[int]]) -> Draft:
    """The draft of rows: one sequence of nodes and reload marks a vehicle, START and END left out."""
    return tuple(
        DraftRoute(kind, _trips(encoded, sequence))
        for kind, sequence in zip(encoded.vehicle_types, sequences, strict=True)
    )


def _trips(encoded: Encoded, sequence: Sequence[int]) -> tuple[tuple[DraftVisit, ...], ...]:
    node = encoded.tables.node
    trips: list[list[DraftVisit]] = [[]]
    before = -1
    for n in sequence:
        if n == c.RELOAD:
            trips.append([])
        elif trips[-1] and before >= 0 and _joins(node, before, n):
            stop, tasks = trips[-1][-1]
            trips[-1][-1] = (stop, tasks + encoded.halts[n].tasks)
        else:
            trips[-1].append((encoded.halts[n].stop, encoded.halts[n].tasks))
        before = n
    return tuple(tuple(trip) for trip in trips if trip)


def _joins(node: Ints, before: int, n: int) -> bool:
    if node[before, c.STOP] != node[n, c.STOP]:
        return False
    moves = node[before, c.REQUEST] >= 0 and node[n, c.REQUEST] >= 0
    return bool(moves or node[n, c.REQUEST] == c.GOES_ON)

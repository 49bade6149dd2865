"""
Every useful day of one vehicle, exactly: the first half of `optimum`.

One search goes through all sequences of visits, shortest first. A sequence is dropped only for another one that has
done the same, stands at the same door and is nowhere worse: in price, metres, load, the ceiling of its return, and
time, for every departure and every set of breaks taken (labels, as in [1]_). Ride limits tie distant moments together,
so a sequence that has touched one is never dropped for another; its time without the limits is a bound.

Consecutive tasks of one stop are one visit, in an order that needs the least room.

References
----------
.. [1] Desaulniers, Desrosiers & Solomon (2005). Column generation, chapter 2: shortest paths with resources.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from routing.model import FOREVER, UNREACHABLE, Action, FrozenVisit, Load, Problem, Task
from routing.objective import Objective, Weights, weights
from routing.scheduling.frontier import Frontier, Piece, admitted, merged, postponed

Visit = tuple[int, tuple[Task, ...]]
Trips = tuple[tuple[Visit, ...], ...]
Times = dict[int, Frontier]
"""Departure and time for every set of breaks taken (bit b of the key = break b)."""


@dataclass(frozen=True, slots=True)
class Label:
    """A sequence so far, and what of it matters for what may follow."""

    trips: Trips
    """The last one is empty at the base."""
    times: Times
    begun: int = 0
    """Shipments of which something is done, bit by bit."""
    done: int = 0
    """Shipments that are carried, bit by bit."""
    price: int = 0
    """Of metres and unfamiliar visits."""
    metres: int = 0
    aboard: Load = ()
    peak: Load = ()
    """Most aboard at any moment of this trip."""
    ceiling: int = FOREVER
    """When this trip must be over, for what it has collected."""
    wanted_base: int | None = None
    """Where this trip must end, for what it has collected."""
    floor: int = 0
    """This trip departs no earlier, and carries nothing that is released later."""
    hold: int = 0
    """The next departure is no earlier: of a frozen part."""
    rides: tuple[tuple[int, int], ...] = ()
    """Shipments with a ride limit that are aboard, and how long at least."""
    driven: int = 0
    """Least seconds since this trip departed."""
    is_ridden: bool = False
    """Whether a shipment with a ride limit has been touched."""
    is_resumed: bool = False
    """Whether the last visit is frozen: nothing may be joined to it."""
    is_over: bool = False
    """Whether the route ends with this trip: its frozen part is complete, or goes on from the base and does not."""

    @property
    def key(self) -> tuple[int | None, ...]:
        """Only labels that agree here are compared."""
        last = self.trips[-1][-1][0] if self.trips[-1] else None
        return self.begun, self.done, last, len(self.trips), self.floor, self.wanted_base, self.is_resumed, self.is_over

    @property
    def progress(self) -> int:
        return self.begun.bit_count() + self.done.bit_count()


@dataclass(frozen=True, slots=True)
class Option:
    """One vehicle's day."""

    cost: int
    working: int
    trips: Trips
    is_exact: bool
    """Else the cost is a bound: ride limits may forbid it or make it dearer."""


class VehicleSearch:
    """Every useful day of one vehicle of a type."""

    def __init__(self, problem: Problem, kind: int, objective: Objective) -> None:
        self.problem, self.kind = problem, kind
        self.vehicle = problem.vehicle_types[kind]
        self.weights = weights(problem, objective)
        self.distances = problem.distances[self.vehicle.profile]
        self.durations = problem.durations[self.vehicle.profile]
        self.start, self.end = problem.depots[self.vehicle.start_depot], problem.depots[self.vehicle.end_depot]
        self.per_metre = self.weights.distance + self.weights.cost * self.vehicle.unit_distance_cost
        self.frozen = next((f for f in problem.frozen if f.vehicle_type == kind), None)
        self.must_drive = self.frozen is not None and any(self.frozen.trips)
        self.is_closed = self.frozen is not None and self.frozen.complete
        self.opening = max(0, self.start.tw_early)
        self.permitted = [s for s in range(len(problem.shipments)) if self._is_permitted(s)]
        self.tasks_at: dict[int, list[Task]] = defaultdict(list)
        for task in (task for s in self.permitted for task in problem.tasks_of(s)):
            self.tasks_at[problem.stop_of(task)].append(task)
        self.worth = sum(left_cost(problem, self.weights, s) for s in self.permitted)
        self.limited = frozenset(s for s in self.permitted if problem.shipments[s].max_ride < FOREVER)
        self.orders_of: dict[tuple[Task, ...], list[tuple[tuple[Task, ...], Load]]] = {}

    def options(self) -> dict[int, list[Option]]:
        """Days by the set of shipments that they carry."""
        found: dict[int, list[Option]] = defaultdict(list)
        waiting: dict[int, list[Label]] = defaultdict(list)
        self._put_down(self._begin(), waiting)
        for progress in range(2 * len(self.problem.shipments) + 1):
            here = waiting.pop(progress, [])
            at_base = [label for label in here if not label.trips[-1]]
            for label in self._undominated(label for label in here if label.trips[-1]):
                found[label.done] += self._finished(label)
                if not label.is_over:
                    self._put_down(self._extended(label), waiting)
                    at_base += self._back_at_base(label)
            for label in self._undominated(at_base):
                for departed in self._departed(label):
                    self._put_down(self._extended(departed), waiting)
        return found

    def _put_down(self, labels: Iterable[Label], waiting: dict[int, list[Label]]) -> None:
        """Keep what may still become a useful day."""
        for label in labels:
            is_useful = self.must_drive or label.price <= self.worth
            if is_useful and label.times and label.metres <= self.vehicle.max_distance:
                waiting[label.progress].append(label)

    # -- what a vehicle may do ---------------------------------------------------------------------------------------

    def _is_permitted(self, number: int) -> bool:
        """Skills, locks, depot of the goods, and no other vehicle's frozen part."""
        shipment = self.problem.shipments[number]
        frozen_by = {
            f.vehicle_type
            for f in self.problem.frozen
            if any(task.shipment == number for trip in f.trips for visit in trip for task in visit.tasks)
        }
        return (
            shipment.skills <= self.vehicle.skills
            and (shipment.vehicle_types is None or self.kind in shipment.vehicle_types)
            and (shipment.delivery is None or shipment.depot in (None, self.vehicle.start_depot))
            and frozen_by <= {self.kind}
        )

    def _begin(self) -> Iterator[Label]:
        """At the base, or after the frozen part."""
        label = Label(((),), {0: [Piece(0, FOREVER, 0)]}, aboard=self._vector(()), peak=self._vector(()))
        if self.frozen is None or not self.must_drive:
            if not self.is_closed:
                yield replace(label, hold=self.frozen.available_at if self.frozen else 0)
            return
        labels, overs = [label], list[Label]()
        fixed = [trip for trip in self.frozen.trips if trip] if self.frozen.complete else self.frozen.trips
        for number, trip in enumerate(fixed):
            is_open = number == len(fixed) - 1
            if is_open and not trip:
                yield from overs
                labels = [replace(label, hold=self.frozen.available_at) for label in labels]
            else:
                labels = [made for label in labels for made in self._frozen_trip(label, trip, is_open=is_open)]
            if not is_open:
                overs = [replace(label, is_over=True) for label in labels]
                labels = [back for label in labels for back in self._back_at_base(label)]
        yield from labels

    def _frozen_trip(self, label: Label, visits: Sequence[FrozenVisit], *, is_open: bool) -> Iterator[Label]:
        assert self.frozen is not None
        goes_on = is_open and not self.frozen.complete
        loaded = [t for visit in visits for t in visit.tasks if self._is_from_depot(t)]
        least = max((self.problem.shipments[t.shipment].release for t in loaded), default=0)
        floors = {least, *(floor for floor in self._floors(label) if floor > least)} if goes_on else {least}
        for floor in floors:
            made: Label | None = self._departed_at(label, floor)
            for number, visit in enumerate(visits, start=1):
                arrived = self._arrived(made, visit.stop) if made else None
                leaves = self.frozen.available_at if goes_on and number == len(visits) else 0
                served = self._served(made, visit.stop, visit.tasks, arrived, leaves) if made and arrived else None
                made = served
            if made is not None:
                yield replace(made, is_resumed=goes_on, is_over=is_open and not goes_on)

    def _is_from_depot(self, task: Task) -> bool:
        return task.action is Action.DELIVER and self.problem.shipments[task.shipment].pickup is None

    def _floors(self, label: Label) -> set[int]:
        """The releases that a trip may wait for."""
        loaded = (s for s in self.permitted if self.problem.shipments[s].pickup is None and not label.begun >> s & 1)
        return {0, *(self.problem.shipments[s].release for s in loaded)}

    def _departed(self, label: Label) -> Iterator[Label]:
        if len(label.trips) <= self.vehicle.max_trips:
            for floor in self._floors(label):
                yield self._departed_at(label, floor)

    def _departed_at(self, label: Label, floor: int) -> Label:
        """Reload, and leave the base."""
        is_first = len(label.trips) == 1
        early = max(self.opening, floor, label.hold, self.vehicle.tw_early if is_first else 0)
        if is_first:
            times: Times = {0: [Piece(early, max(early, FOREVER), early)]}
        else:
            times = self._moved(
                self._rested(label.times), self.vehicle.reload_duration, ((early, max(early, FOREVER)),)
            )
        waited = () if is_first else self._longer(label.rides, self.vehicle.reload_duration)
        return replace(label, times=times, floor=floor, hold=0, driven=0, rides=waited, peak=label.aboard)

    def _arrived(self, label: Label, stop: int) -> Times | None:
        """When service may begin at a stop; None = never."""
        arc = self._place(label), self.problem.stops[stop].location
        if UNREACHABLE in (self.distances[arc], self.durations[arc]):
            return None
        windows = tuple((window.early, window.late) for window in self.problem.stops[stop].windows)
        return self._moved(label.times, int(self.durations[arc]), windows) or None

    def _place(self, label: Label) -> int:
        return self.problem.stops[label.trips[-1][-1][0]].location if label.trips[-1] else self.start.location

    def _moved(self, times: Times, seconds: int, windows: tuple[tuple[int, int], ...]) -> Times:
        """Drive or work, rest where there is time, begin within the windows."""
        rested = self._rested({taken: postponed(frontier, seconds) for taken, frontier in times.items()})
        kept = {taken: admitted(frontier, windows) for taken, frontier in rested.items()}
        return {taken: frontier for taken, frontier in kept.items() if frontier}

    def _rested(self, times: Times) -> Times:
        after = dict(times)
        for taken in range(1, 1 << len(self.vehicle.breaks)):
            ways = []
            for bit, rest in enumerate(self.vehicle.breaks):
                before = after.get(taken & ~(1 << bit)) if taken >> bit & 1 else None
                if before and before[0].time <= rest.tw_late:
                    ways.append(postponed(admitted(before, ((rest.tw_early, rest.tw_late),)), rest.duration))
            if any(ways):
                after[taken] = merged([after.get(taken, []), *ways])
        return after

    def _extended(self, label: Label) -> Iterator[Label]:
        """One more visit: at every other stop, every choice of what can be done there."""
        last = label.trips[-1][-1][0] if label.trips[-1] and not label.is_resumed else None
        for stop in self.tasks_at:
            tasks = [task for task in self.tasks_at[stop] if self._is_open(label, task)] if stop != last else []
            arrived = self._arrived(label, stop) if tasks else None
            if arrived is None:
                continue
            for size in range(1, len(tasks) + 1):
                for chosen in combinations(tasks, size):
                    for order, rise in self._orders(label, chosen):
                        served = self._served(label, stop, order, arrived, 0, rise)
                        if served is not None:
                            yield served

    def _is_open(self, label: Label, task: Task) -> bool:
        bit = 1 << task.shipment
        if label.done & bit or (task.action is Action.COLLECT and label.begun & bit):
            return False
        shipment = self.problem.shipments[task.shipment]
        return not self._is_from_depot(task) or shipment.release <= label.floor

    def _served(
        self, label: Label, stop: int, tasks: tuple[Task, ...], arrived: Times, leaves: int, rise: Load | None = None
    ) -> Label | None:
        """Do some tasks at a stop; None = that cannot be."""
        problem, place = self.problem, self.problem.stops[stop]
        here = self._place(label)
        setup = 0 if label.trips[-1] and here == place.location else place.setup_duration
        service = setup + sum(problem.duration_of(task) for task in tasks)
        drive = int(self.durations[here, place.location])
        cargo = self._handled(label, tasks, self._rise(tasks) if rise is None else rise)
        rides = self._ridden(label, tasks, drive, service)
        if cargo is None or rides is None:
            return None
        begun, done, ceiling, base = label.begun, label.done, label.ceiling, label.wanted_base
        for task in tasks:
            shipment, bit = problem.shipments[task.shipment], 1 << task.shipment
            is_last = shipment.delivery is None or task.action is Action.DELIVER
            begun, done = begun | bit, done | bit if is_last else done
            if shipment.delivery is None:
                ceiling = min(ceiling, shipment.latest_return)
                if base is not None and shipment.depot not in (None, base):
                    return None
                base = base if shipment.depot is None else shipment.depot
        metres = int(self.distances[here, place.location])
        zones = self.vehicle.zones
        strange = bool(zones) and place.zone is not None and place.zone not in zones
        price = self.per_metre * metres + self.weights.cost * problem.preferences.unfamiliar_cost * strange
        times = self._moved(arrived, service, ((leaves, max(leaves, FOREVER)),))
        if not times or times[0][0].time > min(ceiling, self._last_return):
            return None
        return replace(
            label,
            trips=(*label.trips[:-1], (*label.trips[-1], (stop, tasks))),
            times=times,
            begun=begun,
            done=done,
            price=label.price + price,
            metres=label.metres + metres,
            aboard=cargo[0],
            peak=cargo[1],
            ceiling=ceiling,
            wanted_base=base,
            rides=rides,
            driven=label.driven + drive + service,
            is_ridden=label.is_ridden or any(task.shipment in self.limited for task in tasks),
            is_resumed=False,
        )

    @property
    def _last_return(self) -> int:
        return min(self.vehicle.tw_late + self.vehicle.max_overtime, FOREVER)

    # -- room --------------------------------------------------------------------------------------------------------

    def _vector(self, load: Load) -> Load:
        """A load in the dimensions that are limited."""
        return tuple(load[d] if d < len(load) else 0 for d in range(len(self.vehicle.capacity)))

    def _change(self, task: Task) -> Load:
        shipment = self.problem.shipments[task.shipment]
        load, collected = self._vector(shipment.load), self._vector(shipment.collected)
        if task.action is Action.COLLECT:
            return load
        return tuple(more - less for more, less in zip(collected, load, strict=True))

    def _rise(self, order: Sequence[Task]) -> Load:
        """Most above what was aboard when the visit began."""
        now = most = self._vector(())
        for task in order:
            now = _plus(now, self._change(task))
            most = _most(most, now)
        return most

    def _orders(self, label: Label, tasks: tuple[Task, ...]) -> list[tuple[tuple[Task, ...], Load]]:
        """Orders of the tasks of one visit, without those that need more room than another."""
        both = {task.shipment for task in tasks if Task(task.shipment, Action.COLLECT) in tasks}
        for task in tasks:
            is_paired = task.action is Action.DELIVER and not self._is_from_depot(task)
            if is_paired and task.shipment not in both and not label.begun >> task.shipment & 1:
                return []
        if tasks not in self.orders_of:
            self.orders_of[tasks] = list(self._best_orders(tasks))
        return self.orders_of[tasks]

    def _best_orders(self, tasks: tuple[Task, ...]) -> Iterator[tuple[tuple[Task, ...], Load]]:
        best: dict[frozenset[Task], list[tuple[tuple[Task, ...], Load]]] = {frozenset(): [((), self._rise(()))]}
        for size in range(1, len(tasks) + 1):
            for chosen in map(frozenset, combinations(tasks, size)):
                ways: list[tuple[tuple[Task, ...], Load]] = []
                for last in sorted(chosen):
                    for before, _ in best[chosen - {last}]:
                        order = (*before, last)
                        if _is_in_order(order, tasks):
                            ways.append((order, self._rise(order)))
                ways.sort(key=lambda way: way[1])
                kept: list[tuple[tuple[Task, ...], Load]] = []
                for way in ways:
                    if not any(_fits(other, way[1]) for _, other in kept):
                        kept.append(way)
                best[chosen] = kept
        yield from best[frozenset(tasks)]

    def _handled(self, label: Label, tasks: Sequence[Task], rise: Load) -> tuple[Load, Load] | None:
        """What is aboard after a visit, and the most in this trip; None = it does not fit."""
        brought = self._vector(())
        for task in tasks:
            if self._is_from_depot(task):
                brought = _plus(brought, self._vector(self.problem.shipments[task.shipment].load))
        aboard = _plus(label.aboard, brought)
        peak = _most(_plus(label.peak, brought), _plus(aboard, rise))
        if not _fits(peak, self.vehicle.capacity):
            return None
        for task in tasks:
            aboard = _plus(aboard, self._change(task))
        return aboard, peak

    # -- rides -------------------------------------------------------------------------------------------------------

    def _ridden(
        self, label: Label, tasks: Sequence[Task], drive: int, service: int
    ) -> tuple[tuple[int, int], ...] | None:
        """Limited shipments aboard after a visit, and how long at least; None = too long."""
        if not self.limited:
            return ()
        shipments, aboard = self.problem.shipments, dict(self._longer(label.rides, drive))
        for task in tasks:
            if task.shipment in self.limited and task.action is Action.DELIVER:
                least = label.driven + drive if self._is_from_depot(task) else aboard.pop(task.shipment, 0)
                if least > shipments[task.shipment].max_ride:
                    return None
        aboard = {number: seconds + service for number, seconds in aboard.items()}
        done = {task.shipment for task in tasks if task.action is Action.DELIVER}
        for task in tasks:
            if task.shipment in self.limited and task.action is Action.COLLECT and task.shipment not in done:
                aboard[task.shipment] = 0
        return tuple(aboard.items())

    def _longer(self, rides: tuple[tuple[int, int], ...], more: int) -> tuple[tuple[int, int], ...]:
        return tuple((number, seconds + more) for number, seconds in rides)

    # -- the end of a trip -------------------------------------------------------------------------------------------

    def _returned(self, label: Label, *, is_last: bool) -> Label | None:
        """Back at the base, its tasks over; None = that cannot be."""
        depot = self.vehicle.end_depot if is_last else self.vehicle.start_depot
        base = self.problem.depots[depot]
        arc = self._place(label), base.location
        if label.wanted_base not in (None, depot) or UNREACHABLE in (self.distances[arc], self.durations[arc]):
            return None
        late = min(label.ceiling, base.tw_late, self._last_return if is_last else FOREVER)
        drive, metres = int(self.durations[arc]), int(self.distances[arc])
        times = {taken: postponed(frontier, drive) for taken, frontier in label.times.items()}
        kept = {taken: admitted(frontier, ((min(0, late), late),)) for taken, frontier in times.items()}
        rides = self._longer(label.rides, drive)
        to_depot = {number for number, _ in rides if self.problem.shipments[number].delivery is None}
        too_long = any(number in to_depot and s > self.problem.shipments[number].max_ride for number, s in rides)
        if too_long or not any(kept.values()) or label.metres + metres > self.vehicle.max_distance:
            return None
        aboard = self._vector(())
        for number, shipment in enumerate(self.problem.shipments):
            if (label.begun & ~label.done) >> number & 1:
                aboard = _plus(aboard, self._vector(shipment.load))
        return replace(
            label,
            trips=(*label.trips, ()),
            times={taken: frontier for taken, frontier in kept.items() if frontier},
            price=label.price + self.per_metre * metres,
            metres=label.metres + metres,
            aboard=aboard,
            peak=aboard,
            ceiling=FOREVER,
            wanted_base=None,
            floor=0,
            rides=tuple(ride for ride in rides if ride[0] not in to_depot),
            is_resumed=False,
        )

    def _back_at_base(self, label: Label) -> Iterator[Label]:
        back = self._returned(label, is_last=False)
        if back is not None and len(back.trips) <= self.vehicle.max_trips:
            yield back

    def _finished(self, label: Label) -> Iterator[Option]:
        """The days that end here, one for every way to time them that may be best."""
        back = self._returned(label, is_last=True) if label.begun == label.done else None
        if back is None or len(label.trips) > self.vehicle.max_trips:
            return
        fixed = self.weights.vehicles + self.weights.cost * (self.vehicle.fixed_cost + self._changes(label.done))
        worth = sum(
            left_cost(self.problem, self.weights, s) for s in range(len(self.problem.shipments)) if label.done >> s & 1
        )
        for working, overtime in self._timings(back.times):
            timed = self.vehicle.unit_duration_cost * working + self.vehicle.unit_overtime_cost * overtime
            cost = back.price + fixed + self.weights.cost * timed
            if cost <= worth or self.must_drive:
                yield Option(cost, working, label.trips, not label.is_ridden)

    def _changes(self, done: int) -> int:
        published = (s.published for number, s in enumerate(self.problem.shipments) if done >> number & 1)
        return self.problem.preferences.change_cost * sum(p is not None and p != self.kind for p in published)

    def _timings(self, times: Times) -> set[tuple[int, int]]:
        """Working time and overtime of every departure that may be best."""
        breaks = self.vehicle.breaks
        found = set()
        for taken, frontier in times.items():
            rest = sum(b.duration for bit, b in enumerate(breaks) if taken >> bit & 1)
            for first, last, time in frontier:
                departures = {first, *(b.tw_early + b.duration for b in breaks)}
                for departure in (d for d in departures if first <= d <= last):
                    back = time + departure - first
                    is_rested = all(
                        taken >> bit & 1 or departure >= b.tw_early + b.duration or back <= b.tw_late
                        for bit, b in enumerate(breaks)
                    )
                    if is_rested and back - departure - rest <= self.vehicle.max_duration:
                        found.add((back - departure - rest, max(0, back - self.vehicle.tw_late)))
        return found

    # -- dominance ---------------------------------------------------------------------------------------------------

    def _undominated(self, labels: Iterable[Label]) -> list[Label]:
        """Labels without those that another one makes useless."""
        kept: dict[tuple[int | None, ...], list[Label]] = defaultdict(list)
        for label in sorted(labels, key=lambda label: (label.price, label.metres)):
            others = kept[label.key]
            if not (self._is_comparable(label) and any(self._dominates(other, label) for other in others)):
                others.append(label)
        return [label for alike in kept.values() for label in alike]

    def _is_comparable(self, label: Label) -> bool:
        """Whether no ride limit looks back before this moment, other than to the departure of the route."""
        if label.is_ridden:
            return False
        is_midway = len(label.trips) > 1 and bool(label.trips[-1])
        return not is_midway or all(self.problem.shipments[s].pickup is not None for s in self.limited)

    def _dominates(self, one: Label, other: Label) -> bool:
        return (
            one.price <= other.price
            and not one.is_ridden
            and one.hold <= other.hold
            and (self.vehicle.max_distance == FOREVER or one.metres <= other.metres)
            and one.ceiling >= other.ceiling
            and _fits(one.aboard, other.aboard)
            and _fits(one.peak, other.peak)
            and all(_is_covered(frontier, one.times.get(taken, [])) for taken, frontier in other.times.items())
        )


def left_cost(problem: Problem, prices: Weights, shipment: int) -> int:
    """What it adds to the total to leave a shipment behind."""
    left = problem.shipments[shipment]
    return prices.left + (prices.must_go_left if left.must_go else prices.cost * left.penalty)


def _is_in_order(order: tuple[Task, ...], tasks: tuple[Task, ...]) -> bool:
    """Whether the last task is not a delivery of what is yet to be collected here."""
    before = Task(order[-1].shipment, Action.COLLECT)
    return order[-1].action is Action.COLLECT or before not in tasks or before in order


def _is_covered(frontier: Frontier, by: Frontier) -> bool:
    """Whether for every departure of a frontier another one departs as late and is there as early."""
    for first, last, time in frontier:
        departures = [first, *(piece.last + 1 for piece in by if first <= piece.last < last)]
        for departure in departures:
            way = next((piece for piece in by if piece.last >= departure), None)
            if way is None or way.time + max(0, departure - way.first) > time + departure - first:
                return False
    return True


def _plus(one: Load, other: Load) -> Load:
    return tuple(a + b for a, b in zip(one, other, strict=True))


def _most(one: Load, other: Load) -> Load:
    return tuple(map(max, one, other))


def _fits(load: Load, room: Load) -> bool:
    return all(a <= b for a, b in zip(load, room, strict=True))

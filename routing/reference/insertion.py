"""
Cheapest insertion: put shipments where they add least, one lot after the other.

Places are ranked by the detour that they make, passed over when the sketch refuses them, and taken when the exact
schedule accepts them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from routing.drafts import Clock, Draft, DraftRoute, DraftVisit, joined
from routing.model import UNREACHABLE, Problem, Stop, Task, VehicleType
from routing.prices import Prices
from routing.reference.sketch import Sketcher, TripSketch, first_open
from routing.schedule import Conflict
from routing.solution import Route

MOST_TRIES = 12
"""Places of one lot that are timed exactly, cheapest first."""


_Filter = Callable[[DraftRoute, list[TripSketch], "Lot"], Callable[["Place"], bool]]
"""For a lot and a route: which places are worth a look."""


class Lot(NamedTuple):
    """Tasks that are inserted together: at one stop, or collected at one and delivered at another."""

    tasks: tuple[Task, ...]
    deliveries: tuple[Task, ...] = ()
    """Of what `tasks` collects, when it goes to another stop."""

    @property
    def shipments(self) -> tuple[int, ...]:
        return tuple(task.shipment for task in self.tasks)


class Place(NamedTuple):
    """Where a visit is put: before visit `position` of a trip, or into it; a trip that does not exist is made."""

    trip: int
    position: int
    joins: bool = False
    new_trip: bool = False


class Option(NamedTuple):
    """A way to put a lot into a draft."""

    added: int
    """Estimated cost."""
    vehicle: int
    """Position in the draft."""
    places: tuple[Place, ...]
    """One, or where to collect and where to deliver."""


@dataclass(frozen=True, slots=True)
class Inserted:
    """A lot has found its place."""

    draft: Draft
    vehicle: int
    added: int
    """Estimated cost."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A place that the schedule refused."""

    vehicle_type: int
    conflict: Conflict


class Inserter:
    """Inserts lots into drafts of one problem."""

    def __init__(self, problem: Problem, prices: Prices, clock: Clock) -> None:
        self._problem = problem
        self._prices = prices
        self._clock = clock
        self._sketcher = Sketcher(problem)
        self._frozen = {f.vehicle_type: f for f in problem.frozen}

    def insert(self, draft: Draft, lot: Lot, *, most: int | None = None, tries: int = MOST_TRIES) -> Inserted | None:
        """Put a lot where it adds least, and less than `most`; None when it finds no place."""
        for option in sorted(self._options(draft, lot, self._fits), key=_turn_of_option):
            if tries <= 0 or (most is not None and option.added >= most):
                return None
            route = self._applied(draft[option.vehicle], lot, option.places)
            if self._sketcher.sketch(route) is None:
                continue
            tries -= 1
            if isinstance(self._clock.timed(route), Route):
                changed = (*draft[: option.vehicle], route, *draft[option.vehicle + 1 :])
                return Inserted(changed, option.vehicle, option.added)
        return None

    def refusals(self, draft: Draft, lot: Lot, *, tries: int) -> Iterator[Refusal | Option]:
        """Try places, cheapest first; tell what forbids each, or the option that nothing forbids."""
        for option in sorted(self._options(draft, lot, _anywhere), key=_turn_of_option)[:tries]:
            route = self._applied(draft[option.vehicle], lot, option.places)
            timed = self._clock.timed(route)
            yield Refusal(route.vehicle_type, timed) if isinstance(timed, Conflict) else option

    # -- where a lot could go ----------------------------------------------------------------------------------------

    def _options(self, draft: Draft, lot: Lot, filters: _Filter) -> Iterator[Option]:
        """Every place in every vehicle; of idle vehicles that are alike only the first."""
        idle: set[DraftRoute] = set()
        for vehicle, route in enumerate(draft):
            frozen = self._frozen.get(route.vehicle_type)
            if (frozen is not None and frozen.complete) or route in idle:
                continue
            if not route.trips:
                idle.add(route)
            sketch = self._sketcher.sketch(route)
            if sketch is None:
                continue
            extra = 0 if route.trips else self._prices.vehicle[route.vehicle_type]
            extra += self._wishes(route.vehicle_type, lot)
            for added, places in self._ways(route, sketch, lot, filters(route, sketch, lot)):
                yield Option(extra + added, vehicle, places)

    def _ways(
        self, route: DraftRoute, sketch: list[TripSketch], lot: Lot, fits: Callable[[Place], bool]
    ) -> Iterator[tuple[int, tuple[Place, ...]]]:
        stop = self._problem.stop_of(lot.tasks[0])
        for place in self._places(route, stop):
            if fits(place):
                added = self._detour(route, sketch, place, stop)
                if lot.deliveries:
                    yield from self._deliveries(route, sketch, lot, place, added)
                else:
                    yield added, (place,)

    def _deliveries(
        self, route: DraftRoute, sketch: list[TripSketch], lot: Lot, first: Place, added: int
    ) -> Iterator[tuple[int, tuple[Place, ...]]]:
        """Where to deliver, once it is known where to collect; positions are those before the collection is put in."""
        stop = self._problem.stop_of(lot.deliveries[0])
        collected_at = self._problem.stops[self._problem.stop_of(lot.tasks[0])].location
        if not first.joins:  # straight on from the collection
            _, following = self._neighbours(route, sketch, first)
            further = self._way_by(route.vehicle_type, collected_at, stop, following)
            yield added + further, (first, Place(first.trip, first.position))
        if first.new_trip:
            return
        for position in range(first.position + 1, len(route.trips[first.trip]) + 1):
            place = Place(first.trip, position)
            yield added + self._detour(route, sketch, place, stop), (first, place)

    def _places(self, route: DraftRoute, stop: int) -> Iterator[Place]:
        """Every position of every trip behind the frozen part, and every new trip that may be made."""
        first_trip, first_position = self._free_from(route.vehicle_type)
        for trip in range(first_trip, len(route.trips)):
            begin = first_position if trip == first_trip else 0
            for position in range(begin, len(route.trips[trip]) + 1):
                yield Place(trip, position)
                if position < len(route.trips[trip]) and route.trips[trip][position][0] == stop:
                    yield Place(trip, position, joins=True)
        if len(route.trips) < self._problem.vehicle_types[route.vehicle_type].max_trips:
            begin = first_trip + 1 if first_position else first_trip
            for trip in range(begin, len(route.trips) + 1):
                yield Place(trip, 0, new_trip=True)

    def _free_from(self, vehicle_type: int) -> tuple[int, int]:
        frozen = self._frozen.get(vehicle_type)
        trips = [trip for trip in frozen.trips if trip] if frozen else []
        return (len(trips) - 1, len(trips[-1])) if trips else (0, 0)

    # -- what it adds ------------------------------------------------------------------------------------------------

    def _detour(self, route: DraftRoute, sketch: list[TripSketch], place: Place, stop: int) -> int:
        if place.joins:
            return 0
        before, after = self._neighbours(route, sketch, place)
        if not place.new_trip:
            return self._way_by(route.vehicle_type, before, stop, after)
        return self._way_by(route.vehicle_type, before, stop, after) + self._drive(route.vehicle_type, before, after)

    def _neighbours(self, route: DraftRoute, sketch: list[TripSketch], place: Place) -> tuple[int, int]:
        """Locations before and after a place."""
        if not place.new_trip:
            before, after = sketch[place.trip].locations[place.position : place.position + 2]
            return before, after
        vehicle = self._problem.vehicle_types[route.vehicle_type]
        end = vehicle.end_depot if place.trip == len(route.trips) else vehicle.start_depot
        return self._problem.depots[vehicle.start_depot].location, self._problem.depots[end].location

    def _way_by(self, vehicle_type: int, before: int, stop: int, after: int) -> int:
        """What it costs more to go by a stop than to go straight on."""
        here = self._problem.stops[stop].location
        setup = self._prices.second[vehicle_type] * self._problem.stops[stop].setup_duration
        by_it = self._drive(vehicle_type, before, here) + self._drive(vehicle_type, here, after)
        return setup + by_it - self._drive(vehicle_type, before, after)

    def _drive(self, vehicle_type: int, place: int, next_place: int) -> int:
        profile, prices = self._problem.vehicle_types[vehicle_type].profile, self._prices
        metres, seconds = self._sketcher.metres[profile], self._sketcher.seconds[profile]
        driven = prices.metre[vehicle_type] * metres[place][next_place]
        return driven + prices.second[vehicle_type] * seconds[place][next_place]

    def _wishes(self, vehicle_type: int, lot: Lot) -> int:
        published = (self._problem.shipments[s].published for s in lot.shipments)
        changed = sum(other not in (None, vehicle_type) for other in published)
        known = self._problem.vehicle_types[vehicle_type].zones
        zones = (self._problem.stops[self._problem.stop_of(t)].zone for t in (*lot.tasks[:1], *lot.deliveries[:1]))
        strange = sum(zone is not None and zone not in known for zone in zones) if known else 0
        return self._prices.changed * changed + self._prices.unfamiliar * strange

    # -- whether it may fit ------------------------------------------------------------------------------------------

    def _fits(self, route: DraftRoute, sketch: list[TripSketch], lot: Lot) -> Callable[[Place], bool]:
        """A necessary condition of a place that costs next to nothing."""
        vehicle = self._problem.vehicle_types[route.vehicle_type]
        facts = _Facts.of(self._problem, self._sketcher, lot)
        seconds = self._sketcher.seconds[vehicle.profile]
        loadable = [_is_loadable(trip, vehicle, facts) for trip in sketch]

        def fits(place: Place) -> bool:
            if place.new_trip:
                return True
            trip = sketch[place.trip]
            timely = _joins_in_time if place.joins else _is_in_time
            return loadable[place.trip] and timely(trip, place.position, facts, seconds)

        return fits

    # -- the changed route -------------------------------------------------------------------------------------------

    def _applied(self, route: DraftRoute, lot: Lot, places: tuple[Place, ...]) -> DraftRoute:
        trips = list(route.trips)
        if places[0].new_trip:
            trips.insert(places[0].trip, ())
        visits = list(trips[places[0].trip])
        # From the back, so that positions stay what they were.
        for place, tasks in reversed(list(zip(places, (lot.tasks, lot.deliveries), strict=False))):
            self._put(visits, place, tasks)
        trips[places[0].trip] = tuple(visits)
        return DraftRoute(route.vehicle_type, tuple(trips))

    def _put(self, visits: list[DraftVisit], place: Place, tasks: tuple[Task, ...]) -> None:
        stop = self._problem.stop_of(tasks[0])
        if place.joins:
            visits[place.position] = (stop, joined(self._problem, visits[place.position][1], tasks))
        else:
            visits.insert(place.position, (stop, tasks))


class _Facts(NamedTuple):
    """What a lot brings to the place where its first tasks are done."""

    stop: Stop
    items: int
    release: int
    latest_return: int
    unloaded: list[int]
    collected: list[int]

    @classmethod
    def of(cls, problem: Problem, sketcher: Sketcher, lot: Lot) -> _Facts:
        return cls(
            stop=problem.stops[problem.stop_of(lot.tasks[0])],
            items=sum(problem.duration_of(task) for task in lot.tasks),
            release=sketcher.release(lot.tasks),
            latest_return=sketcher.latest_return(lot.tasks),
            unloaded=sketcher.unloaded(lot.tasks),
            collected=sketcher.collected(lot.tasks),
        )


def _is_loadable(trip: TripSketch, vehicle: VehicleType, facts: _Facts) -> bool:
    """Whether the base can send it all with the trip, and get it all from it."""
    loads = ((trip.unloaded, facts.unloaded), (trip.collected, facts.collected))
    return all(
        aboard + more <= most
        for load, added in loads
        for aboard, more, most in zip(load, added, vehicle.capacity, strict=False)
    )


def _joins_in_time(trip: TripSketch, position: int, facts: _Facts, seconds: list[list[int]]) -> bool:
    onward = seconds[trip.locations[position + 1]][trip.locations[position + 2]]
    return trip.leaves[position + 1] + facts.items + onward <= trip.latest[position + 1]


def _is_in_time(trip: TripSketch, position: int, facts: _Facts, seconds: list[list[int]]) -> bool:
    here = facts.stop.location
    before, after = trip.locations[position : position + 2]
    drive, onward = seconds[before][here], seconds[here][after]
    leaves = trip.leaves[position] if position else max(trip.departs, facts.release)
    begins = first_open(facts.stop.windows, leaves + drive)
    if begins is None or max(drive, onward) >= UNREACHABLE:
        return False
    setup = 0 if position and before == here else facts.stop.setup_duration
    return begins + setup + facts.items + onward <= min(trip.latest[position], facts.latest_return)


def lots_of(problem: Problem, shipments: list[int]) -> list[Lot]:
    """One lot a shipment: must-go ones first, then those with the narrowest windows, then the dearest."""
    return [_lot(problem, s) for s in sorted(shipments, key=lambda s: _turn(problem, s))]


def _lot(problem: Problem, shipment: int) -> Lot:
    tasks = problem.tasks_of(shipment)
    return Lot(tasks[:1], tasks[1:])


def _turn(problem: Problem, shipment: int) -> tuple[int, int, int, int]:
    stops = [problem.stops[problem.stop_of(task)] for task in problem.tasks_of(shipment)]
    width = min(sum(w.late - w.early for w in stop.windows) for stop in stops)
    facts = problem.shipments[shipment]
    return (not facts.must_go, -facts.penalty, width, shipment)


def _turn_of_option(option: Option) -> tuple[int, bool, int, tuple[Place, ...]]:
    """Cheapest first; among equals no second halt at the same stop."""
    return option.added, not option.places[0].joins, option.vehicle, option.places


def _anywhere(_: DraftRoute, __: list[TripSketch], ___: Lot) -> Callable[[Place], bool]:
    return lambda _: True

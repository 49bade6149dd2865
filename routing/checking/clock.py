"""Rules on times."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from routing.checking.facts import RouteFacts, Violation
from routing.checking.rest import free_stretches
from routing.model import FOREVER
from routing.solution import Constraint, Visit


def timeline(facts: RouteFacts) -> Iterator[Violation]:
    """Drives take what the matrix says; services take set-up and items; nothing happens before what precedes it."""
    for leg in facts.legs:
        late = leg.arrives - leg.leaves - leg.duration
        if leg.is_reachable and late:
            detail = f"leaves at {leg.leaves}, drives {leg.duration} s, but arrives at {leg.arrives}"
            yield facts.violation(Constraint.TIMELINE, detail, leg.trip, leg.visit, amount=abs(late))
    for trip, position, visit in facts.visits:
        service = facts.service(trip, position)
        if visit.ends - visit.starts != service:
            detail = f"service takes {visit.ends - visit.starts} s instead of {service}"
            wrong = abs(visit.ends - visit.starts - service)
            yield facts.violation(Constraint.TIMELINE, detail, trip, position, amount=wrong)
        if not visit.arrives <= visit.starts <= visit.ends <= visit.leaves:
            yield facts.violation(Constraint.TIMELINE, "the visit's times are not in order", trip, position)


def time_windows(facts: RouteFacts) -> Iterator[Violation]:
    """Service begins while the stop is open."""
    for trip, position, visit in facts.visits:
        if outside := _outside(facts, visit):
            detail = f"service begins at {visit.starts}, {outside} s outside every window"
            yield facts.violation(Constraint.TIME_WINDOWS, detail, trip, position, amount=outside)


def _outside(facts: RouteFacts, visit: Visit) -> int:
    """Seconds to the nearest window."""
    windows = facts.problem.stops[visit.stop].windows
    return min(max(0, w.early - visit.starts, visit.starts - w.late) for w in windows)


def trips(facts: RouteFacts) -> Iterator[Violation]:
    """There are not too many trips, and enough time at the base between them."""
    excess = len(facts.route.trips) - facts.vehicle.max_trips
    if excess > 0:
        yield facts.violation(Constraint.TRIPS, f"{excess} trips too many", amount=excess)
    for number, (before, after) in enumerate(pairwise(facts.route.trips), start=1):
        longest = max(end - begin for begin, end in free_stretches(before.returns, after.departs, after.breaks))
        if longest < facts.vehicle.reload_duration:
            short = facts.vehicle.reload_duration - longest
            yield facts.violation(Constraint.TRIPS, f"{short} s too little to reload", number, amount=short)


def depot_hours(facts: RouteFacts) -> Iterator[Violation]:
    """Trips depart after the base opens and return before it closes."""
    opens = facts.problem.depots[facts.vehicle.start_depot].tw_early
    for number, trip in enumerate(facts.route.trips):
        early, late = opens - trip.departs, trip.returns - facts.depot_after(number).tw_late
        if early > 0:
            detail = f"departs {early} s before the base opens"
            yield facts.violation(Constraint.DEPOT_HOURS, detail, number, amount=early)
        if late > 0:
            detail = f"returns {late} s after the base has closed"
            yield facts.violation(Constraint.DEPOT_HOURS, detail, number, amount=late)


def shift(facts: RouteFacts) -> Iterator[Violation]:
    """The route lies within the shift and its overtime."""
    vehicle = facts.vehicle
    early = vehicle.tw_early - facts.route.trips[0].departs
    late = facts.route.trips[-1].returns - vehicle.tw_late - vehicle.max_overtime
    for amount, detail in (
        (early, "the route departs before the shift"),
        (late, "the route returns after the shift and its overtime"),
    ):
        if amount > 0:
            yield facts.violation(Constraint.SHIFT, f"{detail}: {amount} s", amount=amount)


def max_duration(facts: RouteFacts) -> Iterator[Violation]:
    """The route does not work too long, breaks left out."""
    trips = facts.route.trips
    rest = sum(taken.ends - taken.starts for trip in trips for taken in trip.breaks)
    excess = trips[-1].returns - trips[0].departs - rest - facts.vehicle.max_duration
    if excess > 0:
        yield facts.violation(Constraint.MAX_DURATION, f"the route works {excess} s too long", amount=excess)


def release(facts: RouteFacts) -> Iterator[Violation]:
    """Trips wait for what they deliver from the depot."""
    for h in facts.handlings:
        early = h.facts.release - facts.route.trips[h.trip].departs
        if h.is_from_depot and early > 0:
            detail = f"departs {early} s before shipment {h.shipment} is released"
            yield facts.violation(Constraint.RELEASE, detail, h.trip, shipment=h.shipment, amount=early)


def latest_return(facts: RouteFacts) -> Iterator[Violation]:
    """Trips are back in time with what they bring to the depot."""
    for h in facts.handlings:
        late = facts.route.trips[h.trip].returns - h.facts.latest_return
        if h.is_to_depot and late > 0:
            detail = f"returns {late} s too late for shipment {h.shipment}"
            yield facts.violation(Constraint.LATEST_RETURN, detail, h.trip, shipment=h.shipment, amount=late)


def ride_time(facts: RouteFacts) -> Iterator[Violation]:
    """No shipment is aboard for too long."""
    for shipment, (begin, end) in rides(facts).items():
        excess = end - begin - facts.problem.shipments[shipment].max_ride
        if excess > 0:
            detail = f"shipment {shipment} is aboard {excess} s too long"
            yield facts.violation(Constraint.RIDE_TIME, detail, shipment=shipment, amount=excess)


def rides(facts: RouteFacts) -> dict[int, tuple[int, int]]:
    """When each shipment with a ride limit comes aboard and leaves."""
    aboard: dict[int, tuple[int, int]] = {}
    for h in facts.handlings:
        trip = facts.route.trips[h.trip]
        visit = trip.visits[h.visit]
        if h.facts.max_ride == FOREVER:
            continue
        if h.is_to_depot:
            aboard[h.shipment] = visit.ends, trip.returns
        elif h.is_from_depot:
            aboard[h.shipment] = trip.departs, visit.starts
        else:
            begin = aboard.get(h.shipment, (visit.ends, visit.starts))[0]
            aboard[h.shipment] = begin, visit.starts
    return aboard

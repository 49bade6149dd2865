"""The slack of every visit, recomputed backwards from the end of the route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations

from routing.checking.facts import RouteFacts, Violation
from routing.checking.rest import free_stretches, matches
from routing.model import FOREVER
from routing.solution import Constraint, Trip

Event = tuple[int, int]
"""Trip and position: service begins at that visit; position -1 is the departure, the one after the last the return."""

Ride = tuple[Event, Event, int]
"""The second event comes at most so many seconds after the first."""


def stated_slack(facts: RouteFacts) -> Iterator[Violation]:
    """Each visit states its slack. To be asked of routes without another fault only: else nothing is in time."""
    rides = list(_rides(facts))
    once_for_all = {} if rides else _pushed_back(facts, {}, (0, -1))
    for trip, position, visit in facts.visits:
        event = (trip, position)
        slack = (_latest(facts, rides, event) if rides else once_for_all[event]) - visit.starts
        if visit.slack != slack:
            detail = f"service could begin {slack} s later, not {visit.slack}"
            yield facts.violation(Constraint.TIMELINE, detail, trip, position, amount=abs(slack - visit.slack))


def _latest(facts: RouteFacts, rides: list[Ride], event: Event) -> int:
    """The latest time of one event when everything before it keeps its time."""
    ceilings: dict[Event, int] = {}
    for begin, end, most in rides:
        if begin < event <= end:
            ceilings[end] = min(ceilings.get(end, FOREVER), _time(facts, begin) + most)
    while True:
        latest = _pushed_back(facts, ceilings, event)
        too_late = {ride for ride in rides if ride[0] >= event and latest[ride[1]] > latest[ride[0]] + ride[2]}
        if not too_late:
            return latest[event]
        for begin, end, most in too_late:
            ceilings[end] = min(ceilings.get(end, FOREVER), latest[begin] + most)


def _pushed_back(facts: RouteFacts, ceilings: Mapping[Event, int], since: Event) -> dict[Event, int]:
    """The latest time of each event, from the last one back to `since`, breaks unmoved."""
    latest: dict[Event, int] = {}
    clock = _last_return(facts)
    for number in reversed(range(len(facts.route.trips))):
        trip = facts.route.trips[number]
        drives = [leg.duration for leg in facts.legs if leg.trip == number]
        latest[number, len(trip.visits)] = clock = min(
            clock, _closing(facts, number), ceilings.get((number, len(trip.visits)), FOREVER)
        )
        for position in reversed(range(len(trip.visits))):
            event, visit = (number, position), trip.visits[position]
            clock = _before_rest(trip, visit.ends, visit.leaves, clock - drives[position + 1])
            ceiling = min(clock - facts.service(number, position), ceilings.get(event, FOREVER))
            windows = facts.problem.stops[visit.stop].windows
            latest[event] = max(min(w.late, ceiling) for w in windows if w.early <= ceiling)
            if event <= since:
                return latest
            clock = _before_rest(trip, visit.arrives, visit.starts, latest[event])
        latest[number, -1] = clock = clock - drives[0]
        clock = _latest_before_base(facts, number, clock) if number else clock
    return latest


def _before_rest(trip: Trip, begin: int, end: int, clock: int) -> int:
    """When what precedes an idle stretch must be over: before its first break, if one is taken in it."""
    return min((t.starts for t in trip.breaks if begin <= t.starts and t.ends <= end), default=clock)


def _latest_before_base(facts: RouteFacts, number: int, departs: int) -> int:
    """The latest return of the trip before, when this one departs at `departs`: the base needs time to reload."""
    before, trip = facts.route.trips[number - 1], facts.route.trips[number]
    first, *others = free_stretches(before.returns, trip.departs, trip.breaks)
    if not others:
        return departs - facts.vehicle.reload_duration
    *inner, (last_begin, _) = others
    fits_later = any(end - begin >= facts.vehicle.reload_duration for begin, end in (*inner, (last_begin, departs)))
    return first[1] if fits_later else first[1] - facts.vehicle.reload_duration


def _closing(facts: RouteFacts, number: int) -> int:
    """When a trip must be over."""
    limits = [facts.depot_after(number).tw_late]
    limits += [h.facts.latest_return for h in facts.handlings if h.trip == number and h.is_to_depot]
    if number == len(facts.route.trips) - 1:
        limits.append(facts.vehicle.tw_late + facts.vehicle.max_overtime)
    return min(*limits, FOREVER)


def _last_return(facts: RouteFacts) -> int:
    """The return after which the route works too long, or needs a break that it does not take."""
    departs, rests = facts.route.trips[0].departs, facts.vehicle.breaks
    taken = [t for trip in facts.route.trips for t in trip.breaks]
    without = [
        min(
            (r.tw_late for k, r in enumerate(rests) if k not in chosen and departs < r.tw_early + r.duration),
            default=FOREVER,
        )
        for chosen in permutations(range(len(rests)), len(taken))
        if matches(taken, [rests[k] for k in chosen])
    ]
    return min(max(without), departs + facts.vehicle.max_duration + sum(t.ends - t.starts for t in taken))


def _rides(facts: RouteFacts) -> Iterator[Ride]:
    """Every shipment with a limit aboard: from its collection (service included) or departure to its end."""
    collected: dict[int, tuple[Event, int]] = {}
    for h in facts.handlings:
        event, most = (h.trip, h.visit), h.facts.max_ride
        if most == FOREVER:
            continue
        if h.is_from_depot:
            yield (h.trip, -1), event, most
        elif h.is_to_depot:
            yield event, (h.trip, len(facts.route.trips[h.trip].visits)), most + facts.service(*event)
        elif h.shipment in collected:
            begin, service = collected[h.shipment]
            yield begin, event, most + service
        else:
            collected[h.shipment] = event, facts.service(*event)


def _time(facts: RouteFacts, event: Event) -> int:
    trip = facts.route.trips[event[0]]
    return trip.departs if event[1] < 0 else trip.visits[event[1]].starts

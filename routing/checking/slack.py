"""The slack of every visit, recomputed backwards from the end of the route."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

from routing.checking.facts import RouteFacts, Violation
from routing.checking.rest import matches
from routing.model import FOREVER, Break
from routing.solution import BreakTaken, Constraint

Event = tuple[int, int]
"""Trip and position: service begins at that visit; position -1 is the departure, the one after the last the return."""

Ride = tuple[Event, Event, int]
"""The second event comes at most so many seconds after the first."""


class _Rests(NamedTuple):
    """Which of the vehicle type's breaks those taken are."""

    pairs: list[tuple[BreakTaken, Break]]
    """In order of time."""
    last_return: int
    """After it the route works too long, or needs a break that it does not take."""

    def before(self, begin: int, end: int, clock: int) -> int:
        """When what precedes the breaks of a stretch of time must be over, when what follows begins at `clock`."""
        for taken, rest in reversed(self.pairs):
            if begin <= taken.starts and taken.ends <= end:
                starts = min(clock - rest.duration, rest.tw_late)
                clock = starts if starts >= rest.tw_early else -FOREVER
        return clock


def stated_slack(facts: RouteFacts) -> Iterator[Violation]:
    """Each visit states its slack. To be asked of routes without another fault only: else nothing is in time."""
    latest = _latest_starts(facts)
    for trip, position, visit in facts.visits:
        slack = latest[trip, position] - visit.starts
        if visit.slack != slack:
            detail = f"service could begin {slack} s later, not {visit.slack}"
            yield facts.violation(Constraint.TIMELINE, detail, trip, position, amount=abs(slack - visit.slack))


def _latest_starts(facts: RouteFacts) -> dict[Event, int]:
    """The latest start of each visit when everything before it keeps its time."""
    rides = list(_rides(facts))
    latest = {(trip, position): visit.starts for trip, position, visit in facts.visits}
    for rests in _matchings(facts):
        once_for_all = {} if rides else _pushed_back(facts, rests, {}, (0, -1))
        for event, time in latest.items():
            latest[event] = max(time, _latest(facts, rests, rides, event) if rides else once_for_all[event])
    return latest


def _matchings(facts: RouteFacts) -> Iterator[_Rests]:
    departs, returns, rests = facts.route.trips[0].departs, facts.route.trips[-1].returns, facts.vehicle.breaks
    taken = sorted((t for trip in facts.route.trips for t in trip.breaks), key=lambda t: t.starts)
    works_until = departs + facts.vehicle.max_duration + sum(t.ends - t.starts for t in taken)
    for chosen in permutations(range(len(rests)), len(taken)):
        ours, others = [rests[k] for k in chosen], [rest for k, rest in enumerate(rests) if k not in chosen]
        needed_after = [rest.tw_late for rest in others if departs < rest.tw_early + rest.duration]
        last_return = min(works_until, *needed_after, FOREVER)
        if matches(taken, ours) and returns <= last_return:
            yield _Rests(list(zip(taken, ours, strict=True)), last_return)


def _latest(facts: RouteFacts, rests: _Rests, rides: list[Ride], event: Event) -> int:
    """The latest time of one event when everything before it keeps its time."""
    ceilings: dict[Event, int] = {}
    for begin, end, most in rides:
        if begin < event <= end:
            ceilings[end] = min(ceilings.get(end, FOREVER), _time(facts, begin) + most)
    while True:
        latest = _pushed_back(facts, rests, ceilings, event)
        too_late = {ride for ride in rides if ride[0] >= event and latest[ride[1]] > latest[ride[0]] + ride[2]}
        if not too_late:
            return latest[event]
        for begin, end, most in too_late:
            ceilings[end] = min(ceilings.get(end, FOREVER), latest[begin] + most)


def _pushed_back(facts: RouteFacts, rests: _Rests, ceilings: Mapping[Event, int], since: Event) -> dict[Event, int]:
    """The latest time of each event, from the last one back to `since`."""
    latest: dict[Event, int] = {}
    clock = rests.last_return
    for number in reversed(range(len(facts.route.trips))):
        trip = facts.route.trips[number]
        drives = [leg.duration for leg in facts.legs if leg.trip == number]
        latest[number, len(trip.visits)] = clock = min(
            clock, _closing(facts, number), ceilings.get((number, len(trip.visits)), FOREVER)
        )
        for position in reversed(range(len(trip.visits))):
            event, visit = (number, position), trip.visits[position]
            clock = rests.before(visit.ends, visit.leaves, clock - drives[position + 1])
            ceiling = min(clock - facts.service(number, position), ceilings.get(event, FOREVER))
            windows = facts.problem.stops[visit.stop].windows
            latest[event] = max(min(w.late, ceiling) for w in windows if w.early <= ceiling)
            if event <= since:
                return latest
            clock = rests.before(visit.arrives, visit.starts, latest[event])
        latest[number, -1] = clock = clock - drives[0]
        clock = _latest_before_base(facts, rests, number, clock) if number else clock
    return latest


def _latest_before_base(facts: RouteFacts, rests: _Rests, number: int, departs: int) -> int:
    """The latest return of the trip before, when this one departs at `departs`: the base needs time to reload."""
    begin, end = facts.route.trips[number - 1].returns, facts.route.trips[number].departs
    return max(
        rests.before(begin, split, rests.before(split, end, departs) - facts.vehicle.reload_duration)
        for split in (begin, *(t.ends for t, _ in rests.pairs if begin <= t.starts and t.ends <= end))
    )


def _closing(facts: RouteFacts, number: int) -> int:
    """When a trip must be over."""
    limits = [facts.depot_after(number).tw_late]
    limits += [h.facts.latest_return for h in facts.handlings if h.trip == number and h.is_to_depot]
    if number == len(facts.route.trips) - 1:
        limits.append(facts.vehicle.tw_late + facts.vehicle.max_overtime)
    return min(*limits, FOREVER)


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

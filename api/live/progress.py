"""
How far a courier is: the published round held against what custody says happened.

A stop is done once each of its tasks is, failed once each has an outcome and one of them failed; else it is left. The
rest of the day is re-timed forward from the stop that was settled last, with the plan's own driving and service times:
a stop where the plan waits is not served before the plan serves it, a trip does not leave before the plan says, and
nothing that has not been reported can have ended before now.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from api.custody.ordering import Fact
from api.custody.replay import replay
from api.custody.vocabulary import EventType
from api.plans.schemas import PlannedRoute, PlannedStop, PlannedTrip, StopTask
from routing.model import Action

_ENDS = {
    Action.DELIVER: frozenset({EventType.DELIVER, EventType.HAND_AGENCY, EventType.RETURN_DONE}),
    Action.COLLECT: frozenset({EventType.ACCEPT, EventType.COLLECT_RESULT}),
}
"""Events that do a task."""
_AT_SITE = {Action.DELIVER: EventType.ARRIVE, Action.COLLECT: EventType.OUT}
"""Events that do a task at a site of the post, when they name that site."""
_AT_COUNTER = EventType.ACCEPT
"""At a site of the post a clerk takes something from a citizen, and it lies there until its courier comes for it."""

OUTCOMES: Final = frozenset({EventType.ATTEMPT}).union(*_ENDS.values())
"""Events that say what became of a task, at a citizen's or an agency's door."""


class StopState(StrEnum):
    """What became of a stop."""

    DONE = "done"
    FAILED = "failed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task."""

    is_done: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class StopProgress:
    """A stop, as planned and as it is."""

    trip: int
    """From 0."""
    number: int
    """In the trip, from 0."""
    stop: PlannedStop
    state: StopState
    settled_at: datetime | None
    """When its last task got an outcome."""
    expected: datetime | None
    """When it will be left; None = it is settled, or was passed by."""


@dataclass(frozen=True, slots=True)
class RoundProgress:
    """A round, as planned and as it is."""

    stops: tuple[StopProgress, ...]
    late: timedelta
    """At the next stop, or at the last one when none is left; below zero = early."""
    late_at_end: timedelta
    """On the return to the base."""
    returns: datetime
    """The expected end."""
    trip_returns: tuple[datetime | None, ...]
    """When each trip will be back; None = it is over."""

    def count(self, state: StopState) -> int:
        return sum(one.state is state for one in self.stops)


def outcome_of(
    task: StopTask, stop: PlannedStop, courier_id: str, facts: Sequence[Fact], since: datetime
) -> Outcome | None:
    """What became of a courier's task since the beginning of the day; None = nothing yet. The last event counts."""
    found = None
    for step in replay(facts).steps:
        event = step.fact.event
        at_site = event.type is _AT_SITE[task.action] and stop.site_id is not None
        if event.type is _AT_COUNTER and stop.site_id is not None and event.data.courier_id != courier_id:
            continue
        is_done = event.type in _ENDS[task.action] or (at_site and event.data.site_id == stop.site_id)
        if step.fact.moment >= since and (is_done or event.type is EventType.ATTEMPT):
            found = Outcome(is_done, step.fact.moment)
    return found


def progress_of(
    route: PlannedRoute, facts: Mapping[str, Sequence[Fact]], *, since: datetime, now: datetime, reload: timedelta
) -> RoundProgress:
    """
    Hold a round against the facts of its shipments.

    Parameters
    ----------
    facts
        By code of the shipment.
    since
        The beginning of the day.
    reload
        At the base, between two trips.
    """
    met = [
        (trip, number, stop, *_state(stop, route.courier_id, facts, since))
        for trip, planned in enumerate(route.trips)
        for number, stop in enumerate(planned.stops)
    ]
    settled = [(at, place) for place, (*_, at) in enumerate(met) if at is not None]
    last_at, last = max(settled, default=(None, -1))
    times = _Forward(route, reload).times(last, last_at, {place for _, place in settled}, now)
    stops = tuple(
        StopProgress(trip, number, stop, state, at, times.leaves.get(place))
        for place, (trip, number, stop, state, at) in enumerate(met)
    )
    ahead = min(times.leaves, default=None)
    if ahead is not None:
        late = times.leaves[ahead] - met[ahead][2].leaves
    else:
        late = last_at - met[last][2].leaves if last_at is not None else timedelta(0)
    late_at_end = times.returns - route.trips[-1].returns
    return RoundProgress(stops, late, late_at_end, times.returns, times.trip_returns)


def _state(
    stop: PlannedStop, courier_id: str, facts: Mapping[str, Sequence[Fact]], since: datetime
) -> tuple[StopState, datetime | None]:
    if not stop.tasks:  # in a re-planned day: driven, and nothing could be handed over there
        return StopState.FAILED, stop.leaves
    outcomes = [outcome_of(task, stop, courier_id, facts.get(task.shipment, ()), since) for task in stop.tasks]
    known = [one for one in outcomes if one is not None]
    if len(known) < len(outcomes):
        return StopState.LEFT, None
    state = StopState.DONE if all(one.is_done for one in known) else StopState.FAILED
    return state, max(one.at for one in known)


@dataclass(frozen=True, slots=True)
class _Times:
    leaves: dict[int, datetime]
    """By place in the round, of the stops that are left and lie ahead."""
    returns: datetime
    trip_returns: tuple[datetime | None, ...]


class _Forward:
    """Goes through what is left of a round."""

    def __init__(self, route: PlannedRoute, reload: timedelta) -> None:
        self._trips, self._reload = route.trips, reload

    def times(self, last: int, last_at: datetime | None, settled: set[int], now: datetime) -> _Times:
        """Re-time what comes after the stop settled last; `last` = -1 when none is."""
        leaves: dict[int, datetime] = {}
        place, returns = 0, None
        trip_returns: list[datetime | None] = []
        for trip in self._trips:
            count = len(trip.stops)
            if place + count <= last:  # it is over
                place += count
                trip_returns.append(None)
                continue
            begun = last_at if place <= last else None
            departs = trip.departs if returns is None else max(trip.departs, returns + self._reload)
            returns = self._trip(trip, place, last if begun else -1, begun or departs, leaves, settled, now)
            trip_returns.append(returns)
            place += count
        assert returns is not None  # a round has a trip, and a trip a stop
        return _Times(leaves, max(returns, now) if leaves else returns, tuple(trip_returns))

    def _trip(
        self,
        trip: PlannedTrip,
        first: int,
        last: int,
        clock: datetime,
        leaves: dict[int, datetime],
        settled: set[int],
        now: datetime,
    ) -> datetime:
        """One trip from a moment on, which is its departure or the end of its stop `last`; returns its return."""
        planned_departures = [trip.departs, *(stop.leaves for stop in trip.stops)]
        ways = [stop.arrives - left for left, stop in zip(planned_departures, trip.stops, strict=False)]
        for number, (stop, way) in enumerate(zip(trip.stops, ways, strict=True)):
            place = first + number
            if place <= last or place in settled:
                continue
            arrives = clock + way
            starts = max(arrives, stop.starts) if stop.waits else arrives
            clock = max(starts + (stop.leaves - stop.starts), now)
            leaves[place] = clock
        return clock + (trip.returns - trip.stops[-1].leaves)

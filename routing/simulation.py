"""
Replay a planned route as a day may really go: drives and services of noisy lengths, goods that come late, closed doors.

The courier keeps the plan's order and decides nothing but what everybody would:

- A trip leaves when planned, or as soon as they are back, rested and reloaded. It waits for nothing: what is not at the
  base by then is left there. With `patience`, it waits that long at most for what will come within that time (the base
  knows when), and not at all for what comes later still.
- A visit with nothing to do is left out, and so is one whose last window is over before they set out. Any other door
  they try, even when they will probably come too late.
- They wait until a window opens. Where the plan waits on purpose (a later start keeps a ride short), so do they until
  the planned time. Who is late goes on at once.
- Breaks of the plan keep their place in the sequence, in full and not before their window. One whose place is left out
  is taken at the next halt: before service at the next visit, or at the base before the next trip. When no halt
  follows, the day is over and it is not needed.
- A trip with nothing to visit is not driven, unless the route ends at another base: then they drive there at once.
- Before every drive they look whether, going on to the next visit and from there straight home, they would be back by
  the end of the shift and its overtime, at the times that the matrices and the model expect. When not, they turn back.
  At a door that is open they serve; they do not wait at one when they could not be back in time then.

Working time, distance, rides, hours of bases and latest returns limit the plan, not the day: the replay tells how long
it was and when everything was back. Routes are taken as the checker has passed them. Frozen parts make no difference.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from routing.model import FOREVER, Problem, Task
from routing.simulating.itinerary import PlannedTrip, Rests, itinerary, rested
from routing.simulating.noise import Noise, TripFactors, draw_factors
from routing.simulating.outing import Outing
from routing.simulating.replayed import Outcome, Replay, ReplayedTrip, ReplayedVisit
from routing.solution import BreakTaken, Route

__all__ = ["Noise", "Outcome", "Replay", "ReplayedTrip", "ReplayedVisit", "replay"]

AS_RELEASED: Mapping[int, int] = MappingProxyType({})
"""Everything is at the base when the plan says so."""


def replay(
    problem: Problem,
    route: Route,
    noise: Noise,
    rng: np.random.Generator,
    *,
    at_base: Mapping[int, int] = AS_RELEASED,
    turned_away: Collection[Task] = (),
    patience: int = 0,
) -> Replay:
    """
    Let a day go by as a planned route meets reality. Without noise and surprises it goes as planned, to the second.

    Parameters
    ----------
    problem, route
        The plan: what the route's positions refer to, and a timed route that the checker passes.
    noise
        How far drives and services stray from what is expected.
    rng
        The only source of chance. How many numbers are taken from it depends on the route alone.
    at_base
        When a shipment that goes out from the base is really there, seconds after midnight, `FOREVER` for never; those
        not named are there at their release. Shipments of other routes may be named too.
    turned_away
        Tasks whose hand-over fails when it comes to it; it takes as long as one that succeeds. Tasks of other routes
        may be named too.
    patience
        Longest wait of a trip for goods that come late, seconds.

    Raises
    ------
    ValueError
        When a surprise concerns nothing that could happen (a shipment that never starts at the base, a task that the
        problem does not have), or the route is none that could be driven.
    """
    surprises = _Surprises(at_base, frozenset(turned_away), patience)
    _check(problem, surprises)
    day = _Day(problem, route, surprises, itinerary(problem, route))
    factors = draw_factors(route, noise, rng)
    trips = tuple(day.drive(number, factors[number]) for number in range(len(route.trips)))
    return day.told(trips)


@dataclass(frozen=True, slots=True)
class _Surprises:
    at_base: Mapping[int, int]
    turned_away: frozenset[Task]
    patience: int


def _check(problem: Problem, surprises: _Surprises) -> None:
    if surprises.patience < 0:
        raise ValueError(f"patience is never negative, got {surprises.patience}")
    shipments = range(len(problem.shipments))
    for shipment in surprises.at_base:
        if shipment not in shipments or problem.shipments[shipment].pickup is not None:
            raise ValueError(f"at_base names shipment {shipment}, which does not go out from a base")
    for task in surprises.turned_away:
        if task.shipment not in shipments or task not in problem.tasks_of(task.shipment):
            raise ValueError(f"turned_away names {task}, which the problem does not have")


@dataclass(slots=True)
class _Day:
    """A route's day between its trips."""

    problem: Problem
    route: Route
    surprises: _Surprises
    plan: tuple[PlannedTrip, ...]
    departed: int | None = None
    """For the first time."""
    returned: int = 0
    """For the last time."""
    rested: int = 0
    """Seconds of breaks since the first departure."""
    owed: Rests = ()
    """Breaks whose place was left out, and which are to be taken at the next halt."""
    aboard: frozenset[int] = frozenset()
    back: dict[int, int] = field(default_factory=dict)

    def drive(self, number: int, factors: TripFactors) -> ReplayedTrip:
        """Let one trip happen, or not."""
        trip = self.plan[number]
        ready, breaks = self._ready(trip)
        departs = self._patient(trip, ready)
        loaded = {shipment for shipment in trip.loads if self._at_base(shipment) <= departs}
        outing = self._outing(number, factors, departs, self.aboard | loaded, breaks)
        visits = tuple(outing.come_to(place) for place in range(1, len(trip.halts) + 1))
        if outing.place == 0 and trip.is_round:
            self.owed = (*self.owed, *trip.rests)
            self._unload(number)
            return ReplayedTrip(visits)
        if outing.place == 0:  # nothing to visit, but the route ends elsewhere: straight there, with nothing new aboard
            departs = trip.departs if self.departed is None else self.returned
            outing = self._outing(number, factors, departs, self.aboard)
        self.departed = outing.departs if self.departed is None else self.departed
        self.returned = outing.home()
        self.owed, self.aboard = outing.owed, frozenset(outing.aboard)
        self.rested += sum(taken.ends - taken.starts for taken in outing.breaks)
        self._unload(number)
        return ReplayedTrip(visits, outing.departs, self.returned, outing.breaks, outing.distance)

    def told(self, trips: tuple[ReplayedTrip, ...]) -> Replay:
        """Sum the day up."""
        if self.departed is None:
            return Replay(trips, 0, 0, {})
        vehicle = self.problem.vehicle_types[self.route.vehicle_type]
        working = self.returned - self.departed - self.rested
        return Replay(trips, working, max(0, self.returned - vehicle.tw_late), self.back)

    def _ready(self, trip: PlannedTrip) -> tuple[int, tuple[BreakTaken, ...]]:
        """When a trip may depart, and the breaks at the base before it; work begins with the first departure."""
        if self.departed is None:
            return trip.departs, ()
        vehicle = self.problem.vehicle_types[self.route.vehicle_type]
        clock, before = rested(self.returned, (*self.owed, *trip.rests_before_reload))
        clock, after = rested(clock + vehicle.reload_duration, trip.rests_after_reload)
        return max(clock, trip.departs), (*before, *after)

    def _patient(self, trip: PlannedTrip, ready: int) -> int:
        """When a trip departs that waits for late goods within its patience."""
        until = min(ready + self.surprises.patience, FOREVER - 1)
        return max([ready, *(at for at in map(self._at_base, trip.loads) if at <= until)])

    def _at_base(self, shipment: int) -> int:
        return self.surprises.at_base.get(shipment, self.problem.shipments[shipment].release)

    def _outing(
        self, number: int, factors: TripFactors, departs: int, aboard: Set[int], breaks: tuple[BreakTaken, ...] = ()
    ) -> Outing:
        return Outing(
            self.problem,
            self.surprises.turned_away,
            self.plan[number],
            factors,
            self._deadline(number),
            departs,
            set(aboard),
            breaks,
        )

    def _deadline(self, number: int) -> int:
        """When a trip must be back at the latest, so that the route can end in time where it has to end."""
        vehicle = self.problem.vehicle_types[self.route.vehicle_type]
        last = self.plan[-1]
        to_end = 0 if number == len(self.plan) - 1 or last.is_round else last.way(0, last.end).duration
        return vehicle.tw_late + vehicle.max_overtime - to_end

    def _unload(self, number: int) -> None:
        """Leave at the base what no later trip delivers."""
        later = {
            task.shipment for trip in self.route.trips[number + 1 :] for visit in trip.visits for task in visit.tasks
        }
        self.back |= dict.fromkeys(sorted(self.aboard - later), self.returned)
        self.aboard &= later

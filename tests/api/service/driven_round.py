"""
How one courier's round goes in a simulated day: when each planned task is done, and where the courier is meanwhile.

Each stop draws its own chances from the seed, the courier and the stop, so that it does not matter in which steps the
day is looked at; what the plan becomes meanwhile is followed from wherever the courier is.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from api.plans.schemas import PlannedRoute, PlannedStop, PlannedTrip, Position, StopTask
from routing.model import Action


class Manner(StrEnum):
    """How a courier's day differs from the others'."""

    PLAIN = "plain"
    LATE = "late"
    """Sets out more than an hour late and stays behind."""
    SILENT = "silent"
    """The phone falls silent after the first two stops, and nothing more is heard of it."""
    INCIDENT = "incident"
    """One paper is damaged on the way."""
    INCOMPLETE = "incomplete"
    """One proof of delivery lacks the ID's digits."""


_ERRORS = {Manner.INCIDENT: "damaged", Manner.INCOMPLETE: "careless"}
"""What happens once, at a door after the first stop."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that a phone tells of its round."""

    at: datetime
    what: str
    """`set_out`, `done`, `careless` (done, with a piece left out), `absent`, `damaged` or `back`."""
    tasks: tuple[StopTask, ...]
    stop: PlannedStop | None = None
    """None = at the base."""


@dataclass
class DrivenRound:
    """One courier's round under way."""

    courier_id: str
    manner: Manner
    seed: int
    absent_share: float = 0.04
    """Of deliveries at doors, how many find nobody."""
    clock: datetime | None = None
    """When the last thing was done."""
    settled: set[str] = field(default_factory=set)
    """Shipments that need nothing more of this courier."""
    aboard: dict[str, StopTask] = field(default_factory=dict)
    """What has to be handed in at the base."""
    out: set[str] = field(default_factory=set)
    """Taken along from the base."""
    stops_done: int = 0
    has_erred: bool = False
    """What makes an `INCIDENT` or `INCOMPLETE` day is over."""
    _at: tuple[datetime, Position] | None = None
    _way: tuple[datetime, datetime, tuple[Position, ...]] | None = None

    def until(self, moment: datetime, route: PlannedRoute) -> Iterator[Told]:
        """Go on with the round as it is planned now; tells what happens up to a moment, in order."""
        for trip in route.trips:
            if all(task.shipment in self.settled for stop in trip.stops for task in stop.tasks) and not self.aboard:
                continue
            for told in self._trip(trip):
                if told.at > moment:
                    return
                self._note(told)
                yield told

    def place(self, moment: datetime) -> Position | None:
        """Where the courier is; None = has not set out, or is back."""
        if self._way is None:
            return None
        begins, ends, path = self._way
        share = (moment - begins) / (ends - begins) if ends > begins else 1.0
        return path[min(len(path) - 1, int(max(0.0, share) * (len(path) - 1)))]

    @property
    def is_silent(self) -> bool:
        return self.manner is Manner.SILENT and self.stops_done >= 2

    def _trip(self, trip: PlannedTrip) -> Iterator[Told]:
        """What is left of a trip. A step is only counted once it is taken: `until` may turn back before."""
        left = [stop for stop in trip.stops if any(task.shipment not in self.settled for task in stop.tasks)]
        tasks = [task for stop in left for task in stop.tasks]
        goods = [task for task in tasks if task.action is Action.DELIVER and task.shipment not in self.out]
        clock = self._begins(trip)
        if goods:
            yield Told(clock, "set_out", tuple(goods))
        for stop in left:
            number = trip.stops.index(stop)
            draw = random.Random(f"{self.seed}/{self.courier_id}/{stop.tasks[0].shipment}")
            before = trip.departs if number == 0 else trip.stops[number - 1].leaves
            arrives = clock + (stop.arrives - before) * draw.uniform(0.9, 1.1 if self.manner is Manner.PLAIN else 1.25)
            self._way = (clock, arrives, _path(trip, number))
            starts = max(arrives, stop.starts) if stop.waits else arrives
            clock = starts + (stop.leaves - stop.starts) * draw.uniform(0.7, 1.5)
            yield from self._at_stop(stop, clock, draw)
        back = clock + (trip.returns - trip.stops[-1].leaves)
        self._way = (clock, back, _path(trip, len(trip.stops)))
        if self.aboard:
            yield Told(back, "back", tuple(self.aboard.values()))

    def _begins(self, trip: PlannedTrip) -> datetime:
        late = timedelta(minutes=70) if self.manner is Manner.LATE else timedelta(0)
        planned = (
            trip.departs + late + timedelta(seconds=random.Random(f"{self.seed}/{self.courier_id}").uniform(0, 240))
        )
        is_under_way = any(task.shipment in self.settled for stop in trip.stops for task in stop.tasks)
        return self.clock if self.clock and is_under_way else max(planned, self.clock or planned)

    def _at_stop(self, stop: PlannedStop, at: datetime, draw: random.Random) -> Iterator[Told]:
        tasks = tuple(task for task in stop.tasks if task.shipment not in self.settled)
        delivers = all(task.action is Action.DELIVER for task in tasks)
        at_door = stop.site_id is None and delivers and self.stops_done > 0
        if at_door and not self.has_erred and self.manner in _ERRORS:
            yield Told(at, _ERRORS[self.manner], tasks, stop)
        elif stop.site_id is None and delivers and draw.random() < self.absent_share:
            yield Told(at, "absent", tasks, stop)
        else:
            yield Told(at, "done", tasks, stop)

    def _note(self, told: Told) -> None:
        self.clock = told.at
        codes = {task.shipment for task in told.tasks}
        if told.what == "set_out":
            self.out |= codes
        elif told.what == "back":
            self.aboard.clear()
            self._way = None
        else:
            self.settled |= codes
            self.stops_done += 1
            self.has_erred |= told.what in _ERRORS.values()
            is_done = told.what in ("done", "careless")
            keeps = [task for task in told.tasks if (task.action is Action.COLLECT) == is_done]
            self.aboard |= {task.shipment: task for task in keeps}


def _path(trip: PlannedTrip, number: int) -> tuple[Position, ...]:
    """From the place before a stop to it; the number after the last = back to the base."""
    places = (0, *trip.path.stop_index, len(trip.path.coordinates) - 1)
    return trip.path.coordinates[places[number] : places[number + 1] + 1]

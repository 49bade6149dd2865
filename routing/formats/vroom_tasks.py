"""Jobs and shipments of a VROOM document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from routing.errors import InvalidProblemError
from routing.formats.json_fields import JsonField
from routing.formats.vroom_instance import StepName
from routing.model import FOREVER, Action, Load, Shipment, Stop, Task, TimeWindow

HIGHEST_PRIORITY = 100

PLACE = frozenset({"id", "description", "location", "location_index", "setup", "service", "time_windows"})
JOB = PLACE | {"delivery", "pickup", "skills", "priority"}
PAIR = frozenset({"amount", "skills", "priority", "pickup", "delivery"})
REFUSED = {
    "setup_per_type": "times by vehicle type are not supported",
    "service_per_type": "times by vehicle type are not supported",
    "amount": "a job takes `delivery` and `pickup` instead",
}


@dataclass(slots=True)
class Tasks:
    """The stops and shipments of a document while they are read."""

    num_locations: int
    stops: list[Stop] = field(default_factory=list)
    shipments: list[Shipment] = field(default_factory=list)
    steps: dict[Task, StepName] = field(default_factory=dict)
    sources: list[JsonField] = field(default_factory=list)
    """Where each shipment stands in the document."""
    _seen: set[tuple[str, int]] = field(default_factory=set)

    def read(self, document: JsonField) -> None:
        """Read `jobs`, then `shipments`."""
        for job in document.items("jobs"):
            self._add_job(job)
        for pair in document.items("shipments"):
            self._add_pair(pair)
        if not self.shipments:
            raise document.error("there is neither a job nor a shipment")

    def amounts(self, shipment: int) -> tuple[Load, ...]:
        """The loads of a shipment that are given."""
        return tuple(load for load in (self.shipments[shipment].load, self.shipments[shipment].collected) if load)

    def _add_job(self, job: JsonField) -> None:
        job.only(JOB, REFUSED)
        delivery, pickup = job.naturals("delivery"), job.naturals("pickup")
        only_pickup = bool(pickup) and not delivery
        task = Task(len(self.shipments), Action.COLLECT if only_pickup else Action.DELIVER)
        priority = job.natural_of("priority", 0, HIGHEST_PRIORITY)
        stop, service = self._add_stop(job, "job", task, priority)
        if only_pickup:
            shipment = Shipment(pickup=stop, load=pickup, pickup_duration=service)
        else:
            shipment = Shipment(delivery=stop, load=delivery, collected=pickup, delivery_duration=service)
        self._add(shipment, job)

    def _add_pair(self, pair: JsonField) -> None:
        pair.only(PAIR, REFUSED)
        priority = pair.natural_of("priority", 0, HIGHEST_PRIORITY)
        stops: list[int] = []
        services: list[int] = []
        for kind, action in (("pickup", Action.COLLECT), ("delivery", Action.DELIVER)):
            end = pair.need(kind)
            end.only(PLACE, REFUSED)
            stop, service = self._add_stop(end, kind, Task(len(self.shipments), action), priority)
            stops.append(stop)
            services.append(service)
        shipment = Shipment(
            pickup=stops[0],
            delivery=stops[1],
            load=pair.naturals("amount"),
            pickup_duration=services[0],
            delivery_duration=services[1],
        )
        self._add(shipment, pair)

    def _add(self, shipment: Shipment, source: JsonField) -> None:
        self.shipments.append(replace(shipment, skills=frozenset(source.naturals("skills"))))
        self.sources.append(source)

    def _add_stop(self, place: JsonField, kind: str, task: Task, priority: int) -> tuple[int, int]:
        """Add the stop of one task; return its index, and the task's service time."""
        number = place.need("id").natural(2**63)
        if (kind, number) in self._seen:
            raise place.error(f"a second {kind} with id {number}")
        self._seen.add((kind, number))
        location = location_of(place, "location", self.num_locations)
        self.stops.append(Stop(location, read_windows(place), place.natural_of("setup", 0)))
        self.steps[task] = StepName(kind, number, location, place.text_of("description", ""), priority)
        return len(self.stops) - 1, place.natural_of("service", 0)


def location_of(field: JsonField, name: str, num_locations: int) -> int:
    """Read `<name>_index`, the row of the matrices; coordinates alone do not say how long a way takes."""
    index = field.get(f"{name}_index")
    if index is None:
        raise field.error(f"{name}_index is missing: travel comes from `matrices`, never from coordinates")
    return index.natural(num_locations - 1)


def read_windows(place: JsonField) -> tuple[TimeWindow, ...]:
    """Read `time_windows`: disjoint, in order; none = always."""
    windows = tuple(read_window(window) for window in place.items("time_windows"))
    try:
        return Stop(0, windows or (TimeWindow(),)).windows
    except InvalidProblemError as error:
        raise place.need("time_windows").error(str(error)) from error


def read_window(window: JsonField) -> TimeWindow:
    """Read `[early, late]`, seconds."""
    ends = [end.natural(FOREVER) for end in window.items()]
    if len(ends) != 2 or ends[0] > ends[1]:
        raise window.error("a time window is [early, late]")
    return TimeWindow(ends[0], ends[1])

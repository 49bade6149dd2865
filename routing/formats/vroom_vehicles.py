"""Vehicles of a VROOM document: alike ones become one vehicle type."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from routing.formats.json_fields import JsonField
from routing.formats.vroom_instance import VehicleName
from routing.formats.vroom_tasks import location_of, read_window
from routing.formats.vroom_travel import SECONDS_PER_HOUR, Drive, Matrices, Profiles, common_scale
from routing.model import FOREVER, Break, Depot, TimeWindow, VehicleType

DEFAULT_PROFILE = "car"

VEHICLE = frozenset(
    {
        "id", "profile", "description", "start", "start_index", "end", "end_index", "capacity", "costs", "skills",
        "type", "time_window", "breaks", "speed_factor", "max_travel_time", "max_distance",
    }
)  # fmt: skip
REFUSED = {
    "max_tasks": "a largest number of tasks is not supported: give it as one more dimension of capacity and amounts",
    "steps": "given routes are not supported",
}
COSTS = frozenset({"fixed", "per_hour", "per_km", "per_task_hour"})
BREAK = frozenset({"id", "description", "service", "time_windows"})
REFUSED_BREAK = {"max_load": "a largest load during a break is not supported"}


@dataclass(slots=True)
class Vehicles:
    """The vehicle types and depots of a document while they are read."""

    matrices: Mapping[str, Matrices]
    num_locations: int
    """Without the nowhere that open ends use: its index is this number."""
    types: list[VehicleType] = field(default_factory=list)
    names: list[list[VehicleName]] = field(default_factory=list)
    depots: list[Depot] = field(default_factory=list)
    profiles: Profiles = field(default_factory=lambda: Profiles(1))
    _seen: set[int] = field(default_factory=set)

    def read(self, document: JsonField) -> None:
        """Read `vehicles`, at least one."""
        vehicles = document.items("vehicles")
        if not vehicles:
            raise document.error("there is no vehicle")
        self.profiles = Profiles(common_scale(read_drive(vehicle) for vehicle in vehicles))
        for vehicle in vehicles:
            self._add(vehicle)

    def _add(self, vehicle: JsonField) -> None:
        vehicle.only(VEHICLE, REFUSED)
        name = self._name(vehicle)
        kind = self._type(vehicle, name)
        if kind in self.types:
            self.names[self.types.index(kind)].append(name)
        else:
            self.types.append(kind)
            self.names.append([name])

    def grouped(self) -> tuple[VehicleType, ...]:
        """The types with the number of their vehicles."""
        return tuple(replace(t, num_available=len(n)) for t, n in zip(self.types, self.names, strict=True))

    def _name(self, vehicle: JsonField) -> VehicleName:
        number = vehicle.need("id").natural(2**63)
        if number in self._seen:
            raise vehicle.error(f"a second vehicle with id {number}")
        self._seen.add(number)
        start, end = (self._end(vehicle, which) for which in ("start", "end"))
        rests = [rest for rest in vehicle.items("breaks") if rest.natural_of("service", 0)]
        breaks = tuple(rest.need("id").natural(2**63) for rest in rests)
        return VehicleName(number, start, end, breaks, vehicle.text_of("description", ""))

    def _end(self, vehicle: JsonField, which: str) -> int | None:
        if vehicle.get(which) is None and vehicle.get(f"{which}_index") is None:
            return None
        return location_of(vehicle, which, self.num_locations)

    def _type(self, vehicle: JsonField, name: VehicleName) -> VehicleType:
        drive = read_drive(vehicle)
        if drive.profile not in self.matrices:
            raise vehicle.error(f"there are no matrices for the profile {drive.profile!r}")
        profile = self.profiles.index(drive, self.matrices[drive.profile])
        given = vehicle.get("time_window")
        shift = TimeWindow() if given is None else read_window(given)
        costs = vehicle.get("costs")
        limit = vehicle.natural_of("max_distance" if drive.by_metres else "max_travel_time", FOREVER)
        return VehicleType(
            start_depot=self._depot(name.start_index),
            end_depot=self._depot(name.end_index),
            profile=profile,
            capacity=vehicle.naturals("capacity"),
            tw_early=shift.early,
            tw_late=shift.late,
            breaks=tuple(b for rest in vehicle.items("breaks") if (b := read_break(rest, shift)) is not None),
            skills=frozenset(vehicle.naturals("skills")),
            max_distance=limit,
            fixed_cost=0 if costs is None else costs.natural_of("fixed", 0) * self.profiles.cost_scale,
            unit_distance_cost=self.profiles.unit_costs[profile],
        )

    def _depot(self, location: int | None) -> int:
        depot = Depot(self.num_locations if location is None else location)
        if depot not in self.depots:
            self.depots.append(depot)
        return self.depots.index(depot)


def read_drive(vehicle: JsonField) -> Drive:
    """Read profile, speed factor, prices, and whether seconds or metres are limited."""
    costs = vehicle.get("costs")
    per_hour, per_km = SECONDS_PER_HOUR, 0
    if costs is not None:
        costs.only(COSTS, {})
        if costs.natural_of("per_task_hour", 0):
            raise costs.need("per_task_hour").error("a price of service time is not supported")
        per_hour, per_km = costs.natural_of("per_hour", SECONDS_PER_HOUR), costs.natural_of("per_km", 0)
    limited = [key for key in ("max_distance", "max_travel_time") if vehicle.get(key) is not None]
    paid = [key for key, price in (("max_distance", per_km), ("max_travel_time", per_hour)) if price]
    if limited and len({*limited, *paid}) > 1:
        key = next(key for key in limited if [key] != paid)
        raise vehicle.need(key).error("a limit is only supported on the one thing that is paid: seconds or metres")
    by_metres = [*limited, *paid][:1] == ["max_distance"]
    factor = vehicle.fraction_of("speed_factor", 1)
    return Drive(vehicle.text_of("profile", DEFAULT_PROFILE), factor, per_hour, per_km, by_metres)


def read_break(rest: JsonField, shift: TimeWindow) -> Break | None:
    """Read a break; one of no length changes nothing and is None."""
    rest.only(BREAK, REFUSED_BREAK)
    duration = rest.natural_of("service", 0)
    windows = rest.items("time_windows")
    if len(windows) > 1:
        raise rest.need("time_windows").error("several windows for one break are not supported")
    if not duration:
        return None
    window = read_window(windows[0]) if windows else TimeWindow()
    early, late = max(window.early, shift.early), min(window.late, shift.late - duration)
    if early > late:
        raise rest.error("the break does not fit into the vehicle's time window")
    return Break(duration, early, late)

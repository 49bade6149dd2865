"""A problem that came as VROOM JSON, with the names that its solution must give back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from routing.formats.instance import Instance
from routing.model import IntMatrix, Task


@dataclass(frozen=True, slots=True)
class StepName:
    """A task as VROOM names it."""

    kind: str
    """job, pickup or delivery."""
    id: int
    location_index: int
    description: str = ""
    priority: int = 0


@dataclass(frozen=True, slots=True)
class VehicleName:
    """A vehicle as VROOM names it; the ends of its route are None where it may begin or end anywhere."""

    id: int
    start_index: int | None
    end_index: int | None
    break_ids: tuple[int, ...]
    """In the order of `VehicleType.breaks`."""
    description: str = ""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class VroomInstance(Instance):
    """An instance read from VROOM JSON."""

    steps: Mapping[Task, StepName]
    vehicles: tuple[tuple[VehicleName, ...], ...]
    """Of each vehicle type, in the order in which its routes take them."""
    metres: tuple[IntMatrix | None, ...]
    """Distances of each profile, when the file has them."""

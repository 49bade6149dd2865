"""What a vehicle may not carry whatever the clock says: skills, locks and the base at which goods lie."""

from __future__ import annotations

from collections.abc import Iterator

from routing.model import Shipment, VehicleType
from routing.solution import Change, Constraint

PERMITS: dict[Constraint, Change] = {
    Constraint.SKILLS: Change.SKILL_MORE,
    Constraint.LOCKS: Change.UNLOCK,
    Constraint.DEPOT: Change.OTHER_DEPOT,
}
"""What a permission is called, and the change that gives it."""


def lacking(shipment: Shipment, vehicle_type: int, vehicle: VehicleType) -> Iterator[tuple[Constraint, int]]:
    """Permissions that a vehicle type lacks, and how much of each."""
    if missing := shipment.skills - vehicle.skills:
        yield Constraint.SKILLS, len(missing)
    if shipment.vehicle_types is not None and vehicle_type not in shipment.vehicle_types:
        yield Constraint.LOCKS, 1
    if shipment.depot not in (None, vehicle.end_depot if shipment.delivery is None else vehicle.start_depot):
        yield Constraint.DEPOT, 1

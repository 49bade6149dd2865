"""
Locks: shipments reserved for some vehicle types, and parts of routes that are not changed any more.

What has been driven or told stays as it is, as in dispatching while vehicles are under way (Gendreau, Guertin, Potvin &
Taillard 1999, *Parallel tabu search for real-time vehicle routing and dispatching*): a row is changed behind it only.
"""

from __future__ import annotations

from routing.kernel.columns import FIXED_POSITIONS, RESUMES, Ints
from routing.kernel.jit import leaf
from routing.model import Shipment


def is_unlocked(shipment: Shipment, kind: int) -> bool:
    """Whether a shipment is not reserved for other vehicle types."""
    return shipment.vehicle_types is None or kind in shipment.vehicle_types


@leaf
def first_gap(vehicle: Ints, v: int) -> int:
    """The first position after which a row may be changed: behind what is frozen."""
    return max(vehicle[v, FIXED_POSITIONS] - 1, vehicle[v, RESUMES])

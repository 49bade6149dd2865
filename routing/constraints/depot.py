"""
Depot: goods leave from the base where they lie, and a trip that collects for a base ends there.

Trips before the last one end at the base where they began, the last one where the vehicle ends its day (several depots
with trips between them: Crevier, Cordeau & Laporte 2007, *The multi-depot vehicle routing problem with inter-depot
routes*).
"""

from __future__ import annotations

from routing.kernel.columns import END_DEPOT, HOME, RELOAD, START_DEPOT, Ints
from routing.kernel.jit import leaf
from routing.model import Problem, Shipment


def is_at_depot(problem: Problem, shipment: Shipment, kind: int) -> bool:
    """Whether a vehicle type begins where the goods lie, or some trip of it ends where they are wanted."""
    vehicle = problem.vehicle_types[kind]
    if shipment.delivery is not None:
        return shipment.depot in (None, vehicle.start_depot)
    ends = {vehicle.start_depot, vehicle.end_depot} if vehicle.max_trips > 1 else {vehicle.end_depot}
    return shipment.depot is None or shipment.depot in ends


@leaf
def goes_home(node: Ints, kind: Ints, n: int, k: int, mark: int) -> bool:
    """Whether a trip that ends with a mark brings a node's goods to the depot where they are wanted."""
    home = node[n, HOME]
    return home < 0 or home == (kind[k, START_DEPOT] if mark == RELOAD else kind[k, END_DEPOT])

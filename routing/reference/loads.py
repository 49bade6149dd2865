"""
Loads: one dimension for what is aboard, a second one for what was loaded at the base and is still aboard.

The second is 0 at the end of each trip, so it begins a trip with exactly what the trip unloads; the first begins each
trip with the same amount. Where all comes from the base, or nothing does, one dimension is enough.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from routing.model import VehicleType
from routing.reference.frame import Frame, unlimited


def add_loads(frame: Frame) -> None:
    """Add the dimensions of load that could ever be exceeded."""
    for k in range(frame.problem.num_dimensions):
        change = [bundle.change[k] for _, bundle in frame.bundles()]
        unloaded = [bundle.unloaded[k] for _, bundle in frame.bundles()]
        enough = unlimited([*change, *unloaded])
        limits = [_capacity(frame.vehicle(courier), k, enough) for courier in frame.couriers]
        if min(limits, default=enough) < enough - 1:
            _add_load(frame, k, change, unloaded, limits)


def _add_load(frame: Frame, k: int, change: list[int], unloaded: list[int], limits: list[int]) -> None:
    load = frame.resettable(f"load {k}", change, limits)
    if all(c == -u for c, u in zip(change, unloaded, strict=True)):
        _empty_at_end(frame, load)
        return
    if not any(unloaded):
        for courier in frame.couriers:
            frame.start(load, courier).SetValue(0)
        return
    _begin_alike(frame, load, _add_unloaded(frame, k, unloaded, limits), max(limits))


def _add_unloaded(frame: Frame, k: int, unloaded: Sequence[int], limits: list[int]) -> Any:
    from_base = frame.resettable(f"unloaded {k}", [-u for u in unloaded], limits)
    _empty_at_end(frame, from_base)
    return from_base


def _empty_at_end(frame: Frame, dimension: Any) -> None:
    for courier in frame.couriers:
        frame.end(dimension, courier).SetValue(0)
    for node, _ in frame.gates():
        dimension.CumulVar(frame.index(node)).SetValue(0)


def _begin_alike(frame: Frame, load: Any, from_base: Any, most: int) -> None:
    for courier in frame.couriers:
        frame.solver.Add(frame.start(load, courier) == frame.start(from_base, courier))
    for node, _ in frame.gates():
        frame.solver.Add(frame.after_gate(load, node, most) == frame.after_gate(from_base, node, most))


def _capacity(vehicle: VehicleType, k: int, enough: int) -> int:
    return min(vehicle.capacity[k], enough) if k < len(vehicle.capacity) else enough

"""
Trips: releases, cut-offs, ride times to and from the base, how many trips a day has.

| dimension  | holds                                                                              |
|------------|------------------------------------------------------------------------------------|
| `opened`   | the sum of 2^(k-1) over the release classes k of the gates passed                   |
| `closing`  | the same over the cut-off classes of the gates to come: 0 at the end                |
| `trips`    | how many trips have ended                                                           |
| `departs`  | the departure of the trip that a node is part of, when a ride from the base is limited |
| `returns`  | its return, when a ride to the base is limited                                      |

A sum of powers below 2^(k-1) never reaches it, so a node of class k asks for `opened` >= 2^(k-1): then it has a gate of
class k or later before it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from routing.model import FOREVER
from routing.reference.bundles import Bundle
from routing.reference.couriers import Gate
from routing.reference.frame import HORIZON, Frame
from routing.reference.nodes import IntArray
from routing.reference.times import working_day


def add_trips(frame: Frame, time: Any) -> None:
    """Add everything that concerns the base between two trips."""
    for node, gate in frame.gates():
        _add_gate_hours(frame, time, node, gate)
    if frame.fleet.releases:
        _add_opened(frame, time)
    if frame.fleet.cut_offs:
        _add_closing(frame, time)
    if frame.fleet.gates:
        limits = [frame.vehicle(courier).max_trips for courier in frame.couriers]
        frame.dimension("trips", frame.matrix(("trips",), lambda: _homeward(frame)), limits, from_zero=True)
    rides = [(node, b) for node, b in frame.bundles() if b.max_ride < FOREVER and b.pickup is None]
    if any(_comes_from_base(frame, b) for _, b in rides):
        _add_departures(frame, time, rides)
    if any(_goes_to_base(frame, b) for _, b in rides):
        _add_returns(frame, time, rides)


def _add_gate_hours(frame: Frame, time: Any, node: int, gate: Gate) -> None:
    """Time at a gate is when the trip before it returns; reloading follows."""
    vehicle = frame.vehicle(gate.courier)
    base = frame.problem.depots[vehicle.start_depot]
    early, late = working_day(vehicle, base, base)
    if gate.opens:
        early = max(early, frame.fleet.releases[gate.opens - 1] - vehicle.reload_duration)
    if gate.closes:
        late = min(late, frame.fleet.cut_offs[gate.closes - 1])
    index = frame.index(node)
    if early > late:
        frame.routing.ActiveVar(index).SetValue(0)
    else:
        time.CumulVar(index).SetRange(early, late)


def _add_opened(frame: Frame, time: Any) -> None:
    gates = [_power(gate.opens) for gate in frame.fleet.gates]
    most = [1 << len(frame.fleet.releases)] * len(frame.couriers)
    opened = frame.dimension("opened", frame.at_nodes([0] * len(frame.nodes.bundles) + gates), most, from_zero=True)
    for node, bundle in frame.bundles():
        if bundle.release and not bundle.frozen:
            index = frame.index(node)
            opened.CumulVar(index).SetMin(_power(frame.fleet.release_class(bundle.release)))
            soonest = min(bundle.release + _shortest(frame, bundle, outward=True), HORIZON)
            time.CumulVar(index).SetMin(min(soonest, time.CumulVar(index).Max()))


def _add_closing(frame: Frame, time: Any) -> None:
    gates = [-_power(gate.closes) for gate in frame.fleet.gates]
    most = [1 << len(frame.fleet.cut_offs)] * len(frame.couriers)
    closing = frame.dimension("closing", frame.at_nodes([0] * len(frame.nodes.bundles) + gates), most)
    for courier in frame.couriers:
        frame.end(closing, courier).SetValue(0)
    for node, bundle in frame.bundles():
        if bundle.latest_return < FOREVER and not bundle.frozen:
            index = frame.index(node)
            closing.CumulVar(index).SetMin(_power(frame.fleet.cut_off_class(bundle.latest_return)))
            latest = bundle.latest_return - bundle.duration - _shortest(frame, bundle, outward=False)
            time.CumulVar(index).SetMax(max(latest, time.CumulVar(index).Min()))


def _power(number: int) -> int:
    return 1 << (number - 1) if number else 0


def _homeward(frame: Frame) -> IntArray:
    """One for each arc from a bundle to a base."""
    arcs = np.zeros((len(frame.nodes), len(frame.nodes)), dtype=np.int64)
    arcs[: len(frame.nodes.bundles), len(frame.nodes.bundles) :] = 1
    return arcs


def _shortest(frame: Frame, bundle: Bundle, *, outward: bool) -> int:
    """Shortest drive between a stop and the base of any vehicle that may do the bundle."""
    place, drives = frame.problem.stops[bundle.stop].location, []
    for vehicle in (frame.problem.vehicle_types[v] for v in bundle.types):
        matrix = frame.problem.durations[vehicle.profile]
        bases = {frame.problem.depots[d].location for d in (vehicle.start_depot, vehicle.end_depot)}
        drives += [int(matrix[base, place] if outward else matrix[place, base]) for base in bases]
    return min(drives)


def _add_departures(frame: Frame, time: Any, rides: list[tuple[int, Bundle]]) -> None:
    departs = frame.resettable("departs", [0] * len(frame.nodes.bundles), [HORIZON] * len(frame.couriers))
    for courier in frame.couriers:
        frame.solver.Add(frame.start(departs, courier) == frame.start(time, courier))
    for node, _ in frame.gates():
        index, reload = frame.index(node), int(frame.nodes.service[node])
        leaves = time.CumulVar(index) + time.SlackVar(index) + reload
        frame.solver.Add(frame.after_gate(departs, node, HORIZON) == leaves)
    for node, bundle in rides:
        if _comes_from_base(frame, bundle):
            index, setup = frame.index(node), int(frame.nodes.setup[node])
            aboard = time.CumulVar(index) - departs.CumulVar(index)
            frame.solver.Add(aboard <= min(bundle.max_ride + setup, HORIZON))


def _add_returns(frame: Frame, time: Any, rides: list[tuple[int, Bundle]]) -> None:
    returns = frame.resettable("returns", [0] * len(frame.nodes.bundles), [HORIZON] * len(frame.couriers))
    for courier in frame.couriers:
        frame.solver.Add(frame.end(returns, courier) == frame.end(time, courier))
    for node, _ in frame.gates():
        index = frame.index(node)
        frame.solver.Add(returns.CumulVar(index) == time.CumulVar(index))
    for node, bundle in rides:
        if _goes_to_base(frame, bundle):
            index = frame.index(node)
            aboard = returns.CumulVar(index) - time.CumulVar(index)
            frame.solver.Add(aboard <= min(bundle.max_ride + bundle.duration, HORIZON))


def _comes_from_base(frame: Frame, bundle: Bundle) -> bool:
    return any(frame.problem.shipments[s].pickup is None for s in bundle.shipments)


def _goes_to_base(frame: Frame, bundle: Bundle) -> bool:
    return any(frame.problem.shipments[s].delivery is None for s in bundle.shipments)

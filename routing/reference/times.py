"""
Time: windows, shifts, depot hours, breaks, overtime.

Time at a node is the moment when its set-up is over, so that the set-up is paid once when several bundles of one stop
follow one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from routing.model import FOREVER, Break, Depot, VehicleType
from routing.reference.frame import HORIZON, Frame
from routing.reference.nodes import IntArray

REST_STEP = 300
"""Seconds between the times of a common break that are tried."""

TOO_LONG = 2 * HORIZON
"""Time along an arc that cannot be driven: nothing reaches its end."""


def add_time(frame: Frame) -> Any:
    """Add the dimension `time`."""
    transits = [_seconds(frame, frame.vehicle(courier).profile) for courier in frame.couriers]
    time = frame.dimension("time", transits, [HORIZON] * len(transits), wait=HORIZON)
    for courier in frame.couriers:
        _add_shift(frame, time, courier)
    rests = _common_rests(frame)
    for node, bundle in frame.bundles():
        if not bundle.frozen:
            _add_windows(frame, time, node, bundle.stop, rests)
    if not rests:
        _add_breaks(frame, time)
    if frame.prices.balance:
        time.SetGlobalSpanCostCoefficient(frame.prices.balance)
    return time


def working_day(vehicle: VehicleType, base: Depot, end: Depot) -> tuple[int, int]:
    """When a vehicle may first depart and last return."""
    early = max(vehicle.tw_early, base.tw_early, 0)
    late = min(vehicle.tw_late + vehicle.max_overtime, end.tw_late, HORIZON)
    return min(early, HORIZON), max(late, 0)


def _seconds(frame: Frame, profile: int) -> int:
    def values() -> IntArray:
        nodes = frame.nodes
        drives = nodes.drives(frame.problem.durations[profile], TOO_LONG)
        return drives + nodes.service[:, None] + nodes.setups()

    return frame.matrix(("seconds", profile), values)


def _add_shift(frame: Frame, time: Any, courier: int) -> None:
    vehicle, kind = frame.vehicle(courier), frame.fleet.couriers[courier].vehicle_type
    depots = frame.problem.depots
    early, late = working_day(vehicle, depots[vehicle.start_depot], depots[vehicle.end_depot])
    # A day that is over before it begins must not make the model impossible: its vehicle stays idle.
    frame.start(time, courier).SetRange(early, max(early, late))
    frame.end(time, courier).SetRange(early, max(early, late))
    if vehicle.max_overtime and frame.prices.overtime[kind]:
        time.SetCumulVarSoftUpperBound(frame.routing.End(courier), vehicle.tw_late, frame.prices.overtime[kind])
    if vehicle.max_duration < FOREVER:
        rest = sum(b.duration for b in vehicle.breaks)
        time.SetSpanUpperBoundForVehicle(min(vehicle.max_duration + rest, HORIZON), courier)


def _add_windows(frame: Frame, time: Any, node: int, stop: int, rests: Sequence[tuple[int, int]]) -> None:
    windows, setup = frame.problem.stops[stop].windows, frame.problem.stops[stop].setup_duration
    items = int(frame.nodes.service[node])
    cumul = time.CumulVar(frame.index(node))
    cumul.SetRange(min(windows[0].early + setup, HORIZON), min(windows[-1].late + setup, HORIZON))
    gaps = [(closes.late + setup + 1, opens.early + setup - 1) for closes, opens in pairwise(windows)]
    gaps = _joined(gaps + [(begins - items + 1, ends + setup - 1) for begins, ends in rests])
    if gaps:
        # Holes in the variable's own domain would be kept as one bit a second, which is slow.
        begins, ends = [gap[0] for gap in gaps], [gap[1] for gap in gaps]
        frame.solver.Add(frame.solver.NotMemberCt(cumul, begins, ends))


def _joined(gaps: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Disjoint intervals in order that cover the same."""
    joined: list[tuple[int, int]] = []
    for begin, end in sorted((max(begin, 0), end) for begin, end in gaps if end >= max(begin, 0)):
        if joined and begin <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((begin, end))
    return joined


def _common_rests(frame: Frame) -> list[tuple[int, int]]:
    """
    When everybody rests, if all couriers have the same breaks: at the hour that costs the doors least.

    Closed doors are far cheaper to search with than OR-Tools' break intervals. Exact timing places the breaks anew.
    """
    breaks = {vehicle.breaks for vehicle in map(frame.vehicle, frame.couriers)}
    return [_quietest(frame, rest) for rest in breaks.pop()] if len(breaks) == 1 else []


def _quietest(frame: Frame, rest: Break) -> tuple[int, int]:
    begins = range(rest.tw_early, min(rest.tw_late, HORIZON - rest.duration) + 1, REST_STEP)
    windows = [w for _, bundle in frame.bundles() for w in frame.problem.stops[bundle.stop].windows]
    early, late = (np.array(times, dtype=np.int64) for times in zip(*((w.early, w.late) for w in windows), strict=True))
    lost = [int(np.clip(np.minimum(late, b + rest.duration) - np.maximum(early, b), 0, None).sum()) for b in begins]
    begin = begins[lost.index(min(lost))]
    return begin, begin + rest.duration


def _add_breaks(frame: Frame, time: Any) -> None:
    """OR-Tools' own breaks, for couriers who do not all rest alike."""
    indices = range(frame.routing.Size())
    services = [int(frame.nodes.service[frame.manager.IndexToNode(index)]) for index in indices]
    for courier in frame.couriers:
        if breaks := frame.vehicle(courier).breaks:
            intervals = [_interval(frame, rest, f"break {k} of {courier}") for k, rest in enumerate(breaks)]
            time.SetBreakIntervalsOfVehicle(intervals, courier, services)


def _interval(frame: Frame, rest: Break, name: str) -> Any:
    is_optional = False
    return frame.solver.FixedDurationIntervalVar(rest.tw_early, rest.tw_late, rest.duration, is_optional, name)

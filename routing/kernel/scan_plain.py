"""
Find the cheapest insertion in a row where only distance counts, trips are single and nobody rests.

The inner loops of the classic problems. They ask nothing but two arcs, one earliest and one latest time, and the loads.
"""

from __future__ import annotations

from routing.constraints.capacity import brings_home, carries, fits
from routing.constraints.locks import first_gap
from routing.constraints.time_windows import first_open
from routing.kernel.chance import Seeds, below
from routing.kernel.columns import (
    ARC,
    DIMENSIONS,
    FIRST_CHANNEL_BACKWARD,
    FIRST_CHANNEL_FORWARD,
    FIXED,
    IS_METRIC,
    ITEM,
    KIND,
    LENGTH,
    LOCATION,
    LOCATIONS,
    NEVER,
    PER_METRE,
    PROFILE,
    State,
    Tables,
)
from routing.kernel.jit import inner, leaf

SKIPPED_ONCE_IN = 200
"""A place is passed over with probability 0.01 (*blinks*): one of the next 200 positions, 100 on average."""


@leaf
def blink(random: Seeds) -> int:
    """How many positions until the next one is passed over."""
    return 1 + below(random, SKIPPED_ONCE_IN)


@inner
def scan_single_plain(tables: Tables, state: State, n: int, vehicle: int, bound: int, least: int) -> tuple[int, int]:
    """
    Find the cheapest place of one node.

    Parameters
    ----------
    bound, least
        Costs below and above which a place counts.

    Returns
    -------
    cost, position
        Position after which the node is inserted; -1 = none, and then the cost is `bound`.
    """
    node, track, row = tables.node, state.track, state.current[vehicle]
    k = tables.vehicle[vehicle, KIND]
    profile, metre = tables.kind[k, PROFILE], tables.kind[k, PER_METRE]
    here, lasts = node[n, LOCATION], node[n, ITEM]
    forward, backward = tables.parameter[FIRST_CHANNEL_FORWARD], tables.parameter[FIRST_CHANNEL_BACKWARD]
    length, dimensions = state.row_fact[row, LENGTH], tables.parameter[DIMENSIONS]
    opening = tables.kind[k, FIXED] if length == 2 else 0
    to_here, from_here = tables.into[profile, here], tables.out_of[profile, here]
    best, place, skip = bound, -1, blink(state.random)
    for i in range(first_gap(tables.vehicle, vehicle), length - 1):
        skip -= 1
        a, b = track[LOCATIONS, row, i], track[LOCATIONS, row, i + 1]
        cost = opening + (to_here[a, 0] + from_here[b, 0]) * metre - track[ARC, row, i]
        if cost >= best or cost <= least or skip == 0:
            continue
        begins = first_open(node, tables.window, n, track[forward, row, i] + to_here[a, 1])
        if begins + lasts + from_here[b, 1] > track[backward, row, i + 1]:
            continue
        if (
            from_here[b, 0] < NEVER
            and to_here[a, 0] < NEVER
            and fits(node, tables.kind, track, n, k, row, i, dimensions)
        ):
            best, place = cost, i
    return best, place


@inner
def scan_pair_plain(  # noqa: C901 - one sweep, carried along; every branch is a rule
    tables: Tables, state: State, n: int, m: int, vehicle: int, bound: int, least: int
) -> tuple[int, int, int]:
    """
    Find the cheapest places of a collection `n` and its delivery `m`.

    Returns
    -------
    cost, position, other
        Positions after which they are inserted, both counted before the insertion; -1 = none.
    """
    node, track, row = tables.node, state.track, state.current[vehicle]
    k = tables.vehicle[vehicle, KIND]
    profile, metre = tables.kind[k, PROFILE], tables.kind[k, PER_METRE]
    forward, backward = tables.parameter[FIRST_CHANNEL_FORWARD], tables.parameter[FIRST_CHANNEL_BACKWARD]
    length, dimensions = state.row_fact[row, LENGTH], tables.parameter[DIMENSIONS]
    opening = tables.kind[k, FIXED] if length == 2 else 0
    metric = tables.parameter[IS_METRIC] == 1
    to_n, from_n = tables.into[profile, node[n, LOCATION]], tables.out_of[profile, node[n, LOCATION]]
    to_m, from_m = tables.into[profile, node[m, LOCATION]], tables.out_of[profile, node[m, LOCATION]]
    across, across_time = from_n[node[m, LOCATION], 0], from_n[node[m, LOCATION], 1]
    best, first, second, skip = bound, -1, -1, blink(state.random)
    for i in range(first_gap(tables.vehicle, vehicle), length - 1):
        skip -= 1
        a, b = track[LOCATIONS, row, i], track[LOCATIONS, row, i + 1]
        detour = opening + (to_n[a, 0] + from_n[b, 0]) * metre - track[ARC, row, i]
        if (metric and detour >= best) or skip <= 0:
            skip = blink(state.random) if skip <= 0 else skip
            continue
        leaves = first_open(node, tables.window, n, track[forward, row, i] + to_n[a, 1]) + node[n, ITEM]
        arrives = leaves + from_n[b, 1]
        if metric and arrives > track[backward, row, i + 1]:
            if leaves >= NEVER:
                break  # later places are later still
            continue
        if not carries(node, tables.kind, track, n, k, row, i, dimensions):
            continue
        cost = opening + (to_n[a, 0] + across + from_m[b, 0]) * metre - track[ARC, row, i]
        if least < cost < best:
            done = first_open(node, tables.window, m, leaves + across_time) + node[m, ITEM]
            if done + from_m[b, 1] <= track[backward, row, i + 1] and brings_home(
                node, tables.kind, track, m, k, row, i, dimensions
            ):
                best, first, second = cost, i, i
        for j in range(i + 1, length - 1):
            after = state.sequence[row, j]
            if arrives > track[backward, row, j] or not carries(node, tables.kind, track, n, k, row, j, dimensions):
                break
            leaves = first_open(node, tables.window, after, arrives) + node[after, ITEM]
            a, b = track[LOCATIONS, row, j], track[LOCATIONS, row, j + 1]
            cost = detour + (to_m[a, 0] + from_m[b, 0]) * metre - track[ARC, row, j]
            if least < cost < best:
                done = first_open(node, tables.window, m, leaves + to_m[a, 1])
                if done >= NEVER:
                    break  # the delivery is missed, and will be
                if done + node[m, ITEM] + from_m[b, 1] <= track[backward, row, j + 1] and brings_home(
                    node, tables.kind, track, m, k, row, j, dimensions
                ):
                    best, first, second = cost, i, j
            arrives = leaves + tables.out_of[profile, a, b, 1]
    return best, first, second

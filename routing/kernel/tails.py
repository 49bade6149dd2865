"""
Exchange the tails of two routes: what ruin and recreate, which moves a few visits at a time, cannot do with long ones.

2-opt* (Potvin & Rousseau 1995, *An exchange heuristic for routeing problems with time windows*). Routes are cut where a
visit of one would follow a neighbour of the other, so that metres and times of the new arcs are known before anything
is moved. A route whose whole becomes another one's tail, and that gets nothing for it, stays at home.

A whole route is a tail, too: vehicles that are not alike exchange theirs, for it matters which type drives where (fleet
size and mix: Golden, Assad, Levy & Gheysens 1984).
"""

from __future__ import annotations

from routing.constraints.breaks import rest_forward
from routing.kernel.chance import below
from routing.kernel.columns import (
    ALIKE,
    ARC,
    CLOSED,
    DELIVERS_PAIR,
    FIRST_BREAK,
    FIRST_CHANNEL_BACKWARD,
    FIRST_CHANNEL_FORWARD,
    FIXED,
    FIXED_POSITIONS,
    KIND,
    LENGTH,
    LOCATIONS,
    NUM_BREAKS,
    ONLY_VEHICLE,
    PARTNER,
    PER_METRE,
    PROFILE,
    RELEASE,
    REQUEST,
    ROLE,
    USED,
    Search,
    State,
    Tables,
)
from routing.kernel.evaluate import refresh
from routing.kernel.jit import inner, leaf
from routing.kernel.ruin import assign, touch

NEIGHBOURS = 16
"""Nearest nodes, itself among them, that one is tried to be followed by."""

Cut = tuple[int, int]
"""A vehicle, and the position of its row after which the tail begins."""


@inner
def swap_tails(tables: Tables, state: State, search: Search, allowed: float) -> bool:
    """
    Exchange the tails of two routes where that looks to cost no more than `allowed`.

    Returns
    -------
    done
        False = no place was found, or the routes cannot be driven: then the iteration must be taken back.
    """
    known = min(NEIGHBOURS, tables.near.shape[1])
    n = below(state.random, tables.near.shape[0])
    vehicle, i = _place(tables, state, n)
    if i < tables.vehicle[vehicle, FIXED_POSITIONS] - 1:
        return False
    begin = below(state.random, known)
    for g in range(known):
        other, follower = _place(tables, state, tables.near[n, (begin + g) % known])
        if other == vehicle or follower < tables.vehicle[other, FIXED_POSITIONS]:
            continue
        here, there = (vehicle, i), (other, follower - 1)
        if _looks_good(tables, state, here, there, allowed) and _may_swap(tables, state, here, there):
            return _swap(tables, state, search, here, there)
    return False


@inner
def swap_vehicles(tables: Tables, state: State, search: Search) -> bool:
    """
    Let two vehicles that are not alike change routes, or an idle one take another one's route.

    Returns
    -------
    done
        As `swap_tails`.
    """
    vehicle, i = _place(tables, state, below(state.random, tables.near.shape[0]))
    other = below(state.random, state.current.shape[0])
    if i < 0 or tables.vehicle[other, CLOSED] == 1:
        return False
    if max(tables.vehicle[vehicle, FIXED_POSITIONS], tables.vehicle[other, FIXED_POSITIONS]) > 1:
        return False
    if tables.kind[tables.vehicle[vehicle, KIND], ALIKE] == tables.kind[tables.vehicle[other, KIND], ALIKE]:
        return False
    here, there = (vehicle, 0), (other, 0)
    return _may_swap(tables, state, here, there) and _swap(tables, state, search, here, there)


@leaf
def _place(tables: Tables, state: State, n: int) -> Cut:
    """Vehicle and position of a node; position -1 = it is in no row that may change."""
    r = tables.node[n, REQUEST]
    vehicle = state.vehicle_of[r] if r >= 0 else -1
    if vehicle < 0 or tables.vehicle[vehicle, CLOSED] == 1:
        return 0, -1
    row = state.current[vehicle]
    for position in range(1, state.row_fact[row, LENGTH] - 1):
        if state.sequence[row, position] == n:
            return vehicle, position
    return vehicle, -1


@inner
def _looks_good(tables: Tables, state: State, here: Cut, there: Cut, allowed: float) -> bool:
    """
    Whether metres and times of the new arcs allow an exchange.

    The price of time, loads and wishes are seen when it is done. Times are asked as they are before it: what departs
    or comes home at another time once a late parcel is gone may be refused here.
    """
    added = _added_price(tables, state, here, there)
    if _empties(state, here, there):
        row, k = state.current[there[0]], tables.vehicle[there[0], KIND]
        added -= state.track[ARC, row, 0] + tables.kind[k, FIXED]
        return added <= allowed and _meets(tables, state, here, there)
    added += _added_price(tables, state, there, here)
    return added <= allowed and _meets(tables, state, here, there) and _meets(tables, state, there, here)


@leaf
def _empties(state: State, here: Cut, there: Cut) -> bool:
    """Whether the second route gives all of itself and gets nothing."""
    return there[1] == 0 and here[1] == state.row_fact[state.current[here[0]], LENGTH] - 2


@leaf
def _added_price(tables: Tables, state: State, head: Cut, tail: Cut) -> int:
    """Price of the arc from a head to another route's tail, less that of the arc which it replaces."""
    row, k = state.current[head[0]], tables.vehicle[head[0], KIND]
    a, b = state.track[LOCATIONS, row, head[1]], state.track[LOCATIONS, state.current[tail[0]], tail[1] + 1]
    return tables.out_of[tables.kind[k, PROFILE], a, b, 0] * tables.kind[k, PER_METRE] - state.track[ARC, row, head[1]]


@inner
def _meets(tables: Tables, state: State, head: Cut, tail: Cut) -> bool:
    """Whether who has driven a head is in time for another route's tail."""
    row, k = state.current[head[0]], tables.vehicle[head[0], KIND]
    other, count = state.current[tail[0]], tables.kind[k, NUM_BREAKS]
    if count != tables.kind[tables.vehicle[tail[0], KIND], NUM_BREAKS]:
        return True  # their sets of breaks are not to be compared: the schedule will tell
    a, b = state.track[LOCATIONS, row, head[1]], state.track[LOCATIONS, other, tail[1] + 1]
    drive = tables.out_of[tables.kind[k, PROFILE], a, b, 1]
    forward, backward = tables.parameter[FIRST_CHANNEL_FORWARD], tables.parameter[FIRST_CHANNEL_BACKWARD]
    times = state.work
    for taken in range(1 << count):
        times[taken] = state.track[forward + taken, row, head[1]]
    rest_forward(times, tables.rest, tables.kind[k, FIRST_BREAK], count)
    is_in_time = False
    for taken in range(1 << count):
        is_in_time |= times[taken] + drive <= state.track[backward + taken, other, tail[1] + 1]
    return is_in_time


@inner
def _may_swap(tables: Tables, state: State, here: Cut, there: Cut) -> bool:
    """Whether both rows are long enough, no trip becomes empty, and both tails may go to the other vehicle."""
    row, other = state.current[here[0]], state.current[there[0]]
    i, j, most = here[1], there[1], state.sequence.shape[1]
    mine, theirs = state.row_fact[row, LENGTH] - i - 1, state.row_fact[other, LENGTH] - j - 1
    if i + 1 + theirs > most or j + 1 + mine > most:
        return False
    # Of whole routes one may be empty: then a vehicle at home takes over.
    if i > 0 and state.sequence[other, j] < 0 and state.sequence[row, i + 1] < 0 and not _empties(state, here, there):
        return False
    return _may_go(tables, state, here, there[0]) and _may_go(tables, state, there, here[0])


@inner
def _may_go(tables: Tables, state: State, cut: Cut, vehicle: int) -> bool:
    """Whether another vehicle can do all of a tail, has not left without what is ready later, and no pair is parted."""
    row, k = state.current[cut[0]], tables.vehicle[vehicle, KIND]
    has_left, pairs = tables.vehicle[vehicle, FIXED_POSITIONS] > 1, 0
    for position in range(cut[1] + 1, state.row_fact[row, LENGTH] - 1):
        n = state.sequence[row, position]
        if n < 0:
            continue
        r = tables.node[n, REQUEST]
        if tables.able[r, k] == 0 or tables.request[r, ONLY_VEHICLE] >= 0 or (has_left and tables.node[n, RELEASE] > 0):
            return False
        if tables.node[n, PARTNER] >= 0:
            pairs += -1 if tables.node[n, ROLE] == DELIVERS_PAIR else 1
    return pairs == 0


@inner
def _swap(tables: Tables, state: State, search: Search, here: Cut, there: Cut) -> bool:
    """Exchange the tails; whether both rows can be driven."""
    touch(state, search, here[0])
    touch(state, search, there[0])
    row, other = state.current[here[0]], state.current[there[0]]
    i, j = here[1] + 1, there[1] + 1
    mine, theirs = state.row_fact[row, LENGTH] - i, state.row_fact[other, LENGTH] - j
    for p in range(max(mine, theirs)):
        n, m = state.sequence[row, i + p], state.sequence[other, j + p]
        if p < mine:
            state.sequence[other, j + p] = n
            _hand_over(tables, state, search, n, there[0])
        if p < theirs:
            state.sequence[row, i + p] = m
            _hand_over(tables, state, search, m, here[0])
    state.row_fact[row, LENGTH], state.row_fact[other, LENGTH] = i + theirs, j + mine
    search.counter[USED] -= state.row_fact[other, LENGTH] == 2
    return refresh(tables, state, here[0], row) and refresh(tables, state, there[0], other)


@leaf
def _hand_over(tables: Tables, state: State, search: Search, n: int, vehicle: int) -> None:
    if n >= 0:
        assign(state, search, tables.node[n, REQUEST], vehicle)

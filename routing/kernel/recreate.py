"""
Recreate: put back what is left behind, one request after the other, each where it costs least.

Greedy insertion with blinks in one of seven orders (Christiaens & Vanden Berghe 2020, §5.3), in the routes of its
nearest neighbours first (granular neighbourhoods, Toth & Vigo 2003), further away when none of those has room.
"""

from __future__ import annotations

from routing.constraints.balance import balance_cost
from routing.constraints.fleet import is_idle, may_grow
from routing.constraints.optional import left_cost
from routing.constraints.trips import may_reload
from routing.kernel.chance import below, draw
from routing.kernel.columns import (
    ABSENT,
    ALIKE,
    CLOSED,
    CLOSES,
    FAR,
    FIRST_NODE,
    GENEROUS_RATE,
    IS_GENEROUS,
    IS_PLAIN,
    KIND,
    LENGTH,
    ONLY_VEHICLE,
    OPENS,
    PASS_RATE,
    RELOAD,
    REQUEST,
    SECOND_NODE,
    SIZE,
    TICK,
    TOKEN,
    TOO_LATE,
    TOUCHED,
    TRIPS,
    USED,
    VEHICLE,
    WIDTH,
    WORKING,
    Search,
    State,
    Tables,
)
from routing.kernel.evaluate import refresh
from routing.kernel.jit import inner, leaf
from routing.kernel.rows import insert, sweep_out
from routing.kernel.ruin import assign, touch
from routing.kernel.scan import INSIDE, NEW_FIRST, scan_new_trip, scan_pair, scan_single
from routing.kernel.scan_plain import scan_pair_plain, scan_single_plain

NEIGHBOURS = 40
"""Nearest nodes whose routes are looked at."""
MOST_OLD = 10
"""Requests that were left behind before this iteration and are tried again in it."""
MOST_REFUSED = 8
"""Places of one request that the exact schedule may refuse before it is left behind."""

# Weights of the orders: random, large, far, close, narrow windows, early opening, late closing.
_RANDOM, _LARGE, _FAR, _CLOSE, _NARROW, _EARLY = 4, 8, 10, 11, 13, 15
_ORDERS = 17

Place = tuple[int, int, int, int, int]
"""Cost, vehicle (-1 = none), position, other position, mode."""


@inner
def recreate(tables: Tables, state: State, search: Search, at_first: bool) -> None:
    """
    Insert what is left behind; what finds no place worth its cost stays.

    Parameters
    ----------
    at_first
        Nothing has been tried yet: look for a place for everything.
    """
    _put_in_order(tables, state, search)
    balance_cost(tables, state)
    counter, absent = search.counter, search.absent
    # A vehicle that no single request is worth may be worth it for several.
    counter[IS_GENEROUS] = below(state.random, 1000) < counter[GENEROUS_RATE]
    kept, old = 0, 0
    for a in range(counter[ABSENT]):
        r = absent[a]
        is_old = not at_first and search.moved[1, r] != counter[TICK]
        old += is_old
        # What was not worth it, or passed over by chance, is looked at anew where nothing has changed, too.
        is_settled = is_old and counter[IS_GENEROUS] == 0 and counter[PASS_RATE] == 0
        if (is_settled and old > MOST_OLD) or not put_back(tables, state, search, r, is_settled):
            absent[kept] = r
            kept += 1
    counter[ABSENT] = kept


@inner
def _turn(tables: Tables, state: State, r: int, order: int) -> float:
    """Where a request stands in one of the orders; lowest first."""
    request = tables.request
    if order < _RANDOM:
        return float(draw(state.random))
    if order < _LARGE:
        return -float(request[r, SIZE])
    if order < _FAR:
        return -float(request[r, FAR])
    if order < _CLOSE:
        return float(request[r, FAR])
    if order < _NARROW:
        return float(request[r, WIDTH])
    return float(request[r, OPENS]) if order < _EARLY else -float(request[r, CLOSES])


@inner
def _put_in_order(tables: Tables, state: State, search: Search) -> None:
    absent, key = search.absent, search.key
    count, order = search.counter[ABSENT], below(state.random, _ORDERS)
    for a in range(count):
        r = absent[a]
        key[r] = _turn(tables, state, r, order)
        if tables.request[r, ONLY_VEHICLE] >= 0:
            key[r] = -1e18  # its vehicle has it aboard already
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:  # Shell's sort
        for a in range(gap, count):
            r, b = absent[a], a
            while b >= gap and key[absent[b - gap]] > key[r]:
                absent[b] = absent[b - gap]
                b -= gap
            absent[b] = r
        gap //= 3


@inner
def put_back(tables: Tables, state: State, search: Search, r: int, is_old: bool) -> bool:
    """
    Insert one request at the cheapest place that the exact schedule accepts, if that costs less than leaving it.

    Parameters
    ----------
    is_old
        It was left behind before this iteration: only rows that have changed since can have room for it.
    """
    done, refused = False, 0
    while refused < MOST_REFUSED:
        best = _cheapest_place(tables, state, search, r, is_old)
        if best[1] < 0:
            break
        done = take(tables, state, search, r, best)
        if done:
            break
        search.least[best[1]] = best[0]  # only dearer places of this vehicle are looked at again
        search.refused[refused] = best[1]
        refused += 1
    for again in range(refused):
        search.least[search.refused[again]] = -TOO_LATE
    return done


@inner
def take(tables: Tables, state: State, search: Search, r: int, place: Place) -> bool:
    _, vehicle, position, other, mode = place
    touch(state, search, vehicle)
    row = state.current[vehicle]
    was_driving = state.row_fact[row, LENGTH] > 2
    n, m = tables.request[r, FIRST_NODE], tables.request[r, SECOND_NODE]
    if mode == INSIDE:
        if m >= 0:
            insert(state, row, other + 1, m)
        insert(state, row, position + 1, n)
    elif mode == NEW_FIRST:
        insert(state, row, 1, RELOAD)
        if m >= 0:
            insert(state, row, 1, m)
        insert(state, row, 1, n)
    else:
        if m >= 0:
            insert(state, row, position, m)
        insert(state, row, position, n)
        insert(state, row, position, RELOAD)
    assign(state, search, r, vehicle)
    if refresh(tables, state, vehicle, row):
        search.counter[USED] += not was_driving
        state.longest[0] = max(state.longest[0], state.row_fact[row, WORKING])
        return True
    assign(state, search, r, -1)
    sweep_out(tables, state, vehicle, row)
    refresh(tables, state, vehicle, row)
    return False


@inner
def _cheapest_place(tables: Tables, state: State, search: Search, r: int, is_old: bool) -> Place:
    """Look where it is likely, and further away when there is no room."""
    worth = left_cost(tables.request, r)
    if search.counter[IS_GENEROUS] == 1 and below(state.random, 2) == 0:
        worth = max(worth, TOO_LATE)
    best = (worth, -1, -1, -1, INSIDE)
    search.counter[TOKEN] += 1
    looked = 0
    for further in range(2):
        if is_old:
            count = _list_changed(tables, state, search)
        else:
            count = _list_near(tables, state, search, r, further, looked)
        for candidate in range(looked, count):
            vehicle = search.candidate[candidate]
            if search.counter[PASS_RATE] > 0 and below(state.random, 1000) < search.counter[PASS_RATE]:
                continue
            if tables.vehicle[vehicle, CLOSED] == 0 and tables.able[r, tables.vehicle[vehicle, KIND]] == 1:
                best = look(tables, state, search, r, vehicle, best)
        if best[1] >= 0 or is_old or tables.request[r, ONLY_VEHICLE] >= 0:
            break
        looked = count
    return best


@inner
def _list_changed(tables: Tables, state: State, search: Search) -> int:
    """List the vehicles changed in this iteration, and idle ones; the length of the list."""
    count = search.counter[TOUCHED]
    for t in range(count):
        search.candidate[t] = search.touched[0, t]
    return _list_idle(tables, state, search, count)


@inner
def _list_near(tables: Tables, state: State, search: Search, r: int, further: int, count: int) -> int:
    """
    List the vehicles that serve neighbours of a request, and idle ones; the length of the list.

    Parameters
    ----------
    further
        0 = the nearest neighbours; 1 = all others.
    count
        Vehicles that are listed already.
    """
    if tables.request[r, ONLY_VEHICLE] >= 0:
        search.candidate[0] = tables.request[r, ONLY_VEHICLE]
        return 1
    token, known = search.counter[TOKEN], tables.near.shape[1]
    nearest = min(NEIGHBOURS, known)
    begin, end = (nearest, known) if further else (0, nearest)
    for at_end in range(1 + (tables.request[r, SECOND_NODE] >= 0)):
        n = tables.request[r, at_end]
        for g in range(begin, end):
            other = tables.node[tables.near[n, g], REQUEST]
            vehicle = state.vehicle_of[other] if other >= 0 else tables.node[tables.near[n, g], VEHICLE]
            if vehicle >= 0 and search.seen[vehicle] != token:
                search.seen[vehicle] = token
                search.candidate[count] = vehicle
                count += 1
    if further:
        return count
    return _list_idle(tables, state, search, count)


@inner
def _list_idle(tables: Tables, state: State, search: Search, count: int) -> int:
    """Add one idle vehicle of each class of alike ones to the list; its length."""
    if not may_grow(search):
        return count
    for group in range(search.idle.shape[0]):
        vehicle = _idle_one(tables, state, search, group)
        if vehicle >= 0:
            search.candidate[count] = vehicle
            count += 1
    return count


@inner
def _idle_one(tables: Tables, state: State, search: Search, group: int) -> int:
    """An idle vehicle of a class of alike ones; -1 = there is none."""
    vehicle = search.idle[group]
    if vehicle >= 0 and is_idle(state, vehicle):
        return vehicle
    search.idle[group] = -1
    for v in range(state.current.shape[0]):
        if tables.kind[tables.vehicle[v, KIND], ALIKE] == group and is_idle(state, v):
            search.idle[group] = v
            break
    return search.idle[group]


@leaf
def _may_reload(tables: Tables, state: State, vehicle: int) -> bool:
    row = state.current[vehicle]
    trips = state.row_fact[row, TRIPS]
    return state.row_fact[row, LENGTH] > 2 and may_reload(tables.kind, tables.vehicle[vehicle, KIND], trips)


@inner
def look(tables: Tables, state: State, search: Search, r: int, vehicle: int, best: Place) -> Place:
    """The better of a place known and the best in a vehicle's row."""
    if state.row_fact[state.current[vehicle], LENGTH] + 4 > state.sequence.shape[1]:
        return best
    n, m, least = tables.request[r, FIRST_NODE], tables.request[r, SECOND_NODE], search.least[vehicle]
    mode, other = INSIDE, -1
    is_few = search.counter[PASS_RATE] > 0 and tables.parameter[IS_PLAIN] == 0
    if is_few and below(state.random, 1000) < search.counter[PASS_RATE] and _may_reload(tables, state, vehicle):
        cost, position, mode = scan_new_trip(tables, state, n, m, vehicle, best[0], least)
        return (cost, vehicle, position, position, mode) if position >= 0 else best
    if tables.parameter[IS_PLAIN] == 1 and m < 0:
        cost, position = scan_single_plain(tables, state, n, vehicle, best[0], least)
    elif tables.parameter[IS_PLAIN] == 1:
        cost, position, other = scan_pair_plain(tables, state, n, m, vehicle, best[0], least)
    elif m < 0:
        cost, position, mode = scan_single(tables, state, n, vehicle, best[0], least)
    else:
        cost, position, other, mode = scan_pair(tables, state, n, m, vehicle, best[0], least)
    if position < 0:
        return best
    return cost, vehicle, position, other, mode

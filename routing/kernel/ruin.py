"""
Ruin: take out strings of neighbouring visits from routes near each other.

Slack induction by string removals (Christiaens & Vanden Berghe 2020, Transportation Science 54(2), §5.2): capacity and
time become free where other visits can use them. Now and then a whole route is taken out instead, so that a vehicle
whose fixed cost is not worth it can stay at home.
"""

from __future__ import annotations

from routing.kernel.chance import below, fraction
from routing.kernel.columns import (
    ABSENT,
    CLOSED,
    DROP_RATE,
    EMPTY_RATE,
    FIXED_POSITIONS,
    LENGTH,
    LONGEST_STRING,
    MEAN_REMOVED,
    MOVABLE,
    MOVED,
    NODES,
    REQUEST,
    TICK,
    TOUCHED,
    USED,
    Search,
    State,
    Tables,
)
from routing.kernel.evaluate import refresh
from routing.kernel.jit import inner, leaf
from routing.kernel.rows import copy_row, sweep_out

SPLIT = 0.5
"""Share of strings that keep a part in their middle."""
MOST_DRAWS = 10
"""Nodes drawn for one to begin at, where some routes are closed."""
LONGER = 0.01
"""Chance that the part kept is one visit longer."""


@inner
def touch(state: State, search: Search, vehicle: int) -> None:
    """Before a row is changed for the first time in an iteration: keep it, and work on its other copy."""
    counter = search.counter
    if search.touched[1, vehicle] == counter[TICK]:
        return
    search.touched[1, vehicle] = counter[TICK]
    search.touched[0, counter[TOUCHED]] = vehicle
    counter[TOUCHED] += 1
    row = state.current[vehicle]
    copy_row(state, row, row ^ 1)
    state.current[vehicle] = row ^ 1


@leaf
def assign(state: State, search: Search, r: int, vehicle: int) -> None:
    """Give a request to a vehicle, or -1; what was before this iteration is noted once."""
    if search.moved[1, r] != search.counter[TICK]:
        search.moved[1, r] = search.counter[TICK]
        search.moved[0, r] = state.vehicle_of[r]
        search.moved[2, search.counter[MOVED]] = r
        search.counter[MOVED] += 1
    state.vehicle_of[r] = vehicle


@leaf
def leave(state: State, search: Search, r: int) -> None:
    """Take a request out of its row; the row is swept later."""
    assign(state, search, r, -1)
    search.absent[search.counter[ABSENT]] = r
    search.counter[ABSENT] += 1


@inner
def ruin(tables: Tables, state: State, search: Search) -> None:
    """Take requests out of some rows and bring the rows up to date."""
    counter = search.counter
    if counter[MOVABLE] == 0:
        return
    what = below(state.random, 1000)
    if what < counter[DROP_RATE]:
        _drop_route(tables, state, search, state.vehicle_of[below(state.random, state.vehicle_of.shape[0])])
    elif what < counter[DROP_RATE] + counter[EMPTY_RATE]:
        for vehicle in range(state.current.shape[0]):
            if state.row_fact[state.current[vehicle], NODES] > 0:
                _drop_route(tables, state, search, vehicle)
    else:
        _remove_strings(tables, state, search)
    for t in range(counter[TOUCHED]):
        sweep(tables, state, search, search.touched[0, t])


@inner
def sweep(tables: Tables, state: State, search: Search, vehicle: int) -> None:
    """Bring a row up to date after requests were taken out of it."""
    row = state.current[vehicle]
    was_driving = state.row_fact[row, LENGTH] > 2
    for _ in range(2):
        sweep_out(tables, state, vehicle, row)
        if refresh(tables, state, vehicle, row):
            break
        # A detour was a short cut, or another trip is the last one now: only what is frozen stays.
        for position in range(tables.vehicle[vehicle, FIXED_POSITIONS], state.row_fact[row, LENGTH] - 1):
            n = state.sequence[row, position]
            if n >= 0 and state.vehicle_of[tables.node[n, REQUEST]] >= 0:
                leave(state, search, tables.node[n, REQUEST])
    search.counter[USED] -= was_driving and state.row_fact[row, LENGTH] == 2


@inner
def _drop_route(tables: Tables, state: State, search: Search, vehicle: int) -> None:
    """Take out all of a route that may move."""
    if vehicle < 0 or tables.vehicle[vehicle, CLOSED] == 1:
        return
    touch(state, search, vehicle)
    row = state.current[vehicle]
    for position in range(tables.vehicle[vehicle, FIXED_POSITIONS], state.row_fact[row, LENGTH] - 1):
        n = state.sequence[row, position]
        if n >= 0 and state.vehicle_of[tables.node[n, REQUEST]] >= 0:
            leave(state, search, tables.node[n, REQUEST])


@inner
def _remove_strings(tables: Tables, state: State, search: Search) -> None:
    counter, random = search.counter, state.random
    mean_row = counter[MOVABLE] / max(1, counter[USED])
    longest = min(float(counter[LONGEST_STRING]), mean_row)
    most_strings = 4.0 * counter[MEAN_REMOVED] / (1.0 + longest) - 1.0
    strings = int(fraction(random) * most_strings + 1.0)
    seed, ruined = _node_to_change(tables, state), 0
    for g in range(tables.near.shape[1]):
        if ruined >= strings:
            break
        n = tables.near[seed, g]
        r = tables.node[n, REQUEST]
        if r < 0:
            continue
        vehicle = state.vehicle_of[r]
        if vehicle < 0 or search.touched[1, vehicle] == counter[TICK] or tables.vehicle[vehicle, CLOSED] == 1:
            continue
        nodes = state.row_fact[state.current[vehicle], NODES]
        touch(state, search, vehicle)
        length = int(fraction(random) * min(float(nodes), longest) + 1.0)
        _remove_string(tables, state, search, vehicle, n, min(length, nodes), nodes)
        ruined += 1


@leaf
def _node_to_change(tables: Tables, state: State) -> int:
    """A node of a route that is open, or of none, if chance finds one."""
    n = 0
    for _ in range(MOST_DRAWS):
        n = below(state.random, tables.near.shape[0])
        r = tables.node[n, REQUEST]
        if r >= 0 and (state.vehicle_of[r] < 0 or tables.vehicle[state.vehicle_of[r], CLOSED] == 0):
            break
    return n


@inner
def _remove_string(tables: Tables, state: State, search: Search, vehicle: int, n: int, length: int, nodes: int) -> None:
    """Take a string of `length` visits with node `n` among them out of a row, or the ends of a longer one."""
    row, random, string = state.current[vehicle], state.random, search.string
    count, here = 0, 0
    for position in range(tables.vehicle[vehicle, FIXED_POSITIONS], state.row_fact[row, LENGTH] - 1):
        other = state.sequence[row, position]
        if other >= 0:
            if other == n:
                here = count
            string[count] = other
            count += 1
    kept = 0
    if length > 1 and length < nodes and fraction(random) < SPLIT:
        kept = 1
        while length + kept < nodes and fraction(random) < LONGER:
            kept += 1
    whole = length + kept
    lowest = max(0, here - whole + 1)
    begin = lowest + below(random, min(here, count - whole) - lowest + 1)
    skip = begin + 1 + below(random, length - 1) if kept else -1
    for p in range(begin, begin + whole):
        if skip <= p < skip + kept:
            continue
        r = tables.node[string[p], REQUEST]
        if state.vehicle_of[r] >= 0:
            leave(state, search, r)

"""
Fewer vehicles: close a route, and place its requests elsewhere by asking who is hardest to place.

Every request counts how often it was left behind. A change is welcome when the requests that it leaves behind have
been so less often, whatever it costs (absence counts, Christiaens & Vanden Berghe 2020, §5.5). When recreating finds no
room, a request may also push out another one of the same route that is easier to place (ejection, Nagata & Bräysy 2009;
for pairs Nagata & Kobayashi 2010).
"""

from __future__ import annotations

from routing.constraints.precedence import stands_for_request
from routing.kernel.chance import below
from routing.kernel.columns import (
    ABSENT,
    CLOSED,
    CLOSES_ROUTE,
    FIXED_POSITIONS,
    KEPT_ABSENT,
    KIND,
    LENGTH,
    LIMIT,
    NODES,
    REQUEST,
    TICK,
    TOO_LATE,
    USED,
    Ints,
    Search,
    State,
    Tables,
)
from routing.kernel.evaluate import refresh
from routing.kernel.jit import inner
from routing.kernel.recreate import look, take
from routing.kernel.rows import sweep_out
from routing.kernel.ruin import leave, sweep, touch

EJECT_ONCE_IN = 25
"""Iterations in which a request left behind looks for another one to push out."""

NOWHERE = -1


@inner
def absences_of(search: Search, requests: Ints, count: int) -> int:
    """How often these requests have been left behind so far, together."""
    total = 0
    for a in range(count):
        total += 1 + search.absences[requests[a]]
    return total


@inner
def count_absences(search: Search) -> None:
    """Whoever is left behind now is harder to place than was thought."""
    for a in range(search.counter[ABSENT]):
        search.absences[search.absent[a]] += 1


@inner
def close_route(tables: Tables, state: State, search: Search) -> bool:
    """Take out the route whose requests are easiest to place, and allow one vehicle fewer; False = none can be."""
    chosen, fewest = NOWHERE, TOO_LATE
    for vehicle in range(state.current.shape[0]):
        row = state.current[vehicle]
        if state.row_fact[row, NODES] == 0 or tables.vehicle[vehicle, FIXED_POSITIONS] > 1:
            continue
        total = 0
        for position in range(1, state.row_fact[row, LENGTH] - 1):
            n = state.sequence[row, position]
            if n >= 0:
                total += 1 + search.absences[tables.node[n, REQUEST]]
        if total < fewest:
            chosen, fewest = vehicle, total
    if chosen == NOWHERE or search.counter[USED] <= 1:
        return False
    touch(state, search, chosen)
    row = state.current[chosen]
    for position in range(1, state.row_fact[row, LENGTH] - 1):
        n = state.sequence[row, position]
        if n >= 0 and stands_for_request(tables.node, n):
            leave(state, search, tables.node[n, REQUEST])
    sweep(tables, state, search, chosen)
    search.counter[LIMIT] = search.counter[USED]
    search.counter[CLOSES_ROUTE] = search.counter[TICK]
    return True


@inner
def eject(tables: Tables, state: State, search: Search) -> None:
    """Let a random request that is left behind push out the one that is easiest to place, if it is easier."""
    counter = search.counter
    if counter[ABSENT] == 0:
        return
    a = below(state.random, counter[ABSENT])
    r = search.absent[a]
    vehicle, out = _easiest_to_push_out(tables, state, search, r)
    if vehicle == NOWHERE:
        return
    touch(state, search, vehicle)
    leave(state, search, out)
    sweep(tables, state, search, vehicle)
    place = look(tables, state, search, r, vehicle, (TOO_LATE, -1, -1, -1, 0))
    if place[1] >= 0 and take(tables, state, search, r, place):
        counter[ABSENT] -= 1
        search.absent[a] = search.absent[counter[ABSENT]]


@inner
def _easiest_to_push_out(tables: Tables, state: State, search: Search, r: int) -> tuple[int, int]:
    """Vehicle and request whose leaving makes room for r; the request has been left behind least often."""
    best, vehicle_of_best, out, ties = search.absences[r], NOWHERE, NOWHERE, 1
    for vehicle in range(state.current.shape[0]):
        row = state.current[vehicle]
        if state.row_fact[row, NODES] == 0 or tables.vehicle[vehicle, CLOSED] == 1:
            continue
        if tables.able[r, tables.vehicle[vehicle, KIND]] == 0:
            continue
        for position in range(tables.vehicle[vehicle, FIXED_POSITIONS], state.row_fact[row, LENGTH] - 1):
            n = state.sequence[row, position]
            if n < 0 or not stands_for_request(tables.node, n):
                continue
            other = tables.node[n, REQUEST]
            count = search.absences[other]
            if count > best or (count == best and (vehicle_of_best == NOWHERE or below(state.random, ties + 1) > 0)):
                continue
            if _makes_room(tables, state, search, r, vehicle, other):
                ties = ties + 1 if count == best else 1
                best, vehicle_of_best, out = count, vehicle, other
    return vehicle_of_best, out


@inner
def _makes_room(tables: Tables, state: State, search: Search, r: int, vehicle: int, other: int) -> bool:
    """Whether r fits into a row once another request has left it; tried in a spare row."""
    row = state.current[vehicle]
    spare = state.sequence.shape[0] - 1
    for position in range(state.row_fact[row, LENGTH]):
        state.sequence[spare, position] = state.sequence[row, position]
    state.row_fact[spare, LENGTH] = state.row_fact[row, LENGTH]
    state.vehicle_of[other] = -1
    sweep_out(tables, state, vehicle, spare)
    fits = refresh(tables, state, vehicle, spare)
    if fits:
        state.current[vehicle] = spare
        fits = look(tables, state, search, r, vehicle, (TOO_LATE, -1, -1, -1, 0))[1] >= 0
        state.current[vehicle] = row
    state.vehicle_of[other] = vehicle
    return fits


@inner
def is_easier(search: Search) -> int:
    """Whether those left behind now were so less (1), as (0) or more often (-1) than those before this iteration."""
    before = absences_of(search, search.kept_absent, search.counter[KEPT_ABSENT])
    now = absences_of(search, search.absent, search.counter[ABSENT])
    return (now < before) - (now > before)

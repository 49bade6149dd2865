"""
Simulated annealing over ruin and recreate and exchanges of tails: the engine's main loop (Christiaens & Vanden Berghe
2020, §5.4).

Python calls it for a few hundred iterations at a time, and looks at the clock in between.
"""

from __future__ import annotations

from math import log

from routing.constraints.balance import balance_cost
from routing.constraints.optional import left_cost
from routing.kernel.chance import below, fraction
from routing.kernel.columns import (
    ABSENT,
    ACCEPTED,
    BALANCE,
    BALANCED,
    BEST,
    CLOSES_ROUTE,
    COST,
    KEPT_ABSENT,
    KEPT_USED,
    LENGTH,
    MOVABLE,
    MOVED,
    NODES,
    TAIL_RATE,
    TICK,
    TOTAL,
    TOUCHED,
    USED,
    VEHICLE_RATE,
    Search,
    State,
    Tables,
)
from routing.kernel.evaluate import refresh
from routing.kernel.fleet import EJECT_ONCE_IN, close_route, count_absences, eject, is_easier
from routing.kernel.jit import inner, jit
from routing.kernel.recreate import recreate
from routing.kernel.ruin import ruin
from routing.kernel.tails import swap_tails, swap_vehicles

PREPARE, CONSTRUCT, ANNEAL, REDUCE = 0, 1, 2, 3
"""Tasks of `work`."""

DONE = -2
"""What `work` returns when nothing is left to do for it."""


@jit
def work(tables: Tables, state: State, search: Search, task: int, iterations: int, temperature: float) -> int:
    """
    Do one of the tasks above: the only function of the kernel that Python calls.

    PREPARE brings everything up to date after Python wrote the rows. CONSTRUCT inserts what is left behind. ANNEAL
    takes some out first, or exchanges tails, and may take its changes back; REDUCE takes out to get by with fewer
    vehicles. One door for all, because everything that a door leads to is compiled for it anew.

    Parameters
    ----------
    temperature
        In the unit of the total.
    """
    if task == PREPARE:
        return prepare(tables, state, search)
    counter = search.counter
    for _ in range(iterations):
        begin(search)
        if task == REDUCE and counter[ABSENT] == 0 and not close_route(tables, state, search):
            return DONE
        allowed = -temperature * log(fraction(state.random) + 1e-12)
        if not _change(tables, state, search, task, allowed):
            reject(state, search)
            continue
        total = changed_total(tables, state, search)
        if _is_welcome(search, task, total, allowed):
            accept(tables, state, search, total)
            if total < counter[BEST]:
                keep_best(state, search)
        else:
            reject(state, search)
    return 0


@inner
def _change(tables: Tables, state: State, search: Search, task: int, allowed: float) -> bool:
    """Change some rows; False = that came to nothing."""
    if task == ANNEAL and search.counter[MOVABLE] > 0:
        what = below(state.random, 1000)
        if what < search.counter[VEHICLE_RATE]:
            return swap_vehicles(tables, state, search)
        if what < search.counter[VEHICLE_RATE] + search.counter[TAIL_RATE] and search.counter[USED] > 1:
            return swap_tails(tables, state, search, allowed)
    if task != CONSTRUCT:
        ruin(tables, state, search)
    recreate(tables, state, search, task == CONSTRUCT)
    if task == REDUCE and search.counter[ABSENT] > 0 and below(state.random, EJECT_ONCE_IN) == 0:
        eject(tables, state, search)
    return True


@inner
def _is_welcome(search: Search, task: int, total: int, allowed: float) -> bool:
    """Whether an iteration's changes may stand."""
    if task == CONSTRUCT:
        return True
    if task == REDUCE:
        easier = is_easier(search)
        count_absences(search)
        if easier != 0:
            return easier > 0 or search.counter[CLOSES_ROUTE] == search.counter[TICK]
    return total - search.counter[TOTAL] <= allowed


@inner
def prepare(tables: Tables, state: State, search: Search) -> int:
    """
    Bring every row and the totals up to date after Python wrote the sequences.

    Returns
    -------
    vehicle
        The first one whose row cannot be driven; -1 = all can.
    """
    counter = search.counter
    total, used, movable = 0, 0, 0
    for vehicle in range(state.current.shape[0]):
        row = state.current[vehicle]
        if not refresh(tables, state, vehicle, row):
            return vehicle
        total += state.row_fact[row, COST]
        used += state.row_fact[row, LENGTH] > 2
        movable += state.row_fact[row, NODES]
    absent = 0
    for r in range(state.vehicle_of.shape[0]):
        if state.vehicle_of[r] < 0:
            total += left_cost(tables.request, r)
            search.absent[absent] = r
            absent += 1
    counter[BALANCED] = balance_cost(tables, state)
    counter[ABSENT], counter[USED], counter[MOVABLE] = absent, used, movable
    counter[TOTAL] = total + counter[BALANCED]
    if counter[TOTAL] < counter[BEST]:
        keep_best(state, search)
    return -1


@inner
def begin(search: Search) -> None:
    """Open an iteration: from here on it can be taken back."""
    counter = search.counter
    counter[TICK] += 1
    counter[TOUCHED] = counter[MOVED] = 0
    counter[KEPT_ABSENT], counter[KEPT_USED] = counter[ABSENT], counter[USED]
    for a in range(counter[ABSENT]):
        search.kept_absent[a] = search.absent[a]


@inner
def changed_total(tables: Tables, state: State, search: Search) -> int:
    """The total after this iteration's changes."""
    counter = search.counter
    total = counter[TOTAL]
    for t in range(counter[TOUCHED]):
        row = state.current[search.touched[0, t]]
        total += state.row_fact[row, COST] - state.row_fact[row ^ 1, COST]
    for a in range(counter[ABSENT]):
        total += left_cost(tables.request, search.absent[a])
    for a in range(counter[KEPT_ABSENT]):
        total -= left_cost(tables.request, search.kept_absent[a])
    if tables.parameter[BALANCE] > 0:
        total += balance_cost(tables, state) - search.counter[BALANCED]
    return total


@inner
def accept(tables: Tables, state: State, search: Search, total: int) -> None:
    """Let this iteration's changes stand."""
    counter = search.counter
    for t in range(counter[TOUCHED]):
        row = state.current[search.touched[0, t]]
        counter[MOVABLE] += state.row_fact[row, NODES] - state.row_fact[row ^ 1, NODES]
    if tables.parameter[BALANCE] > 0:
        counter[BALANCED] = balance_cost(tables, state)
    counter[TOTAL] = total
    counter[ACCEPTED] += 1


@inner
def reject(state: State, search: Search) -> None:
    """Take this iteration's changes back."""
    counter = search.counter
    for t in range(counter[TOUCHED]):
        vehicle = search.touched[0, t]
        state.current[vehicle] ^= 1
    for k in range(counter[MOVED]):
        r = search.moved[2, k]
        state.vehicle_of[r] = search.moved[0, r]
    counter[ABSENT], counter[USED] = counter[KEPT_ABSENT], counter[KEPT_USED]
    for a in range(counter[ABSENT]):
        search.absent[a] = search.kept_absent[a]


@inner
def keep_best(state: State, search: Search) -> None:
    """Remember the solution under work as the best one."""
    counter = search.counter
    counter[BEST] = counter[TOTAL]
    for vehicle in range(state.current.shape[0]):
        row = state.current[vehicle]
        length = state.row_fact[row, LENGTH]
        search.best_length[vehicle] = length
        for position in range(length):
            search.best_sequence[vehicle, position] = state.sequence[row, position]

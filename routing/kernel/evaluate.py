"""
Bring everything that is known of a row up to date: one sweep there, one back, and its price.

Afterwards an insertion anywhere in the row is a question of constant time: the earliest end of service before the
place (`forward`), the latest arrival after it (`backward`), what is aboard, and the segments of working time.
"""

from __future__ import annotations

from routing.constraints.breaks import depart, finish, rest_backward, rest_forward
from routing.constraints.depot import goes_home
from routing.constraints.depot_hours import closing, opening
from routing.constraints.latest_return import return_deadline
from routing.constraints.max_distance import is_too_far
from routing.constraints.published import change_price
from routing.constraints.reachability import has_arc
from routing.constraints.release import departure_floor
from routing.constraints.setup import joins, service
from routing.constraints.shift import first_departure
from routing.constraints.time_windows import first_open, last_open
from routing.constraints.trips import may_reload, reload_backward, reload_forward
from routing.constraints.zones import stranger_price
from routing.kernel.clock import priced_time
from routing.kernel.columns import (
    ARC,
    AVAILABLE,
    COST,
    DEADLINE,
    DIMENSIONS,
    END,
    END_DEPOT,
    END_LOCATION,
    FIRST_BREAK,
    FIRST_CHANNEL_BACKWARD,
    FIRST_CHANNEL_FORWARD,
    FIRST_CHANNEL_LEAVE,
    FIXED,
    FLOOR,
    HAS_RIDES,
    HAS_WISHES,
    IMPOSSIBLE,
    IS_TIMED,
    ITEM,
    KIND,
    KIND_CAPACITY,
    LENGTH,
    LOADS,
    LOCATION,
    LOCATIONS,
    METRES,
    NEVER,
    NODE_LOADS,
    NODES,
    NUM_BREAKS,
    PER_METRE,
    PROFILE,
    RELOAD,
    REQUEST,
    RESUMES,
    START_DEPOT,
    START_LOCATION,
    TOO_LATE,
    TRIPS,
    Ints,
    State,
    Tables,
)
from routing.kernel.jit import inner, leaf


@inner
def refresh(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """
    Compute every track and fact of a row from its sequence.

    Returns
    -------
    feasible
        False = it cannot be driven; tracks are then not to be used.
    """
    return (
        _drive(tables, state, vehicle, row)
        and _load(tables, state, vehicle, row)
        and _advance(tables, state, vehicle, row)
        and _retreat(tables, state, vehicle, row)
        and _price(tables, state, vehicle, row)
    )


@inner
def _drive(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """Locations, arcs, floors and deadlines of the trips."""
    node, kind, track = tables.node, tables.kind, state.track
    k = tables.vehicle[vehicle, KIND]
    profile = kind[k, PROFILE]
    length = state.row_fact[row, LENGTH]
    metres, trips, nodes, trip = 0, 1, 0, 0
    floor = first_departure(kind, k)
    if tables.vehicle[vehicle, RESUMES] == 0:
        floor = max(floor, tables.vehicle[vehicle, AVAILABLE])
    deadline = NEVER
    here = kind[k, START_LOCATION]
    track[LOCATIONS, row, 0] = here
    for position in range(1, length):
        n = state.sequence[row, position]
        if n >= 0:
            there = node[n, LOCATION]
            floor = departure_floor(node, n, floor)
            deadline = return_deadline(node, n, deadline)
            nodes += node[n, REQUEST] >= 0
        elif n == RELOAD:
            there = kind[k, START_LOCATION]
            track[FLOOR, row, trip] = floor
            track[DEADLINE, row, position] = min(deadline, closing(kind, k, n))
            floor, deadline, trip = opening(kind, k), NEVER, position
            if tables.vehicle[vehicle, RESUMES] == position:
                floor = max(floor, tables.vehicle[vehicle, AVAILABLE])
            trips += 1
        else:
            there = kind[k, END_LOCATION]
            track[FLOOR, row, trip] = floor
            track[DEADLINE, row, position] = min(deadline, closing(kind, k, n))
        track[LOCATIONS, row, position] = there
        if length > 2 and not has_arc(tables.out_of, profile, here, there):
            return False
        driven = tables.out_of[profile, here, there, 0]
        metres += driven
        track[ARC, row, position - 1] = driven * kind[k, PER_METRE]
        here = there
    if kind[k, START_DEPOT] != kind[k, END_DEPOT] and not _bring_home(tables, state, k, row):
        return False
    if length == 2:
        metres = track[ARC, row, 0] = 0
    state.row_fact[row, METRES] = metres
    state.row_fact[row, TRIPS] = trips
    state.row_fact[row, NODES] = nodes
    return not is_too_far(kind, k, metres) and may_reload(kind, k, trips - 1)


@inner
def _bring_home(tables: Tables, state: State, k: int, row: int) -> bool:
    """Whether each trip ends where what it collects is wanted."""
    mark = END
    for position in range(state.row_fact[row, LENGTH] - 2, 0, -1):
        n = state.sequence[row, position]
        if n == RELOAD:
            mark = RELOAD
        elif not goes_home(tables.node, tables.kind, n, k, mark):
            return False
    return True


@inner
def _load(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """What is aboard after each position, and the most before and after it."""
    node, track, sequence = tables.node, state.track, state.sequence
    k = tables.vehicle[vehicle, KIND]
    length = state.row_fact[row, LENGTH]
    for d in range(tables.parameter[DIMENSIONS]):
        capacity = tables.kind[k, KIND_CAPACITY + d]
        base, column = LOADS + 3 * d, NODE_LOADS + 3 * d
        aboard, begin = 0, 0
        while begin < length - 1:
            end = begin + 1
            home = 0
            while sequence[row, end] >= 0:
                aboard += node[sequence[row, end], column]
                home += node[sequence[row, end], column + 1]
                end += 1
            most = aboard
            track[base, row, begin] = track[base + 1, row, begin] = aboard
            for position in range(begin + 1, end):
                aboard += node[sequence[row, position], column + 2]
                most = max(most, aboard)
                track[base, row, position] = aboard
                track[base + 1, row, position] = most
            if most > capacity:
                return False
            after = 0
            for position in range(end - 1, begin - 1, -1):
                after = max(after, track[base, row, position])
                track[base + 2, row, position] = after
            aboard -= home
            begin = end
    return True


@leaf
def move(tables: Tables, k: int, here: int, there: int, before: int, n: int, times: Ints) -> None:
    """
    From the end of service at `before` to the end of service at `n`: rest, drive, rest, wait, serve.

    Parameters
    ----------
    here, there
        Locations.
    before, n
        Nodes; `before` may be a mark.
    times
        Earliest times by set of breaks taken; changed in place, TOO_LATE where the node is missed.
    """
    first, count = tables.kind[k, FIRST_BREAK], tables.kind[k, NUM_BREAKS]
    if joins(tables.node, before, n):
        for taken in range(1 << count):
            times[taken] += tables.node[n, ITEM]
        return
    rest_forward(times, tables.rest, first, count)
    drive = tables.out_of[tables.kind[k, PROFILE], here, there, 1]
    for taken in range(1 << count):
        times[taken] += drive
    rest_forward(times, tables.rest, first, count)
    for taken in range(1 << count):
        times[taken] = first_open(tables.node, tables.window, n, times[taken]) + service(tables.node, before, n)


@leaf
def wishes(tables: Tables, k: int, before: int, n: int) -> int:
    """What a node costs by being done by a vehicle type: a visit to an unknown zone, a change of the plan."""
    return stranger_price(tables.node, tables.wish, k, before, n) + change_price(tables.wish, k, n)


@inner
def _advance(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """Earliest end of service at each position, for each set of breaks taken."""
    kind, track, times = tables.kind, state.track, state.work
    k = tables.vehicle[vehicle, KIND]
    first, count = kind[k, FIRST_BREAK], kind[k, NUM_BREAKS]
    forward = tables.parameter[FIRST_CHANNEL_FORWARD]
    length = state.row_fact[row, LENGTH]
    depart(times, tables.rest, first, count, track[FLOOR, row, 0])
    for taken in range(1 << count):
        track[forward + taken, row, 0] = times[taken]
    for position in range(1, length - 1):
        here, there = track[LOCATIONS, row, position - 1], track[LOCATIONS, row, position]
        before, n = state.sequence[row, position - 1], state.sequence[row, position]
        if n >= 0:
            move(tables, k, here, there, before, n, times)
        else:
            rest_forward(times, tables.rest, first, count)
            for taken in range(1 << count):
                times[taken] += tables.out_of[kind[k, PROFILE], here, there, 1]
            reload_forward(
                times, kind, tables.rest, k, first, count, track[DEADLINE, row, position], track[FLOOR, row, position]
            )
        if tables.vehicle[vehicle, RESUMES] == position:
            for taken in range(1 << count):
                times[taken] = max(times[taken], tables.vehicle[vehicle, AVAILABLE])
        earliest = TOO_LATE
        for taken in range(1 << count):
            track[forward + taken, row, position] = times[taken]
            earliest = min(earliest, times[taken])
        if earliest >= TOO_LATE:
            return False
    return True


@leaf
def drive_back(tables: Tables, k: int, here: int, there: int, n: int, after: int, times: Ints) -> None:
    """From the latest arrivals at `after` to the latest ends of service at `n`: drive and rest, but within a visit."""
    if after >= 0 and joins(tables.node, n, after):
        return
    drive = tables.out_of[tables.kind[k, PROFILE], here, there, 1]
    for taken in range(1 << tables.kind[k, NUM_BREAKS]):
        times[taken] -= drive
    rest_backward(times, tables.rest, tables.kind[k, FIRST_BREAK], tables.kind[k, NUM_BREAKS])


@leaf
def serve_back(tables: Tables, k: int, before: int, n: int, times: Ints) -> None:
    """From the latest ends of service at a node to the latest arrivals at it: serve, wait, rest."""
    node, count = tables.node, tables.kind[k, NUM_BREAKS]
    if joins(node, before, n):
        for taken in range(1 << count):
            times[taken] -= node[n, ITEM]
        return
    lasts = service(node, before, n)
    for taken in range(1 << count):
        times[taken] = last_open(node, tables.window, n, times[taken] - lasts)
    rest_backward(times, tables.rest, tables.kind[k, FIRST_BREAK], count)


@leaf
def _forbid_before(times: Ints, count: int, available: int) -> None:
    """What would have to be over before the vehicle is available cannot be."""
    for taken in range(1 << count):
        if times[taken] < available:
            times[taken] = IMPOSSIBLE


@inner
def _retreat(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """Latest arrival at each position and latest end of service, for each set of breaks taken before."""
    kind, track, times = tables.kind, state.track, state.work
    k = tables.vehicle[vehicle, KIND]
    first, count = kind[k, FIRST_BREAK], kind[k, NUM_BREAKS]
    backward, leave = tables.parameter[FIRST_CHANNEL_BACKWARD], tables.parameter[FIRST_CHANNEL_LEAVE]
    end = state.row_fact[row, LENGTH] - 1
    finish(times, tables.rest, first, count, track[DEADLINE, row, end])
    for taken in range(1 << count):
        track[backward + taken, row, end] = times[taken]
    for position in range(end - 1, -1, -1):
        n, after = state.sequence[row, position], state.sequence[row, position + 1]
        here, there = track[LOCATIONS, row, position], track[LOCATIONS, row, position + 1]
        if end > 1:
            drive_back(tables, k, here, there, n, after, times)
        if tables.vehicle[vehicle, RESUMES] == position:
            _forbid_before(times, count, tables.vehicle[vehicle, AVAILABLE])
        for taken in range(1 << count):
            track[leave + taken, row, position] = times[taken]
        if position == 0:
            break
        if n == RELOAD:
            reload_backward(
                times, kind, tables.rest, k, first, count, track[DEADLINE, row, position], track[FLOOR, row, position]
            )
        else:
            serve_back(tables, k, state.sequence[row, position - 1], n, times)
        for taken in range(1 << count):
            track[backward + taken, row, position] = times[taken]
    return end == 1 or _may_depart(tables, state, row, count)  # who stays at home is never late


@inner
def _may_depart(tables: Tables, state: State, row: int, count: int) -> bool:
    """Whether the earliest departure is not too late."""
    forward, leave, track = tables.parameter[FIRST_CHANNEL_FORWARD], tables.parameter[FIRST_CHANNEL_LEAVE], state.track
    for taken in range(1 << count):
        departs = track[forward + taken, row, 0]
        if departs <= track[leave + taken, row, 0] and track[leave + taken, row, 0] > IMPOSSIBLE:
            return True
    return False


@inner
def _price(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """What the row costs: the vehicle, metres, time, wishes."""
    k, length = tables.vehicle[vehicle, KIND], state.row_fact[row, LENGTH]
    cost = state.row_fact[row, METRES] * tables.kind[k, PER_METRE]
    if length > 2:
        cost += tables.kind[k, FIXED]
    if tables.parameter[IS_TIMED] == 1 or tables.parameter[HAS_RIDES] == 1:
        money = priced_time(tables, state, vehicle, row)
        if money < 0:
            return False
        cost += money
    if tables.parameter[HAS_WISHES] == 1:
        for position in range(1, length - 1):
            n = state.sequence[row, position]
            if n >= 0:
                cost += wishes(tables, k, state.sequence[row, position - 1], n)
    state.row_fact[row, COST] = cost
    return True

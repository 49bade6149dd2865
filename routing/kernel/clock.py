"""
The exact times of a row, where they are not obvious, and its segments of working time.

Where a row has one window a stop, no breaks and no ride limits, segments joined from its own windows are exact. Else
the row goes as a chain of points to `timing`; the windows and breaks that it chooses make the segments.
"""

from __future__ import annotations

from routing.constraints.max_duration import OPEN, exceeds, joined
from routing.constraints.ride_time import has_limit
from routing.constraints.setup import joins, service
from routing.constraints.shift import overtime
from routing.constraints.time_windows import window_at
from routing.kernel import timing
from routing.kernel.columns import (
    AVAILABLE,
    COLLECTS_PAIR,
    DEADLINE,
    FIRST_BREAK,
    FIRST_WINDOW,
    FLOOR,
    FROM_DEPOT,
    HAS_RIDES,
    IS_EXACT,
    ITEM,
    KIND,
    LENGTH,
    LOCATIONS,
    MAX_DURATION,
    MAX_RIDE,
    NEVER,
    NUM_BREAKS,
    NUM_WINDOWS,
    OVERTIME,
    PARTNER,
    PER_OVERTIME,
    PER_SECOND,
    PREFIX,
    PROFILE,
    RELOAD,
    RELOAD_TIME,
    RESUMES,
    ROLE,
    SHIFT_LATE,
    SUFFIX,
    TO_DEPOT,
    WORKING,
    State,
    Tables,
)
from routing.kernel.jit import inner, leaf

# Places in `state.work`: a row's own segments (three numbers a position) and points (one a position).
OWN = 256
"""Shares its room with the scans' deadlines; neither outlives a call."""

IN_TIME = 0
"""What a point's window is when it is one of its own: see `timing`."""


@inner
def priced_time(tables: Tables, state: State, vehicle: int, row: int) -> int:
    """
    Find the working time and overtime of a row, and its segments.

    Returns
    -------
    money
        What its time costs; -1 = it cannot be timed.
    """
    kind, k = tables.kind, tables.vehicle[vehicle, KIND]
    exact = _needs_exact(tables, state, k, row)
    if exact and not _timed(tables, state, vehicle, row):
        return -1
    _own_segments(tables, state, vehicle, row, exact)
    _join_segments(tables, state, k, row)
    if exact:
        state.row_fact[row, WORKING] = state.answer[timing.WORKING]
        state.row_fact[row, OVERTIME] = state.answer[timing.OVERTIME]
        return state.answer[timing.MONEY]
    end = state.row_fact[row, LENGTH] - 1
    duration, begin = state.track[PREFIX, row, end], state.track[PREFIX + 1, row, end]
    if end == 1:
        duration = begin = 0
    late = overtime(begin + duration, kind[k, SHIFT_LATE])
    state.row_fact[row, WORKING], state.row_fact[row, OVERTIME] = duration, late
    if exceeds(duration, kind[k, MAX_DURATION]):
        return -1
    return duration * kind[k, PER_SECOND] + late * kind[k, PER_OVERTIME]


@inner
def _needs_exact(tables: Tables, state: State, k: int, row: int) -> bool:
    length = state.row_fact[row, LENGTH]
    if length == 2:
        return False
    if tables.kind[k, IS_EXACT] == 1:
        return True
    for position in range(1, length - 1):
        n = state.sequence[row, position]
        if n >= 0 and (tables.node[n, NUM_WINDOWS] > 1 or has_limit(tables.node, n)):
            return True
    return False


@inner
def _timed(tables: Tables, state: State, vehicle: int, row: int) -> bool:
    """Ask the exact schedule; its answer is in `state.answer`."""
    k = tables.vehicle[vehicle, KIND]
    points = _lay_out(tables, state, vehicle, row)
    rides = _rides(tables, state, row) if tables.parameter[HAS_RIDES] == 1 else 0
    first, count = tables.kind[k, FIRST_BREAK], tables.kind[k, NUM_BREAKS]
    asked = tables.kind[k, SHIFT_LATE : SHIFT_LATE + 4]
    breaks = tables.rest[first : first + count]
    status = timing.best_timing(
        state.chain, points, tables.window, breaks, count, asked, state.ride, rides, state.answer, state.scratch
    )
    return status == timing.TIMED


@leaf
def _point(state: State, p: int, after: int, may_rest: int, early: int, late: int) -> None:
    chain = state.chain
    chain[p, timing.AFTER] = after
    chain[p, timing.NUM_WINDOWS] = 0
    chain[p, timing.MAY_REST] = may_rest
    chain[p, timing.EARLY] = early
    chain[p, timing.LATE] = late


@inner
def _lay_out(tables: Tables, state: State, vehicle: int, row: int) -> int:
    """
    Lay a row out as a chain of points, as `routing.scheduling.layout` does.

    `work[OWN + 4 * position + 3]` is the point at which service begins, or the trip departs.
    """
    node, chain, track, sequence = tables.node, state.chain, state.track, state.sequence
    k = tables.vehicle[vehicle, KIND]
    profile = tables.kind[k, PROFILE]
    end = state.row_fact[row, LENGTH] - 1
    _point(state, 0, 0, 0, track[FLOOR, row, 0], max(track[FLOOR, row, 0], NEVER))
    state.work[OWN + 3] = 0
    points = 1
    for position in range(1, end + 1):
        before, n = sequence[row, position - 1], sequence[row, position]
        here, there = track[LOCATIONS, row, position - 1], track[LOCATIONS, row, position]
        available = tables.vehicle[vehicle, AVAILABLE] if tables.vehicle[vehicle, RESUMES] == position else 0
        if n >= 0 and joins(node, before, n):
            chain[points - 1, timing.AFTER] += node[n, ITEM]
            chain[points - 1, timing.EARLY] = available
            state.work[OWN + 4 * position + 3] = points - 2
            continue
        drive = tables.out_of[profile, here, there, 1]
        if n >= 0:
            _point(state, points, drive, 1, 0, 0)
            chain[points, timing.FIRST_WINDOW] = node[n, FIRST_WINDOW]
            chain[points, timing.NUM_WINDOWS] = node[n, NUM_WINDOWS]
            state.work[OWN + 4 * position + 3] = points
            _point(state, points + 1, service(node, before, n), 1, available, NEVER)
            points += 2
            continue
        deadline = track[DEADLINE, row, position]
        _point(state, points, drive, 0, min(0, deadline), deadline)
        points += 1
        if n == RELOAD:
            floor = track[FLOOR, row, position]
            _point(state, points, 0, 1, 0, NEVER)
            _point(state, points + 1, tables.kind[k, RELOAD_TIME], 1, floor, max(floor, NEVER))
            state.work[OWN + 4 * position + 3] = points + 1
            points += 2
    return points


@inner
def _rides(tables: Tables, state: State, row: int) -> int:
    """List the limits between two points of the chain that was laid out last."""
    node, work = tables.node, state.work
    end, count, departure = state.row_fact[row, LENGTH] - 1, 0, 0
    for position in range(1, end):
        n = state.sequence[row, position]
        if n == RELOAD:
            departure = work[OWN + 4 * position + 3]
        if n < 0 or not has_limit(node, n) or node[n, ROLE] == COLLECTS_PAIR:
            continue
        point = work[OWN + 4 * position + 3]
        begin, last, limit = departure, point, node[n, MAX_RIDE]
        if node[n, ROLE] == TO_DEPOT:
            begin, last = point, _return_after(state, row, position)
            limit += state.chain[point + 1, timing.AFTER]
        elif node[n, ROLE] != FROM_DEPOT:
            begin = _collected_at(state, row, position, node[n, PARTNER])
            limit += state.chain[begin + 1, timing.AFTER]
        state.ride[count, timing.RIDE_BEGIN] = begin
        state.ride[count, timing.RIDE_END] = last
        state.ride[count, timing.RIDE_LIMIT] = limit
        count += 1
    return count


@inner
def _return_after(state: State, row: int, position: int) -> int:
    """The point at which the trip of a position returns."""
    while state.sequence[row, position] >= 0:
        position += 1
    if state.sequence[row, position] == RELOAD:
        return state.work[OWN + 4 * position + 3] - 2
    last = position - 1
    return state.work[OWN + 4 * last + 3] + 2


@inner
def _collected_at(state: State, row: int, position: int, partner: int) -> int:
    """The point at which the visit begins that collects what is delivered at a position."""
    while state.sequence[row, position] != partner:
        position -= 1
    return state.work[OWN + 4 * position + 3]


@inner
def _own_segments(tables: Tables, state: State, vehicle: int, row: int, exact: bool) -> None:
    """The segment of each position: its service in the window chosen, its floor, its deadline, its breaks."""
    node, track, work = tables.node, state.track, state.work
    k = tables.vehicle[vehicle, KIND]
    end = state.row_fact[row, LENGTH] - 1
    for position in range(end + 1):
        own = OWN + 4 * position
        before, n = state.sequence[row, max(0, position - 1)], state.sequence[row, position]
        if position == 0:
            work[own], work[own + 1], work[own + 2] = 0, track[FLOOR, row, 0], OPEN
        elif position == end:
            work[own], work[own + 1], work[own + 2] = 0, -OPEN, track[DEADLINE, row, position]
        elif n < 0:
            work[own], work[own + 1], work[own + 2] = joined(
                tables.kind[k, RELOAD_TIME],
                -OPEN,
                track[DEADLINE, row, position],
                0,
                0,
                track[FLOOR, row, position],
                OPEN,
            )
        elif joins(node, before, n):
            work[own], work[own + 1], work[own + 2] = node[n, ITEM], -OPEN, OPEN
        else:
            w = node[n, FIRST_WINDOW]
            if exact:
                w = window_at(node, tables.window, n, state.answer[timing.TIMES + work[own + 3]])
            work[own], work[own + 1] = service(node, before, n), tables.window[w, 0]
            work[own + 2] = tables.window[w, 1]
    resumes = tables.vehicle[vehicle, RESUMES]
    if 0 < resumes < end and state.sequence[row, resumes] >= 0:
        own = OWN + 4 * resumes
        d, e, latest = work[own], work[own + 1], work[own + 2]
        d, e, latest = joined(d, e, latest, 0, 0, tables.vehicle[vehicle, AVAILABLE], OPEN)
        work[own], work[own + 1], work[own + 2] = d, e, latest
    if exact:
        for rest in range(state.answer[timing.NUM_TAKEN]):
            at = timing.RESTS + 3 * rest
            _add_rest(tables, state, k, end, state.answer[at + timing.REST_POINT], state.answer[at + timing.REST_BREAK])


@inner
def _add_rest(tables: Tables, state: State, k: int, end: int, point: int, number: int) -> None:
    """Put a break before the service that begins at a point, or behind the one that ends there."""
    work, rest = state.work, tables.rest
    b = tables.kind[k, FIRST_BREAK] + number
    position = end - 1
    while position > 0 and work[OWN + 4 * position + 3] > point:
        position -= 1
    own = OWN + 4 * position
    d, e, latest = work[own], work[own + 1], work[own + 2]
    if work[own + 3] == point:
        d, e, latest = joined(rest[b, 0], rest[b, 1], rest[b, 2], 0, d, e, latest)
    else:
        d, e, latest = joined(d, e, latest, 0, rest[b, 0], rest[b, 1], rest[b, 2])
    work[own], work[own + 1], work[own + 2] = d, e, latest


@inner
def _join_segments(tables: Tables, state: State, k: int, row: int) -> None:
    """Segments of the route up to each position, and from it on."""
    track, work, _node = state.track, state.work, tables.node
    profile, end = tables.kind[k, PROFILE], state.row_fact[row, LENGTH] - 1
    d, e, latest = work[OWN], work[OWN + 1], work[OWN + 2]
    track[PREFIX, row, 0], track[PREFIX + 1, row, 0], track[PREFIX + 2, row, 0] = d, e, latest
    for position in range(1, end + 1):
        own = OWN + 4 * position
        drive = _drive(tables, state, profile, row, position)
        d, e, latest = joined(d, e, latest, drive, work[own], work[own + 1], work[own + 2])
        track[PREFIX, row, position], track[PREFIX + 1, row, position], track[PREFIX + 2, row, position] = d, e, latest
    own = OWN + 4 * end
    d, e, latest = work[own], work[own + 1], work[own + 2]
    track[SUFFIX, row, end], track[SUFFIX + 1, row, end], track[SUFFIX + 2, row, end] = d, e, latest
    for position in range(end - 1, -1, -1):
        own = OWN + 4 * position
        drive = _drive(tables, state, profile, row, position + 1)
        d, e, latest = joined(work[own], work[own + 1], work[own + 2], drive, d, e, latest)
        track[SUFFIX, row, position], track[SUFFIX + 1, row, position], track[SUFFIX + 2, row, position] = d, e, latest


@leaf
def _drive(tables: Tables, state: State, profile: int, row: int, position: int) -> int:
    """Seconds from the position before."""
    return tables.out_of[profile, state.track[LOCATIONS, row, position - 1], state.track[LOCATIONS, row, position], 1]

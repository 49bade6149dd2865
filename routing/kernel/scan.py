"""
Find the cheapest insertion in a row under every rule of the model.

Feasibility is asked of earliest times before the place and latest times after it, for every set of breaks taken.
A node that is released later than its trip departs pushes the trip's times back, one that must be home earlier pulls
its deadlines forward: both are swept along with the scan, so that they cost a constant a position. The price of time
is that of the joined segments, exact where each stop has one window and nobody rests, and an estimate elsewhere; the
row is priced exactly after the insertion.
"""

from __future__ import annotations

from routing.constraints.balance import longer
from routing.constraints.breaks import depart, finish, is_in_time, rest_forward
from routing.constraints.capacity import brings_home, carries, fits
from routing.constraints.depot import goes_home
from routing.constraints.depot_hours import closing, opening
from routing.constraints.latest_return import return_deadline
from routing.constraints.locks import first_gap
from routing.constraints.max_distance import is_too_far
from routing.constraints.max_duration import OPEN, exceeds, joined
from routing.constraints.release import departure_floor
from routing.constraints.ride_time import is_too_long
from routing.constraints.setup import joins, service
from routing.constraints.shift import first_departure, overtime
from routing.constraints.time_windows import window_at
from routing.constraints.trips import may_reload, reload_backward, reload_forward
from routing.kernel.columns import (
    ARC,
    AVAILABLE,
    DEADLINE,
    DIMENSIONS,
    END,
    END_LOCATION,
    FIRST_BREAK,
    FIRST_CHANNEL_BACKWARD,
    FIRST_CHANNEL_FORWARD,
    FIRST_CHANNEL_LEAVE,
    FIXED,
    FIXED_POSITIONS,
    FLOOR,
    HAS_SEVERAL_WINDOWS,
    IMPOSSIBLE,
    IS_EXACT,
    IS_METRIC,
    IS_TIMED,
    ITEM,
    KIND,
    LENGTH,
    LOCATION,
    LOCATIONS,
    MAX_DURATION,
    METRES,
    NEVER,
    NUM_BREAKS,
    OVERTIME,
    PER_METRE,
    PER_OVERTIME,
    PER_SECOND,
    PREFIX,
    PROFILE,
    RELOAD,
    RELOAD_TIME,
    RESUMES,
    SETUP,
    SHIFT_LATE,
    START_LOCATION,
    SUFFIX,
    TOO_LATE,
    TRIPS,
    WORKING,
    Ints,
    State,
    Tables,
)
from routing.kernel.evaluate import drive_back, move, serve_back, wishes
from routing.kernel.jit import inner, leaf
from routing.kernel.scan_plain import blink

INSIDE = 0
"""In a trip that is there."""
NEW_LAST = 1
"""As a new trip after the last one."""
NEW_FIRST = 2
NEW_BETWEEN = 3
"""As a new trip before the reload at the position."""

# Places in `state.work`, each as long as there are sets of breaks (64 at most).
_NOW, _PLACED, _PUSHED, _ONWARD = 0, 64, 128, 192
TIGHT = 256
"""Then for each position latest arrivals and latest ends of service under an earlier deadline."""

Segment = tuple[int, int, int]


@leaf
def _arc(tables: Tables, k: int, a: int, b: int) -> int:
    return tables.out_of[tables.kind[k, PROFILE], a, b, 0]


@leaf
def _drive(tables: Tables, k: int, a: int, b: int) -> int:
    return tables.out_of[tables.kind[k, PROFILE], a, b, 1]


@leaf
def _copy(source: Ints, target: Ints, count: int) -> None:
    for taken in range(1 << count):
        target[taken] = source[taken]


@leaf
def _own_segment(tables: Tables, before: int, n: int, done: Ints, count: int) -> Segment:
    """The segment of a node with the window in which the earliest service falls."""
    if joins(tables.node, before, n):
        return tables.node[n, ITEM], -OPEN, OPEN
    lasts = service(tables.node, before, n)
    soonest = done[0]
    for taken in range(1, 1 << count):
        soonest = min(soonest, done[taken])
    w = window_at(tables.node, tables.window, n, soonest - lasts)
    return lasts, tables.window[w, 0], tables.window[w, 1]


@leaf
def _time_price(tables: Tables, state: State, k: int, row: int, whole: Segment) -> int:
    """What a changed route costs more in working time and overtime; TOO_LATE when it works too long."""
    kind = tables.kind
    duration, begin, latest = whole
    if begin > latest:  # the windows chosen do not go together: others must be taken, at a price
        duration += begin - latest
    end = state.row_fact[row, LENGTH] - 1
    before = state.track[PREFIX, row, end] if end > 1 else 0
    if (
        kind[k, IS_EXACT] == 0
        and tables.parameter[HAS_SEVERAL_WINDOWS] == 0
        and exceeds(duration, kind[k, MAX_DURATION])
    ):
        return TOO_LATE
    late = overtime(begin + duration, kind[k, SHIFT_LATE]) - state.row_fact[row, OVERTIME]
    money = (duration - before) * kind[k, PER_SECOND] + late * kind[k, PER_OVERTIME]
    return money + longer(tables, state, state.row_fact[row, WORKING] + duration - before)


@inner
def _setup_change(tables: Tables, before: int, n: int, after: int, here: int, there: int) -> int:
    """By how much the set-up of the next node changes when `n` comes before it."""
    node = tables.node
    if after < 0:
        return 0
    paid = before < 0 or here != there
    pays = node[n, LOCATION] != there
    if paid == pays:
        return 0
    return node[after, SETUP] if pays else -node[after, SETUP]


@inner
def _goes_on(tables: Tables, state: State, k: int, row: int, i: int, n: int, times: Ints, tight: bool) -> bool:
    """Whether the row can go on after position i when `n` has been served at `times` in between. Changes `times`."""
    node, track, sequence = tables.node, state.track, state.sequence
    first, count = tables.kind[k, FIRST_BREAK], tables.kind[k, NUM_BREAKS]
    _before, after = sequence[row, i], sequence[row, i + 1]
    there = track[LOCATIONS, row, i + 1]
    if after >= 0 and (node[n, LOCATION] == there or track[LOCATIONS, row, i] == there):
        # The next visit's set-up, or even its being a visit of its own, depends on what comes before it.
        move(tables, k, node[n, LOCATION], there, n, after, times)
        offset = TIGHT + 128 * (i + 1) + 64
        for taken in range(1 << count):
            if tight:
                latest = state.work[offset + taken]
            else:
                latest = track[tables.parameter[FIRST_CHANNEL_LEAVE] + taken, row, i + 1]
            if times[taken] <= latest and latest > IMPOSSIBLE and times[taken] < TOO_LATE:
                return True
        return False
    rest_forward(times, tables.rest, first, count)
    drive = _drive(tables, k, node[n, LOCATION], there)
    offset = TIGHT + 128 * (i + 1)
    for taken in range(1 << count):
        if tight:
            latest = state.work[offset + taken]
        else:
            latest = track[tables.parameter[FIRST_CHANNEL_BACKWARD] + taken, row, i + 1]
        if times[taken] + drive <= latest and latest > IMPOSSIBLE:
            return True
    return False


@inner
def _tighten(tables: Tables, state: State, k: int, row: int, begin: int, end: int, deadline: int) -> None:
    """Latest times of one trip when it must be home by an earlier deadline; `end` is the mark at which it ends."""
    kind, work = tables.kind, state.work
    first, count = kind[k, FIRST_BREAK], kind[k, NUM_BREAKS]
    times = work[_ONWARD:TIGHT]
    if state.sequence[row, end] == RELOAD:
        for taken in range(1 << count):
            times[taken] = state.track[tables.parameter[FIRST_CHANNEL_LEAVE] + taken, row, end]
        reload_backward(times, kind, tables.rest, k, first, count, deadline, state.track[FLOOR, row, end])
    else:
        finish(times, tables.rest, first, count, deadline)
    for taken in range(1 << count):
        work[TIGHT + 128 * end + taken] = times[taken]
    for position in range(end - 1, begin, -1):
        n, after = state.sequence[row, position], state.sequence[row, position + 1]
        here, there = state.track[LOCATIONS, row, position], state.track[LOCATIONS, row, position + 1]
        drive_back(tables, k, here, there, n, after, times)
        for taken in range(1 << count):
            work[TIGHT + 128 * position + 64 + taken] = times[taken]
        serve_back(tables, k, state.sequence[row, position - 1], n, times)
        for taken in range(1 << count):
            work[TIGHT + 128 * position + taken] = times[taken]


@inner
def _end_of_trip(state: State, row: int, begin: int) -> int:
    end = begin + 1
    while state.sequence[row, end] >= 0:
        end += 1
    return end


@inner
def _drives_too_far(tables: Tables, state: State, k: int, row: int, metres: int) -> bool:
    return is_too_far(tables.kind, k, state.row_fact[row, METRES] + metres)


@leaf
def _segment(state: State, channel: int, row: int, position: int) -> Segment:
    track = state.track
    return track[channel, row, position], track[channel + 1, row, position], track[channel + 2, row, position]


@inner
def _time_price_of_one(tables: Tables, state: State, k: int, row: int, i: int, n: int, done: Ints) -> int:
    """Price of the time that a node adds after position i; `done` = when its service is over."""
    node, track = tables.node, state.track
    before, after = state.sequence[row, i], state.sequence[row, i + 1]
    here, there = track[LOCATIONS, row, i], track[LOCATIONS, row, i + 1]
    d, e, latest = _segment(state, PREFIX, row, i)
    d2, e2, late2 = _own_segment(tables, before, n, done, tables.kind[k, NUM_BREAKS])
    d, e, latest = joined(d, e, latest, _drive(tables, k, here, node[n, LOCATION]), d2, e2, late2)
    d2, e2, late2 = _segment(state, SUFFIX, row, i + 1)
    d2 += _setup_change(tables, before, n, after, here, there)
    return _time_price(
        tables, state, k, row, joined(d, e, latest, _drive(tables, k, node[n, LOCATION], there), d2, e2, late2)
    )


@inner
def _push_back(tables: Tables, state: State, k: int, row: int, begin: int, i: int, floor: int) -> None:
    """Earliest ends of service at position i when its trip departs later, no earlier than `floor`; asked in turn."""
    first, count = tables.kind[k, FIRST_BREAK], tables.kind[k, NUM_BREAKS]
    pushed = state.work[_PUSHED:_ONWARD]
    if i > begin:
        a, b = state.track[LOCATIONS, row, i - 1], state.track[LOCATIONS, row, i]
        move(tables, k, a, b, state.sequence[row, i - 1], state.sequence[row, i], pushed)
    elif begin == 0:
        depart(pushed, tables.rest, first, count, floor)
    else:
        for taken in range(1 << count):
            pushed[taken] = max(state.track[tables.parameter[FIRST_CHANNEL_FORWARD] + taken, row, i], floor)


@inner
def _price_inside(
    tables: Tables, state: State, n: int, k: int, row: int, i: int, best: int, late: bool, tight: bool
) -> int:
    """What a node costs after position i; TOO_LATE when it does not fit there, or is not better than what is known."""
    node, kind, track = tables.node, tables.kind, state.track
    count, timed = kind[k, NUM_BREAKS], tables.parameter[IS_TIMED] == 1
    now, placed, pushed = state.work[_NOW:_PLACED], state.work[_PLACED:_PUSHED], state.work[_PUSHED:_ONWARD]
    a, here, b = track[LOCATIONS, row, i], node[n, LOCATION], track[LOCATIONS, row, i + 1]
    metres = _arc(tables, k, a, here) + _arc(tables, k, here, b)
    cost = metres * kind[k, PER_METRE] - track[ARC, row, i] + wishes(tables, k, state.sequence[row, i], n)
    if state.row_fact[row, LENGTH] == 2:
        cost += kind[k, FIXED]
    # Time is never saved by doing more where a detour is never a short cut.
    if cost >= best and (tables.parameter[IS_METRIC] == 1 or not timed):
        return TOO_LATE
    if not fits(node, kind, track, n, k, row, i, tables.parameter[DIMENSIONS]):
        return TOO_LATE
    for taken in range(1 << count):
        now[taken] = pushed[taken] if late else track[tables.parameter[FIRST_CHANNEL_FORWARD] + taken, row, i]
    move(tables, k, a, here, state.sequence[row, i], n, now)
    _copy(now, placed, count)
    if not _goes_on(tables, state, k, row, i, n, placed, tight):
        return TOO_LATE
    if metres >= NEVER or _drives_too_far(tables, state, k, row, metres - _arc(tables, k, a, b)):
        return TOO_LATE
    return cost + _time_price_of_one(tables, state, k, row, i, n, now) if timed else cost


@inner
def _scan_trip(
    tables: Tables,
    state: State,
    n: int,
    vehicle: int,
    begin: int,
    end: int,
    best: int,
    place: int,
    skip: int,
    least: int,
) -> tuple[int, int, int]:
    """The cheapest place of a node within one trip, if it is better than `best`; and how far the next blink is."""
    track, row, k = state.track, state.current[vehicle], tables.vehicle[vehicle, KIND]
    gap = first_gap(tables.vehicle, vehicle)
    floor = departure_floor(tables.node, n, track[FLOOR, row, begin])
    late = floor > track[FLOOR, row, begin]
    if late and begin < tables.vehicle[vehicle, FIXED_POSITIONS] - 1:
        return best, place, skip  # a frozen trip has departed
    deadline = return_deadline(tables.node, n, track[DEADLINE, row, end])
    tight = deadline < track[DEADLINE, row, end]
    if tight:
        _tighten(tables, state, k, row, begin, end, deadline)
    for i in range(begin, end):
        if late:
            _push_back(tables, state, k, row, begin, i, floor)
        if i < gap:
            continue
        skip -= 1
        if skip == 0:
            continue
        cost = _price_inside(tables, state, n, k, row, i, best, late, tight)
        if least < cost < best:
            best, place = cost, i
    return best, place, skip


@inner
def scan_single(tables: Tables, state: State, n: int, vehicle: int, bound: int, least: int) -> tuple[int, int, int]:
    """
    Find the cheapest place of one node in a vehicle's row.

    Returns
    -------
    cost, position, mode
        As `scan_plain`; mode says whether a new trip is begun.
    """
    kind, row, k = tables.kind, state.current[vehicle], tables.vehicle[vehicle, KIND]
    length, gap = state.row_fact[row, LENGTH], first_gap(tables.vehicle, vehicle)
    best, place, skip, begin = bound, -1, blink(state.random), 0
    while begin < length - 1:
        end = _end_of_trip(state, row, begin)
        if end > gap and goes_home(tables.node, kind, n, k, state.sequence[row, end]):
            best, place, skip = _scan_trip(tables, state, n, vehicle, begin, end, best, place, skip, least)
        begin = end
    mode = INSIDE
    if length > 2 and may_reload(kind, k, state.row_fact[row, TRIPS]):
        best, other, how = scan_new_trip(tables, state, n, -1, vehicle, best, least)
        if other >= 0:
            place, mode = other, how
    return best, place, mode


@inner
def scan_pair(  # noqa: C901 - one sweep, carried along; every branch is a rule
    tables: Tables, state: State, n: int, m: int, vehicle: int, bound: int, least: int
) -> tuple[int, int, int, int]:
    """
    Find the cheapest places of a pair in a vehicle's row; it may stay aboard over a visit to the base.

    Returns
    -------
    cost, position, other, mode
        Positions are counted before the insertion.
    """
    node, kind, track, row = tables.node, tables.kind, state.track, state.current[vehicle]
    k = tables.vehicle[vehicle, KIND]
    count, forward = kind[k, NUM_BREAKS], tables.parameter[FIRST_CHANNEL_FORWARD]
    length, dimensions = state.row_fact[row, LENGTH], tables.parameter[DIMENSIONS]
    timed, metre, metric = tables.parameter[IS_TIMED] == 1, kind[k, PER_METRE], tables.parameter[IS_METRIC] == 1
    opening = kind[k, FIXED] if length == 2 else 0
    now, placed, carried = state.work[_NOW:_PLACED], state.work[_PLACED:_PUSHED], state.work[_PUSHED:_ONWARD]
    best, first, second, skip = bound, -1, -1, blink(state.random)
    at_n, at_m = node[n, LOCATION], node[m, LOCATION]
    for i in range(first_gap(tables.vehicle, vehicle), length - 1):
        skip -= 1
        if skip == 0 or not carries(node, kind, track, n, k, row, i, dimensions):
            continue
        before = state.sequence[row, i]
        here, there = track[LOCATIONS, row, i], track[LOCATIONS, row, i + 1]
        for taken in range(1 << count):
            carried[taken] = track[forward + taken, row, i]
        move(tables, k, here, at_n, before, n, carried)
        d, e, latest = _segment(state, PREFIX, row, i)
        d2, e2, late2 = _own_segment(tables, before, n, carried, count)
        d, e, latest = joined(d, e, latest, _drive(tables, k, here, at_n), d2, e2, late2)
        base = opening + wishes(tables, k, before, n)
        metres, previous, place = _arc(tables, k, here, at_n), n, at_n
        aboard = 0
        for j in range(i, length - 1):
            if j > i:  # one stop further with the pair aboard
                after = state.sequence[row, j]
                there = track[LOCATIONS, row, j]
                if not carries(node, kind, track, n, k, row, j, dimensions):
                    break
                lasts = _drive(tables, k, place, there)
                if after >= 0:
                    move(tables, k, place, there, previous, after, carried)
                    d2, e2, late2 = _own_segment(tables, previous, after, carried, count)
                else:
                    _reload(tables, state, k, row, j, lasts, carried)
                    d2, e2, late2 = joined(
                        kind[k, RELOAD_TIME], -OPEN, track[DEADLINE, row, j], 0, 0, track[FLOOR, row, j], OPEN
                    )
                if metric and not is_in_time_by(tables, state, row, j, carried, count):
                    break
                d, e, latest = joined(d, e, latest, lasts, d2, e2, late2)
                aboard += lasts + d2
                metres += _arc(tables, k, place, there) - _arc(tables, k, track[LOCATIONS, row, j - 1], there)
                previous, place = after, there
            if is_too_long(node, m, aboard):
                break
            there = track[LOCATIONS, row, j + 1]
            detour = metres + _arc(tables, k, place, at_m) + _arc(tables, k, at_m, there)
            if length > 2:
                detour -= _arc(tables, k, track[LOCATIONS, row, j], there)
            cost = base + detour * metre + wishes(tables, k, previous, m)
            if cost >= best and (metric or not timed):
                continue
            if not brings_home(node, kind, track, m, k, row, j, dimensions):
                continue
            _copy(carried, now, count)
            move(tables, k, place, at_m, previous, m, now)
            _copy(now, placed, count)
            if not _goes_on(tables, state, k, row, j, m, placed, False):
                continue
            if detour >= NEVER or _drives_too_far(tables, state, k, row, detour):
                continue
            if timed:
                d2, e2, late2 = _own_segment(tables, previous, m, now, count)
                d3, e3, late3 = joined(d, e, latest, _drive(tables, k, place, at_m), d2, e2, late2)
                d2, e2, late2 = _segment(state, SUFFIX, row, j + 1)
                d3, e3, late3 = joined(d3, e3, late3, _drive(tables, k, at_m, there), d2, e2, late2)
                cost += _time_price(tables, state, k, row, (d3, e3, late3))
            if least < cost < best:
                best, first, second = cost, i, j
    mode = INSIDE
    if length > 2 and may_reload(kind, k, state.row_fact[row, TRIPS]):
        best, other, how = scan_new_trip(tables, state, n, m, vehicle, best, least)
        if other >= 0:
            first, second, mode = other, other, how
    return best, first, second, mode


@inner
def _reload(tables: Tables, state: State, k: int, row: int, position: int, drive: int, times: Ints) -> None:
    """From the end of a trip's last service to the next departure."""
    kind, first, count = tables.kind, tables.kind[k, FIRST_BREAK], tables.kind[k, NUM_BREAKS]
    rest_forward(times, tables.rest, first, count)
    for taken in range(1 << count):
        times[taken] += drive
    deadline, floor = state.track[DEADLINE, row, position], state.track[FLOOR, row, position]
    reload_forward(times, kind, tables.rest, k, first, count, deadline, floor)


@leaf
def is_in_time_by(tables: Tables, state: State, row: int, position: int, times: Ints, count: int) -> bool:
    """Whether service at a position may end at these times."""
    leave = tables.parameter[FIRST_CHANNEL_LEAVE]
    for taken in range(1 << count):
        latest = state.track[leave + taken, row, position]
        # Set-up saved or paid by what came in between is not known to the track: allow for it.
        if times[taken] <= latest and latest > IMPOSSIBLE:
            return True
    return False


@inner
def scan_new_trip(
    tables: Tables, state: State, n: int, m: int, vehicle: int, bound: int, least: int
) -> tuple[int, int, int]:
    """Try a trip of its own for one node, or for a pair: before the first trip, between two, after the last."""
    row = state.current[vehicle]
    fixed, length = tables.vehicle[vehicle, FIXED_POSITIONS], state.row_fact[row, LENGTH]
    best, place, chosen = bound, -1, INSIDE
    for position in range(length):
        mode = INSIDE
        if position == 0 and fixed == 1:
            mode = NEW_FIRST
        elif position == length - 1:
            mode = NEW_LAST
        elif position >= fixed and state.sequence[row, position] == RELOAD:
            mode = NEW_BETWEEN
        if mode == INSIDE:
            continue
        cost = _price_new_trip(tables, state, n, m, vehicle, row, position, mode)
        if least < cost < best:
            best, place, chosen = cost, position, mode
    return best, place, chosen


@inner
def _price_new_trip(  # noqa: C901 - one sweep, carried along; every branch is a rule
    tables: Tables, state: State, n: int, m: int, vehicle: int, row: int, position: int, mode: int
) -> int:
    """What a new trip costs more, TOO_LATE when it does not fit; `position` = the mark before which it lies."""
    node, kind, track = tables.node, tables.kind, state.track
    k = tables.vehicle[vehicle, KIND]
    first, count = kind[k, FIRST_BREAK], kind[k, NUM_BREAKS]
    base, end = kind[k, START_LOCATION], kind[k, END_LOCATION]
    last = m if m >= 0 else n
    times = state.work[_NOW:_PLACED]
    floor = departure_floor(node, n, opening(kind, k))
    deadline = return_deadline(node, n, closing(kind, k, RELOAD))
    metres = 0
    if not goes_home(node, kind, n, k, END if mode == NEW_LAST else RELOAD):
        return TOO_LATE
    if mode == NEW_FIRST:
        floor = max(floor, first_departure(kind, k))
        if tables.vehicle[vehicle, RESUMES] == 0:
            floor = max(floor, tables.vehicle[vehicle, AVAILABLE])
        depart(times, tables.rest, first, count, floor)
        d, e, latest = 0, floor, OPEN
    else:
        if tables.vehicle[vehicle, RESUMES] == position:
            floor = max(floor, tables.vehicle[vehicle, AVAILABLE])
        here = track[LOCATIONS, row, position - 1]
        for taken in range(1 << count):
            times[taken] = track[tables.parameter[FIRST_CHANNEL_FORWARD] + taken, row, position - 1]
        rest_forward(times, tables.rest, first, count)
        drive = _drive(tables, k, here, base)
        for taken in range(1 << count):
            times[taken] += drive
        home = min(track[DEADLINE, row, position], closing(kind, k, RELOAD))
        reload_forward(times, kind, tables.rest, k, first, count, home, floor)
        d, e, latest = _segment(state, PREFIX, row, position - 1)
        d, e, latest = joined(d, e, latest, drive, kind[k, RELOAD_TIME], -OPEN, home)
        d, e, latest = joined(d, e, latest, 0, 0, floor, OPEN)
        if mode == NEW_LAST:
            metres += _arc(tables, k, here, base) - _arc(tables, k, here, end)
    move(tables, k, base, node[n, LOCATION], RELOAD, n, times)
    d2, e2, late2 = _own_segment(tables, RELOAD, n, times, count)
    d, e, latest = joined(d, e, latest, _drive(tables, k, base, node[n, LOCATION]), d2, e2, late2)
    metres += _arc(tables, k, base, node[n, LOCATION])
    cost = wishes(tables, k, RELOAD, n)
    if m >= 0:
        move(tables, k, node[n, LOCATION], node[m, LOCATION], n, m, times)
        d2, e2, late2 = _own_segment(tables, n, m, times, count)
        d, e, latest = joined(d, e, latest, _drive(tables, k, node[n, LOCATION], node[m, LOCATION]), d2, e2, late2)
        metres += _arc(tables, k, node[n, LOCATION], node[m, LOCATION])
        cost += wishes(tables, k, n, m)
    home = end if mode == NEW_LAST else base
    back = _drive(tables, k, node[last, LOCATION], home)
    metres += _arc(tables, k, node[last, LOCATION], home)
    returns = state.work[_ONWARD:TIGHT]
    if mode == NEW_LAST:
        deadline = return_deadline(node, n, closing(kind, k, END))
        finish(returns, tables.rest, first, count, deadline)
        d, e, latest = joined(d, e, latest, back, 0, -OPEN, deadline)
    else:
        mark = 0 if mode == NEW_FIRST else position
        for taken in range(1 << count):
            returns[taken] = track[tables.parameter[FIRST_CHANNEL_LEAVE] + taken, row, mark]
        reload_backward(returns, kind, tables.rest, k, first, count, deadline, track[FLOOR, row, mark])
        if mode == NEW_FIRST:
            d, e, latest = joined(d, e, latest, back, kind[k, RELOAD_TIME], -OPEN, deadline)
            back = 0
        d2, e2, late2 = _segment(state, SUFFIX, row, mark)
        d, e, latest = joined(d, e, latest, back, d2, e2, late2)
    rest_forward(times, tables.rest, first, count)
    for taken in range(1 << count):
        times[taken] += back if mode != NEW_FIRST else _drive(tables, k, node[last, LOCATION], home)
    if not is_in_time(times, returns, count) or metres >= NEVER or _drives_too_far(tables, state, k, row, metres):
        return TOO_LATE
    cost += metres * kind[k, PER_METRE]
    if tables.parameter[IS_TIMED] == 1:
        cost += _time_price(tables, state, k, row, (d, e, latest))
    return cost

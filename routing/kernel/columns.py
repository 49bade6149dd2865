"""
Every column of the kernel's arrays, by name, and the two bundles of arrays that its functions take.

A *node* is a halt for one request; a *request* is a lot of shipments that travel together: one node, or two when it
goes from stop to stop. A *row* is the route of one vehicle: its nodes, with `START` before them, `END` after them and
`RELOAD` between two trips. Every vehicle has two rows, one of them current; a rejected change flips back to the other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Places = npt.NDArray[np.int32]

# Marks in a row that are no nodes.
START, RELOAD, END = -1, -2, -3

NEVER = 2**31 - 1
"""`model.FOREVER` and `model.UNREACHABLE`: a time that never comes, an arc that does not exist."""
IMPOSSIBLE = -(2**60)
"""A latest time that nothing can keep."""
TOO_LATE = 2**60
"""An earliest time that is never reached, a cost that nothing has."""

# -- node[n]: one halt
LOCATION = 0
STOP = 1
REQUEST = 2
"""Or one of the two below, of what is part of a frozen route and never moved."""
FROZEN, GOES_ON = -1, -2
"""The first task of a frozen visit, and each further one of it."""
SETUP = 3
ITEM = 4
"""Seconds of service besides the set-up."""
FIRST_WINDOW = 5
NUM_WINDOWS = 6
EARLY = 7
"""Of the first window."""
LATE = 8
"""Of the last window."""
RELEASE = 9
"""No earlier departure of a trip that does this; 0 = any."""
LATEST_RETURN = 10
"""No later return of such a trip; NEVER = any."""
ROLE = 11
"""One of the four below; a node that does both ways for the depot is FROM_DEPOT."""
FROM_DEPOT, COLLECTS_PAIR, DELIVERS_PAIR, TO_DEPOT = 0, 1, 2, 3
PARTNER = 12
"""The other node of the pair, -1 = none."""
MAX_RIDE = 13
VEHICLE = 14
"""Whose frozen route it is part of; -1 = nobody's."""
HOME = 15
"""Depot where the trip must end that takes it there; -1 = any."""
NODE_LOADS = 16
"""Then three numbers a dimension: brought from the depot, brought to the depot, change of what is aboard."""

# -- Columns of request[r]:
FIRST_NODE = 0
SECOND_NODE = 1
"""-1 for one node."""
LEFT_COST = 2
"""Of leaving it behind."""
SIZE = 3
"""Sum of its loads relative to the capacities, in thousandths: for the order of insertion."""
FAR = 4
"""Price of driving there and back from the base."""
WIDTH = 5
"""Of its windows, seconds."""
OPENS = 6
CLOSES = 7
ONLY_VEHICLE = 8
"""Vehicle whose frozen part has collected it; -1 = any."""
REQUEST_COLUMNS = 9

# -- kind[k]: a vehicle type
PROFILE = 0
START_LOCATION = 1
END_LOCATION = 2
SHIFT_EARLY = 3
SHIFT_LATE = 4
"""This and the next three are the vehicle that `timing` asks for, in its order."""
MAX_DURATION = 5
PER_SECOND = 6
PER_OVERTIME = 7
LAST_RETURN = 8
"""SHIFT_LATE plus overtime, or the closing of the end depot."""
DEPOT_OPENS = 9
START_CLOSES = 10
MAX_TRIPS = 11
RELOAD_TIME = 12
MAX_DISTANCE = 13
FIXED = 14
PER_METRE = 15
ALIKE = 16
"""Number of its class of kinds that are the same in every way."""
FIRST_BREAK = 17
NUM_BREAKS = 18
IS_EXACT = 19
"""Its rows need the exact schedule: breaks, or rides."""
START_DEPOT = 20
"""Where trips end before the last one."""
END_DEPOT = 21
KIND_CAPACITY = 22
"""Then one a dimension."""

# -- Columns of vehicle[v]:
KIND = 0
FIXED_POSITIONS = 1
"""Positions of a row that may not change, START included."""
RESUMES = 2
"""Position after which nothing happens before AVAILABLE."""
AVAILABLE = 3
CLOSED = 4
"""Nothing may be added or taken out."""
VEHICLE_COLUMNS = 5

# -- Columns of row_fact[row]:
LENGTH = 0
"""Positions, START and END included."""
COST = 1
METRES = 2
WORKING = 3
OVERTIME = 4
TRIPS = 5
NODES = 6
"""Nodes that may move."""
ROW_COLUMNS = 8

# -- track[c, row, position]: channels
FLOOR = 0
"""Of START and RELOAD: no earlier departure of the trip that begins here."""
DEADLINE = 1
"""Of RELOAD and END: no later return of the trip that ends here."""
ARC = 2
"""Price of driving to the next position."""
LOCATIONS = 3
PREFIX = 4
"""Three channels: duration, earliest and latest begin of the route up to here (Vidal et al. 2013)."""
SUFFIX = 7
"""Three channels: the same from here to the end."""
LOADS = 10
"""Then a dimension: aboard after this, most aboard in this trip up to here, most aboard from here to its end."""

# -- parameter[p]: numbers of the problem
DIMENSIONS = 0
STATES = 1
"""Sets of breaks: 2 ** the most breaks of a kind."""
IS_TIMED = 2
"""Whether time costs anything, or a route may be too long in time."""
HAS_WISHES = 3
IS_PLAIN = 5
"""One trip, no breaks, time costs nothing, one window: the fast scans serve."""
BALANCE = 6
"""Price of a second of the longest working time."""
HAS_RIDES = 7
IS_METRIC = 8
"""Whether a detour is never a short cut: then scans may stop early."""
FIRST_CHANNEL_FORWARD = 9
FIRST_CHANNEL_BACKWARD = 10
FIRST_CHANNEL_LEAVE = 11
HAS_SEVERAL_WINDOWS = 12
"""Whether a stop has: then the working time of an insertion is an estimate, no less than the true one."""
PARAMETERS = 13


class Tables(NamedTuple):
    """What never changes during a search."""

    parameter: Ints
    node: Ints
    request: Ints
    kind: Ints
    vehicle: Ints
    window: Ints
    """Shape (w, 2)."""
    rest: Ints
    """Breaks, shape (b, 3): duration, earliest and latest begin."""
    able: npt.NDArray[np.uint8]
    """Shape (request, kind)."""
    wish: Ints
    """Shape (node, kind, 2): price of a visit by a stranger, of a change of the published plan."""
    out_of: Places
    """Shape (profile, from, to, 2): metres, seconds."""
    into: Places
    """The same, transposed: (profile, to, from, 2)."""
    near: Places
    """Shape (node, g): nodes, nearest first."""


class State(NamedTuple):
    """A solution under work."""

    sequence: Places
    """Shape (2 * vehicles + spare, positions)."""
    track: Ints
    """Shape (channels, rows, positions)."""
    row_fact: Ints
    current: Ints
    """Row of each vehicle."""
    vehicle_of: Ints
    """By request; -1 = left behind."""
    longest: Ints
    """Shape (1,): the longest working time of all rows, where balance has a price."""
    work: Ints
    """Scratch for the exact schedule and the scans."""
    chain: Ints
    """Scratch for the exact schedule: a row as a chain of points."""
    ride: Ints
    """Scratch: ride limits between two points."""
    answer: Ints
    """Scratch: what the exact schedule says."""
    scratch: Ints
    """Scratch of the exact schedule itself."""
    random: npt.NDArray[np.uint64]


SPARE_ROWS = 2
"""Rows after those of the vehicles, for trying things out."""


# -- counter[c]: where a search stands
ABSENT = 0
"""Requests left behind."""
USED = 1
"""Vehicles that drive."""
TOTAL = 2
"""Price of the solution under work."""
BEST = 3
"""Price of the best one."""
TOUCHED = 4
"""Vehicles changed in this iteration."""
TICK = 5
"""Stamp of this iteration."""
TOKEN = 6
"""Stamp of this insertion."""
LIMIT = 7
"""Most vehicles that may drive."""
ACCEPTED = 8
KEPT_ABSENT = 9
"""`absent` before this iteration."""
KEPT_USED = 10
MOVABLE = 11
"""Nodes in rows, frozen ones left out."""
MEAN_REMOVED = 13
LONGEST_STRING = 14
DROP_RATE = 15
"""How often in a thousand a whole route is taken out."""
BALANCED = 16
"""Price of the longest working time of the solution under work."""
MOVED = 17
"""Requests that changed hands in this iteration."""
CLOSES_ROUTE = 18
"""The iteration in which a route was closed last: its changes stand."""
EMPTY_RATE = 19
"""How often in a thousand everything is taken out."""
PASS_RATE = 20
"""How often in a thousand a vehicle is passed over by a request that looks for a place."""
GENEROUS_RATE = 21
"""How often in a thousand an iteration inserts about half of what is left behind whatever it costs."""
IS_GENEROUS = 22
TAIL_RATE = 23
"""How often in a thousand tails are exchanged instead of strings taken out."""
VEHICLE_RATE = 24
"""How often in a thousand two vehicles that are not alike change routes."""
COUNTERS = 25


class Search(NamedTuple):
    """What a search remembers from one iteration to the next."""

    counter: Ints
    absent: Ints
    """Requests left behind: the first `counter[ABSENT]`."""
    kept_absent: Ints
    """The same before this iteration."""
    moved: Ints
    """Shape (3, request): vehicle before this iteration; the iteration in which that was noted; those noted in it."""
    touched: Ints
    """Shape (2, vehicle): vehicles changed in this iteration; the iteration in which each was changed last."""
    seen: Ints
    """By vehicle: the last insertion that looked at it."""
    candidate: Ints
    """Scratch: vehicles to look at."""
    least: Ints
    """By vehicle: cost of the place that the exact schedule refused in this insertion; else as low as can be."""
    refused: Ints
    """Vehicles whose `least` is set."""
    idle: Ints
    """By class of alike kinds: a vehicle that was idle when last looked for."""
    key: npt.NDArray[np.float64]
    """By request: turn in the order of insertion."""
    absences: Ints
    """By request: how often it was left behind."""
    best_sequence: Places
    """Shape (vehicle, positions)."""
    best_length: Ints
    string: Ints
    """Scratch: movable positions of a row."""

"""Where a courier drove and where he stood: a trace cut into the drives between its halts, wild fixes left out."""

import math
from dataclasses import dataclass

import numpy as np

from geo.coordinates import FloatArray, to_plane
from geo.traces import Trace

HALT_RADIUS = 30.0
"""Metres around their middle within which the fixes of a halt lie; one astray between two others is forgiven."""
HALT_SECONDS = 60.0
"""Shortest halt. Who stays within 60 m for 60 s is slower than 3.6 km/h: no vehicle drives so slowly for so long,
while a wait at lights or a barrier is over sooner and belongs to the drive."""
EDGE_RADIUS = 60.0
"""Metres: a fix so near, just before or after a halt, may have been taken standing and counts as part of it."""
FASTEST = 36.0
"""Metres a second (130 km/h): nobody here drives faster."""
STRAY = 50.0
"""Metres that two fixes may be apart by error alone."""


@dataclass(frozen=True, slots=True)
class Drives:
    """A trace without its halts."""

    parts: tuple[Trace, ...]
    """Two fixes at least in each."""
    jumps: int
    """Fixes left out: one cannot have been there, coming from the one before and going to the next."""
    halts: int
    halted: float
    """Seconds."""


def drives(trace: Trace, *, halt_seconds: float = HALT_SECONDS) -> Drives:
    """
    Cut a trace at its halts.

    A halt begins and ends between two fixes, nobody knows when. So the time between a drive and a halt belongs to
    neither: counting it as driving would make every road slower, the more so the seldomer fixes are taken.

    Parameters
    ----------
    trace
        In order.
    halt_seconds
        Shortest halt.

    References
    ----------
    .. [1] Li, Zheng, Xie, Chen, Liu, Ma (2008). Mining user similarity based on location history. ACM GIS.
           doi:10.1145/1463434.1463477 (stay points).
    """
    jump = _jumps(trace)
    kept = trace.take(~jump)
    places = to_plane(kept.points(), origin=(float(kept.lon[0]), float(kept.lat[0])))
    found = _halts(places, kept.time, halt_seconds)
    edges = [-1, *(edge for halt in found for edge in halt), kept.time.size]
    between = [(last + 1, first) for last, first in zip(edges[::2], edges[1::2], strict=True)]
    return Drives(
        parts=tuple(kept.take(slice(*rows)) for rows in between if rows[1] - rows[0] > 1),
        jumps=int(jump.sum()),
        halts=len(found),
        halted=float(sum(kept.time[last] - kept.time[first] for first, last in found)),
    )


def _jumps(trace: Trace) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    places = to_plane(trace.points(), origin=(float(trace.lon[0]), float(trace.lat[0])))
    apart = np.hypot(*np.diff(places, axis=0).T) - STRAY
    too_fast = apart > FASTEST * np.diff(trace.time)
    jump = np.zeros(trace.time.size, dtype=np.bool_)
    jump[1:-1] = too_fast[:-1] & too_fast[1:]
    return jump


def _halts(places: FloatArray, time: FloatArray, seconds: float) -> list[tuple[int, int]]:
    """First and last fix of each halt, its edges included."""
    xy: list[tuple[float, float]] = [(x, y) for x, y in places.tolist()]
    found: list[tuple[int, int]] = []
    start = 0
    while start < len(xy):
        last, middle = _grown(xy, start)
        if time[last] - time[start] < seconds:
            start += 1
            continue
        first = start
        while first > (found[-1][1] + 1 if found else 0) and math.dist(xy[first - 1], middle) <= EDGE_RADIUS:
            first -= 1
        while last + 1 < len(xy) and math.dist(xy[last + 1], middle) <= EDGE_RADIUS:
            last += 1
        found.append((first, last))
        start = last + 1
    return found


def _grown(xy: list[tuple[float, float]], start: int) -> tuple[int, tuple[float, float]]:
    """How far the fixes from `start` on stay together, and their middle."""
    (x, y), count, last = xy[start], 1, start
    for index in range(start + 1, len(xy)):
        if math.dist(xy[index], (x, y)) <= HALT_RADIUS:
            count, last = count + 1, index
            x, y = x + (xy[index][0] - x) / count, y + (xy[index][1] - y) / count
        elif index - last > 1:
            break
    return last, (x, y)

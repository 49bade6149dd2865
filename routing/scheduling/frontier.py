"""
How early a route can be somewhere, for every moment at which it may depart.

A frontier holds the pairs (departure, time) worth keeping: those for which no other pair departs as late or later and
is there as early or earlier. Waiting for a window turns many departures into one time, of which only the latest
departure is kept; what is left moves second by second with the departure, so a few `Piece`s hold it exactly.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from routing.model import FOREVER

Windows = tuple[tuple[int, int], ...]
"""Closed intervals (early, late), disjoint and in order."""


class Piece(NamedTuple):
    """Departures `first` to `last`: the first is there at `time`, each second later a second later."""

    first: int
    last: int
    time: int

    @property
    def latest_time(self) -> int:
        return self.time + self.last - self.first


Frontier = list[Piece]
"""Pieces by rising departure and, strictly, by rising time. Empty = there is no way."""


def postponed(frontier: Frontier, seconds: int) -> Frontier:
    """The frontier after something that takes a fixed time."""
    return [Piece(first, last, time + seconds) for first, last, time in frontier] if seconds else frontier


def admitted(frontier: Frontier, windows: Windows) -> Frontier:
    """The frontier of what may begin in the windows only; whoever comes too early waits."""
    if not frontier:
        return frontier
    (early, late), *others = windows
    if not others and early <= frontier[0].time and frontier[-1].latest_time <= late:
        return frontier
    kept: Frontier = []
    for piece in frontier:
        low, high = piece.time, piece.latest_time
        shift = piece.first - piece.time
        for early, late in windows:
            if late < low:
                continue
            top = min(high, late)
            begin = max(low, min(early, top))  # all who wait for the same opening: only the last to depart is kept
            _append(kept, Piece(begin + shift, top + shift, max(begin, early)))
            low = late + 1
            if low > high:
                break
    return kept


def merged(frontiers: Iterable[Frontier]) -> Frontier:
    """The frontier of having a choice between several ways."""
    ways = [frontier for frontier in frontiers if frontier]
    if len(ways) < 2:
        return ways[0] if ways else []
    for way in ways:
        if all(other is way or _is_as_good(way, other) for other in ways):
            return way
    cuts = sorted({cut for way in ways for first, last, _ in way for cut in (first, last + 1)})
    here = [len(way) - 1 for way in ways]  # the piece of each way at the cut, or before it
    kept: Frontier = []
    earliest: int | None = None  # time reached by any later departure
    for first, after in zip(reversed(cuts[:-1]), reversed(cuts[1:]), strict=True):
        delay = FOREVER
        for number, way in enumerate(ways):
            while here[number] >= 0 and way[here[number]].first > first:
                here[number] -= 1
            if here[number] >= 0 and way[here[number]].last >= first:
                delay = min(delay, way[here[number]].time - way[here[number]].first)
        if delay == FOREVER:
            continue
        last = after - 1 if earliest is None else min(after - 1, earliest - delay - 1)
        if last >= first:
            _prepend(kept, Piece(first, last, first + delay))
            earliest = first + delay
    return kept[::-1]


def _prepend(later: Frontier, piece: Piece) -> None:
    """Add a piece of earlier departures, the latest first; one that the next goes on from is the same piece."""
    if later and later[-1].first == piece.last + 1 and later[-1].time == piece.latest_time + 1:
        piece = Piece(piece.first, later.pop().last, piece.time)
    later.append(piece)


def _is_as_good(one: Frontier, other: Frontier) -> bool:
    """Whether a way of a single piece leaves nothing to another, of a single piece as well; most are."""
    if len(one) != 1 or len(other) != 1:
        return False
    (first, last, time), (other_first, other_last, other_time) = one[0], other[0]
    return (
        last >= other_last and time <= other_time and (other_last <= first or time - first <= other_time - other_first)
    )


def _append(frontier: Frontier, piece: Piece) -> None:
    """Add a piece of later departures, dropping the ends that it makes useless."""
    while frontier and frontier[-1].latest_time >= piece.time:
        first, last, time = frontier.pop()
        keep = min(last, first + piece.time - time - 1)
        if keep >= first:
            frontier.append(Piece(first, keep, time))
    frontier.append(piece)

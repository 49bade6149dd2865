"""Undirected pieces of road between two nodes, before they become arcs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray, haversine

IntArray = NDArray[np.int32]

LONGEST = 250
"""Longest segment of a road graph, metres: so that a point near a road is near a node of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """
    Nodes and the pieces of road between them.

    `parent` tells for each piece which given segment it is a part of, so that the caller repeats its attributes.
    """

    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    parent: IntArray

    def length_mm(self) -> IntArray:
        """Great-circle length of each piece, millimetres."""
        metres = haversine(self.lon[self.tail], self.lat[self.tail], self.lon[self.head], self.lat[self.head])
        return np.rint(metres * 1000).astype(np.int32)


def split_segments(
    lon: FloatArray, lat: FloatArray, tail: IntArray, head: IntArray, *, longest: float = LONGEST
) -> Segments:
    """
    Cut segments longer than `longest` metres into equal pieces, with new nodes after the given ones.

    A segment goes the shorter way round the world, across the antimeridian if need be.

    Parameters
    ----------
    lon, lat
        Shape (n,), degrees.
    tail, head
        Shape (m,): node indexes of each segment.
    longest
        Longest piece, metres.
    """
    pieces = np.maximum(np.ceil(haversine(lon[tail], lat[tail], lon[head], lat[head]) / longest).astype(np.int64), 1)
    parent = np.repeat(np.arange(tail.size), pieces)
    step = np.arange(parent.size) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    inner = step > 0  # pieces that begin at a new node
    share = (step / pieces[parent])[inner]
    at = parent[inner]
    new = lon.size + np.arange(at.size)
    starts, ends = tail[parent].astype(np.int64), head[parent].astype(np.int64)
    starts[inner] = new
    ends[np.flatnonzero(inner) - 1] = new
    return Segments(
        lon=np.concatenate((lon, _wrapped(lon[tail[at]] + share * _wrapped(lon[head[at]] - lon[tail[at]])))),
        lat=np.concatenate((lat, lat[tail[at]] + share * (lat[head[at]] - lat[tail[at]]))),
        tail=starts.astype(np.int32),
        head=ends.astype(np.int32),
        parent=parent.astype(np.int32),
    )


def _wrapped(degrees: FloatArray) -> FloatArray:
    """Degrees between -180 and 180; those that are there already stay as they are to the last bit."""
    wrapped: FloatArray = degrees - 360 * np.rint(degrees / 360)
    return wrapped


def travel_ms(length_mm: NDArray[np.int32], kph: NDArray[np.floating]) -> IntArray:
    """Time over each length at a speed, milliseconds, rounded to the nearest."""
    return np.rint(length_mm * 3.6 / kph).astype(np.int32)

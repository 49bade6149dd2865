"""What turns cost."""

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import bearing
from geo.graph import RoadGraph
from geo.segments import IntArray

STRAIGHT = 40.0
"""A bend of so many degrees is no turn."""


def turn_ms(graph: RoadGraph, arc: NDArray[np.integer], then: NDArray[np.integer]) -> IntArray:
    """
    Milliseconds lost between arcs that follow each other, both of shape (k,).

    Left and right cost something where three roads or more meet; driving back the same piece of road does anywhere.
    """
    delays, tail = graph.delays, graph.tails()
    if not (delays.left or delays.right or delays.back):
        return np.zeros(arc.size, dtype=np.int32)
    heading = bearing(graph.lon[tail], graph.lat[tail], graph.lon[graph.head], graph.lat[graph.head])
    turned = (heading[then] - heading[arc] + 180) % 360 - 180
    somewhere = (graph.length_mm[arc] > 0) & (graph.length_mm[then] > 0)  # else there is no direction
    choice = somewhere & (graph.neighbours()[tail[then]] > 2)
    delay = np.where(turned > STRAIGHT, delays.right, np.where(turned < -STRAIGHT, delays.left, 0)) * choice
    return np.where(turns_back(graph, arc, then), delays.back, delay).astype(np.int32)


def turns_back(graph: RoadGraph, arc: NDArray[np.integer], then: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Which of some arcs that follow each other are the two directions of one piece of road."""
    ends = graph.tails()[arc] == graph.head[then]
    back: NDArray[np.bool_] = ends & (graph.length_mm[arc] == graph.length_mm[then])
    return back

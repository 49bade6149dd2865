"""
Many-to-many searches of a hierarchy, compiled: restricted PHAST.

Sixteen sources climb together, then all that targets can be reached from is swept once from the top down; both loops
run over vertices in order, without a queue, and over sixteen numbers at a time.

References
----------
.. [1] Delling, Goldberg, Werneck (2011). Faster Batched Shortest Paths in Road Networks. ATMOS. RPHAST.
       https://doi.org/10.4230/OASIcs.ATMOS.2011.52
"""

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray
from geo.jit import Integer, jit
from geo.segments import IntArray

LANES = 16
"""Sources that are searched from together."""

Scratch = tuple[NDArray[np.bool_], IntArray, IntArray]


@jit
def above(first: IntArray, other: IntArray, starts: IntArray) -> IntArray:
    """The vertices that one climbs to from `starts`, these included, the lowest first."""
    seen = np.zeros(first.size - 1, dtype=np.bool_)
    found = np.empty(first.size - 1, dtype=np.int32)
    return np.sort(found[: _climb(first, other, starts, seen, found)])


@jit
def _climb(first: IntArray, other: IntArray, starts: IntArray, seen: NDArray[np.bool_], found: IntArray) -> Integer:
    """Fill in the vertices above `starts`, and leave them marked as seen; returns how many there are."""
    count = 0
    for v in starts:
        if not seen[v]:
            seen[v] = True
            found[count] = v
            count += 1
    at = 0
    while at < count:
        v = found[at]
        at += 1
        for row in range(first[v], first[v + 1]):
            u = other[row]
            if not seen[u]:
                seen[u] = True
                found[count] = u
                count += 1
    return count


@jit
def restrict(
    first: IntArray, other: IntArray, weight: FloatArray, vertices: IntArray
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """
    The edges into some vertices that hold all above them, in compressed rows by place, the highest first.

    `vertices` come the lowest first. Returns the place of every vertex (-1 = none), row starts, places and weights.
    """
    count = vertices.size
    place = np.full(first.size - 1, -1, dtype=np.int32)
    for at in range(count):
        place[vertices[count - 1 - at]] = at
    rows = np.zeros(count + 1, dtype=np.int32)
    for at in range(count):
        v = vertices[count - 1 - at]
        rows[at + 1] = rows[at] + first[v + 1] - first[v]
    places, weights = np.empty(rows[count], dtype=np.int32), np.empty(rows[count])
    for at in range(count):
        v = vertices[count - 1 - at]
        for step in range(first[v + 1] - first[v]):
            places[rows[at] + step] = place[other[first[v] + step]]
            weights[rows[at] + step] = weight[first[v] + step]
    return place, rows, places, weights


@jit
def sweep(
    up_first: IntArray,
    up_head: IntArray,
    up_weight: FloatArray,
    place: IntArray,
    rows: IntArray,
    places: IntArray,
    weights: FloatArray,
    source_first: IntArray,
    source_vertex: IntArray,
    source_weight: FloatArray,
    target_first: IntArray,
    target_place: IntArray,
    target_weight: FloatArray,
) -> FloatArray:
    """
    Weights of the lightest ways from sources to targets, shape (sources, targets), infinite where there is none.

    Sources and targets are joined to vertices by labels in compressed rows; `place`, `rows`, `places` and `weights` are
    what `restrict` gives for the vertices above all targets.
    """
    n, count = up_first.size - 1, rows.size - 1
    sources = source_first.size - 1
    found, seen, slot = np.empty(n, dtype=np.int32), np.zeros(n, dtype=np.bool_), np.empty(n, dtype=np.int32)
    climbed, best = np.empty((n, LANES)), np.empty((count, LANES))
    out = np.empty((sources, target_first.size - 1))
    for begin in range(0, sources, LANES):
        end = min(begin + LANES, sources)
        starts = source_vertex[source_first[begin] : source_first[end]]
        up = np.sort(found[: _climb(up_first, up_head, starts, seen, found)])
        for at in range(up.size):
            slot[up[at]] = at
            seen[up[at]] = False
        _set_out(source_first[begin : end + 1], source_vertex, source_weight, up, slot, climbed)
        _ascend(up_first, up_head, up_weight, up, slot, climbed)
        for at in range(count):
            for lane in range(LANES):
                best[at, lane] = np.inf
        for at in range(up.size):
            if place[up[at]] >= 0:
                for lane in range(LANES):
                    best[place[up[at]], lane] = climbed[at, lane]
        _descend(rows, places, weights, best)
        _read_out(target_first, target_place, target_weight, best, out[begin:end])
    return out


@jit
def _set_out(
    first: IntArray, vertex: IntArray, weight: FloatArray, up: IntArray, slot: IntArray, climbed: FloatArray
) -> None:
    """Nothing is reached but by the labels of each lane's source."""
    for at in range(up.size):
        for lane in range(LANES):
            climbed[at, lane] = np.inf
    for lane in range(first.size - 1):
        for row in range(first[lane], first[lane + 1]):
            at = slot[vertex[row]]
            climbed[at, lane] = min(climbed[at, lane], weight[row])


@jit
def _ascend(
    first: IntArray, head: IntArray, weight: FloatArray, up: IntArray, slot: IntArray, climbed: FloatArray
) -> None:
    """Relax the edges up from some vertices, the lowest first, for all lanes; `slot` is where each vertex stands."""
    for at in range(up.size):
        for row in range(first[up[at]], first[up[at] + 1]):
            to, more = slot[head[row]], weight[row]
            for lane in range(LANES):
                climbed[to, lane] = min(climbed[to, lane], climbed[at, lane] + more)


@jit
def _descend(rows: IntArray, places: IntArray, weights: FloatArray, best: FloatArray) -> None:
    """Relax the edges into all places, the highest first, for all lanes."""
    for at in range(rows.size - 1):
        for row in range(rows[at], rows[at + 1]):
            above_it, more = places[row], weights[row]
            for lane in range(LANES):
                best[at, lane] = min(best[at, lane], best[above_it, lane] + more)


@jit
def _read_out(first: IntArray, place: IntArray, weight: FloatArray, best: FloatArray, out: FloatArray) -> None:
    """The lightest label of each target, for each lane that has a row."""
    for target in range(first.size - 1):
        for lane in range(out.shape[0]):
            lightest = np.inf
            for row in range(first[target], first[target + 1]):
                lightest = min(lightest, best[place[row], lane] + weight[row])
            out[lane, target] = lightest


@jit
def new_scratch(n: Integer) -> Scratch:
    """Working arrays of `lightest_way`, for all calls on a hierarchy of n vertices."""
    return np.zeros(n, dtype=np.bool_), np.empty(n, dtype=np.int32), np.full((2, n), -1, dtype=np.int32)


@jit
def lightest_way(
    up_first: IntArray, up_head: IntArray, up_weight: FloatArray,
    down_first: IntArray, down_tail: IntArray, down_weight: FloatArray, scratch: Scratch,
    source_vertex: IntArray, source_weight: FloatArray, target_vertex: IntArray, target_weight: FloatArray,
) -> tuple[float, Integer, Integer, IntArray]:  # fmt: skip
    """
    The lightest way from one of some labels to one of others: its weight, the two labels' rows, and its vertices.

    The vertices are those of the hierarchy's edges, up to the top and down again; `unpack` adds what lies in between.
    The weight is infinite, and there are no vertices, where there is no way.
    """
    seen, found, slot = scratch
    up, up_best, up_by = _climb_from(up_first, up_head, up_weight, source_vertex, source_weight, seen, found, slot[0])
    down, down_best, down_by = _climb_from(
        down_first, down_tail, down_weight, target_vertex, target_weight, seen, found, slot[1]
    )
    lightest, top = np.inf, np.int64(-1)
    for at in range(up.size):
        other = slot[1, up[at]]
        if other >= 0 and up_best[at] + down_best[other] < lightest:
            lightest, top = up_best[at] + down_best[other], np.int64(up[at])
    source = target = np.int64(-1)
    rising, falling = np.empty(up.size, dtype=np.int32), np.empty(down.size, dtype=np.int32)
    risen = fallen = np.int64(0)
    size = np.int64(0)
    if top >= 0:
        risen, source = _trail(up_by, slot[0], top, rising)
        fallen, target = _trail(down_by, slot[1], top, falling)
        size = risen + fallen - 1
    vertices = np.empty(size, dtype=np.int32)
    for at in range(risen):
        vertices[at] = rising[risen - 1 - at]
    for at in range(1, fallen):
        vertices[risen - 1 + at] = falling[at]
    for at in range(up.size):
        slot[0, up[at]] = -1
    for at in range(down.size):
        slot[1, down[at]] = -1
    return lightest, source, target, vertices


@jit
def _trail(by: IntArray, slot: IntArray, top: Integer, trail: IntArray) -> tuple[Integer, Integer]:
    """Fill in the vertices from the top down to a label: their number, and the label's row."""
    at, count = np.int64(top), np.int64(0)
    while True:
        trail[count] = at
        count += 1
        cause = np.int64(by[slot[at]])
        if cause >= 0:
            return count, cause
        at = -1 - cause


@jit
def _climb_from(
    first: IntArray,
    other: IntArray,
    weight: FloatArray,
    label_vertex: IntArray,
    label_weight: FloatArray,
    seen: NDArray[np.bool_],
    found: IntArray,
    slot: IntArray,
) -> tuple[IntArray, FloatArray, IntArray]:
    """
    Climb from labels: the vertices above, the lowest first, their weights, and by what each is reached.

    That is the row of a label, or -1 - the vertex below; `slot` tells where a vertex stands.
    """
    climbed = np.sort(found[: _climb(first, other, label_vertex, seen, found)])
    best, by = np.full(climbed.size, np.inf), np.zeros(climbed.size, dtype=np.int32)
    for at in range(climbed.size):
        slot[climbed[at]] = at
        seen[climbed[at]] = False
    for row in range(label_vertex.size):
        at = slot[label_vertex[row]]
        if label_weight[row] < best[at]:
            best[at], by[at] = label_weight[row], row
    for at in range(climbed.size):
        v = climbed[at]
        for row in range(first[v], first[v + 1]):
            to = slot[other[row]]
            if best[at] + weight[row] < best[to]:
                best[to], by[to] = best[at] + weight[row], -1 - v
    return climbed, best, by


@jit
def unpack(
    up_first: IntArray, up_head: IntArray, up_middle: IntArray,
    down_first: IntArray, down_tail: IntArray, down_middle: IntArray, vertices: IntArray,
) -> IntArray:  # fmt: skip
    """All vertices of the network on a way, given those of the hierarchy's edges."""
    whole, count = np.empty(4 * vertices.size + 16, dtype=np.int32), np.int64(0)
    waiting, depth = np.empty(vertices.size + 64, dtype=np.int32), np.int64(vertices.size)
    for at in range(vertices.size):  # the next one on top
        waiting[at] = vertices[vertices.size - 1 - at]
    while depth:
        b = waiting[depth - 1]
        middle = np.int32(-1)
        if count:
            middle = _middle(up_first, up_head, up_middle, down_first, down_tail, down_middle, whole[count - 1], b)
        if middle >= 0:
            waiting = _with_place(waiting, depth)
            waiting[depth] = middle
            depth += 1
        else:
            whole = _with_place(whole, count)
            whole[count] = b
            count += 1
            depth -= 1
    return whole[:count]


@jit
def _middle(
    up_first: IntArray, up_head: IntArray, up_middle: IntArray,
    down_first: IntArray, down_tail: IntArray, down_middle: IntArray, tail: Integer, head: Integer,
) -> Integer:  # fmt: skip
    """The vertex under the edge between two vertices, -1 = none."""
    if tail < head:
        for row in range(up_first[tail], up_first[tail + 1]):
            if up_head[row] == head:
                return up_middle[row]
    else:
        for row in range(down_first[head], down_first[head + 1]):
            if down_tail[row] == tail:
                return down_middle[row]
    return np.int32(-1)


@jit
def _with_place(array: IntArray, place: Integer) -> IntArray:
    """An array with room for a place behind its last one."""
    if place < array.size:
        return array
    larger = np.empty(2 * array.size, dtype=np.int32)
    for at in range(array.size):
        larger[at] = array[at]
    return larger


@jit
def chains_along(first_out: IntArray, head: IntArray, weight: FloatArray, chain: IntArray, way: IntArray) -> IntArray:
    """The chain of the lightest edge between each vertex of a network and the next one on a way, in compressed rows."""
    chains = np.empty(max(way.size - 1, 0), dtype=np.int32)
    for at in range(way.size - 1):
        lightest = np.inf
        for row in range(first_out[way[at]], first_out[way[at] + 1]):
            if head[row] == way[at + 1] and weight[row] < lightest:
                lightest, chains[at] = weight[row], chain[row]
    return chains

"""
Contraction of a network: vertices are taken out one by one, shortcuts keep every distance.

What is left is a hierarchy: between any two vertices some fastest way first climbs, then descends. `matrix.py` and
`paths.py` search it. Everything compiled here stands in this one file, so that an edit never meets stale code.

References
----------
.. [1] Geisberger, Sanders, Schultes, Vetter (2012). Exact Routing in Large Road Networks Using Contraction
   Hierarchies. Transportation Science 46(3). https://doi.org/10.1287/trsc.1110.0401
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray
from geo.jit import Integer, jit
from geo.segments import IntArray
from geo.weights import weight_rows

ContractionProgress = Callable[[int, int], None]
"""Called with the number of vertices that are contracted, and of all."""

_NONE = -1
_SIMULATED = 25
"""Vertices that a search for a way around may settle while a vertex is only being weighed ..."""
_CONTRACTED = 400
"""... and when it is taken out: a way not found costs a shortcut too many, never a wrong answer."""
_STEP = 20_000  # vertices between two reports of progress
_SPARE = 2  # free rows in each slot at first
_HEAP = 1 << 14  # entries of a search's heap: it ends when they are full


@dataclass(frozen=True, slots=True, eq=False)
class Hierarchy:
    """
    A contracted network of n vertices; each is named by its rank here, the first one taken out is 0.

    Every edge joins a vertex with one of a higher rank. `up` holds the edges that leave the lower one, `down` those
    that reach it.
    """

    rank: IntArray
    """Shape (n,): place of each vertex of the network."""
    up_first: IntArray
    """Shape (n + 1,)."""
    up_head: IntArray
    """Where each edge leads."""
    up_weight: FloatArray
    up_middle: IntArray
    """The vertex that a shortcut passes over; -1 = an edge of the network itself."""
    down_first: IntArray
    """Shape (n + 1,)."""
    down_tail: IntArray
    """Where each edge comes from."""
    down_weight: FloatArray
    down_middle: IntArray

    def __post_init__(self) -> None:
        size = self.rank.size
        if not np.array_equal(np.sort(self.rank), np.arange(size)):
            raise ValueError("ranks are a permutation")
        for first, other, weight, middle in (
            (self.up_first, self.up_head, self.up_weight, self.up_middle),
            (self.down_first, self.down_tail, self.down_weight, self.down_middle),
        ):
            if first.size != size + 1 or first[0] != 0 or first[-1] != other.size or np.any(np.diff(first) < 0):
                raise ValueError("row starts grow from 0 to the number of edges")
            if not other.size == weight.size == middle.size:
                raise ValueError("each edge has a weight and a middle")
            low = np.repeat(np.arange(size), np.diff(first))
            if np.any((other <= low) | (other >= size)) or np.any((middle < _NONE) | (middle >= low)):
                raise ValueError("an edge leads up, over a vertex below both of its ends")

    @property
    def num_vertices(self) -> int:
        return int(self.rank.size)


def contract(
    first_out: IntArray, head: IntArray, weight: FloatArray, *, on_progress: ContractionProgress | None = None
) -> Hierarchy:
    """
    Contract a network given in compressed rows.

    Parameters
    ----------
    first_out
        Shape (n + 1,).
    head, weight
        Shape (m,): whole numbers from 0; loops and heavier parallel edges do no harm.
    on_progress
        Told now and then.
    """
    size = first_out.size - 1
    state = _begin(first_out, head, weight)
    done = 0
    while done < size:
        done, wanted = _go_on(state, done, min(size, done + _STEP))
        if wanted:
            state = _with_room(state, wanted)
        if on_progress is not None:
            on_progress(done, size)
    return _finish(state)


class _State(NamedTuple):
    """
    A network while it is contracted; a slot is a vertex (edges out of it) or n + a vertex (edges into it).

    The edges of slot s are pool rows first[s] ... first[s] + size[s] - 1, with room for room[s].
    """

    first: NDArray[np.int64]
    size: IntArray
    room: IntArray
    other: IntArray
    """Pool: the vertex at the far end."""
    weight: FloatArray
    middle: IntArray
    hops: IntArray
    """Pool: edges of the network under each edge."""
    used: NDArray[np.int64]
    """Shape (1,): rows of the pool that are taken."""
    rank: IntArray
    level: IntArray
    """Longest chain of contracted vertices below each one."""
    key: FloatArray
    queue: IntArray
    """Heap of the vertices that are left, by key."""
    place: IntArray
    """Where each vertex stands in `queue`."""


_Search = tuple[FloatArray, NDArray[np.int64], FloatArray, NDArray[np.int64], NDArray[np.int64], FloatArray, IntArray]


def _begin(first_out: IntArray, head: IntArray, weight: FloatArray) -> _State:
    """Lay out the edges in both directions: no loops, of parallel ones the lightest."""
    size = first_out.size - 1
    tail = np.repeat(np.arange(size, dtype=np.int32), np.diff(first_out))
    rows, kept = weight_rows(tail, head, weight, size)
    tail, head, weight = tail[kept], head[kept], weight[kept]
    back = np.lexsort((tail, head))
    degrees = np.concatenate((np.diff(rows), np.bincount(head, minlength=size))).astype(np.int32)
    room = degrees + _SPARE
    first = np.concatenate(([0], np.cumsum(room, dtype=np.int64)))
    packed = np.concatenate(([0], np.cumsum(degrees, dtype=np.int64)))[:-1]
    row = np.arange(2 * head.size) + np.repeat(first[:-1] - packed, degrees)
    pool = int(first[-1] * 1.5) + 1024
    other, middle = np.empty(pool, dtype=np.int32), np.full(pool, _NONE, dtype=np.int32)
    weights, hops = np.empty(pool), np.ones(pool, dtype=np.int32)
    other[row] = np.concatenate((head, tail[back]))
    weights[row] = np.concatenate((weight, weight[back]))
    state = _State(
        first[:-1].copy(), degrees, room, other, weights, middle, hops, first[-1:].copy(),
        rank=np.full(size, _NONE, dtype=np.int32), level=np.zeros(size, dtype=np.int32),
        key=np.zeros(size), queue=np.arange(size, dtype=np.int32), place=np.arange(size, dtype=np.int32),
    )  # fmt: skip
    _fill_queue(state)
    return state


def _finish(state: _State) -> Hierarchy:
    """Put the edges of both directions into compressed rows by rank."""
    order = np.argsort(state.rank)
    return Hierarchy(state.rank, *_edges(state, order), *_edges(state, order + order.size))


def _edges(state: _State, slots: NDArray[np.intp]) -> tuple[IntArray, IntArray, FloatArray, IntArray]:
    """Row starts, far ends, weights and middles of the edges of some slots, vertices named by rank."""
    count = state.size[slots]
    first = np.concatenate(([0], np.cumsum(count, dtype=np.int64)))
    row = np.repeat(state.first[slots] - first[:-1], count) + np.arange(first[-1])
    middle = state.middle[row]
    middle = np.where(middle == _NONE, _NONE, state.rank[middle]).astype(np.int32)
    return first.astype(np.int32), state.rank[state.other[row]], state.weight[row], middle


def _with_room(state: _State, rows: int) -> _State:
    """The same network with at least so many free rows in its pool."""
    live = np.tile(state.rank == _NONE, 2)
    room = (state.size + np.where(live, _SPARE, 0)).astype(np.int32)
    first = np.concatenate(([0], np.cumsum(room, dtype=np.int64)))
    packed = np.concatenate(([0], np.cumsum(state.size, dtype=np.int64)))
    count = np.arange(packed[-1])
    old = count + np.repeat(state.first - packed[:-1], state.size)
    new = count + np.repeat(first[:-1] - packed[:-1], state.size)
    pool = int(first[-1] * 1.3) + 2 * rows
    columns = []
    for column in (state.other, state.weight, state.middle, state.hops):
        larger = np.empty(pool, dtype=column.dtype)
        larger[new] = column[old]
        columns.append(larger)
    other, weight, middle, hops = columns
    return state._replace(
        first=first[:-1].copy(), room=room, other=other, weight=weight, middle=middle, hops=hops, used=first[-1:].copy()
    )


@jit
def _fill_queue(state: _State) -> None:
    n = state.rank.size
    search = _new_search(n)
    for v in range(n):
        state.key[v] = _importance(state, search, v, _SIMULATED)
    for at in range(n // 2 - 1, -1, -1):
        _sink(state.key, state.queue, state.place, at, n)


@jit
def _go_on(state: _State, done: Integer, until: Integer) -> tuple[Integer, Integer]:
    """Contract on until so many are done, or the pool is nearly full: then the rows wanted are told."""
    n = state.rank.size
    search = _new_search(n)
    while done < until:
        v = np.int64(state.queue[0])  # one type for all calls: each other one is compiled anew
        left = n - done
        state.key[v] = _importance(state, search, v, _SIMULATED)
        _sink(state.key, state.queue, state.place, 0, left)
        if state.queue[0] != v:
            continue
        wanted = _rows_wanted(state, v)
        if state.used[0] + wanted > state.other.size:
            return done, wanted
        _pop(state.key, state.queue, state.place, left)
        _contract(state, search, v)
        state.rank[v] = done
        done += 1
    return done, 0


@jit
def _new_search(n: Integer) -> _Search:
    """
    Scratch of the searches for ways around.

    That is the distance and its stamp, the length allowed and its mark, the last stamp, a heap.
    """
    return (
        np.empty(n), np.zeros(n, dtype=np.int64), np.empty(n), np.zeros(n, dtype=np.int64),
        np.zeros(1, dtype=np.int64),
        np.empty(_HEAP), np.empty(_HEAP, dtype=np.int32),
    )  # fmt: skip


@jit
def _importance(state: _State, search: _Search, v: Integer, most: Integer) -> float:
    """How late a vertex should go: its level, and the edges (and edges of the network) that come for those that go."""
    n = state.rank.size
    gone = state.size[v] + state.size[n + v]
    if gone == 0:
        return float(state.level[v])
    hops_gone = 0
    for side in range(2):
        slot = v + side * n
        for row in range(state.first[slot], state.first[slot] + state.size[slot]):
            hops_gone += state.hops[row]
    come, hops_come = _bridge(state, search, v, most, False)
    importance: float = state.level[v] + come / gone + hops_come / hops_gone
    return importance


@jit
def _contract(state: _State, search: _Search, v: Integer) -> None:
    n = state.rank.size
    _bridge(state, search, v, _CONTRACTED, True)
    for side in range(2):
        slot = v + side * n
        for row in range(state.first[slot], state.first[slot] + state.size[slot]):
            u = np.int64(state.other[row])
            back = u + (1 - side) * n
            _remove(state.first, state.size, state.other, state.weight, state.middle, state.hops, back, v)
            state.level[u] = max(state.level[u], state.level[v] + 1)


@jit
def _bridge(state: _State, search: _Search, v: Integer, most: Integer, build: bool) -> tuple[Integer, Integer]:
    """Count the shortcuts that v needs, and the network's edges under them; with `build`, put them in."""
    n = state.rank.size
    first, size, other, weight, hops = state.first, state.size, state.other, state.weight, state.hops
    mark, now = search[3], search[4]
    into, out = n + v, v
    come, hops_come = 0, 0
    for row_in in range(first[into], first[into] + size[into]):
        u = np.int64(other[row_in])
        if _find_around(first, size, other, weight, search, u, v, weight[row_in], most) == 0:
            continue
        for row_out in range(first[out], first[out] + size[out]):
            x = np.int64(other[row_out])
            if mark[x] != now[0]:
                continue
            come += 1
            edges = hops[row_in] + hops[row_out]
            hops_come += edges
            if build:
                total = weight[row_in] + weight[row_out]
                _put(state, u, x, total, v, edges)
                _put(state, n + x, u, total, v, edges)
    return come, hops_come


@jit
def _find_around(
    first: NDArray[np.int64], size: IntArray, other: IntArray, weight: FloatArray, search: _Search,
    source: Integer, avoid: Integer, weight_in: float, most: Integer,
) -> Integer:  # fmt: skip
    """
    Search from a vertex into `avoid` for ways around it that are as short as those over it.

    Returns for how many vertices out of `avoid` none was found; these stay marked.
    """
    distance, stamp, allowed, mark, now, heap_key, heap_vertex = search
    now[0] += 1
    mine = now[0]
    wanted, limit = 0, 0.0
    for row in range(first[avoid], first[avoid] + size[avoid]):
        x = other[row]
        if x != source:
            allowed[x], mark[x] = weight_in + weight[row], mine
            limit = max(limit, allowed[x])
            wanted += 1
    distance[source], stamp[source] = 0.0, mine
    heap_key[0], heap_vertex[0], count = 0.0, source, 1
    settled = 0
    while wanted and count and settled < most and heap_key[0] <= limit:
        key, v = heap_key[0], heap_vertex[0]
        count -= 1
        _let_sink(heap_key, heap_vertex, count)
        if key > distance[v]:
            continue
        settled += 1
        for row in range(first[v], first[v] + size[v]):
            x = other[row]
            total = key + weight[row]
            if x == avoid or total > limit or (stamp[x] == mine and distance[x] <= total):
                continue
            if count == heap_key.size:
                return wanted
            distance[x], stamp[x] = total, mine
            _let_rise(heap_key, heap_vertex, count, total, x)
            count += 1
            if mark[x] == mine and total <= allowed[x]:
                mark[x] = 0
                wanted -= 1
    return wanted


@jit
def _let_sink(heap_key: FloatArray, heap_vertex: IntArray, count: Integer) -> None:
    """Put the entry behind a heap of so many in place of its first one."""
    key, vertex = heap_key[count], heap_vertex[count]
    at = 0
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and heap_key[child + 1] < heap_key[child]:
            child += 1
        if heap_key[child] >= key:
            break
        heap_key[at], heap_vertex[at] = heap_key[child], heap_vertex[child]
        at = child
    heap_key[at], heap_vertex[at] = key, vertex


@jit
def _let_rise(heap_key: FloatArray, heap_vertex: IntArray, count: Integer, key: float, vertex: Integer) -> None:
    """Add an entry to a heap of so many."""
    at = count
    while at and heap_key[(at - 1) // 2] > key:
        heap_key[at], heap_vertex[at] = heap_key[(at - 1) // 2], heap_vertex[(at - 1) // 2]
        at = (at - 1) // 2
    heap_key[at], heap_vertex[at] = key, vertex


@jit
def _put(state: _State, slot: Integer, other: Integer, weight: float, middle: Integer, hops: Integer) -> None:
    """Add an edge, or lighten the one that is there."""
    begin = state.first[slot]
    end = begin + state.size[slot]
    for row in range(begin, end):
        if state.other[row] == other:
            if weight < state.weight[row]:
                state.weight[row], state.middle[row], state.hops[row] = weight, middle, hops
            return
    if state.size[slot] == state.room[slot]:
        new = state.used[0]
        state.room[slot] = 2 * state.room[slot] + 2
        state.used[0] += state.room[slot]
        for row in range(begin, end):
            to = new + row - begin
            state.other[to], state.weight[to] = state.other[row], state.weight[row]
            state.middle[to], state.hops[to] = state.middle[row], state.hops[row]
        state.first[slot] = new
        end = new + state.size[slot]
    state.other[end], state.weight[end], state.middle[end], state.hops[end] = other, weight, middle, hops
    state.size[slot] += 1


@jit
def _remove(
    first: NDArray[np.int64], size: IntArray, other: IntArray, weight: FloatArray, middle: IntArray, hops: IntArray,
    slot: Integer, vertex: Integer,
) -> None:  # fmt: skip
    last = first[slot] + size[slot] - 1
    for row in range(first[slot], last + 1):
        if other[row] == vertex:
            other[row], weight[row], middle[row], hops[row] = other[last], weight[last], middle[last], hops[last]
            size[slot] -= 1
            return


@jit
def _rows_wanted(state: _State, v: Integer) -> Integer:
    """Rows of the pool that contracting v may take: each neighbour's slot may move once to twice its room and more."""
    n = state.rank.size
    rows = 0
    for side in range(2):
        slot = v + side * n
        more = state.size[v + (1 - side) * n]
        for row in range(state.first[slot], state.first[slot] + state.size[slot]):
            there = np.int64(state.other[row]) + (1 - side) * n
            room = state.room[there]
            while room < state.size[there] + more:
                room = 2 * room + 2
                rows += room
    return rows


@jit
def _sink(key: FloatArray, queue: IntArray, place: IntArray, at: Integer, count: Integer) -> None:
    """Let the vertex at a place of the heap sink to where it belongs."""
    v = queue[at]
    while True:
        child = 2 * at + 1
        if child >= count:
            break
        if child + 1 < count and key[queue[child + 1]] < key[queue[child]]:
            child += 1
        if key[queue[child]] >= key[v]:
            break
        queue[at] = queue[child]
        place[queue[at]] = at
        at = child
    queue[at] = v
    place[v] = at


@jit
def _pop(key: FloatArray, queue: IntArray, place: IntArray, count: Integer) -> None:
    """Take the first vertex off a heap of so many."""
    queue[0], queue[count - 1] = queue[count - 1], queue[0]
    if count > 1:
        _sink(key, queue, place, 0, count - 1)

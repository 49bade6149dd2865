"""
The plan of a made-up road network: junctions, the roads between them, rivers with few crossings, road classes.

Roads are a beta-skeleton of the junctions [1]_: beta 2 is the sparse relative neighbourhood graph, beta 1 the denser
Gabriel graph. Both are planar, which is why no two roads cross without a junction. Everything is in metres on a plane.

References
----------
.. [1] Kirkpatrick, Radke (1985). A framework for computational morphology. Computational Geometry, 217-248.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from geo.coordinates import FloatArray

CLASS_SHARES = {"trunk": 0.19, "secondary": 0.31, "local": 0.50}
"""Of the length; measured on the roads of Cần Thơ about 2010 (national, provincial, other roads)."""

TRUNK, SECONDARY, LOCAL = range(3)

_CLOSEST = 40.0  # metres between two junctions
_RAW_CIRCUITY = 1.23  # of the straight roads; bends add the rest
_CROSSING_EVERY = 9_000.0  # metres along a river
_BRIDGE_EVERY = 4  # crossings
_LONGEST = 4.0  # roads, in medians: those along the rim of the region would run through empty country
_LENGTH_BITS = 28  # of a weight, the rest are seconds: 26,000 km in decimetres
_MAX_SOURCES = 100  # places that stand for all of them

IndexArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Junctions and straight roads."""

    xy: FloatArray
    """Shape (n, 2), metres; the first `num_places` are the given places, one for those that lie together."""
    num_places: int
    ends: IndexArray
    """Shape (m, 2): the two junctions of each road."""
    ferry: BoolArray
    """Shape (m,): the road crosses a river by boat."""
    tree: BoolArray
    """Shape (m,): the road is in a spanning tree; without the others every junction can still be reached."""
    rank: NDArray[np.int8]
    """Shape (m,): TRUNK, SECONDARY or LOCAL."""

    def lengths(self) -> FloatArray:
        """Shape (m,), metres."""
        return _lengths(self.xy, self.ends)


def plan_roads(points: FloatArray, rng: np.random.Generator) -> Skeleton:
    """
    Plan the roads of a region.

    Parameters
    ----------
    points
        Shape (k, 2), metres: places that the roads must reach.
    rng
        Decides where other junctions lie and how the rivers run.
    """
    places = _apart(points)
    xy = np.vstack((places, _other_junctions(places, rng)))
    ends = _delaunay_edges(xy)
    river = _rivers(xy, ends, len(places), rng)
    wet, short = river >= 0, _lengths(xy, ends) < _LONGEST * np.median(_lengths(xy, ends))
    crossing, ferry = _crossings(xy, ends, np.where(short, river, -1), rng)
    emptiness = _emptiness(xy, ends)

    def roads(beta: float) -> BoolArray:
        kept = ((emptiness >= beta) & ~wet & short) | crossing
        return kept | _spanning(xy, ends, np.where(kept, 0, 1 + wet + 2 * ~short))

    def miss(kept: BoolArray) -> float:
        return abs(circuity(xy, ends[kept], _lengths(xy, ends[kept]), len(places)) - _RAW_CIRCUITY)

    kept = min((roads(float(beta)) for beta in np.linspace(2.0, 1.0, 6)), key=miss)
    ends, ferry = ends[kept], (ferry | (wet & ~crossing))[kept]
    tree = _spanning(xy, ends, ferry.astype(np.int64))
    return Skeleton(xy, len(places), ends, ferry, tree, _ranks(xy, ends, ferry, len(places)))


def circuity(
    xy: FloatArray, ends: IndexArray, lengths: FloatArray, num_places: int, *, seconds: FloatArray | None = None
) -> float:
    """
    Way on the roads against the straight line, median over pairs of places; 1 without a pair.

    Parameters
    ----------
    xy, ends, num_places
        As in `Skeleton`.
    lengths
        Shape (m,), metres, bends included.
    seconds
        Shape (m,): the way is the fastest. None = the shortest.
    """
    sources = _sample(num_places)
    if len(sources) < 2:
        return 1.0
    decimetres = np.rint(lengths * 10)
    weight = decimetres if seconds is None else np.rint(seconds) * 2.0**_LENGTH_BITS + decimetres  # exact in a float
    along = dijkstra(_matrix(len(xy), ends, weight), directed=False, indices=sources)[:, sources] % 2.0**_LENGTH_BITS
    straight = np.hypot(*(xy[sources, None] - xy[None, sources]).transpose(2, 0, 1))
    pairs = np.triu_indices(len(sources), 1)
    return float(np.median(along[pairs] / 10 / straight[pairs]))


def _apart(points: FloatArray) -> FloatArray:
    """One place for all the points that lie together, the first of them."""
    near = cKDTree(points).query_pairs(_CLOSEST, output_type="ndarray")
    keep = np.ones(len(points), dtype=np.bool_)
    for first, second in sorted((min(pair), max(pair)) for pair in near.tolist()):
        if keep[first]:
            keep[second] = False
    return points[keep]


def _other_junctions(places: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Junctions in the country between the places: a shaken hexagonal grid, not too near and not too far."""
    size = np.ptp(places, axis=0) + 4_000
    usual = float(np.sqrt(size.prod() / len(places)))  # between places, were they spread evenly
    spacing = float(np.clip(0.62 * usual, 700, 3_500))
    low = places.min(axis=0) - 2 * spacing
    columns, rows = (int(n) for n in np.ceil((size + 4 * spacing) / spacing / (1, 0.866)))
    column, row = (index.ravel() for index in np.meshgrid(np.arange(columns), np.arange(rows)))
    grid = low + spacing * np.column_stack((column + 0.5 * (row % 2), 0.866 * row))
    grid += rng.uniform(-0.38, 0.38, grid.shape) * spacing
    away, _ = cKDTree(places).query(grid)
    chosen: FloatArray = grid[(away > 0.55 * spacing) & (away < 1.6 * spacing)]
    return chosen


def _delaunay_edges(xy: FloatArray) -> IndexArray:
    triangles = Delaunay(xy).simplices
    sides = np.vstack((triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]))
    return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)


def _emptiness(xy: FloatArray, ends: IndexArray) -> FloatArray:
    """
    The largest beta at which each edge is in the beta-skeleton, at most 2.

    A point r lies in the lune of (p, q) for every beta above both |r-p|² / (r-p)·(q-p) and the same seen from q.
    """
    middle = xy[ends].mean(axis=1)
    near = cKDTree(xy).query_ball_point(middle, 0.87 * _lengths(xy, ends))
    largest = np.full(len(ends), 2.0)
    for edge, (p, q) in enumerate(ends):
        others = np.array([r for r in near[edge] if r not in (p, q)], dtype=np.int64)
        if others.size:
            enters = np.maximum(_enters(xy[others] - xy[p], xy[q] - xy[p]), _enters(xy[others] - xy[q], xy[p] - xy[q]))
            largest[edge] = min(2.0, enters.min())
    return largest


def _enters(away: FloatArray, along: FloatArray) -> FloatArray:
    dot = away @ along
    beta: FloatArray = np.where(dot > 0, (away**2).sum(axis=1) / np.where(dot > 0, dot, 1.0), np.inf)
    return beta


def _rivers(xy: FloatArray, ends: IndexArray, num_places: int, rng: np.random.Generator) -> IndexArray:
    """The river that each edge crosses, -1 = none: winding lines along the region, two where there is room."""
    river = np.full(len(ends), -1, dtype=np.int64)
    if num_places < 8:
        return river
    centred = xy - xy.mean(axis=0)
    _, axes = np.linalg.eigh(np.cov(centred[:num_places].T))
    across, along = (centred @ axes).T  # the region is longest along its last axis
    length = np.ptp(along)
    for number, quantile in enumerate((0.36, 0.7) if num_places >= 40 else (0.5,)):
        waves = sum(
            rng.uniform(0.01, 0.03) * length / k * np.sin(2 * np.pi * (k * along / length + rng.random()))
            for k in (1, 2, 3)
        )
        north = across - waves > np.quantile(across[:num_places], quantile)
        river[north[ends[:, 0]] != north[ends[:, 1]]] = number
    return river


def _crossings(
    xy: FloatArray, ends: IndexArray, river: IndexArray, rng: np.random.Generator
) -> tuple[BoolArray, BoolArray]:
    """The edges that cross a river after all, one in each stretch of it, and which of them by ferry."""
    crossing, ferry = np.zeros((2, len(ends)), dtype=np.bool_)
    lengths = _lengths(xy, ends)
    for number in range(int(river.max(initial=-1)) + 1):
        wet = np.flatnonzero(river == number)
        middle = xy[ends[wet]].mean(axis=1)
        direction = np.linalg.svd(middle - middle.mean(axis=0), full_matrices=False)[2][0]
        stretch = np.floor((middle @ direction) / _CROSSING_EVERY).astype(np.int64)
        phase = int(rng.integers(_BRIDGE_EVERY))
        for turn, which in enumerate(np.unique(stretch)):
            candidates = wet[stretch == which]
            chosen = candidates[np.argmin(lengths[candidates])]
            crossing[chosen] = True
            ferry[chosen] = (turn + phase) % _BRIDGE_EVERY != 0
    return crossing, ferry


def _spanning(xy: FloatArray, ends: IndexArray, tier: IndexArray) -> BoolArray:
    """Edges of a spanning tree that uses lower tiers before higher ones, then shorter edges before longer ones."""
    weight = tier * 1e7 + _lengths(xy, ends)
    tree = minimum_spanning_tree(_matrix(len(xy), ends, weight)).tocoo()
    chosen = np.sort(np.column_stack((tree.row, tree.col)), axis=1).astype(np.int64)
    names = ends[:, 0] * len(xy) + ends[:, 1]
    return np.isin(names, chosen[:, 0] * len(xy) + chosen[:, 1])


def _ranks(xy: FloatArray, ends: IndexArray, ferry: BoolArray, num_places: int) -> NDArray[np.int8]:
    """Road classes by length: the more shortest ways between places use a road, the higher it stands."""
    lengths = _lengths(xy, ends)
    uses = _uses(len(xy), ends, lengths * np.where(ferry, 3.0, 1.0), num_places)
    order = np.lexsort((lengths, -uses))
    built = np.cumsum(np.where(ferry, 0.0, lengths)[order]) / max(lengths[~ferry].sum(), 1.0)
    rank = np.empty(len(ends), dtype=np.int8)
    rank[order] = np.searchsorted(np.cumsum(list(CLASS_SHARES.values()))[:2], built)
    return rank


def _uses(n: int, ends: IndexArray, weight: FloatArray, num_places: int) -> IndexArray:
    """How many shortest ways between places use each edge, shape (m,)."""
    sources = _sample(num_places)
    distance, before = dijkstra(_matrix(n, ends, weight), directed=False, indices=sources, return_predecessors=True)
    number = {(int(a), int(b)): edge for edge, (a, b) in enumerate(ends)}
    uses = np.zeros(len(ends), dtype=np.int64)
    for row, source in enumerate(sources.tolist()):
        behind = [1] * num_places + [0] * (n - num_places)  # places reached through each junction
        towards = before[row].tolist()
        for junction in np.argsort(-distance[row]).tolist():  # the furthest first
            nearer = towards[junction]
            if junction != source:
                behind[nearer] += behind[junction]
                uses[number[min(junction, nearer), max(junction, nearer)]] += behind[junction]
    return uses


def _sample(num_places: int) -> IndexArray:
    """Places that stand for all of them, spread over their order."""
    return np.unique(np.linspace(0, num_places - 1, min(num_places, _MAX_SOURCES)).astype(np.int64))


def _lengths(xy: FloatArray, ends: IndexArray) -> FloatArray:
    lengths: FloatArray = np.hypot(*(xy[ends[:, 0]] - xy[ends[:, 1]]).T)
    return lengths


def _matrix(n: int, ends: IndexArray, weight: FloatArray) -> csr_array:
    return csr_array((weight, (ends[:, 0], ends[:, 1])), shape=(n, n))

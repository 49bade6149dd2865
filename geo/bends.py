"""How made-up roads wind between their junctions."""

from __future__ import annotations

import numpy as np
from shapely import STRtree, linestrings

from geo.coordinates import FloatArray
from geo.skeleton import TRUNK, IndexArray, Skeleton

_MEANDER = 2_600.0  # metres, the longest wave
_WAVE_SIZES = (0.075, 0.03)  # of the long and the short wave, in parts of their road
_OPPOSITE = -0.3  # cosine between two roads of a junction that run through it
_SAMPLES = 17  # of a road, for lengths and crossings
_CALMER = 0.4  # what is left of the bends of a road that would cross another one


class Bends:
    """
    The shape of every road, up to a common size: 0 = straight.

    A road leaves a junction in the direction in which the road opposite enters it, so that through roads run
    smoothly, and winds in between like a road along a canal.

    Parameters
    ----------
    plan
        Straight roads.
    rng
        Decides how each one winds.
    """

    def __init__(self, plan: Skeleton, rng: np.random.Generator) -> None:
        self._start = plan.xy[plan.ends[:, 0]]
        self._along = plan.xy[plan.ends[:, 1]] - self._start
        self._lengths = plan.lengths()
        self._tangents = _tangents(plan)
        waves = np.maximum(np.rint(self._lengths / _MEANDER), 1.0)
        self._waves = np.column_stack((waves, 2 * waves + 1))
        calm = np.where(plan.rank == TRUNK, 0.5, 1.0) * np.where(plan.ferry, 0.3, 1.0)
        amplitude = np.minimum(self._lengths, _MEANDER) * calm
        self._amplitude = amplitude[:, None] * rng.normal(0, 1, self._waves.shape) * _WAVE_SIZES
        self._phase = rng.uniform(0, np.pi, self._waves.shape)
        self._winds = np.ones(len(plan.ends))

    def points(self, road: IndexArray, share: FloatArray, size: float) -> FloatArray:
        """Points on roads, shape (p, 2), metres: each on a road of its own, at a share of it between 0 and 1."""
        straight = self._start[road] + share[:, None] * self._along[road]
        points: FloatArray = straight + size * self._winds[road, None] * self._away(road, share[:, None])
        return points

    def lengths(self, size: float) -> FloatArray:
        """Metres along each road, shape (m,)."""
        steps = np.diff(self._shapes(size), axis=1)
        lengths: FloatArray = np.hypot(steps[..., 0], steps[..., 1]).sum(axis=1)
        return lengths

    def calm_crossings(self, size: float) -> None:
        """Wind roads less that would cross each other without a junction at this size."""
        roads = np.asarray(linestrings(self._shapes(size)), dtype=np.object_)
        self._winds[np.unique(STRtree(roads).query(roads, predicate="crosses"))] *= _CALMER

    def _shapes(self, size: float) -> FloatArray:
        """Shape (m, samples, 2), metres."""
        count = len(self._lengths)
        share = np.tile(np.linspace(0, 1, _SAMPLES), count)
        return self.points(np.repeat(np.arange(count), _SAMPLES), share, size).reshape(count, _SAMPLES, 2)

    def _away(self, road: IndexArray, t: FloatArray) -> FloatArray:
        """Metres from the straight line at size 1, shape (p, 2)."""
        length = self._lengths[road, None]
        unit = self._along[road] / length
        leaves, enters = self._tangents[road, 0] - unit, self._tangents[road, 1] - unit
        smooth = length * (t * (1 - t) ** 2 * leaves - t**2 * (1 - t) * enters)  # Hermite, less the straight line
        wave = (np.sin(np.pi * self._waves[road] * t + self._phase[road]) * self._amplitude[road]).sum(axis=1)
        quiet_ends = np.minimum(1.0, 6 * t * (1 - t)) * np.minimum(1.0, 8 * t * (1 - t))
        side = np.column_stack((-unit[:, 1], unit[:, 0]))
        away: FloatArray = smooth + side * wave[:, None] * quiet_ends
        return away


def _tangents(plan: Skeleton) -> FloatArray:
    """Direction of each road where it begins and where it ends, shape (m, 2, 2)."""
    unit = (plan.xy[plan.ends[:, 1]] - plan.xy[plan.ends[:, 0]]) / plan.lengths()[:, None]
    tangents = np.stack((unit, unit), axis=1)
    sides: dict[int, list[tuple[int, int]]] = {}
    for road, (a, b) in enumerate(plan.ends.tolist()):
        sides.setdefault(a, []).append((road, 0))
        sides.setdefault(b, []).append((road, 1))
    for roads in sides.values():
        outward = np.array([unit[road] * (1 - 2 * side) for road, side in roads])
        for i, j in _through(outward):
            direction = (outward[i] - outward[j]) / np.hypot(*(outward[i] - outward[j]))
            for (road, side), sign in ((roads[i], 1), (roads[j], -1)):
                tangents[road, side] = direction * sign * (1 - 2 * side)
    return tangents


def _through(outward: FloatArray) -> list[tuple[int, int]]:
    """Pairs of roads that run through a junction, the straightest first; each road is in at most one."""
    cosine = outward @ outward.T
    first, second = np.triu_indices(len(outward), 1)
    free = set(range(len(outward)))
    pairs = []
    for i, j in sorted(zip(first.tolist(), second.tolist(), strict=True), key=lambda pair: float(cosine[pair])):
        if cosine[i, j] < _OPPOSITE and {i, j} <= free:
            free -= {i, j}
            pairs.append((i, j))
    return pairs

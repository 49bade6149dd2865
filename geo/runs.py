"""Runs of places: the parts of a way of which the coordinates are known, and that are wanted."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.clipping import Clip
from geo.report import NoticeKind, Notices

Run = tuple[list[int], list[float], list[float]]
"""Node ids, longitudes and latitudes of following places of a way."""


def read_runs(nodes: Sequence[Any], clip: Clip | None, notices: Notices, *, whole: bool = False) -> list[Run]:
    """
    Read the runs of a way's nodes; what is left out is noted.

    Parameters
    ----------
    nodes
        Of osmium, with their locations.
    clip
        None = everything is wanted. Otherwise the pieces of road of which an end lies inside.
    whole
        Take all of a way that calls inside: a ferry.
    """
    groups = itertools.groupby(nodes, key=lambda node: node.location.valid())
    located = [run for run in (list(group) for valid, group in groups if valid) if len(run) > 1]
    runs = [([n.ref for n in run], [n.lon for n in run], [n.lat for n in run]) for run in located]
    if clip is not None:
        runs = _inside(runs, clip, whole=whole)
        if not runs:
            notices.add(NoticeKind.OUTSIDE, "way outside the clip")
        elif len(runs[0][0]) < len(nodes):
            notices.add(NoticeKind.OUTSIDE, "way cut at the edge of the clip, or at nodes without coordinates")
        return runs
    skipped = len(nodes) - sum(map(len, located))
    if skipped:
        notices.add(NoticeKind.NODE_SKIPPED, "node without coordinates, or alone beside one", skipped)
    return runs


def _inside(runs: list[Run], clip: Clip, *, whole: bool) -> list[Run]:
    masks = [clip.contains(lon, lat) for _, lon, lat in runs]
    if whole:
        return runs if any(mask.any() for mask in masks) else []
    return [part for run, mask in zip(runs, masks, strict=True) for part in _parts(run, mask[:-1] | mask[1:])]


def _parts(run: Run, pieces: NDArray[np.bool_]) -> Iterator[Run]:
    """Cut a run at the pieces that are not wanted."""
    edges = np.flatnonzero(np.diff(pieces, prepend=False, append=False)).tolist()
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        yield tuple(column[first : last + 1] for column in run)  # type: ignore[misc]  # three columns

"""Rows outside the kernel: the nodes and reload marks of one vehicle, START and END left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from routing.kernel.columns import REQUEST, Ints

Sequences = list[list[int]]
"""One row a vehicle."""


def tidied(sequence: Iterable[int], fixed: int = 0) -> list[int]:
    """Without the marks of trips that are empty; the first `fixed` positions stay."""
    kept: list[int] = []
    for position, n in enumerate(sequence):
        if position < fixed or n >= 0 or (kept and kept[-1] >= 0):
            kept.append(n)
    while len(kept) > fixed and kept[-1] < 0:
        kept.pop()
    return kept


def without(node: Ints, sequence: Sequence[int], requests: Set[int], fixed: int = 0) -> list[int]:
    """Without the nodes of some requests, none of them in the first `fixed` positions."""
    return tidied((n for n in sequence if n < 0 or int(node[n, REQUEST]) not in requests), fixed)

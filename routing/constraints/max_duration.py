"""
Working time: from the first departure to the last return, as short as waiting allows.

A part of a route is a segment (duration, earliest begin, latest begin): it takes `duration` when it begins in between.
Two segments join in O(1); what the second one makes the first one wait is the difference of their windows (Vidal,
Crainic, Gendreau & Prins 2013, *A hybrid genetic algorithm with adaptive diversity management*, without time warp:
parts of a route are feasible here).
"""

from __future__ import annotations

from routing.kernel.jit import leaf

OPEN = 2**50
"""A bound that never binds."""


@leaf
def joined(d1: int, e1: int, l1: int, drive: int, d2: int, e2: int, l2: int) -> tuple[int, int, int]:
    """Two segments with a drive between them, as one."""
    offset = d1 + drive
    wait = max(0, e2 - offset - l1)
    return offset + d2 + wait, max(e2 - offset, e1) - wait, min(l2 - offset, l1)


@leaf
def exceeds(duration: int, most: int) -> bool:
    """Whether a route works too long."""
    return duration > most

"""Shift and overtime: the route departs within the shift; a return after it is paid by the second, up to a limit."""

from __future__ import annotations

from routing.kernel.jit import leaf


@leaf
def overtime(returns: int, shift_late: int) -> int:
    """Seconds that a return lies after the shift."""
    return max(0, returns - shift_late)

"""
How much a relaxation asks of people: the order in which relaxations are preferred.

One number makes all kinds comparable: the seconds of somebody's working time that it is like. It is no cost of the
plan, it only ranks what a dispatcher could do.
"""

from __future__ import annotations

from typing import NamedTuple

from routing.model import Problem
from routing.solution import Change, Relaxation


class Effort(NamedTuple):
    """Seconds to bring a change about, and further seconds for each unit of it."""

    start: int
    each: float = 0.0


A_WHOLE_CAPACITY = 3600
"""Effort of doubling a capacity, on top of its start: pieces, grams and money have no unit in common."""

EFFORTS: dict[Change, Effort] = {
    # A price is a number in the dispatcher's own hands.
    Change.PENALTY_HIGHER: Effort(0),
    # One's own courier is asked, and each second is worked.
    Change.OVERTIME: Effort(300, 1),
    Change.SHIFT_EARLIER: Effort(300, 1),
    Change.BREAK_LATER: Effort(300, 1),
    Change.DURATION_LONGER: Effort(300, 1),
    Change.DISTANCE_LONGER: Effort(300, 0.1),  # ten metres a second
    # A click, but somebody locked it for a reason.
    Change.UNLOCK: Effort(600),
    # Somebody at another door must agree, and waits each second.
    Change.WINDOW_EARLIER: Effort(900, 1),
    Change.WINDOW_LATER: Effort(900, 1),
    # A promise about papers aboard is loosened.
    Change.RIDE_LONGER: Effort(900, 1),
    # A whole base is staffed longer.
    Change.DEPOT_EARLIER: Effort(1200, 1),
    Change.DEPOT_LATER: Effort(1200, 1),
    # A line's timetable concerns everybody along the line.
    Change.RELEASE_EARLIER: Effort(1800, 2),
    Change.RETURN_LATER: Effort(1800, 2),
    # Loading anew and driving out again.
    Change.TRIP_MORE: Effort(2400),
    # A permission needs a mandate or a training.
    Change.SKILL_MORE: Effort(3600),
    # Sealed papers are moved between bases and signed for twice.
    Change.OTHER_DEPOT: Effort(5400),
    # Another vehicle, box or cash limit for the same courier.
    Change.CAPACITY_LARGER: Effort(7200),
    # Half a day of one more person: minutes are asked for first, many hours are not.
    Change.VEHICLE_MORE: Effort(14_400),
}


def effort(problem: Problem, relaxation: Relaxation) -> int:
    """Seconds of somebody's working time that a relaxation is like."""
    start, each = EFFORTS[relaxation.change]
    if relaxation.change is Change.CAPACITY_LARGER:
        each = A_WHOLE_CAPACITY / max(1, _capacity(problem, relaxation))
    return start + round(each * relaxation.amount)


def _capacity(problem: Problem, relaxation: Relaxation) -> int:
    assert relaxation.vehicle_type is not None
    assert relaxation.dimension is not None
    return problem.vehicle_types[relaxation.vehicle_type].capacity[relaxation.dimension]

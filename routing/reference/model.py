"""
A problem as an OR-Tools routing model.

Nodes are the bundles, in an order that a seed chooses, then the gates, then the bases; vehicles are couriers.

Approximate, in the search only: waiting and breaks cost nothing, driving and service do; a set-up that a neighbouring
stop of the same place would save is still waited for; with more than a few releases or cut-offs some count as later or
earlier than they are; a pair stays on one trip; balance is priced by the time between the first departure and the last
return of all; consecutive bundles of one strange stop pay for it each; max_duration grants every break.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from routing.model import Problem
from routing.prices import Prices
from routing.reference.bundles import Bundling
from routing.reference.choices import add_choices
from routing.reference.couriers import Fleet
from routing.reference.frame import Frame
from routing.reference.loads import add_loads
from routing.reference.times import add_time
from routing.reference.trips import add_trips

Days = list[list[list[int]]]
"""By courier, by trip: bundles in order. A courier who stays at home has no trip."""


def build(problem: Problem, bundling: Bundling, fleet: Fleet, prices: Prices, order: Sequence[int]) -> Frame:
    """Build the whole model, not yet closed."""
    frame = Frame(problem, bundling, fleet, prices, order)
    time = add_time(frame)
    add_trips(frame, time)
    add_loads(frame)
    add_choices(frame, time)
    return frame


def days(frame: Frame, following: Callable[[int], int]) -> Days:
    """Read what each courier does; `following` tells the index after an index."""
    return [_trips(frame, courier, following) for courier in frame.couriers]


def _trips(frame: Frame, courier: int, following: Callable[[int], int]) -> list[list[int]]:
    trips: list[list[int]] = [[]]
    index: Any = following(frame.routing.Start(courier))
    while not frame.routing.IsEnd(index):
        node = frame.manager.IndexToNode(index)
        if node < len(frame.nodes.bundles):
            trips[-1].append(frame.nodes.bundles[node])
        else:
            trips.append([])
        index = following(index)
    return [trip for trip in trips if trip]

"""
Which of today's legs must go, and what it costs to let the others wait.

A leg that can still go on a later day in time may wait. Its price makes it go where somebody is near today anyway, and
stay where a way of its own would have to be driven for it: then it waits for company, until its last day. The price
grows as that day comes nearer, and is less where somebody must come to the same commune later in time. `docs/waves.md`
tells what was measured, and what was tried in vain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from routing.model import FOREVER, Shipment

VISITED_LATER = 2
"""The price is divided by this where the commune will be visited anyway: a cheaper day is in sight."""


@dataclass(frozen=True, slots=True)
class Wait:
    """What is known about letting a leg wait."""

    days_left: int
    """Later days on which it can still go in time; 0 or less = today is the last one."""
    is_visited_later: bool = False
    """Something that cannot go today must be brought to the same commune, or fetched there, on one of those days."""
    latest_return: int = FOREVER
    """Seconds: the cut-off of the line that it must catch; see `Shipment.latest_return`."""
    priority: int = 0
    """The price is so many times higher, and once."""


@dataclass(frozen=True, slots=True)
class Prices:
    """What waiting costs, in the cost unit of the problem."""

    may_go: int
    """A leg that may wait, whenever its last day comes."""
    urgency: int
    """Added to it, divided by the days left."""
    batching: bool = True
    """False: nothing waits that could go today."""
    spare_days: int = 0
    """Days kept in hand: a leg goes at the latest so many days before its last one."""


def price_of_waiting(wait: Wait, prices: Prices) -> int:
    """Price one more day for a leg that may wait: more near its last day, less with a cheaper day in sight."""
    price = (prices.may_go + prices.urgency // max(1, wait.days_left)) * (1 + max(0, wait.priority))
    return price // VISITED_LATER if wait.is_visited_later else price


def must_go(wait: Wait, prices: Prices) -> bool:
    """Whether a leg is lost for its due date when it stays, or nothing may stay."""
    return wait.days_left <= prices.spare_days or not prices.batching


def with_waits(shipments: Iterable[Shipment], waits: Sequence[Wait], prices: Prices) -> tuple[Shipment, ...]:
    """
    Turn today's legs into the shipments of one problem: tied to the lines they must catch, must-go or priced.

    Parameters
    ----------
    shipments
        As they would be carried at any time; released when lines bring them.
    waits
        One for each.
    """
    return tuple(
        replace(
            shipment,
            latest_return=min(shipment.latest_return, wait.latest_return),
            must_go=must_go(wait, prices),
            penalty=price_of_waiting(wait, prices),
        )
        for shipment, wait in zip(shipments, waits, strict=True)
    )

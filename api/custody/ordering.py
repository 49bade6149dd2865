"""
The order of facts, whatever the order in which they arrived.

Within a device the counter decides; across devices the device's time plus its clock's offset; what follows another
event comes after it, whatever the clocks say. Where these rules run in a circle, which no honest devices make, the
earliest fact of the circle goes first: an order exists for every set of facts, and it is the same for the same set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from heapq import heapify, heappop, heappush
from itertools import pairwise

from api.custody.events import Event


@dataclass(frozen=True, slots=True)
class Fact:
    """An event as the server has taken it in."""

    event: Event
    clock_offset: timedelta = timedelta(0)
    """Server's clock minus the device's, when the event first came in."""

    @property
    def moment(self) -> datetime:
        """When it happened, by the server's clock."""
        return self.event.at + self.clock_offset


class OrderedBy(StrEnum):
    """What puts a fact behind the one before it."""

    FOLLOWS = "follows"
    """It names an event that it follows, and that is here."""
    COUNTER = "counter"
    """Both are of one device."""
    CLOCK = "clock"
    """Nothing but the times, which two clocks tell."""


def ordered_by(fact: Fact, before: Fact, facts: Collection[str]) -> OrderedBy:
    """
    Say what puts a fact behind the one before.

    Parameters
    ----------
    facts
        Ids of all that there are.
    """
    if fact.event.follows in facts:
        return OrderedBy.FOLLOWS
    return OrderedBy.COUNTER if fact.event.device_id == before.event.device_id else OrderedBy.CLOCK


_Key = tuple[datetime, str, int, str]


def in_order(facts: Mapping[str, Fact]) -> list[Fact]:
    """
    Put facts, given by event id, in order.

    This is a topological order (Kahn 1962) that always takes the earliest fact that may come next.
    """
    after, waits_for = _edges(facts)
    left = {event_id: _key(fact) for event_id, fact in facts.items()}
    ready = [left[event_id] for event_id in facts if not waits_for[event_id]]
    heapify(ready)
    ordered: list[Fact] = []
    while left:
        *_, event_id = heappop(ready) if ready else min(left.values())
        if left.pop(event_id, None) is None:
            continue  # it has gone first in a circle
        ordered.append(facts[event_id])
        for later in after[event_id]:
            waits_for[later] -= 1
            if waits_for[later] == 0 and later in left:
                heappush(ready, left[later])
    return ordered


def _key(fact: Fact) -> _Key:
    event = fact.event
    return fact.moment, event.device_id, event.counter, event.event_id


def _edges(facts: Mapping[str, Fact]) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Which facts come after each, and for how many each waits."""
    after: dict[str, list[str]] = defaultdict(list)
    waits_for = dict.fromkeys(facts, 0)
    for earlier, later in _before(facts):
        after[earlier].append(later)
        waits_for[later] += 1
    return after, waits_for


def _before(facts: Mapping[str, Fact]) -> Iterable[tuple[str, str]]:
    by_device: dict[str, list[Fact]] = defaultdict(list)
    for event_id, fact in facts.items():
        by_device[fact.event.device_id].append(fact)
        follows = fact.event.follows
        if follows is not None and follows in facts and follows != event_id:
            yield follows, event_id
    for made in by_device.values():
        made.sort(key=lambda fact: (fact.event.counter, fact.moment, fact.event.event_id))
        yield from pairwise(fact.event.event_id for fact in made)

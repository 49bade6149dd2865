"""
Who answers for each shipment: every event of a simulated day passes here, and one that cannot be is refused.

A shipment has exactly one holder from its acceptance until it is handed over or returned; at any instant
accepted = delivered + returned + in custody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType


class EventType(StrEnum):
    """What happened to a shipment; names as in the custody events."""

    ACCEPT = "ACCEPT"
    """The post takes it from a citizen."""
    COLLECT_RESULT = "COLLECT_RESULT"
    """The post takes it from an agency or a desk."""
    OUT = "OUT"
    """It leaves its base with a courier."""
    DEPART = "DEPART"
    """It leaves with a line."""
    ARRIVE = "ARRIVE"
    """It comes to a site of the post, by a courier or a line."""
    ATTEMPT = "ATTEMPT"
    """Somebody was to hand it over, in vain."""
    INVITE = "INVITE"
    """Its recipient is invited to fetch it."""
    HOLD = "HOLD"
    """No further attempt: it is kept for its recipient until a date."""
    RETURN_START = "RETURN_START"
    """It goes back to where it came from."""
    DELIVER = "DELIVER"
    """A citizen has it."""
    HAND_AGENCY = "HAND_AGENCY"
    """An agency or a desk has it."""
    RETURN_DONE = "RETURN_DONE"
    """It is back where it came from."""


class Holding(StrEnum):
    """Who may hold a shipment."""

    NOBODY = "nobody"
    """Not accepted yet."""
    SITE = "site"
    COURIER = "courier"
    LINE = "line"
    DONE = "done"
    """Handed over: the post answers for it no longer."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who answers for a shipment."""

    holding: Holding
    name: str = ""


NOBODY, DONE = Holder(Holding.NOBODY), Holder(Holding.DONE)


def at_site(site_id: str) -> Holder:
    """A site of the post holds it."""
    return Holder(Holding.SITE, site_id)


_FROM: Mapping[EventType, frozenset[Holding]] = MappingProxyType(
    {
        EventType.ACCEPT: frozenset({Holding.NOBODY}),
        EventType.COLLECT_RESULT: frozenset({Holding.NOBODY}),
        EventType.OUT: frozenset({Holding.SITE}),
        EventType.DEPART: frozenset({Holding.SITE}),
        EventType.ARRIVE: frozenset({Holding.COURIER, Holding.LINE}),
        EventType.ATTEMPT: frozenset({Holding.COURIER}),
        EventType.INVITE: frozenset({Holding.SITE}),
        EventType.HOLD: frozenset({Holding.SITE}),
        EventType.RETURN_START: frozenset({Holding.SITE}),
        EventType.DELIVER: frozenset({Holding.SITE, Holding.COURIER}),
        EventType.HAND_AGENCY: frozenset({Holding.SITE, Holding.COURIER}),
        EventType.RETURN_DONE: frozenset({Holding.SITE, Holding.COURIER}),
    }
)
"""Who must hold a shipment for an event to happen."""

_TO: Mapping[EventType, frozenset[Holding]] = MappingProxyType(
    {
        EventType.ACCEPT: frozenset({Holding.SITE, Holding.COURIER}),
        EventType.COLLECT_RESULT: frozenset({Holding.COURIER}),
        EventType.OUT: frozenset({Holding.COURIER}),
        EventType.DEPART: frozenset({Holding.LINE}),
        EventType.ARRIVE: frozenset({Holding.SITE}),
        EventType.DELIVER: frozenset({Holding.DONE}),
        EventType.HAND_AGENCY: frozenset({Holding.DONE}),
        EventType.RETURN_DONE: frozenset({Holding.DONE}),
    }
)
"""Who holds it afterwards; the others change nothing."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one shipment."""

    at: datetime
    shipment: str
    type: EventType
    holder: Holder
    """Afterwards."""
    reason: str = ""


class CustodyError(RuntimeError):
    """A fault of the simulation: an event that cannot have happened."""


@dataclass(slots=True)
class Ledger:
    """Every shipment's holder, and the balance."""

    holders: dict[str, Holder] = field(default_factory=dict)
    """Of shipments in custody only: what is done is counted, no more."""
    since: dict[str, datetime] = field(default_factory=dict)
    """The last event of each of them."""
    accepted: int = 0
    delivered: int = 0
    returned: int = 0

    @property
    def in_custody(self) -> int:
        return len(self.holders)

    def record(self, event: Event) -> None:
        """
        Take an event in.

        Raises
        ------
        CustodyError
            When its shipment is not where the event takes it from, or the event goes back in time.
        """
        code, before = event.shipment, self.holders.get(event.shipment, NOBODY)
        if before.holding not in _FROM[event.type]:
            raise CustodyError(f"{event.type} of {code} at {event.at}, which {before} holds")
        if event.holder.holding not in _TO.get(event.type, frozenset({before.holding})):
            raise CustodyError(f"{event.type} of {code} at {event.at} cannot pass it to {event.holder}")
        if event.type not in _TO and event.holder != before:
            raise CustodyError(f"{event.type} of {code} at {event.at} moves it from {before} to {event.holder}")
        if code in self.since and event.at < self.since[code]:
            raise CustodyError(f"{event.type} of {code} at {event.at}, before its last event at {self.since[code]}")
        self._count(event.type)
        if event.holder == DONE:
            del self.holders[code], self.since[code]
        else:
            self.holders[code], self.since[code] = event.holder, event.at

    def _count(self, kind: EventType) -> None:
        self.accepted += kind in (EventType.ACCEPT, EventType.COLLECT_RESULT)
        self.delivered += kind in (EventType.DELIVER, EventType.HAND_AGENCY)
        self.returned += kind is EventType.RETURN_DONE

    def require_balance(self) -> None:
        """
        Make sure that nothing is lost.

        Raises
        ------
        CustodyError
            When accepted is not delivered + returned + in custody.
        """
        if self.accepted != self.delivered + self.returned + self.in_custody:
            raise CustodyError(
                f"accepted {self.accepted}, but delivered {self.delivered}, returned {self.returned}, "
                f"in custody {self.in_custody}"
            )

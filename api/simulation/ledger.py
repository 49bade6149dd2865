"""
Who answers for each shipment: every event of a simulated day passes here, and one that cannot be is refused.

A shipment has exactly one holder from its acceptance until it is handed over or returned; at any instant
accepted = delivered + returned + in custody.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from api.custody.custodian import DONE, FROM, NOBODY, TO, Holder, Holding, at_site
from api.custody.vocabulary import EventType

__all__ = ["DONE", "CustodyError", "Event", "EventType", "Holder", "Holding", "Ledger", "at_site"]


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
        if before.holding not in FROM[event.type]:
            raise CustodyError(f"{event.type} of {code} at {event.at}, which {before} holds")
        if event.holder.holding not in TO.get(event.type, (before.holding,)):
            raise CustodyError(f"{event.type} of {code} at {event.at} cannot pass it to {event.holder}")
        if event.type not in TO and event.holder != before:
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

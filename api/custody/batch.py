"""What one request brings to the ledger, and how much it may be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from api.auth.roles import Who
from api.custody.answers import Examined
from api.evidence.files import Arriving

MOST_EVENTS: Final = 500
"""In one batch."""
MOST_MENTIONS: Final = 5_000
"""Times that the events of one batch name a shipment; the worst of so many hold the writer for some seconds."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one request brings."""

    who: Who
    events: Sequence[Examined] = ()
    files: Sequence[Arriving] = ()
    """Not known yet; nothing is committed before they are on disk."""
    clock_offset: timedelta = timedelta(0)
    """Server's clock minus the device's."""

    @property
    def mentions(self) -> int:
        """How often its events name a shipment."""
        return mentions(self.events)


def mentions(events: Iterable[Examined]) -> int:
    """How often some events name a shipment."""
    return sum(len(one.event.shipments) for one in events if one.event is not None)

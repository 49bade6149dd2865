"""New events, told to whoever subscribed to them."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection

from api.custody.store import NewEvent
from api.webhooks.kinds import Kind
from api.webhooks.store import announce, hearers


def tell_subscribers(connection: Connection, fresh: Sequence[NewEvent]) -> None:
    """Announce new events; asks once a batch whether anybody wants to hear: mostly nobody does."""
    for province_id in {event.province_id for event in fresh}:
        if not hearers(connection, Kind.SHIPMENT_EVENT, province_id):
            continue
        for event in fresh:
            if event.province_id == province_id:
                _tell(connection, event)


def _tell(connection: Connection, event: NewEvent) -> None:
    record = json.loads(event.record)
    facts = {"event_id": event.event_id, "kind": record["type"], "at": record["at"]}
    for code in event.shipments:
        announce(connection, Kind.SHIPMENT_EVENT, code, facts, province_id=event.province_id, at=event.recorded_at)

"""What couriers and desks reported as gone wrong, over HTTP; it is settled as an event of the queue is."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from api.auth.province import ProvinceQuery, province_of
from api.custody.incident_store import incidents_of
from api.custody.queue_endpoints import Overseer
from api.custody.schemas import Incident, Incidents
from api.custody.store import fact_of
from api.live.message_endpoints import ZONE
from api.service.runtime import runtime_of
from api.tracking.telling import told as in_words

router = APIRouter(prefix="/api/v1/custody", tags=["custody"])


@router.get("/incidents")
def read_incidents(
    who: Overseer,
    request: Request,
    day: Annotated[date, Query(examples=["2026-11-25"])],
    province: ProvinceQuery = None,
) -> Incidents:
    """List the incidents that came in on a day, settled or not, the oldest first."""
    province_id = province_of(who, province)
    since = datetime.combine(day, time(), ZONE)
    with runtime_of(request).database.read() as connection:
        found = incidents_of(connection, who.scope, province_id, since, since + timedelta(days=1))
    return Incidents(incidents=tuple(map(_incident, found)))


def _incident(row: Any) -> Incident:
    record = json.loads(row.record)
    said_vi, said_en = in_words(fact_of(record).event)
    data = record["data"]
    return Incident(
        seq=row.seq,
        event_id=row.event_id,
        type=record["type"],
        said_vi=said_vi,
        said_en=said_en,
        trouble=data.get("trouble") or data.get("reason"),
        shipments=record["shipments"],
        courier_id=data.get("courier_id"),
        office=row.office,
        at=record["at"],
        recorded_at=row.recorded_at,
        settled_at=row.settled_at,
        settled_by_name=row.settled_by_name,
        note=row.settled_note,
    )

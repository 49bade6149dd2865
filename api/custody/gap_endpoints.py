"""What is missing of a device's events: its counter has no holes of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from api.auth import device_store as devices
from api.auth.device_endpoints import Manager
from api.auth.people_endpoints import Id
from api.auth.province import ProvinceQuery, province_of
from api.custody.event_fields import LARGEST_INTEGER
from api.custody.gap_store import devices_lacking, gaps_of, signs_of
from api.custody.queue_endpoints import Overseer
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/devices", tags=["devices"])
MOST = 200
"""Devices in one answer."""
LOOKED_BACK = timedelta(days=30)
"""How long a gap is shown after it became known."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class HeardOut(_Shape):
    """An event that came in, beside a gap."""

    counter: int
    event_id: str
    at: datetime
    """By the device's clock."""
    recorded_at: datetime


class GapOut(_Shape):
    """Counters that no event has which came in: something happened, and the device has not told it."""

    first: int
    last: int
    before: HeardOut | None
    """null = nothing came in before it."""
    after: HeardOut


class DeviceGaps(_Shape):
    """What is missing of a device."""

    device_id: str
    revoked_at: datetime | None
    """When it was revoked; it is told to hand in what it still has and to wipe itself at its next contact."""
    last_heard: datetime | None
    """By the server's clock: an event, a session begun or renewed."""
    last_counter: int | None
    """null = no event has come in. What is missing behind it, nobody can know."""
    refused: int
    """Events in quarantine that name it, or that it sent: gaps may come from them, and nothing of them is lost."""
    gaps: tuple[GapOut, ...]
    """In the order of the counter."""
    next_after: int | None
    """Ask for more with it; null = there are no more."""


class DeviceLacking(_Shape):
    """A device with events missing between those that came in."""

    device_id: str
    name: str
    user_name: str
    courier_id: str | None
    revoked_at: datetime | None
    missing: int
    first: int
    """The first counter that is missing."""
    last: int
    since: datetime
    """When it became known, by the server's clock."""


class DevicesLacking(_Shape):
    """Those of one's people whose gaps became known in the last 30 days, the longest known first; at most 200."""

    devices: tuple[DeviceLacking, ...]


@router.get("/gaps")
def read_devices_lacking(who: Overseer, request: Request, province: ProvinceQuery = None) -> DevicesLacking:
    """List the devices that have not told everything: something happened, and nobody knows what."""
    province_id = province_of(who, province)
    since = datetime.now(UTC) - LOOKED_BACK
    with runtime_of(request).database.read() as connection:
        found = devices_lacking(connection, who.scope, province_id, since, MOST)
    return DevicesLacking(devices=tuple(map(DeviceLacking.model_validate, found)))


@router.get("/{device_id}/gaps")
def read_gaps(
    device_id: Id,
    who: Manager,
    request: Request,
    after: Annotated[int, Query(ge=0, le=LARGEST_INTEGER)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> DeviceGaps:
    """List what a device has not told, by its counter, with the events around it and when it was last heard of."""
    with runtime_of(request).database.read() as connection:
        device = devices.device_of(connection, who, device_id)
        signs = signs_of(connection, device)
        found = gaps_of(connection, device_id, first=device.first_counter, after=after, limit=limit + 1)
    return DeviceGaps(
        device_id=device_id,
        revoked_at=device.revoked_at,
        last_heard=signs.last_heard,
        last_counter=signs.last_counter,
        refused=signs.refused,
        gaps=tuple(GapOut.model_validate(gap) for gap in found[:limit]),
        next_after=found[limit - 1].last if len(found) > limit else None,
    )

"""What is missing of a device's events: its counter has no holes of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict

from api.auth import device_store as devices
from api.auth.device_endpoints import Manager
from api.auth.people_endpoints import Id
from api.custody.event_fields import LARGEST_INTEGER
from api.custody.gap_store import gaps_of, signs_of
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/devices", tags=["devices"])


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

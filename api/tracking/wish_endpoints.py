"""What a citizen may ask for: the days and hours of the post, and a wish, left with the PIN."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection, Row

from api.auth.access import anyone
from api.auth.store import note_look
from api.errors import InputError, RowRef
from api.live.feed import LiveKind
from api.live.feed_store import tell
from api.messages import row_error
from api.service.runtime import Runtime, runtime_of
from api.shipments.model import ShipmentKind
from api.shipments.wish_store import put_wish, wish_row
from api.shipments.wishes import Wish, wish_of
from api.tables.cells import CellError
from api.tables.moments import SPAN
from api.tables.spans import Span
from api.tracking.opening import found, opened
from api.tracking.schemas import OpenDay, OpenDays, OwnTrack, WishLeft
from api.tracking.showing import own_track_of, track_of
from api.tracking.store import tracked
from api.tracking.visits import ahead
from api.tracking.wishing import WorkingDay, require_free_door, require_not_fixed, require_worked, working_days

router = APIRouter(prefix="/api/v1/track", tags=["tracking"])
Code = Annotated[str, Path(examples=["RR123456785VN"])]
OfProvince = Annotated[str | None, Query(description="Needed only for a code that two provinces use.")]


@router.get("/{code}/days", dependencies=[anyone()])
def read_days(request: Request, code: Code, province: OfProvince = None) -> OpenDays:
    """Name the days ahead on which couriers go to the citizen's commune, and their hours; nothing personal."""
    runtime = runtime_of(request)
    row = found(runtime, request, code, province)
    days = _working_days(runtime, row, datetime.now(UTC))
    return OpenDays(days=tuple(OpenDay(day=one.day, hours=SPAN.write(one.hours)) for one in days))


@router.post("/{code}/wishes", dependencies=[anyone()])
def post_wish(request: Request, code: Code, body: WishLeft, province: OfProvince = None) -> OwnTrack:
    """
    Leave a note for the courier, or a day and hours for the visit; the wish before is replaced, an empty one ends it.

    Refused when the courier is on the way, when the rounds of the day are fixed, or outside of working hours; the day
    and hours that stand already may be sent again with another note.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    row = opened(runtime, request, code, province, body.pin, "wish_by_pin")
    wish, kept = Wish(body.note, body.day, _window(body.window), at), wish_of(row)
    fixed = ahead(runtime.rounds, row.province_id, row.code, at)
    require_not_fixed(wish, kept, fixed, at)
    if wish.asks_new_hours(kept):
        require_worked(wish, row, iter(_working_days(runtime, row, at)))

    def write(connection: Connection) -> Row[Any]:
        (now,) = tracked(connection, row.code, row.province_id)
        before = wish_row(connection, row.shipment_id)
        if wish.is_empty and wish_of(now) is None:
            return now
        if not wish.is_empty:
            require_free_door(now, track_of(connection, now).state, 0 if before is None else before.wish_count)
        put_wish(connection, row.shipment_id, wish)
        asked = {"with_note": bool(wish.note), "with_window": wish.day is not None}
        note_look(connection, at, None, "wish_left", row.code, province_id=row.province_id, **asked)
        # The plan being searched for just now may not know of it: dispatchers hear it at once, without its words.
        told = {"code": row.code, "day": None if wish.day is None else wish.day.isoformat()}
        base = row.origin_base if row.kind == ShipmentKind.INTAKE else row.dest_base
        tell(connection, row.province_id, LiveKind.WISH, told, at=at, base_id=base)
        return tracked(connection, row.code, row.province_id)[0]

    left = runtime.writer.write_now(write)
    with runtime.database.read() as connection:
        return own_track_of(connection, left, fixed.visit)


def _working_days(runtime: Runtime, row: Row[Any], at: datetime) -> tuple[WorkingDay, ...]:
    return tuple(working_days(runtime.networks.of(row.province_id), row, at))


def _window(text: str | None) -> Span | None:
    def no_warning(code: str, **_: object) -> None:
        raise ValueError(code)

    try:
        return None if text is None else SPAN.parse(text, no_warning)
    except CellError as error:
        raise InputError([row_error(RowRef("window"), "window", error.code, **error.facts)]) from error

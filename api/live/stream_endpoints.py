"""
What happens, as it happens: server-sent events (WHATWG HTML §9.2).

Each event carries the cursor of whoever has seen it; a client that comes back with it (`Last-Event-ID`, as browsers
do by themselves) hears everything since, once and in order. Silence moves the cursor too: a comment with the next id.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from time import monotonic
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from starlette.concurrency import run_in_threadpool

from api.auth.access import allow
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.errors import UnknownCallerError
from api.jobs.endpoints import HEARTBEAT, EventStream
from api.live.feed import Cursor, Item, Read, cursor_of, cursor_text, heads_of, read_after
from api.live.pulse import LOOK
from api.live.schemas import LiveItem
from api.service.runtime import Runtime, runtime_of

MOST_SECONDS = 600
"""An access token lives no longer."""

router = APIRouter(prefix="/api/v1/live/stream", tags=["live"])
Listener = Annotated[Who, allow(Role.DISPATCHER, Role.COURIER)]
CURSOR = r"^\d{1,15}(\.\d{1,15}){0,15}$"


@router.get("", response_class=EventStream, responses={200: {"model": LiveItem}})
async def follow_day(
    who: Listener,
    request: Request,
    seconds: Annotated[int, Query(ge=0, le=MOST_SECONDS, examples=[0])],
    after: Annotated[str | None, Query(pattern=CURSOR, description="As `Last-Event-ID`, which wins.")] = None,
    last_event_id: Annotated[str | None, Header(pattern=CURSOR)] = None,
) -> EventStream:
    """
    Stream positions, messages and custody events of one's offices, or what concerns oneself, as they come.

    The stream ends after some seconds, 0 = when everything was told that is there; the client comes back with its
    cursor. Without one the first event is `open`: load what you show after it, and nothing is missed. `reset` says
    that a cursor is none of this database, which was restored: load everything anew.
    """
    runtime = runtime_of(request)
    kept = last_event_id or after
    await runtime.writer.write(lambda c: note_look(c, datetime.now(UTC), who, "live_stream", "live", after=kept))
    token = request.headers["Authorization"].removeprefix("Bearer ")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventStream(_Telling(runtime, who, token).events(kept, seconds), headers=headers)


class _Telling:
    """One listener's stream."""

    def __init__(self, runtime: Runtime, who: Who, token: str) -> None:
        self._runtime, self._who, self._token = runtime, who, token
        self._province_id = own_province(who)

    async def events(self, kept: str | None, seconds: int) -> AsyncGenerator[str]:
        until, told_at = monotonic() + seconds, monotonic()
        heads = await run_in_threadpool(self._heads_now)
        cursor = cursor_of(kept, heads) if kept is not None else None
        if cursor is None:
            cursor = heads
            yield _event(cursor, _sign("reset" if kept is not None else "open"))
        while True:
            is_last = monotonic() >= until
            # The last look asks the database itself: the pulse may be a moment behind.
            if is_last or cursor != await self._heads():
                read = await run_in_threadpool(self._read, cursor)
                if read.items and not await self._is_in():
                    return
                for seen, item in read.items:
                    yield _event(seen, item)
                    told_at = monotonic()
                cursor = read.cursor
                if read.more:
                    continue
            if is_last:
                return
            if monotonic() - told_at >= HEARTBEAT:
                if not await self._is_in():
                    return
                told_at = monotonic()
                yield f"id: {cursor_text(cursor)}\n: still here\n\n"
            await asyncio.sleep(min(LOOK, max(0.0, until - monotonic())))

    async def _heads(self) -> Cursor:
        return await run_in_threadpool(self._runtime.pulse.heads, self._province_id)

    def _heads_now(self) -> Cursor:
        with self._runtime.database.read() as connection:
            return heads_of(connection, self._province_id)

    def _read(self, cursor: Cursor) -> Read:
        with self._runtime.database.read() as connection:
            return read_after(connection, self._who, self._province_id, cursor)

    async def _is_in(self) -> bool:
        """Whether the session still stands: nothing is told to a phone that was revoked."""
        try:
            await self._runtime.callers.whose(self._token)
        except UnknownCallerError:
            return False
        return True


def _sign(kind: str) -> Item:
    return Item(0, kind, datetime.now(UTC), None, None, {})


def _event(cursor: Cursor, item: Item) -> str:
    told = LiveItem(kind=item.kind, at=item.at, courier_id=item.courier_id, base_id=item.base_id, body=dict(item.body))
    return f"id: {cursor_text(cursor)}\nevent: {item.kind}\ndata: {told.model_dump_json()}\n\n"

"""Messages between dispatchers and couriers over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection, Row

from api.auth.access import allow
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.errors import RefusedError
from api.live.message_store import NewMessage, list_messages, read_message, send_message
from api.live.schemas import AN_ID, MessageIn, MessageList, MessageOut, MessageSent
from api.live.words import OF_COURIER, OF_DISPATCHER, WORDS, MessageKind
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/live/messages", tags=["live"])
Speaker = Annotated[Who, allow(Role.DISPATCHER, Role.COURIER)]
CourierFilter = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._/-]{1,64}$", description="Only with this courier.")]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
"""In which today begins."""


@router.post("", status_code=201)
def post_message(body: MessageIn, who: Speaker, request: Request) -> MessageSent:
    """
    Say something: a dispatcher to couriers of their offices, a courier to the dispatchers. Sent twice, said once.

    It reaches those who have an account; who drives today and has none is named.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    new = NewMessage(body.message_id, _courier_ids(body, who), body.kind, body.text.strip())
    _require_sense(new, who)
    bases = _bases(runtime, who, at)
    sent = runtime.writer.write_now(lambda connection: send_message(connection, who, new, bases, at))
    return MessageSent(messages=tuple(map(_message, sent.rows)), without_account=sent.without_account)


@router.get("")
def read_messages(
    who: Speaker,
    request: Request,
    courier_id: CourierFilter = None,
    unread: Annotated[bool, Query(description="Only what one has still to read.")] = False,
    after: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MessageList:
    """List what was said with couriers of one's offices, or with oneself, the newest first."""
    with runtime_of(request).database.read() as connection:
        found = list_messages(connection, who, courier_id=courier_id, unread=unread, after=after, limit=limit)
    next_after = found[-1].number if len(found) == limit else None
    return MessageList(messages=tuple(map(_message, found)), next_after=next_after)


@router.post("/{message_id}/read")
def post_read(
    message_id: Annotated[str, Path(pattern="^[0-9a-f-]{36}$", examples=[AN_ID])], who: Speaker, request: Request
) -> MessageOut:
    """Say that one has read a message; who sent it hears so."""

    def write(connection: Connection) -> Row[Any]:
        return read_message(connection, who, message_id, datetime.now(UTC))

    return _message(runtime_of(request).writer.write_now(write))


def _courier_ids(body: MessageIn, who: Who) -> tuple[str, ...]:
    if who.role is not Role.COURIER:
        return tuple(sorted(set(body.courier_ids)))
    if body.courier_ids:
        raise RefusedError("Bưu tá chỉ nhắn cho điều phối viên.", "A courier speaks to dispatchers only.")
    return (str(who.courier_id),)


def _require_sense(new: NewMessage, who: Who) -> None:
    if not new.courier_ids:
        raise RefusedError("Hãy chọn bưu tá nhận tin.", "Name the couriers that it goes to.")
    if new.kind not in (OF_COURIER if who.role is Role.COURIER else OF_DISPATCHER):
        raise RefusedError(f"Vai trò này không gửi tin loại {new.kind}.", f"This role does not say “{new.kind}”.")
    if new.kind == MessageKind.TEXT and not new.text:
        raise RefusedError("Tin nhắn chưa có nội dung.", "The message says nothing.")


def _bases(runtime: Runtime, who: Who, at: datetime) -> dict[str, str]:
    """Where couriers drive from today."""
    published = runtime.rounds.on(own_province(who), at.astimezone(ZONE).date())
    return {name: one.route.base_id for name, one in published.rounds.items()} if published is not None else {}


def _message(row: Row[Any]) -> MessageOut:
    values = {name: getattr(row, name) for name in MessageOut.model_fields if name != "words"}
    return MessageOut(**values, words=WORDS[MessageKind(row.kind)])

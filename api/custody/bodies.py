"""
The bodies of requests on the hot path, read by hand: a phone's outbox after a day without signal is read in one go.

The JSON is parsed once, and each event is read by the rules of custody, which answer for each of them; a framework
that refused the whole body for one malformed event would break the promise that one never blocks the next.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request

from api.custody.answers import Examined, examine
from api.custody.batch import MOST_EVENTS, MOST_MENTIONS, mentions
from api.custody.event_fields import dated
from api.errors import InputError, RowError, TooLargeError


@dataclass(frozen=True, slots=True)
class Sent:
    """A batch as it came."""

    events: Sequence[Examined]
    clock_offset: timedelta


async def whole_body(request: Request, largest: int) -> bytes:
    """
    Read a body, but no more than is allowed.

    Raises
    ------
    TooLargeError
        As soon as it is more.
    """
    parts, size = [], 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > largest:
            raise _too_large(largest)
    return b"".join(parts)


def require_length(request: Request, largest: int) -> None:
    """
    Turn a form away before it is read.

    Raises
    ------
    TooLargeError
        When it says that it is too large, or does not say how large it is.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal() or int(length) > largest:
        raise _too_large(largest)


def read_batch(body: bytes | str) -> Sent:
    """
    Read `{"sent_at": TIME, "events": [...]}`.

    Raises
    ------
    InputError
        When it is no such object, or has no event or too many.
    TooLargeError
        When its events name shipments more than `MOST_MENTIONS` times; one event alone never does.
    """
    try:
        sent_at, events = _parts(json.loads(body))
        offset = datetime.now(UTC) - sent_at
        found = [examine(event) for event in events]
    except (ValueError, TypeError, RecursionError) as error:
        raise _malformed(str(error)) from error
    if mentions(found) > MOST_MENTIONS:
        raise TooLargeError(
            f"Một lần gửi chỉ được nêu tối đa {MOST_MENTIONS} lượt bưu gửi; hãy gửi ít sự kiện hơn mỗi lần.",
            f"One request may name shipments {MOST_MENTIONS} times at most: send fewer events at once.",
        )
    return Sent(found, offset // _MILLISECOND * _MILLISECOND)


def _parts(found: Any) -> tuple[datetime, list[Any]]:
    if not isinstance(found, dict) or found.keys() != {"sent_at", "events"}:
        raise ValueError("sent_at and events are wanted, and nothing else")
    events = found["events"]
    if not isinstance(events, list) or not 1 <= len(events) <= MOST_EVENTS:
        raise ValueError(f"1 to {MOST_EVENTS} events are wanted")
    return dated(datetime.fromisoformat(found["sent_at"])), events


_MILLISECOND = timedelta(milliseconds=1)


def _malformed(why: str) -> InputError:
    vi = 'Yêu cầu phải là {"sent_at": thời điểm ISO 8601 có múi giờ, "events": [1 đến 500 sự kiện]}'
    en = 'The request has to be {"sent_at": ISO 8601 time with zone, "events": [1 to 500 events]}'
    return InputError([RowError("body", None, None, "malformed", f"{vi}: {why}.", f"{en}: {why}.")])


def _too_large(largest: int) -> TooLargeError:
    return TooLargeError(
        f"Yêu cầu lớn hơn {largest / 1e6:.0f} MB.", f"The request is larger than {largest / 1e6:.0f} MB."
    )

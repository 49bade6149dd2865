"""
Finding a shipment for a citizen by its code, and opening it by its PIN.

Codes can be guessed, so whoever asks for many that do not exist has to wait longer and longer. A text that cannot be a
code is looked up all the same: it is answered in the same words and the same time as one that nobody uses.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final

from fastapi import Request
from sqlalchemy import Connection, Row

from api.auth.limits import count_failure, require_free
from api.auth.store import note_look
from api.custody.pin import PinVerdict, check_pin
from api.errors import NotFoundError, RefusedError, TooManyError, UnknownCallerError
from api.service.runtime import Runtime
from api.tracking.pin_key import pin_key
from api.tracking.store import count_attempt, has_pins, stored_pin, tracked

_FORM: Final = re.compile(r"[A-Za-z0-9._/-]{1,64}")
_NO_CODE: Final = "-"
"""Looked up in place of a text that cannot be a code."""


def found(runtime: Runtime, request: Request, code: str, province: str | None) -> Row[Any]:
    """
    Find a shipment by its code.

    Raises
    ------
    NotFoundError
        When there is none: the address is one failure nearer to waiting.
    RefusedError
        When two provinces use the code.
    TooManyError
        When the address has asked for too many that do not exist.
    """
    subject, at = _subject("track", request), datetime.now(UTC)
    asked = code if _FORM.fullmatch(code) else _NO_CODE
    place = province if province is None or _FORM.fullmatch(province) else _NO_CODE
    with runtime.database.read() as connection:
        require_free(connection, subject, at)
        rows = tracked(connection, asked, place)
    if not rows:
        runtime.writer.write_now(lambda connection: count_failure(connection, subject, at))
        raise NotFoundError("Không có bưu gửi này.", "There is no such shipment.")
    if len(rows) > 1:
        raise RefusedError(
            "Hai tỉnh cùng dùng mã này: hãy chọn tỉnh.", "Two provinces use this code: name the province."
        )
    return rows[0]


def opened(runtime: Runtime, request: Request, code: str, province: str | None, pin: str, action: str) -> Row[Any]:
    """
    Find a shipment for who knows its PIN; the look is noted.

    Raises
    ------
    UnknownCallerError
        When the PIN is wrong, or none was issued: nobody learns which.
    TooManyError
        When too many were wrong, for this shipment or from this address.
    """
    row, subject, at = found(runtime, request, code, province), _subject("pin", request), datetime.now(UTC)
    key = key_of(runtime)

    def write(connection: Connection) -> tuple[PinVerdict, datetime | None]:
        require_free(connection, subject, at)
        stored = stored_pin(connection, row.province_id, row.code)
        if stored is None:
            count_failure(connection, subject, at)
            return PinVerdict.WRONG, None
        verdict, after = check_pin(stored, pin, key, at)
        count_attempt(connection, row.province_id, after)
        if verdict is PinVerdict.WRONG:
            count_failure(connection, subject, at)
        done = action if verdict is PinVerdict.RIGHT else "pin_failed"
        note_look(connection, at, None, done, row.code, province_id=row.province_id, verdict=verdict.value)
        return verdict, after.waits_until

    verdict, waits_until = runtime.writer.write_now(write)
    if verdict is PinVerdict.WAITING and waits_until is not None:
        raise _wait(round((waits_until - at).total_seconds()))
    if verdict is not PinVerdict.RIGHT:
        raise UnknownCallerError("Mã PIN không đúng.", "The PIN is wrong.")
    return row


def key_of(runtime: Runtime) -> bytes:
    """The key of the PINs."""
    with runtime.database.read() as connection:
        may_make = not has_pins(connection)
    return pin_key(runtime.settings.data_folder / "keys", may_make=may_make)


def _wait(seconds: int) -> TooManyError:
    return TooManyError(
        "Mã PIN đã bị nhập sai quá nhiều lần. Hãy thử lại sau, hoặc xin cấp lại ở bưu cục.",
        "Too many wrong PINs. Try again later, or ask for a new one at a post office.",
        retry_after=max(1, seconds),
    )


def _subject(kind: str, request: Request) -> str:
    return f"{kind}:{request.client.host if request.client else 'unknown'}"

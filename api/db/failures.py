"""What the database says when it cannot go on, as the errors that callers know: try again, or make room."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api.errors import ApiError, ExistsError, InputError, RowError, StorageFullError, UnavailableError, UndecidedError

RETRY_AFTER = 5
"""Seconds."""

_FULL_STATES = frozenset({"53100"})
"""PostgreSQL: disk_full."""
_DOWN_CLASSES = ("08", "53", "55", "57", "40", "58", "25006")
"""
PostgreSQL: connection, resources, object in use, operator intervention, rollback, system error; and the state of a
server that takes no writes (a standby, or one that is being moved).
"""
_LOST_CLASSES = ("08", "57", "58", "40003")
"""PostgreSQL: errors after which a commit may stand nevertheless."""
_NO_TEXT_STATES = frozenset({None, "22021", "22P05"})
"""PostgreSQL: what its driver refuses to send (NUL), or the server to store."""
_FULL_CODES = frozenset({sqlite3.SQLITE_FULL})
_DOWN_CODES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_FULL_ERRNOS = frozenset({errno.ENOSPC, errno.EDQUOT})


def translated(error: BaseException) -> BaseException:
    """
    Say a failure of storage in the words of the service.

    Returns
    -------
    error
        `UnavailableError` or `StorageFullError` for what passes or can be mended outside; `ExistsError` for a broken
        constraint; `InputError` for a text that PostgreSQL cannot hold; anything else, a fault of the program, as it
        is.
    """
    if isinstance(error, ApiError):
        return error
    if isinstance(error, OSError) and error.errno in _FULL_ERRNOS:
        return full()
    if isinstance(error, PoolTimeoutError):
        return unavailable()
    if not isinstance(error, DBAPIError):
        return error
    if isinstance(error, IntegrityError):
        return ExistsError(
            "Dữ liệu trái với một ràng buộc của cơ sở dữ liệu, hoặc đã có rồi.",
            "The data breaks a constraint of the database, or is there already.",
        )
    if isinstance(error, DataError) and getattr(error.orig, "sqlstate", None) in _NO_TEXT_STATES:
        return no_text()
    return _of_driver(error)


def lost_in_commit(error: BaseException) -> BaseException:
    """
    Say a failure of a commit itself in the words of the service.

    Returns
    -------
    error
        `UndecidedError` when the commit may stand nevertheless: the answer was lost, or the flush failed half-way;
        otherwise as `translated`.
    """
    failure = translated(error)
    if type(failure) is not UnavailableError or not isinstance(error, DBAPIError):
        return failure
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return undecided() if code & 0xFF == sqlite3.SQLITE_IOERR else failure
    state = getattr(error.orig, "sqlstate", None) or ""
    return undecided() if not state or state.startswith(_LOST_CLASSES) else failure


def storage_failed(error: OSError) -> UnavailableError:
    """Say a failure to write a file in the same words."""
    return full() if error.errno in _FULL_ERRNOS else unavailable()


def _of_driver(error: DBAPIError) -> Exception:
    cause = error.orig
    code = getattr(cause, "sqlite_errorcode", None)
    state = getattr(cause, "sqlstate", None) or ""
    if (code is not None and code & 0xFF in _FULL_CODES) or state in _FULL_STATES:
        return full()
    down = (code is not None and code & 0xFF in _DOWN_CODES) or state.startswith(_DOWN_CLASSES)
    if down or error.connection_invalidated or (code is None and not state and _is_operational(cause)):
        return unavailable()
    return error


def _is_operational(cause: BaseException | None) -> bool:
    """A driver that cannot even reach a server names no state."""
    return type(cause).__name__ in {"OperationalError", "ConnectionTimeout", "InterfaceError"}


def no_text() -> InputError:
    """A text with a character that the database cannot hold."""
    said = "Có ký tự không lưu được (NUL).", "A text holds a character that cannot be stored (NUL)."
    return InputError([RowError("request", None, None, "bad_character", *said)])


def full() -> StorageFullError:
    """There is no room."""
    return StorageFullError(
        "Máy chủ hết chỗ ghi; chưa ghi gì cả. Hãy thử lại sau.",
        "The server has no room left to write; nothing was written. Try again later.",
        retry_after=6 * RETRY_AFTER,
    )


def unavailable() -> UnavailableError:
    """It does not answer."""
    return UnavailableError(
        "Cơ sở dữ liệu đang bận hoặc không trả lời; chưa ghi gì cả. Hãy thử lại.",
        "The database is busy or does not answer; nothing was written. Try again.",
        retry_after=RETRY_AFTER,
    )


def undecided() -> UndecidedError:
    """It was lost while it committed."""
    return UndecidedError(
        "Mất kết nối với cơ sở dữ liệu đúng lúc ghi: chưa rõ đã ghi hay chưa. Hãy xem lại, hoặc gửi lại với cùng"
        " Idempotency-Key.",
        "The database was lost while it committed: whether it was written is not known. Look again, or send it again"
        " with the same Idempotency-Key.",
        retry_after=RETRY_AFTER,
    )

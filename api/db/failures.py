"""What the database says when it cannot go on, as the errors that callers know: try again, or make room."""

from __future__ import annotations

import errno
import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from api.errors import ApiError, ExistsError, StorageFullError, UnavailableError

RETRY_AFTER = 5
"""Seconds."""

_FULL_STATES = frozenset({"53100"})
"""PostgreSQL: disk_full."""
_DOWN_CLASSES = ("08", "53", "55", "57", "40", "58")
"""PostgreSQL: connection, resources, object in use, operator intervention, rollback, system error."""
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
        constraint; anything else, a fault of the program, as it is.
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
    return _of_driver(error)


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

"""
Errors of the api room, and the one table that says how each ends a command or an HTTP request.

ApiError
├── InputError      files with rows that cannot be used: every one of them, named
├── NotFoundError   a file, plan, site or courier that does not exist
├── ExistsError     something would be overwritten
├── RefusedEditError  a change of a plan by hand that makes no sense, or that a lock forbids
├── UnprovenError   a plan that its own files do not prove
├── RefusedError    what was asked for breaks a rule
├── UnknownCallerError  nobody is logged in, or no longer
├── ForbiddenError  who asks may not do this
│   ├── UnconfirmedError    not before the password is given once more
│   ├── DeviceRevokedError  the device was revoked: it hands in what it has, and wipes itself
├── TooLargeError   more than one request may bring
├── BadFileError    a file that is broken, or of no kind that is taken
└── LaterError      not now, but after some seconds
    ├── TooManyError        too many attempts
    └── UnavailableError    the database cannot take it now
        ├── StorageFullError    there is no room to write
        └── UndecidedError      whether it was written is not known

Messages exist in Vietnamese and English. `code` is stable: programs may depend on it, the wording may change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any, ClassVar, Literal

from geo.errors import GeoError, SitingError
from routing.errors import InvalidProblemError, RoutingError, UnsupportedProblemError

Language = Literal["vi", "en"]


class ExitCode(IntEnum):
    """How a command ends."""

    OK = 0
    INTERNAL = 1
    """A fault of the program."""
    BAD_INPUT = 2
    """A file, a row or an option that cannot be used (Typer's own code for a wrong option)."""
    INFEASIBLE = 3
    """No answer keeps every constraint."""
    NOT_FOUND = 4
    EXISTS = 5
    """Something would be overwritten."""
    UNPROVEN = 6
    """`duongthu check` found what the plan's files do not prove."""
    UNAVAILABLE = 7
    """A database that does not answer, or a full disk."""
    UNWELL = 8
    """`duongthu doctor` found something that fails."""
    INTERRUPTED = 130
    """Ctrl-C, as shells count it."""


@dataclass(frozen=True, slots=True)
class RowRef:
    """Where something was read, for messages of later stages."""

    file: str
    """File name, with the sheet for a workbook: `sites.csv`, `network.xlsx [sites]`."""
    row: int | None = None
    """As a person sees it in a spreadsheet: the header is row 1. None = the file as a whole."""


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong (or, as a warning, odd) in one row, in both languages."""

    file: str
    row: int | None
    column: str | None
    code: str
    message_vi: str
    message_en: str

    def render(self, language: Language = "vi") -> str:
        """One line: file, row, column, reason."""
        return f"{self.place(language)}: {self.message(language)}"

    def message(self, language: Language = "vi") -> str:
        return self.message_vi if language == "vi" else self.message_en

    def place(self, language: Language = "vi") -> str:
        """`sites.csv, dòng 3, cột lon` or `sites.csv, row 3, column lon`."""
        row, column = ("dòng", "cột") if language == "vi" else ("row", "column")
        parts = [self.file]
        if self.row is not None:
            parts.append(f"{row} {self.row}")
        if self.column is not None:
            parts.append(f"{column} {self.column}")
        return ", ".join(parts)


class ApiError(Exception):
    """Something failed."""

    code: ClassVar[str] = "internal"

    def __init__(self, message_vi: str, message_en: str) -> None:
        super().__init__(message_en)
        self.message_vi = message_vi
        self.message_en = message_en

    def render(self, language: Language | None = None) -> str:
        """The message for a person; None = Vietnamese, then English."""
        if language is None:
            return f"{self.render('vi')}\n{self.render('en')}"
        return self.message_vi if language == "vi" else self.message_en

    def to_json(self) -> dict[str, Any]:
        """What `--json` prints and the HTTP API answers."""
        return {"code": self.code, "message_vi": self.message_vi, "message_en": self.message_en}


class InputError(ApiError):
    """Files that cannot be used; nothing of them was taken."""

    code = "bad_input"

    def __init__(self, rows: Iterable[RowError]) -> None:
        self.rows = tuple(rows)
        if not self.rows:
            raise ValueError("an InputError names at least one row")
        count = len(self.rows)
        super().__init__(
            f"Dữ liệu có {count} lỗi; chưa nhập gì cả.",
            f"The input has {count} error{'s' if count > 1 else ''}; nothing was taken.",
        )

    def __str__(self) -> str:
        return self.render("en")

    def render(self, language: Language | None = None) -> str:
        """Every row, a line each, under one headline; None = both languages, one below the other for each row."""
        if language is not None:
            return "\n".join([super().render(language), *(f"  {row.render(language)}" for row in self.rows)])
        lines = [f"{self.message_vi} / {self.message_en}"]
        for row in self.rows:
            lines += [f"  {row.render('vi')}", f"    {row.render('en')}"]
        return "\n".join(lines)

    def to_json(self) -> dict[str, Any]:
        return {**super().to_json(), "rows": [asdict(row) for row in self.rows]}


class NotFoundError(ApiError):
    """It does not exist."""

    code = "not_found"


class ExistsError(ApiError):
    """It would be overwritten."""

    code = "exists"


class RefusedEditError(ApiError):
    """A change by hand that cannot be made; the plan stays as it was."""

    code = "edit_refused"


class UnprovenError(ApiError):
    """The plan is not proved by its own files."""

    code = "unproven"


class RefusedError(ApiError):
    """What was asked for breaks a rule."""

    code = "refused"


class UnknownCallerError(ApiError):
    """Nobody is logged in, or no longer."""

    code = "unauthenticated"


class ForbiddenError(ApiError):
    """Who asks may not do this."""

    code = "forbidden"


class UnconfirmedError(ForbiddenError):
    """Not before the password is given once more."""

    code = "unconfirmed"


class DeviceRevokedError(ForbiddenError):
    """The device was revoked: it hands in what it has, and wipes itself."""

    code = "device_revoked"


class TooLargeError(ApiError):
    """More than one request may bring."""

    code = "too_large"


class BadFileError(ApiError):
    """A file that is broken, or of no kind that is taken."""

    code = "bad_file"


class LaterError(ApiError):
    """Not now: the answer says after how many seconds to ask again."""

    def __init__(self, message_vi: str, message_en: str, *, retry_after: int) -> None:
        super().__init__(message_vi, message_en)
        self.retry_after = retry_after
        """Seconds."""


class TooManyError(LaterError):
    """Too many attempts."""

    code = "too_many"


class UnavailableError(LaterError):
    """The database cannot take it now."""

    code = "unavailable"


class StorageFullError(UnavailableError):
    """There is no room to write."""

    code = "storage_full"


class UndecidedError(UnavailableError):
    """The database was lost while it committed: whether it was written is not known."""

    code = "undecided"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one kind of error ends what was asked for."""

    code: str
    exit_code: ExitCode
    status: int
    """HTTP status."""


INTERNAL = Outcome("internal", ExitCode.INTERNAL, 500)

OUTCOMES: dict[type[Exception], Outcome] = {
    InputError: Outcome("bad_input", ExitCode.BAD_INPUT, 422),
    NotFoundError: Outcome("not_found", ExitCode.NOT_FOUND, 404),
    ExistsError: Outcome("exists", ExitCode.EXISTS, 409),
    RefusedEditError: Outcome("edit_refused", ExitCode.INFEASIBLE, 409),
    UnprovenError: Outcome("unproven", ExitCode.UNPROVEN, 409),
    RefusedError: Outcome("refused", ExitCode.BAD_INPUT, 409),
    UnknownCallerError: Outcome("unauthenticated", ExitCode.BAD_INPUT, 401),
    ForbiddenError: Outcome("forbidden", ExitCode.BAD_INPUT, 403),
    UnconfirmedError: Outcome("unconfirmed", ExitCode.BAD_INPUT, 403),
    DeviceRevokedError: Outcome("device_revoked", ExitCode.BAD_INPUT, 403),
    TooLargeError: Outcome("too_large", ExitCode.BAD_INPUT, 413),
    BadFileError: Outcome("bad_file", ExitCode.BAD_INPUT, 422),
    TooManyError: Outcome("too_many", ExitCode.UNAVAILABLE, 429),
    UnavailableError: Outcome("unavailable", ExitCode.UNAVAILABLE, 503),
    UndecidedError: Outcome("undecided", ExitCode.UNAVAILABLE, 503),
    StorageFullError: Outcome("storage_full", ExitCode.UNAVAILABLE, 507),
    SitingError: Outcome("no_siting", ExitCode.BAD_INPUT, 422),
    GeoError: Outcome("bad_roads", ExitCode.BAD_INPUT, 422),
    InvalidProblemError: Outcome("invalid_problem", ExitCode.BAD_INPUT, 422),
    UnsupportedProblemError: Outcome("unsupported_problem", ExitCode.BAD_INPUT, 422),
    RoutingError: INTERNAL,
    FileNotFoundError: Outcome("not_found", ExitCode.NOT_FOUND, 404),
}
"""Error -> exit code, HTTP status and stable code. The nearest class of an error's ancestry decides."""


def outcome(error: BaseException) -> Outcome:
    """Say how an error ends a command or a request; `INTERNAL` for one that nobody foresaw."""
    return next((OUTCOMES[kind] for kind in type(error).__mro__ if kind in OUTCOMES), INTERNAL)

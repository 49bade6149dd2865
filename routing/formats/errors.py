"""
Errors of the file formats.

InvalidProblemError (routing.errors)
└── InstanceFileError   a file, or a part of it, that cannot be read; names file, place and reason
RoutingError (routing.errors)
└── InstanceOptionError a format or rounding that does not exist, or does not fit the file
"""

from __future__ import annotations

from routing.errors import InvalidProblemError, RoutingError


class InstanceFileError(InvalidProblemError):
    """
    A file of an instance or of a solution that cannot be read.

    Parameters
    ----------
    file
        Name of the file, without its folders.
    place
        Line number, or JSON path (`$.jobs[3].location_index`); None = the file as a whole.
    reason
        What is wrong there.
    """

    def __init__(self, file: str, place: int | str | None, reason: str) -> None:
        where = "" if place is None else f", line {place}" if isinstance(place, int) else f", {place}"
        super().__init__(f"{file}{where}: {reason}")
        self.file = file
        self.place = place
        self.reason = reason


class InstanceOptionError(RoutingError, ValueError):
    """There is no such format, or the rounding does not fit the file."""

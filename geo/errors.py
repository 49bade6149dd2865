"""
Errors of the geo room.

GeoError
├── NoRoadError          points with no road within the radius
├── UnreachableError     no path leads from one point to another
├── TooFarError          a path too long for the matrix's exact arithmetic
├── UnknownCommuneError  no commune has such a code on that day
├── OpeningHoursError    opening hours that cannot be understood
├── SpeedTableError      a table of speeds that breaks its own rules
├── FerryOverrideError   a table of ferry overrides with rows that cannot be used
├── TracesError          GPS traces that cannot be used
├── SitingError          where points should stand cannot be asked or answered so
│   ├── SitingInputError     an input breaks a rule
│   ├── OutOfReachError      places that no point and no candidate can serve
│   ├── TooFewPointsError    so many new points cannot serve everybody, more could
│   └── CapacityError        all points together have no room for everybody
├── ClipError            a boundary that cannot be used to clip
├── ExtractError         a file that cannot be read as OpenStreetMap data: damaged, or not to be opened
│   ├── NotExtractError  it is something else
│   ├── CutOffError      it ends too early
│   └── EmptyRoadsError  an extract without a usable road for a profile
│       └── EmptyClipError   no road of it lies inside the clip
└── RoadFileError        a built road file that cannot be used
    ├── NotRoadsError    it is no such file, or damaged
    └── StaleRoadsError  it was built by another version: build it again
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class GeoError(Exception):
    """Places and roads failed."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NoRoadError(GeoError):
    """
    No road lies near some points.

    `points` holds (index, metres to the nearest usable road node, name of that road or "") for each of them.
    """

    def __init__(self, points: Sequence[tuple[int, int, str]], *, radius_m: int) -> None:
        self.points = tuple(points)
        self.radius_m = radius_m
        worst = ", ".join(f"point {index}: {m} m{f' to {road}' if road else ''}" for index, m, road in self.points[:5])
        more = f" and {len(self.points) - 5} more" if len(self.points) > 5 else ""
        super().__init__(f"no road within {radius_m} m of {worst}{more}")


class UnreachableError(GeoError):
    """No path leads from one point to another."""

    def __init__(self, source: int, target: int) -> None:
        self.source = source
        self.target = target
        super().__init__(f"no path leads from point {source} to point {target}")


class TooFarError(GeoError):
    """A path is too long for exact arithmetic: take a smaller region."""


class UnknownCommuneError(GeoError, LookupError):
    """No commune has such a code on that day."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


class OpeningHoursError(GeoError, ValueError):
    """The opening hours cannot be understood."""


class SpeedTableError(GeoError, ValueError):
    """The table of speeds breaks its own rules."""


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row of a table."""

    row: int | None
    """As a spreadsheet counts: the header is row 1. None = the file as a whole."""
    column: str | None
    """None = the row as a whole."""
    code: str
    """Stable, for example a value of `ferry_overrides.FerryFault`."""
    value: str
    """What stands there."""
    reason: str

    def __str__(self) -> str:
        row = [] if self.row is None else [f"row {self.row}"]
        column = [] if self.column is None else [f"column {self.column}"]
        return ": ".join(filter(None, (", ".join(row + column), self.reason)))


class FerryOverrideError(GeoError, ValueError):
    """
    The table of ferry overrides has rows that cannot be used.

    `faults` holds every one of them.
    """

    def __init__(self, file: str, faults: Sequence[RowFault]) -> None:
        self.faults = tuple(faults)
        more = f"; and {len(self.faults) - 5} more" if len(self.faults) > 5 else ""
        super().__init__(f"{file}: {'; '.join(map(str, self.faults[:5]))}{more}")


class SitingError(GeoError, ValueError):
    """Where points should stand cannot be asked or answered so."""


class SitingFault(StrEnum):
    """What is wrong with an input of a location model."""

    NO_PEOPLE = "no-people"
    """Nobody lives anywhere."""
    NEGATIVE_PEOPLE = "negative-people"
    NOT_ABOVE_ZERO = "not-above-zero"
    """A number of points, a budget or a limit that must be above 0; `value`."""
    TOO_MANY_POINTS = "too-many-points"
    """More new points are asked for (`value`) than there are candidates (`bound`)."""
    NO_CANDIDATES = "no-candidates"
    REPEATED_POINT = "repeated-point"
    """The same point twice among candidates and existing points."""
    UNKNOWN_POINT = "unknown-point"
    """A candidate or existing point that the travel times do not have."""
    NEGATIVE = "negative"
    """A travel time, capacity or cost below 0."""
    SHAPES = "shapes"
    """Arrays that do not fit each other."""
    NOTHING_ASKED = "nothing-asked"
    """Neither a number of points nor a budget."""
    NOTHING_AFFORDABLE = "nothing-affordable"
    """The budget (`value`) is less than the cheapest candidate (`bound`)."""


class SitingInputError(SitingError):
    """
    An input of a location model breaks a rule.

    `where` holds the places or points it is about, in order; `value` and `bound` as the fault says.
    """

    def __init__(
        self,
        fault: SitingFault,
        message: str,
        *,
        where: Sequence[int] = (),
        value: int | None = None,
        bound: int | None = None,
    ) -> None:
        self.fault = fault
        self.where = tuple(where)
        self.value = value
        self.bound = bound
        super().__init__(message)


class OutOfReachError(SitingError):
    """
    Places cannot be served by any point or candidate.

    `places` names them by index; `limit` is the seconds within which they would have to be, None = any.
    """

    def __init__(self, places: Sequence[int], *, limit: int | None = None) -> None:
        self.places = tuple(places)
        self.limit = limit
        named = ", ".join(map(str, self.places[:5]))
        more = f" and {len(self.places) - 5} more" if len(self.places) > 5 else ""
        within = "" if limit is None else f" within {limit} s"
        super().__init__(f"no point and no candidate is reached{within} from place {named}{more}")


class TooFewPointsError(SitingError):
    """
    So many new points (`k`) leave `people_left` people unserved; with all candidates nobody would be.

    `is_proved` tells whether that is the least, or the time was up.
    """

    def __init__(self, k: int, people_left: int, *, is_proved: bool) -> None:
        self.k = k
        self.people_left = people_left
        self.is_proved = is_proved
        how = "at best" if is_proved else "in the best answer found in time"
        super().__init__(f"{k} new points leave {people_left} people unserved {how}")


class CapacityError(SitingError):
    """All points and candidates together have no room, in reach of them, for `people_left` people."""

    def __init__(self, people_left: int) -> None:
        self.people_left = people_left
        super().__init__(f"all points and candidates together have no room in reach for {people_left} people")


class ClipError(GeoError, ValueError):
    """The boundary cannot be used to clip an extract."""


class TracesError(GeoError, ValueError):
    """
    GPS traces cannot be used.

    `faults` holds (file, row or line, reason) for each place; None = the file as a whole.
    """

    def __init__(self, faults: Sequence[tuple[str, int | None, str]]) -> None:
        self.faults = tuple(faults)
        places = [f"{file}{'' if row is None else f', row {row}'}: {reason}" for file, row, reason in self.faults[:5]]
        more = f"; and {len(self.faults) - 5} more" if len(self.faults) > 5 else ""
        super().__init__("; ".join(places) + more)


class ExtractError(GeoError):
    """The file cannot be read as OpenStreetMap data."""


class NotExtractError(ExtractError):
    """The file is no OpenStreetMap extract."""


class CutOffError(ExtractError):
    """The extract ends before it is complete: fetch it again."""


class EmptyRoadsError(ExtractError):
    """The extract holds no usable road for a profile."""


class EmptyClipError(EmptyRoadsError):
    """The extract has no road inside the clip."""


class RoadFileError(GeoError):
    """The road file cannot be used."""


class NotRoadsError(RoadFileError):
    """The file is no road file, or it is damaged."""


class StaleRoadsError(RoadFileError):
    """The road file was built by another version: build it again."""

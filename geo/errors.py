"""
Errors of the geo room.

GeoError
├── NoRoadError          points with no road within the radius
├── UnreachableError     no path leads from one point to another
├── TooFarError          a path too long for the matrix's exact arithmetic
├── UnknownCommuneError  no commune has such a code on that day
├── OpeningHoursError    opening hours that cannot be understood
├── SpeedTableError      a table of speeds that breaks its own rules
├── ExtractError         a file that cannot be read as OpenStreetMap data
│   └── EmptyRoadsError  an extract without a usable road for a profile
└── RoadFileError        a built road file that cannot be used
    ├── NotRoadsError    it is no such file, or damaged
    └── StaleRoadsError  it was built by another version: build it again
"""

from collections.abc import Sequence


class GeoError(Exception):
    """Places and roads failed."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or type(self).__doc__)


class NoRoadError(GeoError):
    """
    No road lies near some points.

    `points` holds (index, metres to the nearest usable road node) for each of them.
    """

    def __init__(self, points: Sequence[tuple[int, int]], *, radius_m: int) -> None:
        self.points = tuple(points)
        self.radius_m = radius_m
        worst = ", ".join(f"point {index}: {metres} m" for index, metres in self.points[:5])
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


class ExtractError(GeoError):
    """The file cannot be read as OpenStreetMap data."""


class EmptyRoadsError(ExtractError):
    """The extract holds no usable road for a profile."""


class RoadFileError(GeoError):
    """The road file cannot be used."""


class NotRoadsError(RoadFileError):
    """The file is no road file, or it is damaged."""


class StaleRoadsError(RoadFileError):
    """The road file was built by another version: build it again."""

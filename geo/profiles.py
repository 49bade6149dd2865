"""Who drives: speeds, rights and factors of each vehicle profile, read from a table that may be edited."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.errors import SpeedTableError

ROAD_CLASSES = (
    "motorway", "trunk", "primary", "secondary", "tertiary", "local",
    "residential", "service", "track", "path", "ferry",
)  # fmt: skip
"""What `RoadGraph.road_class` points into, the most important first."""

PROFILE_NAMES = ("motorbike", "van", "walk")
"""The profiles that every built network has."""

FERRY = ROAD_CLASSES.index("ferry")


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of vehicle, or a person on foot."""

    name: str
    highway_kph: Mapping[str, float]
    """Usual speed by highway value; 0 = not allowed unless a tag says so."""
    keys: tuple[str, ...]
    """Access tags that concern it, the most general first."""
    own_keys: frozenset[str]
    """Those that name this kind of vehicle alone; only they open a motorway."""
    access_kph: float
    """Between the road and a door."""
    opened_kph: float
    """On a way that is allowed by a tag only."""
    maxspeed_share: float
    """Part of a posted limit that is driven on average; 0 = limits do not concern it."""
    surface: bool
    """Whether bad surfaces slow it down."""
    width_m: float
    """It passes where a way is tagged at least so wide, metres."""
    ferry_kph: float
    """Of a crossing without a duration tag."""
    ferry_boarding_minutes: float
    """Waiting and getting aboard, for each crossing."""

    def __post_init__(self) -> None:
        if min(self.access_kph, self.opened_kph, self.ferry_kph) <= 0:
            raise SpeedTableError(f"profile {self.name}: access_kph, opened_kph and ferry_kph must be above 0")
        if min((*self.highway_kph.values(), self.maxspeed_share, self.ferry_boarding_minutes)) < 0:
            raise SpeedTableError(f"profile {self.name}: speeds, shares and minutes are never negative")


@dataclass(frozen=True, slots=True)
class SpeedTable:
    """Everything that the reader of an extract needs to know about vehicles and ways."""

    profiles: Mapping[str, Profile]
    road_class: Mapping[str, int]
    """Index into `ROAD_CLASSES` by highway value."""
    not_a_road: frozenset[str]
    """Highway values that carry nobody."""
    surface: Mapping[str, float]
    """Share of the usual speed by surface; `smoothness` and `tracktype` alike."""
    smoothness: Mapping[str, float]
    tracktype: Mapping[str, float]
    barrier: Mapping[str, frozenset[str]]
    """Profiles stopped by each kind of barrier."""
    limit_kph: Mapping[str, float]
    """Speed limits written as a rule (`VN:urban`) instead of a number."""

    def __post_init__(self) -> None:
        for name, factors in (
            ("surface", self.surface),
            ("smoothness", self.smoothness),
            ("tracktype", self.tracktype),
        ):
            for value, factor in factors.items():
                if not 0 <= factor <= 1:
                    raise SpeedTableError(f"{name} {value}: a share of the usual speed lies in 0 ... 1, got {factor}")
        if min(self.limit_kph.values(), default=1.0) <= 0:
            raise SpeedTableError("a speed limit is above 0")

    def class_kph(self, profile: str, road_class: str) -> float:
        """
        Usual speed of a profile on a road class, its fastest highway value counting; 0 = not allowed.

        Raises
        ------
        ValueError
            When there is no such profile or class.
        """
        vehicle = self.profiles.get(profile)
        if vehicle is None or road_class not in ROAD_CLASSES:
            raise ValueError(f"no speed for profile {profile!r} on road class {road_class!r}")
        if road_class == "ferry":
            return vehicle.ferry_kph
        wanted = ROAD_CLASSES.index(road_class)
        speeds = (vehicle.highway_kph[value] for value, index in self.road_class.items() if index == wanted)
        return max(speeds, default=0.0)

    def with_class_speeds(self, speeds: Mapping[str, Mapping[str, float]]) -> "SpeedTable":
        """
        The same table with a province's own speeds.

        Parameters
        ----------
        speeds
            km/h by profile and road class; every highway value of the class is scaled alike.

        Raises
        ------
        SpeedTableError
            When a profile or class is unknown, or a speed is negative.
        """
        profiles = {**self.profiles}
        for name, by_class in speeds.items():
            for road_class, kph in by_class.items():
                if name not in profiles or road_class not in ROAD_CLASSES:
                    raise SpeedTableError(f"no speed for profile {name!r} on road class {road_class!r}")
                profiles[name] = self._with_speed(profiles[name], road_class, kph)
        return replace(self, profiles=MappingProxyType(profiles))

    def _with_speed(self, profile: Profile, road_class: str, kph: float) -> Profile:
        if road_class == "ferry":
            return replace(profile, ferry_kph=kph)
        usual, wanted = self.class_kph(profile.name, road_class), ROAD_CLASSES.index(road_class)
        changed = {
            value: profile.highway_kph[value] * kph / usual if usual else kph
            for value, index in self.road_class.items()
            if index == wanted
        }
        return replace(profile, highway_kph=MappingProxyType({**profile.highway_kph, **changed}))


def read_speed_table(path: Path) -> SpeedTable:
    """
    Read a table of the form of `geo/data/speeds.toml`.

    Raises
    ------
    SpeedTableError
        When it is no such table: it names what is wrong.
    """
    try:
        return _parse(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpeedTableError(f"{path.name} is no TOML file: {error}") from error


@cache
def default_speed_table() -> SpeedTable:
    """The table that comes with the package."""
    return _parse(tomllib.loads((files("geo") / "data" / "speeds.toml").read_text(encoding="utf-8")))


def _parse(data: Mapping[str, Any]) -> SpeedTable:
    try:
        table = SpeedTable(
            profiles=MappingProxyType({name: _profile(name, data) for name in data["profile"]}),
            road_class=MappingProxyType({v: ROAD_CLASSES.index(row["class"]) for v, row in data["highway"].items()}),
            not_a_road=frozenset(data["not_a_road"]["values"]),
            surface=MappingProxyType(_numbers(data["surface"])),
            smoothness=MappingProxyType(_numbers(data["smoothness"])),
            tracktype=MappingProxyType(_numbers(data["tracktype"])),
            barrier=MappingProxyType({kind: frozenset(stopped) for kind, stopped in data["barrier"].items()}),
            limit_kph=MappingProxyType(_numbers(data["limit"])),
        )
    except KeyError as error:
        raise SpeedTableError(f"the table of speeds lacks {error}") from error
    except (TypeError, AttributeError, ValueError) as error:
        raise SpeedTableError(f"the table of speeds is malformed: {error}") from error
    return table


def _profile(name: str, data: Mapping[str, Any]) -> Profile:
    row = data["profile"][name]
    return Profile(
        name=name,
        highway_kph=MappingProxyType({value: float(way[name]) for value, way in data["highway"].items()}),
        keys=tuple(row["keys"]),
        own_keys=frozenset(row["own_keys"]),
        access_kph=float(row["access_kph"]),
        opened_kph=float(row["opened_kph"]),
        maxspeed_share=float(row["maxspeed_share"]),
        surface=bool(row["surface"]),
        width_m=float(row["width_m"]),
        ferry_kph=float(row["ferry_kph"]),
        ferry_boarding_minutes=float(row["ferry_boarding_minutes"]),
    )


def _numbers(row: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in row.items()}

"""Who drives: speeds, rights and factors of each vehicle profile, read from a table that may be edited."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

DELAYS = (
    "traffic_signals", "stop", "give_way", "level_crossing", "crossing", "toll_booth", "mini_roundabout", "gate",
    "lift_gate", "border_control", "motorway_junction", "tram_level_crossing",
)  # fmt: skip
"""Kinds of node that may cost time."""

_LONGEST_DELAY = 600
_SLOWEST, _FASTEST = 0.5, 300
_PROFILE_KEYS = frozenset({
    "keys", "own_keys", "access_kph", "opened_kph", "maxspeed_share", "surface", "width_m", "ferry_kph",
    "ferry_boarding_minutes", "turn_seconds", "traffic",
})  # fmt: skip

FERRY = ROAD_CLASSES.index("ferry")


@dataclass(frozen=True, slots=True)
class TurnDelays:
    """What a turn costs at a crossing of three roads or more, and turning back anywhere: milliseconds."""

    left: int = 0
    right: int = 0
    back: int = 0

    def __post_init__(self) -> None:
        if min(self.left, self.right, self.back) < 0:
            raise ValueError(f"turns take no time or some, got {self}")


NO_DELAYS = TurnDelays()


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
    turns: TurnDelays = NO_DELAYS
    delay_seconds: Mapping[str, float] = field(default_factory=dict)
    """Of passing a node of the map by what it is: `traffic_signals`, `stop`, `level_crossing` ..."""
    traffic: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Share of the usual speed by wave and road class, where it is not 1."""

    def __post_init__(self) -> None:
        name = f"profile {self.name}"
        if not all(_SLOWEST <= kph <= _FASTEST for kph in (self.access_kph, self.opened_kph, self.ferry_kph)):
            raise SpeedTableError(f"{name}: access_kph, opened_kph and ferry_kph are {_SLOWEST} to {_FASTEST} km/h")
        for value, kph in self.highway_kph.items():
            if kph != 0 and not _SLOWEST <= kph <= _FASTEST:
                raise SpeedTableError(f"{name}, {value}: 0 = not allowed, or {_SLOWEST} to {_FASTEST} km/h, got {kph}")
        if not (0 <= self.maxspeed_share <= 2 and 0 <= self.width_m <= 10 and 0 <= self.ferry_boarding_minutes <= 1440):
            raise SpeedTableError(f"{name}: maxspeed_share is 0 to 2, width_m to 10, ferry_boarding_minutes to 1440")
        for wave, shares in self.traffic.items():
            if shares.keys() - set(ROAD_CLASSES[:FERRY]) or not all(0.05 <= share <= 2 for share in shares.values()):
                raise SpeedTableError(f"{name}, traffic {wave}: classes of road, no ferries, have shares of 0.05 to 2")
        if not all(0 <= seconds <= _LONGEST_DELAY for seconds in self.delay_seconds.values()):
            raise SpeedTableError(f"{name}: a delay takes 0 to {_LONGEST_DELAY} seconds")


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
        if not all(0 < kph <= 500 for kph in self.limit_kph.values()):
            raise SpeedTableError("a speed limit is above 0, and no more than 500 km/h")

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
    Read a table of the form of `geo/data/speeds.toml`; what it does not say is as in the one of the package.

    `[speeds.PROFILE]` with km/h by road class, as it stands in a province's settings, may be part of it.

    Raises
    ------
    SpeedTableError
        When it is no such table: it names what is wrong.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SpeedTableError(f"{path.name} is no TOML file: {error}") from error
    speeds = data.pop("speeds", {})
    built_in = _built_in()
    if odd := sorted(data.keys() - built_in.keys()):
        raise SpeedTableError(f"a table of speeds has no {', '.join(odd)}; it has {', '.join(sorted(built_in))}")
    table = _parse(_over(built_in, data))
    try:
        own = {name: _numbers(row) for name, row in speeds.items()}
    except (TypeError, AttributeError, ValueError) as error:
        raise SpeedTableError(f"the table of speeds is malformed: {error}") from error
    return table.with_class_speeds(own)


@cache
def default_speed_table() -> SpeedTable:
    """The table that comes with the package."""
    return _parse(_built_in())


def _built_in() -> dict[str, Any]:
    return tomllib.loads((files("geo") / "data" / "speeds.toml").read_text(encoding="utf-8"))


def _over(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Own values over others, table by table."""
    merged = dict(base)
    for key, value in own.items():
        below = base.get(key)
        merged[key] = _over(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _parse(data: Mapping[str, Any]) -> SpeedTable:
    try:
        _check_names(data)
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


def _check_names(data: Mapping[str, Any]) -> None:
    """A name that nobody reads is a mistyped one, and would be ignored without a word."""
    missing = [name for name in PROFILE_NAMES if name not in data["profile"]]
    if missing:
        raise ValueError(f"there is no profile {' or '.join(missing)}")
    for name, row in data["profile"].items():
        if odd := sorted(row.keys() - _PROFILE_KEYS):
            raise ValueError(f"profile {name} has no {', '.join(odd)}; it has {', '.join(sorted(_PROFILE_KEYS))}")
        if not (isinstance(row["keys"], list) and isinstance(row["own_keys"], list)):
            raise TypeError(f"keys and own_keys of profile {name} are lists")
    for kind, row in data.get("delay", {}).items():
        if kind not in DELAYS or row.keys() - data["profile"].keys():
            raise ValueError(f"delay {kind}: kinds are {', '.join(DELAYS)}; then seconds by profile")


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
        traffic=MappingProxyType({wave: MappingProxyType(_numbers(by)) for wave, by in row.get("traffic", {}).items()}),
        turns=_turns(row.get("turn_seconds", {})),
        delay_seconds=MappingProxyType(
            {kind: float(by_profile[name]) for kind, by_profile in data.get("delay", {}).items() if name in by_profile}
        ),
    )


def _turns(row: Mapping[str, Any]) -> TurnDelays:
    delays = {turn: round(float(seconds) * 1000) for turn, seconds in row.items()}
    if delays.keys() - {"left", "right", "back"} or not all(0 <= ms <= _LONGEST_DELAY * 1000 for ms in delays.values()):
        raise ValueError(f"turn_seconds are left, right and back, 0 to {_LONGEST_DELAY} seconds each, got {dict(row)}")
    return TurnDelays(**delays)


def _numbers(row: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(value) for key, value in row.items()}

"""
Ferries: who may board, how long the crossing takes, how long one waits, when they go.

The crossing takes the tagged duration, else its length at the profile's usual speed. The waiting is half the stated
interval, else the profile's usual time; timetables are not read.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from geo.errors import OpeningHoursError
from geo.opening_hours import DAY, validate, windows
from geo.profiles import FERRY, Profile
from geo.report import DropReason, NoticeKind, Notices
from geo.segments import IntArray
from geo.tags import Tags, directions, right

_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d))?")
_LONGEST_INTERVAL = 86_400.0  # seconds: a ferry that goes less than daily is no link for a day's round
_PLAUSIBLE_KPH = (0.5, 80.0)  # a rowing boat against the stream, a fast hydrofoil


@dataclass(frozen=True, slots=True)
class Ferry:
    """One ferry way of an extract, as it was understood."""

    way: int
    """OpenStreetMap way id."""
    name: str
    """Empty = it has none."""
    opening_hours: str
    """As `opening_hours.windows` reads it; empty = always open."""
    crossing: Mapping[str, int]
    """Seconds from end to end by profile, of those that may board."""
    boarding: Mapping[str, int]
    """Seconds of waiting and getting aboard, of the same profiles."""


def is_ferry(tags: Tags) -> bool:
    """Whether a way is a ferry line."""
    return tags.get("route") == "ferry"


def read_duration(text: str) -> float | None:
    """
    A `duration` or `interval` tag in seconds: `PT20M`, `01:30`, `00:05:30`, or whole minutes; None = not understood.

    References
    ----------
    .. [1] OpenStreetMap Wiki, Key:duration.
    """
    text = text.strip()
    clock = _CLOCK.fullmatch(text)
    if clock:
        return float(clock[1]) * 3600 + int(clock[2]) * 60 + int(clock[3] or 0)
    iso = _ISO.fullmatch(text)
    if iso and any(iso.groups()):
        return sum(float(part or 0) * unit for part, unit in zip(iso.groups(), (86400, 3600, 60, 1), strict=True))
    return float(text) * 60 if text.isdecimal() else None


def ferry_speeds(
    tags: Tags, metres: float, profile: Profile, notices: Notices, *, boards: bool | None = None
) -> tuple[float, float] | DropReason:
    """
    Speed of a crossing forward and backward, km/h, 0 = not that way; or why the profile cannot use it.

    `metres` is the length that the duration tag is for: of the whole way, or of its whole line. `boards` tells whether
    it takes the profile; None = its tags do.
    """
    if not (may_board(tags, profile, notices) if boards is None else boards):
        return DropReason.ACCESS_DENIED
    forward, backward = directions(tags, profile, notices)
    if not (forward or backward):
        return DropReason.ACCESS_DENIED
    kph = _crossing_kph(tags, metres, profile, notices)
    return (kph * forward, kph * backward)


def may_board(tags: Tags, profile: Profile, notices: Notices) -> bool:
    """
    Whether a ferry takes a profile.

    Its access tags decide. Without any for this vehicle, a boat that takes walkers or cyclists only takes no motor
    vehicle, one that takes motorbikes only takes no van, and any other takes all. Whoever refuses cars in so many words
    takes motorbikes.
    """
    verdict = right(tags, profile, "forward", notices)
    if verdict is not None and (not verdict[0] or verdict[1] != "access"):
        return verdict[0]
    named = {key for key in ("foot", "bicycle", "motorcycle", "motorcar") if tags.get(key, "no") != "no"}
    if profile.name == "van":
        return not named or "motorcar" in named
    return profile.name != "motorbike" or not named or "motorcycle" in named or "motorcar" in tags


def _crossing_kph(tags: Tags, metres: float, profile: Profile, notices: Notices) -> float:
    seconds = _tagged_seconds(tags, "duration", notices)
    if seconds is None:
        return profile.ferry_kph
    kph = metres / seconds * 3.6 if seconds > 0 else float("inf")
    slowest, fastest = _PLAUSIBLE_KPH
    if not slowest <= kph <= fastest:
        notices.add(NoticeKind.FERRY_TIME, f"duration={tags['duration']} for {metres:.0f} m")
        return profile.ferry_kph
    return kph


def boarding_seconds(tags: Tags, profile: Profile, notices: Notices) -> float:
    """Waiting and getting aboard: half the interval where one is stated, the profile's usual time otherwise."""
    interval = _tagged_seconds(tags, "interval", notices)
    if interval is not None and interval > _LONGEST_INTERVAL:
        notices.add(NoticeKind.ODD_VALUE, f"interval={tags['interval']}")
        interval = None
    return profile.ferry_boarding_minutes * 60 if interval is None else interval / 2


def ferry_record(
    way: int,
    tags: Tags,
    metres: float,
    speeds: Mapping[str, tuple[float, float] | DropReason],
    boarding: Mapping[str, float],
    notices: Notices,
) -> Ferry:
    """Gather what was understood of a ferry way `metres` long: speeds, km/h, and seconds of boarding by profile."""
    crossing = {name: round(metres * 3.6 / max(kph)) for name, kph in speeds.items() if not isinstance(kph, DropReason)}
    return Ferry(
        way=way,
        name=tags.get("name", ""),
        opening_hours=usable_hours(tags, notices),
        crossing=crossing,
        boarding={name: round(boarding[name]) for name in crossing},
    )


def usable_hours(tags: Tags, notices: Notices) -> str:
    """The `opening_hours` tag; empty where there is none, or none that is understood."""
    text = tags.get("opening_hours", "").strip()
    try:
        if text:
            validate(text)
    except OpeningHoursError:
        notices.add(NoticeKind.FERRY_HOURS, f"opening_hours={text}")
        return ""
    return text


def closed_ferries(
    ferries: Iterable[Ferry], day: date, tw_early: int, tw_late: int, *, is_holiday: bool
) -> frozenset[int]:
    """
    Name the ferries that cannot be counted on during a span of a day.

    A ferry counts as closed unless it is open for the whole span. Travel times are the same all through a span, so the
    planner may put a crossing at any moment of it: one that is shut for part of it could strand a courier on the far
    bank, while leaving it out costs a detour at worst. A shorter span closes fewer ferries.

    Parameters
    ----------
    ferries
        Those without opening hours are always open.
    day
        The day of the plan.
    tw_early, tw_late
        Seconds after its midnight; beyond 86,400 the next day's hours count, as on no holiday.
    is_holiday
        Whether `day` is a public holiday.

    Returns
    -------
    ways
        Their way ids.

    Raises
    ------
    ValueError
        When the span ends before it begins, or begins before midnight.
    OpeningHoursError
        When the opening hours of a ferry cannot be understood.
    """
    if not 0 <= tw_early <= tw_late:
        raise ValueError(f"a span begins at 0 or later and does not end before, got {tw_early} ... {tw_late}")
    late = max(tw_late, tw_early + 1)
    return frozenset(
        ferry.way
        for ferry in ferries
        if ferry.opening_hours and not _open_throughout(ferry.opening_hours, day, tw_early, late, is_holiday)
    )


def _open_throughout(spec: str, day: date, early: int, late: int, is_holiday: bool) -> bool:
    for after in range(early // DAY, -(-late // DAY)):
        begin, end = max(early - after * DAY, 0), min(late - after * DAY, DAY)
        hours = windows(spec, day + timedelta(days=after), is_holiday=is_holiday and after == 0)
        if not any(opens <= begin and end <= closes for opens, closes in hours):
            return False
    return True


def _tagged_seconds(tags: Tags, key: str, notices: Notices) -> float | None:
    if key not in tags:
        return None
    seconds = read_duration(tags[key])
    if seconds is None:
        notices.add(NoticeKind.ODD_VALUE, f"{key}={tags[key]}")
    return seconds


def boards(tail: IntArray, head: IntArray, road_class: NDArray[np.uint8], num_nodes: int) -> NDArray[np.bool_]:
    """Which arcs go aboard: ferry arcs that leave a landing, where a road ends; between two landings one waits once."""
    ferry = road_class == FERRY
    landing = np.zeros(num_nodes, dtype=np.bool_)
    landing[tail[~ferry]] = True
    landing[head[~ferry]] = True
    aboard: NDArray[np.bool_] = ferry & landing[tail]
    return aboard

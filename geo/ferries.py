"""
Ferries: who may board, how long the crossing takes, how long one waits.

A first model: the waiting is half the stated interval, or a usual time; timetables and hours are not read.
"""

import re

import numpy as np
from numpy.typing import NDArray

from geo.profiles import FERRY, Profile
from geo.report import DropReason, NoticeKind, Notices
from geo.segments import IntArray
from geo.tags import Tags, directions, right

_ISO = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?", re.IGNORECASE)
_CLOCK = re.compile(r"(\d+):([0-5]\d)(?::([0-5]\d))?")
_LONGEST_INTERVAL = 86_400.0  # seconds: a ferry that goes less than daily is no link for a day's round
_PLAUSIBLE_KPH = (0.5, 80.0)  # a rowing boat against the stream, a fast hydrofoil


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


def ferry_speeds(tags: Tags, metres: float, profile: Profile, notices: Notices) -> tuple[float, float] | DropReason:
    """
    Speed of a crossing forward and backward, km/h, 0 = not that way; or why the profile cannot use it.

    `metres` is the length of the whole way, which its duration tag is for.
    """
    if not may_board(tags, profile, notices):
        return DropReason.ACCESS_DENIED
    forward, backward = directions(tags, profile, notices)
    if not (forward or backward):
        return DropReason.ACCESS_DENIED
    kph = _crossing_kph(tags, metres, profile, notices)
    return (kph * forward, kph * backward)


def may_board(tags: Tags, profile: Profile, notices: Notices) -> bool:
    """
    Whether a ferry takes a profile.

    Its access tags decide. Without any for this vehicle, a boat that names walkers or cyclists only takes no motor
    vehicle, one that names motorbikes only takes no van, and any other takes all.
    """
    verdict = right(tags, profile, "forward", notices)
    if verdict is not None and (not verdict[0] or verdict[1] != "access"):
        return verdict[0]
    named = {key for key in ("foot", "bicycle", "motorcycle", "motorcar") if key in tags}
    if profile.name == "van":
        return not named or "motorcar" in named
    return profile.name != "motorbike" or not named or bool(named & {"motorcycle", "motorcar"})


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


def _tagged_seconds(tags: Tags, key: str, notices: Notices) -> float | None:
    if key not in tags:
        return None
    seconds = read_duration(tags[key])
    if seconds is None:
        notices.add(NoticeKind.ODD_VALUE, f"{key}={tags[key]}")
    return seconds


def boards(tail: IntArray, head: IntArray, road_class: NDArray[np.uint8], num_nodes: int) -> NDArray[np.bool_]:
    """Which arcs go aboard: ferry arcs that begin where a road ends; a passenger who stays aboard waits once."""
    ferry = road_class == FERRY
    landing = np.zeros(num_nodes, dtype=np.bool_)
    landing[tail[~ferry]] = True
    landing[head[~ferry]] = True
    aboard: NDArray[np.bool_] = ferry & landing[tail]
    return aboard

"""What the tags of a way or a barrier mean for one profile: may it pass, in which direction, how fast."""

import re
from collections.abc import Mapping

from geo.profiles import Profile, SpeedTable
from geo.report import DropReason, NoticeKind, Notices

Tags = Mapping[str, str]

_ALLOWED = frozenset({
    "yes", "designated", "permissive", "destination", "delivery", "customers", "official", "public", "discouraged",
    "use_sidepath", "residents", "true", "1",
})  # fmt: skip
_DENIED = frozenset({
    "no", "private", "permit", "agricultural", "forestry", "military", "emergency", "restricted", "dismount",
    "false", "0",
})  # fmt: skip
_ONEWAY = {
    "yes": (True, False), "true": (True, False), "1": (True, False),
    "no": (True, True), "false": (True, True), "0": (True, True), "alternating": (True, True),
    "-1": (False, True), "reverse": (False, True),
    "reversible": (False, False),
}  # fmt: skip
_DIRECTIONS = ("forward", "backward")
_KPH = re.compile(r"(\d+(?:[.,]\d+)?)\s*(km/h|kmh|kph|mph|knots)?")
_METRES = re.compile(r"(\d+(?:[.,]\d+)?)\s*m?")
_SLOWEST_LIMIT = 3.0  # km/h: nobody posts less than a walking pace
_PER_UNIT = {"mph": 1.609344, "knots": 1.852}


def right(tags: Tags, profile: Profile, direction: str, notices: Notices) -> tuple[bool, str] | None:
    """
    Whether tags allow a profile, and the tag that says so; the most specific one wins; None = none speaks.

    References
    ----------
    .. [1] OpenStreetMap Wiki, Key:access, "Transport mode restrictions".
    """
    for key in reversed(profile.keys):
        for name in (f"{key}:{direction}", key):
            if name not in tags:
                continue
            values = set(re.split(r"\s*;\s*", tags[name]))
            if values & _ALLOWED:
                return True, key
            if values <= _DENIED:
                return False, key
            notices.add(NoticeKind.ODD_VALUE, f"{name}={tags[name]}")
    return None


def directions(tags: Tags, profile: Profile, notices: Notices) -> tuple[bool, bool]:
    """Whether one-way rules leave the way open forward and backward; plain `oneway` does not concern walkers."""
    names = [f"oneway:{key}" for key in reversed(profile.keys[1:])]
    if "vehicle" in profile.keys:
        names.append("oneway")
    for name in names:
        value = tags.get(name)
        if value in _ONEWAY:
            return _ONEWAY[value]
        if value is not None:
            notices.add(NoticeKind.ODD_VALUE, f"{name}={value}")
    implied = tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"
    return (True, not (implied and "vehicle" in profile.keys))


def way_speeds(tags: Tags, profile: Profile, table: SpeedTable, notices: Notices) -> tuple[float, float] | DropReason:
    """
    Speeds of a road forward and backward, km/h, 0 = closed in that direction; or why it is closed altogether.

    The `highway` value of `tags` must stand in the table.
    """
    usual = profile.highway_kph[tags["highway"]]
    rights = [_open(tags, profile, direction, usual > 0, notices) for direction in _DIRECTIONS]
    if not any(rights):
        return DropReason.ACCESS_DENIED if usual > 0 else DropReason.CLASS_CLOSED
    if width(tags, notices) < profile.width_m:
        return DropReason.TOO_NARROW
    factor = surface_factor(tags, table, notices) if profile.surface else 1.0
    if factor == 0:
        return DropReason.IMPASSABLE
    kph = (usual or profile.opened_kph) * factor
    ways = directions(tags, profile, notices)
    speeds = [
        min(kph, _limit(tags, direction, profile, table, notices)) if allowed and open_way else 0.0
        for direction, allowed, open_way in zip(_DIRECTIONS, rights, ways, strict=True)
    ]
    return (speeds[0], speeds[1]) if any(speeds) else DropReason.ACCESS_DENIED


def width(tags: Tags, notices: Notices) -> float:
    """Metres of room that the way is tagged to leave: the smallest of them; infinite when none is."""
    narrowest = float("inf")
    for key in ("maxwidth", "width", "est_width"):
        if key in tags:
            metres = _METRES.fullmatch(tags[key].strip())
            if metres:
                narrowest = min(narrowest, float(metres[1].replace(",", ".")))
            else:
                notices.add(NoticeKind.ODD_VALUE, f"{key}={tags[key]}")
    return narrowest


def _open(tags: Tags, profile: Profile, direction: str, usual: bool, notices: Notices) -> bool:
    """A way closed by its kind is opened by a tag about vehicles, a motorway only by one about this vehicle."""
    verdict = right(tags, profile, direction, notices)
    if verdict is None:
        return usual
    allowed, key = verdict
    if usual or not allowed:
        return allowed
    opens = profile.own_keys if tags["highway"].startswith("motorway") else profile.keys[1:]
    return key in opens


def surface_factor(tags: Tags, table: SpeedTable, notices: Notices) -> float:
    """Share of the usual speed that surface, smoothness and tracktype leave: the smallest of them."""
    smallest = 1.0
    for key, factors in (("surface", table.surface), ("smoothness", table.smoothness), ("tracktype", table.tracktype)):
        for value in filter(None, re.split(r"\s*[;,]\s*", tags.get(key, ""))):
            if value in factors:
                smallest = min(smallest, factors[value])
            else:
                notices.add(NoticeKind.ODD_VALUE, f"{key}={value}")
    return smallest


def _limit(tags: Tags, direction: str, profile: Profile, table: SpeedTable, notices: Notices) -> float:
    """Average speed that a posted limit allows, km/h."""
    if profile.maxspeed_share == 0:
        return float("inf")
    for name in (f"maxspeed:{direction}", "maxspeed"):
        if name in tags:
            kph = read_limit(tags[name], table)
            if kph is not None:
                return kph * profile.maxspeed_share
            notices.add(NoticeKind.ODD_VALUE, f"{name}={tags[name]}")
    return float("inf")


def read_limit(text: str, table: SpeedTable) -> float | None:
    """A `maxspeed` in km/h: `50`, `30 mph`, `VN:urban`, `DE:zone30`, `walk`, `none`; None = not understood."""
    text = text.strip().lower()
    number = _KPH.fullmatch(text)
    if number:
        kph = float(number[1].replace(",", ".")) * _PER_UNIT.get(number[2] or "", 1.0)
        return kph if kph >= _SLOWEST_LIMIT else None
    rule = text.rpartition(":")[2]
    zone = re.fullmatch(r"(?:zone:?)?(\d+)", rule)
    if zone and ":" in text and float(zone[1]) >= _SLOWEST_LIMIT:
        return float(zone[1])
    return table.limit_kph.get(rule)


def barrier_stops(tags: Tags, profile: Profile, table: SpeedTable, notices: Notices) -> bool:
    """Whether a barrier on the road stops a profile: by its own access tags, else by its kind."""
    verdict = right(tags, profile, "forward", notices)
    if verdict is not None:
        return not verdict[0]
    kind = tags["barrier"]
    if kind not in table.barrier:
        notices.add(NoticeKind.BARRIER_UNKNOWN, f"barrier={kind}")
        return False
    return profile.name in table.barrier[kind]


def node_seconds(tags: Tags, profile: Profile) -> float:
    """Time that a profile loses on passing a node of a road."""
    kinds = (tags.get(key, "") for key in ("highway", "railway", "barrier"))
    return max(profile.delay_seconds.get(kind, 0.0) for kind in kinds)


def node_directions(tags: Tags) -> tuple[bool, bool]:
    """Whether what stands at a node concerns those who come along its way, and those who come against it."""
    stated = tags.get("traffic_signals:direction") or tags.get("direction", "")
    return stated != "backward", stated != "forward"

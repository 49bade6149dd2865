"""
Ferry lines: relations that join ways, and what they say about those of them that say less themselves.

A way's own tags win. Who may board is said by the way as a whole: one that carries any access tag takes none from its
line. A way in several lines takes each thing from the first line that says it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from geo.coordinates import haversine
from geo.report import NoticeKind, Notices
from geo.runs import Run
from geo.tags import Tags

_ACCESS = frozenset({
    "access", "vehicle", "motor_vehicle", "motorcycle", "motorcar", "goods", "foot", "bicycle",
})  # fmt: skip
_SHARED = frozenset({"name", "duration", "interval", "opening_hours"})
_ASHORE = frozenset({"highway", "railway", "public_transport", "amenity", "building"})
_LANDINGS = ("platform", "stop")  # roles of members that are no part of the way over the water


@dataclass(frozen=True, slots=True)
class FerryLine:
    """A relation with `type=route, route=ferry`."""

    relation: int
    tags: Tags
    ways: tuple[int, ...]
    """Each member way once, landings left out."""


@dataclass(frozen=True, slots=True)
class FerryWay:
    """A way over the water, as it is read."""

    way: int
    tags: Tags
    runs: Sequence[Run]
    whole: bool
    """Whether all of its nodes have coordinates."""
    line_metres: float | None = None
    """Length of the line whose duration it takes; None = its duration tag, if any, is its own."""

    @property
    def metres(self) -> float:
        """Its length."""
        return sum(_run_metres(run) for run in self.runs)

    @property
    def timed_metres(self) -> float:
        """Length that its duration tag is for."""
        return self.metres if self.line_metres is None else self.line_metres


def ferry_line(relation: int, tags: Tags, members: Iterable[tuple[str, int, str]], notices: Notices) -> FerryLine:
    """Pick the ways out of the members, each (kind, id, role) with the kinds `n`, `w` and `r`."""
    rows = list(members)
    nested = sum(kind == "r" for kind, _, _ in rows)
    if nested:
        notices.add(NoticeKind.FERRY_RELATION, "members that are relations", nested)
    ways = (ref for kind, ref, role in rows if kind == "w" and not role.startswith(_LANDINGS))
    return FerryLine(relation, tags, tuple(dict.fromkeys(ways)))


def is_ashore(tags: Tags) -> bool:
    """Whether a member of a line that is no ferry itself is a road, a landing or a house."""
    return not _ASHORE.isdisjoint(tags)


def with_lines(
    ferries: Mapping[int, FerryWay], lines: Iterable[FerryLine], ashore: Collection[int], notices: Notices
) -> list[FerryWay]:
    """
    Give every ferry way what its lines say and it does not.

    Parameters
    ----------
    ferries
        By way id.
    lines
        In the order in which they are asked.
    ashore
        Member ways that are no part of the way over the water.
    notices
        Told what of a line is of no use.
    """
    completed = dict(ferries)
    for line in lines:
        notices.begin(f"relation {line.relation}")
        afloat = [way for way in line.ways if way not in ashore]
        metres = _line_metres(line, afloat, ferries, notices)
        for way in completed.keys() & set(afloat):
            completed[way] = _complete(completed[way], line.tags, metres)
    return list(completed.values())


def _line_metres(
    line: FerryLine, afloat: Sequence[int], ferries: Mapping[int, FerryWay], notices: Notices
) -> float | None:
    """Length of a line that is whole in the extract; without it the duration cannot be spread."""
    missing = sum(way not in ferries for way in afloat)
    if missing:
        notices.add(NoticeKind.FERRY_RELATION, "member ways missing in the extract", missing)
    own = [ferries[way] for way in afloat if way in ferries]
    if not missing and all(ferry.whole for ferry in own):
        return sum(ferry.metres for ferry in own)
    if "duration" in line.tags and any("duration" not in ferry.tags for ferry in own):
        notices.add(NoticeKind.FERRY_RELATION, "duration of a line that is not whole in the extract")
    return None


def _complete(ferry: FerryWay, line: Tags, line_metres: float | None) -> FerryWay:
    speaks = any(_is_access(key) and not key.endswith(":conditional") for key in ferry.tags)
    given = {key: value for key, value in line.items() if key in _SHARED or (_is_access(key) and not speaks)}
    if line_metres is None:
        given.pop("duration", None)
    timed = line_metres if "duration" in given and "duration" not in ferry.tags else ferry.line_metres
    return replace(ferry, tags={**given, **ferry.tags}, line_metres=timed)


def _is_access(key: str) -> bool:
    return key.partition(":")[0] in _ACCESS


def _run_metres(run: Run) -> float:
    lon, lat = np.array(run[1]), np.array(run[2])
    return float(haversine(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())

"""What a build of roads left out, and why: nothing is dropped silently."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

RoadProgress = Callable[[str, int, int | None], None]
"""Called with a stage (`hash`, `read`, `build`, `contract`), how much of it is done, and of how much, if known."""


class DropReason(StrEnum):
    """Why a part of the network is not in the graph of a profile."""

    NOT_A_ROAD = "not_a_road"
    """The highway value carries nobody: under construction, a platform ... Counted in ways."""
    UNKNOWN_CLASS = "unknown_class"
    """The highway value is not in the table of speeds. Counted in ways."""
    CLASS_CLOSED = "class_closed"
    """The kind of way is not for this profile and no tag opens it. Counted in ways."""
    ACCESS_DENIED = "access_denied"
    """A tag forbids it, or its direction changes by the hour. Counted in ways."""
    IMPASSABLE = "impassable"
    """Its smoothness lets nobody through. Counted in ways."""
    TOO_NARROW = "too_narrow"
    """It is tagged narrower than the vehicle. Counted in ways."""
    MISSING_NODES = "missing_nodes"
    """The extract lacks the coordinates of its nodes. Counted in ways; their km are not known."""
    BARRIER = "barrier"
    """Nodes where a barrier cuts the road for this profile; the road on both sides stays. Counted in nodes."""
    NO_TURN = "no_turn"
    """Nodes that turn restrictions let nobody get to, or away from. Counted in nodes."""
    ISLAND = "island"
    """Parts that the largest strongly connected part does not reach both ways. Counted in parts."""


class NoticeKind(StrEnum):
    """What was read, but could not be used as it stands."""

    ODD_VALUE = "odd_value"
    """A tag's value is not understood, so the tag was ignored."""
    CONDITIONAL = "conditional"
    """A rule that holds at times only was ignored."""
    RESTRICTION_ODD = "restriction_odd"
    """A turn restriction that is not understood, or whose roads do not meet, was ignored."""
    FERRY_RELATION = "ferry_relation"
    """A part of a ferry line that cannot be used: the extract lacks it, or the line's duration without it."""
    FERRY_TIME = "ferry_time"
    """A ferry's duration gives an impossible speed: its length was used instead."""
    FERRY_HOURS = "ferry_hours"
    """A ferry's opening hours are not understood: it is taken as always open."""
    FERRY_OVERRIDE = "ferry_override"
    """An override is for a way that is no ferry of the extract: it had no effect."""
    BARRIER_UNKNOWN = "barrier_unknown"
    """A kind of barrier that the table does not know was taken as passable."""
    NODE_SKIPPED = "node_skipped"
    """A node of a way without coordinates was left out, and the way cut there."""
    NO_RELATIONS = "no_relations"
    """An extract with many ways and no relation at all: it may have been cut off before them."""
    ZERO_LENGTH = "zero_length"
    """Two following nodes of a way lie at one place."""
    LEAP = "leap"
    """Two following nodes of a way lie impossibly far apart: the piece between them was left out."""
    OUTSIDE = "outside"
    """A way lies outside the clip, or was cut at its edge. Their km are not known: nodes afar are not remembered."""


@dataclass(frozen=True, slots=True)
class Dropped:
    """Something that a profile's graph does not hold."""

    profile: str
    reason: DropReason
    count: int
    """Ways, nodes or parts: see `DropReason`."""
    km: float


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was read but not used as it stands."""

    kind: NoticeKind
    detail: str
    """Tag and value, or the kind of thing."""
    count: int
    example: str
    """The first one: `way 123`, `node 5`, `relation 7`; empty when it has no number."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Size of a profile's graph."""

    profile: str
    nodes: int
    arcs: int
    km: float
    """Length of the road on the ground: both directions of a road count once."""
    bans: int = 0
    """Turns, and longer runs of roads, that are forbidden."""


class Notices:
    """Counts what is odd while an extract is read; each oddity of an object counts once for all profiles."""

    MAX_DETAILS = 200
    """Different details kept of a kind; what comes after is counted as `other`."""

    def __init__(self) -> None:
        self._found: dict[tuple[NoticeKind, str], tuple[int, str]] = {}
        self._details: Counter[NoticeKind] = Counter()
        self._object = ""
        self._seen: set[tuple[NoticeKind, str]] = set()

    def begin(self, name: str) -> None:
        """Say which object comes now: `way 123`."""
        self._object = name
        self._seen.clear()

    def add(self, kind: NoticeKind, detail: str, count: int = 1) -> None:
        """Note something about the present object."""
        key = (kind, detail[:80])
        if key not in self._found:
            if self._details[kind] >= self.MAX_DETAILS:
                key = (kind, "other")
            self._details[kind] += 1
        if key in self._seen:
            return
        self._seen.add(key)
        before, example = self._found.get(key, (0, self._object))
        self._found[key] = (before + count, example)

    def all(self) -> tuple[Notice, ...]:
        """What was found, sorted by kind, then the most frequent first."""
        rows = [Notice(kind, detail, count, example) for (kind, detail), (count, example) in self._found.items()]
        return tuple(sorted(rows, key=lambda n: (n.kind, -n.count, n.detail)))


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was kept, what was dropped and what was odd in a build."""

    kept: tuple[Kept, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    notices: tuple[Notice, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain lists and dicts, for a file or an API."""
        return {
            "kept": [asdict(row) for row in self.kept],
            "dropped": [asdict(row) for row in self.dropped],
            "notices": [asdict(row) for row in self.notices],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "BuildReport":
        """
        Undo `to_json`.

        Raises
        ------
        KeyError, TypeError, ValueError
            When it is not the like.
        """
        return cls(
            kept=tuple(Kept(**row) for row in data["kept"]),
            dropped=tuple(Dropped(**{**row, "reason": DropReason(row["reason"])}) for row in data["dropped"]),
            notices=tuple(Notice(**{**row, "kind": NoticeKind(row["kind"])}) for row in data["notices"]),
        )

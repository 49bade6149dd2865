"""
Turn restrictions: what a relation of the map forbids, and to which arcs of a graph it applies.

References
----------
.. [1] OpenStreetMap Wiki, Relation:restriction.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.profiles import Profile
from geo.report import NoticeKind, Notices
from geo.segments import IntArray

_TURNS = ("left_turn", "right_turn", "straight_on", "u_turn")
_KINDS = {**{f"no_{turn}": "no" for turn in (*_TURNS, "entry", "exit")}, **{f"only_{turn}": "only" for turn in _TURNS}}

Arcs = tuple[int, ...]
"""Arcs that follow each other."""
Member = tuple[str, int, str]
"""Type (`n`, `w`, `r`), id and role of a member of a relation."""


@dataclass(frozen=True, slots=True)
class Restriction:
    """A turn from one way into another that is forbidden, or the only one allowed."""

    relation: int
    from_way: int
    via_node: int | None
    """None = the turn leads over `via_ways`."""
    via_ways: tuple[int, ...]
    to_way: int
    kind: Mapping[str, str]
    """`no` or `only`, by profile; the others may turn as they like."""


def read_restrictions(
    relation: int, tags: Mapping[str, str], members: Sequence[Member], profiles: Sequence[Profile], notices: Notices
) -> tuple[Restriction, ...]:
    """
    Understand a relation of type `restriction`: one turn, or several where it names several ways from or to.

    What cannot be understood is noted and left out.
    """
    if any(key.startswith("restriction") and key.endswith(":conditional") for key in tags):
        notices.add(NoticeKind.CONDITIONAL, "restriction:conditional")
    elif not any(key.startswith("restriction") for key in tags):
        notices.add(NoticeKind.RESTRICTION_ODD, "without a kind")
    kind = {profile.name: found for profile in profiles if (found := _kind(tags, profile, notices))}
    if not kind:
        return ()
    by_role: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        by_role[member[2]].append(member)
    starts, ends = (tuple(ref for what, ref, _ in by_role[role] if what == "w") for role in ("from", "to"))
    nodes = [ref for what, ref, _ in by_role["via"] if what == "n"]
    ways = tuple(ref for what, ref, _ in by_role["via"] if what == "w")
    if not (starts and ends and (len(nodes) == 1) != bool(ways)) or len(nodes) > 1:
        notices.add(NoticeKind.RESTRICTION_ODD, "without one from, via and to")
        return ()
    node = None if ways else nodes[0]
    return tuple(Restriction(relation, start, node, ways, end, kind) for start in starts for end in ends)


def _kind(tags: Mapping[str, str], profile: Profile, notices: Notices) -> str | None:
    """What a restriction is to a profile; the plain one does not concern walkers, nor those that it excepts."""
    for key in reversed(profile.keys[1:]):
        value = tags.get(f"restriction:{key}")
        if value is not None:
            return _known(value, notices)
    excepted = {word.strip() for word in tags.get("except", "").split(";")}
    if "vehicle" not in profile.keys or excepted & set(profile.keys) or "restriction" not in tags:
        return None
    return _known(tags["restriction"], notices)


def _known(value: str, notices: Notices) -> str | None:
    if value not in _KINDS:
        notices.add(NoticeKind.RESTRICTION_ODD, f"restriction={value}")
    return _KINDS.get(value)


class TurnFinder:
    """Finds the arcs that restrictions are about, in the arcs of one profile."""

    def __init__(self, tail: IntArray, head: IntArray, way: NDArray[np.int64], concerned: Iterable[int]) -> None:
        """
        Parameters
        ----------
        tail, head, way
            Shape (m,): the arcs and the ways that they are parts of.
        concerned
            Ways that restrictions name.
        """
        self._tail, self._head = tail, head
        rows = np.flatnonzero(np.isin(way, np.fromiter(set(concerned), dtype=np.int64)))
        self._of_way: defaultdict[int, list[int]] = defaultdict(list)
        for arc, name in zip(rows.tolist(), way[rows].tolist(), strict=True):
            self._of_way[name].append(arc)
        self._order = np.argsort(tail, kind="stable")
        self._sorted_tail = tail[self._order]

    def runs(self, restriction: Restriction, via_node: int | None) -> list[Arcs] | None:
        """
        The runs of arcs that one restriction is about; `via_node` is its node in the graph.

        None = the ways do not meet as it says, because one of them is closed to the profile, or the map is wrong; or
        one goes on beyond the turn, so that nobody knows which half is meant.
        """
        ways_in, ways_out = self._of_way[restriction.from_way], self._of_way[restriction.to_way]
        if via_node is not None:
            begun: list[Arcs] = [(arc,) for arc in ways_in if self._head[arc] == via_node]
        else:
            begun = self._over(ways_in, restriction.via_ways, {int(self._tail[arc]) for arc in ways_out})
        found = [(*run, arc) for run in begun for arc in ways_out if self._tail[arc] == self._head[run[-1]]]
        if restriction.from_way == restriction.to_way and via_node is not None:  # back, from either side
            return [run for run in found if self._head[run[1]] == self._tail[run[0]]] or None
        plain = len({run[0] for run in found}) == 1 == len({run[-1] for run in found})
        return found if plain else None

    def _over(self, ways_in: Sequence[int], via: Sequence[int], goals: set[int]) -> list[Arcs]:
        """Runs of arcs from a way along others, without turning back, to a node where the last way begins."""
        along: dict[int, list[int]] = defaultdict(list)
        for way in via:
            for arc in self._of_way[way]:
                along[int(self._tail[arc])].append(arc)
        found: list[Arcs] = []
        for first in ways_in:
            waiting: list[Arcs] = [(first,)] if int(self._head[first]) in along else []
            while waiting:
                run = waiting.pop()
                node = int(self._head[run[-1]])
                if len(run) > 1 and node in goals:
                    found.append(run)
                    continue
                passed = {int(self._tail[arc]) for arc in run}
                waiting += [(*run, arc) for arc in along.get(node, ()) if int(self._head[arc]) not in passed]
        return found

    def others(self, runs: Sequence[Arcs]) -> Iterator[Arcs]:
        """Every way off the given runs, once one is on their second arc: what an `only` forbids."""
        allowed = set(runs)
        prefixes = {run[:size] for run in runs for size in range(max(1, min(2, len(run) - 1)), len(run))}
        for prefix in sorted(prefixes):
            for arc in self._out(int(self._head[prefix[-1]])):
                on = (*prefix, arc)
                if on not in allowed and on not in prefixes:
                    yield on

    def _out(self, node: int) -> list[int]:
        low, high = np.searchsorted(self._sorted_tail, (node, node + 1))
        arcs: list[int] = self._order[low:high].tolist()
        return arcs

"""From the ways of an extract to one graph a profile: cut, directed, connected, and what was dropped counted."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import haversine
from geo.errors import EmptyRoadsError
from geo.ferries import boards
from geo.graph import RoadGraph, graph_from_arcs, parts, ranked_parts, subgraph
from geo.network import build_network
from geo.profiles import Profile
from geo.report import Dropped, DropReason, NoticeKind, Notices
from geo.restrictions import Arcs, Restriction, TurnFinder
from geo.segments import split_segments, travel_ms
from geo.ways import OPEN, REASONS, WayTable

_LEAP = 1_000_000.0  # metres


class Assembly:
    """The segments of all ways, shared by every profile."""

    def __init__(self, ways: WayTable, notices: Notices) -> None:
        ids, place_node = np.unique(ways.node, return_inverse=True)
        lon, lat = np.empty(ids.size), np.empty(ids.size)
        lon[place_node], lat[place_node] = ways.lon, ways.lat
        run = ways.places()
        joined = np.flatnonzero((run[:-1] == run[1:]) & (place_node[:-1] != place_node[1:]))
        joined = _without_leaps(ways, joined, notices)
        tail, head = place_node[joined].astype(np.int32), place_node[joined + 1].astype(np.int32)
        self._ways = ways
        self._notices = notices
        self._odd: list[Restriction] = []  # noted already, for another profile
        self._ids = ids
        self._segments = split_segments(lon, lat, tail, head)
        self._way = ways.run_way[run[joined]][self._segments.parent]
        self._length_mm = self._segments.length_mm()
        self._way_km = ways.way_km()
        _count_zero_lengths(self._length_mm, notices)

    def graph(self, profile: Profile) -> tuple[RoadGraph, tuple[Dropped, ...]]:
        """
        The largest strongly connected part of what a profile may use, and what it may not or cannot reach.

        Raises
        ------
        EmptyRoadsError
            When there is nothing that it may use.
        """
        whole = self._whole(profile)
        if whole.num_arcs == 0:
            raise EmptyRoadsError(f"the extract holds no usable road for the profile {profile.name}")
        part = parts(whole)
        main = subgraph(whole, part == 0)
        kept = _joined(main)
        if kept.num_arcs == 0:
            raise EmptyRoadsError(f"no two places of the extract are joined both ways for the profile {profile.name}")
        lost = [
            (DropReason.ISLAND, int(part.max()), whole.road_km() - main.road_km()),
            (DropReason.NO_TURN, main.num_nodes - kept.num_nodes, main.road_km() - kept.road_km()),
        ]
        dropped = (Dropped(profile.name, reason, count, round(km, 3)) for reason, count, km in lost if count)
        return kept, (*self._closed(profile), *dropped)

    def _whole(self, profile: Profile) -> RoadGraph:
        """Every arc that the profile may use, on the nodes that these touch."""
        forward, backward = (speeds[self._way] for speeds in self._ways.kph[profile.name])
        used = np.flatnonzero((forward > 0) | (backward > 0))
        lon, lat, tail, head = self._cut_at_barriers(profile, used)
        there, back = np.flatnonzero(forward[used] > 0), np.flatnonzero(backward[used] > 0)
        tails = np.concatenate((tail[there], head[back]))
        heads = np.concatenate((head[there], tail[back]))
        segment = used[np.concatenate((there, back))]
        kph = np.concatenate((forward[used[there]], backward[used[back]]))
        road_class = self._ways.road_class[self._way[segment]]
        aboard = boards(tails, heads, road_class, lon.size)
        boarding = np.rint(self._ways.boarding[profile.name][self._way[segment]] * 1000).astype(np.int32)
        waiting = boarding * aboard + self._passing_ms(profile, heads, np.arange(segment.size) < there.size)
        way = self._ways.way[self._way[segment]]
        graph = graph_from_arcs(
            lon, lat, tails, heads, self._length_mm[segment],
            travel_ms(self._length_mm[segment], kph) + waiting, road_class,
            profile=profile.name, access_kph=profile.access_kph, waiting_ms=waiting,
            way=way, name=self._ways.name[self._way[segment]], names=self._ways.names,
            bans=self._bans(profile, tails, heads, way), delays=profile.turns, traffic=profile.traffic,
        )  # fmt: skip
        touched = np.zeros(lon.size, dtype=np.bool_)
        touched[tails] = touched[heads] = True
        return subgraph(graph, touched)

    def _passing_ms(
        self, profile: Profile, head: NDArray[np.int32], is_forward: NDArray[np.bool_]
    ) -> NDArray[np.int32]:
        """Time lost at the end of each arc, milliseconds: at signals, signs, level crossings."""
        lost = np.zeros((2, self._segments.lon.size + head.size), dtype=np.int32)  # cut ends lie behind the nodes
        for delay in self._ways.delays[profile.name]:
            node = self._node(delay.node)
            if node is not None:
                lost[:, node] = round(delay.seconds * 1000) * np.array([delay.backward, delay.forward])
        return lost[is_forward.astype(np.intp), head]

    def _node(self, osm_id: int) -> int | None:
        """A node of the map in the graph before barriers cut it; None = no way has it."""
        place = int(np.searchsorted(self._ids, osm_id))
        return place if place < self._ids.size and self._ids[place] == osm_id else None

    def _bans(
        self, profile: Profile, tail: NDArray[np.int32], head: NDArray[np.int32], way: NDArray[np.int64]
    ) -> list[Arcs]:
        """Runs of arcs that turn restrictions forbid to a profile."""
        concerning = [r for r in self._ways.restrictions if profile.name in r.kind]
        ways = {way for r in concerning for way in (r.from_way, *r.via_ways, r.to_way)}
        finder = TurnFinder(tail, head, way, ways)
        bans: list[Arcs] = []
        only: defaultdict[tuple[int, ...], list[Arcs]] = defaultdict(list)  # several ways may be the only ones
        for restriction in concerning:
            via = None if restriction.via_node is None else self._node(restriction.via_node)
            found = None
            if (restriction.via_node is None) == (via is None):
                found = finder.runs(restriction, via)
            if found is None:
                self._note_odd(profile, restriction, via)
            elif restriction.kind[profile.name] == "no":
                bans += found
            else:
                only[restriction.from_way, restriction.via_node or 0, *restriction.via_ways] += found
        return [*bans, *(ban for runs in only.values() for ban in finder.others(runs))]

    def _note_odd(self, profile: Profile, restriction: Restriction, via: int | None) -> None:
        """Note a restriction whose roads are open to the profile and do not meet, once for all profiles."""
        ways = (restriction.from_way, *restriction.via_ways, restriction.to_way)
        rows = np.flatnonzero(np.isin(self._ways.way, ways))
        is_open = rows.size == len(set(ways)) and bool((self._ways.status[profile.name][rows] == OPEN).all())
        is_cut = via is not None and bool(self._stopped(profile)[via])
        if is_open and not is_cut and restriction not in self._odd:
            self._odd.append(restriction)
            self._notices.begin(f"relation {restriction.relation}")
            self._notices.add(NoticeKind.RESTRICTION_ODD, "its roads do not meet as it says")

    def _cut_at_barriers(
        self, profile: Profile, used: NDArray[np.intp]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int32], NDArray[np.int32]]:
        """Give every segment at a stopping barrier an end of its own there: one drives up to it, not through."""
        segments = self._segments
        stopped = self._stopped(profile)
        ends = np.concatenate((segments.tail[used], segments.head[used]))
        cut = np.flatnonzero(stopped[ends])
        lon = np.concatenate((segments.lon, segments.lon[ends[cut]]))
        lat = np.concatenate((segments.lat, segments.lat[ends[cut]]))
        ends[cut] = segments.lon.size + np.arange(cut.size, dtype=np.int32)
        return lon, lat, ends[: used.size], ends[used.size :]

    def _stopped(self, profile: Profile) -> NDArray[np.bool_]:
        marks = np.zeros(self._segments.lon.size, dtype=np.bool_)
        marks[: self._ids.size] = np.isin(self._ids, self._ways.stopped[profile.name], assume_unique=True)
        return marks

    def _closed(self, profile: Profile) -> Iterator[Dropped]:
        status = self._ways.status[profile.name]
        for index, reason in enumerate(REASONS, start=OPEN + 1):
            ways = np.flatnonzero(status == index)
            if ways.size:
                yield Dropped(profile.name, reason, int(ways.size), round(float(self._way_km[ways].sum()), 3))
        barriers = int(self._stopped(profile)[np.unique(self._ends_of_open(profile))].sum())
        if barriers:
            yield Dropped(profile.name, DropReason.BARRIER, barriers, 0.0)

    def _ends_of_open(self, profile: Profile) -> NDArray[np.int32]:
        used = self._ways.status[profile.name][self._way] == OPEN
        return np.concatenate((self._segments.tail[used], self._segments.head[used]))


def _joined(graph: RoadGraph) -> RoadGraph:
    """Leave out the roads that bans let nobody into or out of."""
    while graph.banned_arcs.size:
        network = build_network(graph)
        main = ranked_parts(network.first_out, network.head) == 0
        reached = np.zeros(network.chains.weight.size, dtype=np.bool_)
        reached[network.chain[main[network.tails()] & main[network.head]]] = True
        driven = reached[network.chains.chain] & (network.chains.chain >= 0)
        if driven.all():
            break
        touched = np.zeros(graph.num_nodes, dtype=np.bool_)
        touched[graph.head[driven]] = touched[graph.tails()[driven]] = True
        graph = subgraph(graph, touched, driven)
    return graph


def _without_leaps(ways: WayTable, joined: NDArray[np.intp], notices: Notices) -> NDArray[np.intp]:
    """Leave out pieces longer than any road or ferry goes without a node: a coordinate is wrong there."""
    after = joined + 1
    leaps = haversine(ways.lon[joined], ways.lat[joined], ways.lon[after], ways.lat[after]) > _LEAP
    if leaps.any():
        notices.begin("")
        notices.add(NoticeKind.LEAP, f"two nodes of a way more than {_LEAP / 1000:.0f} km apart", int(leaps.sum()))
    return joined[~leaps]


def _count_zero_lengths(length_mm: NDArray[np.int32], notices: Notices) -> None:
    count = int((length_mm == 0).sum())
    if count:
        notices.begin("")
        notices.add(NoticeKind.ZERO_LENGTH, "two nodes at one place", count)

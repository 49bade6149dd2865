"""From the ways of an extract to one graph a profile: cut, directed, connected, and what was dropped counted."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.errors import EmptyRoadsError
from geo.ferries import boards
from geo.graph import RoadGraph, graph_from_arcs, parts, subgraph
from geo.profiles import Profile
from geo.report import Dropped, DropReason, NoticeKind, Notices
from geo.segments import split_segments, travel_ms
from geo.ways import OPEN, REASONS, WayTable


class Assembly:
    """The segments of all ways, shared by every profile."""

    def __init__(self, ways: WayTable, notices: Notices) -> None:
        ids, place_node = np.unique(ways.node, return_inverse=True)
        lon, lat = np.empty(ids.size), np.empty(ids.size)
        lon[place_node], lat[place_node] = ways.lon, ways.lat
        run = ways.places()
        joined = np.flatnonzero((run[:-1] == run[1:]) & (place_node[:-1] != place_node[1:]))
        tail, head = place_node[joined].astype(np.int32), place_node[joined + 1].astype(np.int32)
        self._ways = ways
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
        kept = subgraph(whole, part == 0)
        if kept.num_arcs == 0:
            raise EmptyRoadsError(f"no two places of the extract are joined both ways for the profile {profile.name}")
        islands = int(part.max())
        lost = Dropped(profile.name, DropReason.ISLAND, islands, round(whole.road_km() - kept.road_km(), 3))
        return kept, (*self._closed(profile), *((lost,) if islands else ()))

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
        waiting = np.rint(self._ways.boarding[profile.name][self._way[segment]] * 1000).astype(np.int32)
        graph = graph_from_arcs(
            lon, lat, tails, heads, self._length_mm[segment],
            travel_ms(self._length_mm[segment], kph) + waiting * aboard, road_class,
            profile=profile.name, access_kph=profile.access_kph,
        )  # fmt: skip
        touched = np.zeros(lon.size, dtype=np.bool_)
        touched[tails] = touched[heads] = True
        return subgraph(graph, touched)

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


def _count_zero_lengths(length_mm: NDArray[np.int32], notices: Notices) -> None:
    count = int((length_mm == 0).sum())
    if count:
        notices.begin("")
        notices.add(NoticeKind.ZERO_LENGTH, "two nodes at one place", count)

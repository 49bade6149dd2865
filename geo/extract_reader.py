"""Goes through an OpenStreetMap extract and collects what concerns roads."""

from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import osmium

from geo.clipping import Box, Clip
from geo.errors import ExtractError
from geo.extract_file import sound_objects
from geo.ferries import Ferry, boarding_seconds, ferry_record, ferry_speeds, is_ferry
from geo.ferry_lines import FerryLine, FerryWay, ferry_line, is_ashore, with_lines
from geo.ferry_overrides import FerryOverride
from geo.profiles import FERRY, Profile, SpeedTable
from geo.report import DropReason, NoticeKind, Notices, RoadProgress
from geo.restrictions import read_restrictions
from geo.runs import read_runs
from geo.tags import barrier_stops, node_directions, node_seconds, way_speeds
from geo.ways import NodeDelay, WayCollector

_KEYS = ("highway", "route", "barrier", "railway", "type")  # objects without any of these never concern us
_MANY_WAYS = 5_000
_STEP = 20_000  # objects between two reports of progress
_UNITS = 10_000_000  # osmium's integer coordinates in a degree
_BEYOND_KM = 10.0  # how far around a clip nodes are known, to let roads reach its edge and ferries cross the sea


class ExtractReader:
    """
    Goes once through an extract and collects its ways, barriers and oddities.

    Ferry ways wait for the end, because their lines come after them. Only where a line has members that are no ferries
    of their own are the ways read a second time, for these.
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        table: SpeedTable,
        notices: Notices,
        *,
        overrides: Mapping[int, FerryOverride],
        clip: Clip | None,
    ) -> None:
        self.ways = WayCollector([profile.name for profile in profiles])
        self._profiles = profiles
        self._table = table
        self._notices = notices
        self.ferries: list[Ferry] = []
        self._overrides = overrides
        self._clip = clip
        self._relations = 0
        self._ferry_ways: dict[int, FerryWay] = {}
        self._ferry_lines: list[FerryLine] = []
        self._concerns = {"oneway", "maxspeed"}.union(*(profile.keys for profile in profiles))

    def read(self, extract: Path, file: osmium.io.File, report: RoadProgress) -> None:
        """
        Read everything.

        Raises
        ------
        NotExtractError, CutOffError, ExtractError
            When osmium finds fault with the file.
        """
        objects = osmium.FileProcessor(file)
        located = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
        located.ignore_errors()
        if self._clip is not None:
            objects.with_filter(_Near(self._clip.box_around(_BEYOND_KM)))
        objects.with_filter(located).with_filter(osmium.filter.KeyFilter(*_KEYS))
        for count, thing in enumerate(sound_objects(extract, objects)):
            if count % _STEP == 0:
                report("read", count, None)
            try:
                self._take(thing)
            except UnicodeDecodeError as error:
                raise ExtractError(f"{extract.name}, object {thing.id}: its tags are no UTF-8") from error
        self._add_ferries(self._read_members(extract, file, located))
        if self._relations == 0 and len(self.ways) > _MANY_WAYS:
            self._notices.begin("")
            self._notices.add(NoticeKind.NO_RELATIONS, f"{len(self.ways)} ways and no relation")

    def _read_members(self, extract: Path, file: osmium.io.File, located: Any) -> set[int]:
        """Read the ways that their line alone makes ferries; tell which members lie ashore."""
        ashore: set[int] = set()
        wanted = {way for line in self._ferry_lines for way in line.ways} - self._ferry_ways.keys()
        if not wanted:
            return ashore
        ways = osmium.FileProcessor(file, osmium.osm.WAY)
        ways.with_filter(osmium.filter.IdFilter(wanted)).with_filter(located)
        for way in sound_objects(extract, ways):
            tags = dict(way.tags)
            if is_ashore(tags):
                ashore.add(way.id)
            else:
                self._take_ferry(way, tags)
        return ashore

    def _take(self, thing: Any) -> None:
        if thing.is_way():
            self._take_way(thing)
        elif thing.is_node():
            self._take_node(thing.id, dict(thing.tags))
        elif thing.is_relation():
            self._take_relation(thing)

    def _take_node(self, node: int, tags: Mapping[str, str]) -> None:
        self._notices.begin(f"node {node}")
        for profile in self._profiles:
            if "barrier" in tags and barrier_stops(tags, profile, self._table, self._notices):
                self.ways.add_barrier(profile.name, node)
            elif seconds := node_seconds(tags, profile):
                self.ways.add_delay(profile.name, NodeDelay(node, seconds, *node_directions(tags)))

    def _take_way(self, way: Any) -> None:
        tags = dict(way.tags)
        if is_ferry(tags):
            self._take_ferry(way, tags)
        elif "highway" in tags:
            self._notices.begin(f"way {way.id}")
            runs = read_runs(way.nodes, self._clip, self._notices)
            for run in runs:
                self.ways.add_run(*run)
            if runs:
                self._add_road(way.id, tags)
            elif self._clip is None:
                self._close(way.id, DropReason.MISSING_NODES)

    def _take_ferry(self, way: Any, tags: Mapping[str, str]) -> None:
        self._notices.begin(f"way {way.id}")
        runs = read_runs(way.nodes, self._clip, self._notices, whole=True)
        if runs or self._clip is None:
            whole = sum(len(nodes) for nodes, _, _ in runs) == len(way.nodes)
            self._ferry_ways[way.id] = FerryWay(way.id, tags, runs, whole)

    def _close(self, way: int, reason: DropReason) -> None:
        self.ways.add_way(way, 0, {profile.name: reason for profile in self._profiles})

    def _add_road(self, way: int, tags: Mapping[str, str]) -> None:
        highway = tags["highway"]
        if highway not in self._table.road_class:
            known = highway in self._table.not_a_road
            if not known:
                self._notices.add(NoticeKind.ODD_VALUE, f"highway={highway}")
            self._close(way, DropReason.NOT_A_ROAD if known else DropReason.UNKNOWN_CLASS)
            return
        self._note_conditions(tags)
        self.ways.add_way(
            way,
            self._table.road_class[highway],
            {p.name: way_speeds(tags, p, self._table, self._notices) for p in self._profiles},
            road_name=tags.get("name") or tags.get("ref", ""),
        )

    def _add_ferries(self, ashore: Set[int]) -> None:
        """Add the ferry ways, with what their lines and the overrides say of them."""
        lines = self._ferry_lines
        if self._clip is not None:  # lines elsewhere in the country are nobody's fault
            lines = [line for line in lines if not self._ferry_ways.keys().isdisjoint(line.ways)]
        for ferry in with_lines(self._ferry_ways, lines, ashore, self._notices):
            self._notices.begin(f"way {ferry.way}")
            for run in ferry.runs:
                self.ways.add_run(*run)
            if ferry.runs:
                self._add_ferry(ferry)
            else:
                self._close(ferry.way, DropReason.MISSING_NODES)
        for way in sorted(self._overrides.keys() - self._ferry_ways.keys()):
            self._notices.begin(f"way {way}")
            self._notices.add(NoticeKind.FERRY_OVERRIDE, f"way {way}")

    def _add_ferry(self, ferry: FerryWay) -> None:
        override = self._overrides.get(ferry.way) or FerryOverride(ferry.way)
        tags = override.over(ferry.tags)
        timed = ferry.timed_metres if override.crossing is None else ferry.metres
        self._note_conditions(tags)
        speeds = {
            p.name: ferry_speeds(tags, timed, p, self._notices, boards=override.boards.get(p.name))
            for p in self._profiles
        }
        boarding = {
            p.name: boarding_seconds(tags, p, self._notices) if override.boarding is None else float(override.boarding)
            for p in self._profiles
        }
        self.ways.add_way(ferry.way, FERRY, speeds, road_name=tags.get("name", ""), boarding=boarding)
        self.ferries.append(ferry_record(ferry.way, tags, ferry.metres, speeds, boarding, self._notices))

    def _note_conditions(self, tags: Mapping[str, str]) -> None:
        for key in tags:
            if key.endswith(":conditional") and key.partition(":")[0] in self._concerns:
                self._notices.add(NoticeKind.CONDITIONAL, key)

    def _take_relation(self, relation: Any) -> None:
        self._relations += 1
        tags = dict(relation.tags)
        members = [(member.type, member.ref, member.role) for member in relation.members]
        self._notices.begin(f"relation {relation.id}")
        if tags.get("type") == "restriction":
            self.ways.add_restrictions(read_restrictions(relation.id, tags, members, self._profiles, self._notices))
        elif tags.get("type") == "route" and tags.get("route") == "ferry":
            self._ferry_lines.append(ferry_line(relation.id, tags, members, self._notices))


class _Near:
    """Lets osmium forget the nodes outside a box: it drops the objects for which a handler's answer is True."""

    def __init__(self, box: Box) -> None:
        self._west, self._south, self._east, self._north = (round(degrees * _UNITS) for degrees in box)

    def node(self, node: Any) -> bool:
        place = node.location
        return not (self._west <= place.x <= self._east and self._south <= place.y <= self._north)

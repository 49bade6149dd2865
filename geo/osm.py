"""Reads an OpenStreetMap extract into road graphs."""

import hashlib
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import osmium

from geo.assembly import Assembly
from geo.coordinates import haversine
from geo.errors import ExtractError
from geo.ferries import boarding_seconds, ferry_speeds, is_ferry
from geo.graph import RoadGraph, Roads
from geo.profiles import FERRY, PROFILE_NAMES, Profile, SpeedTable, default_speed_table
from geo.report import BuildReport, Dropped, DropReason, NoticeKind, Notices
from geo.tags import barrier_stops, way_speeds
from geo.ways import WayCollector

BuildProgress = Callable[[str, int, int | None], None]
"""Called with a stage (`hash`, `read`, `build`), how much of it is done, and how much there is, if known."""

_KEYS = ("highway", "route", "barrier", "type")  # objects without any of these never concern us
_STEP = 20_000  # objects between two reports of progress
_CHUNK = 1 << 20


def read_roads(
    extract: Path,
    *,
    profiles: Sequence[str] = PROFILE_NAMES,
    table: SpeedTable | None = None,
    on_progress: BuildProgress | None = None,
) -> Roads:
    """
    Build one road graph a profile from an extract.

    Parameters
    ----------
    extract
        `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`, nodes before ways as every extract has them.
    profiles
        Names in the table of speeds.
    table
        Speeds and rights; None = those of the package.
    on_progress
        Told about every stage.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    ExtractError
        When it cannot be read as OpenStreetMap data.
    EmptyRoadsError
        When a profile has no usable road in it.
    """
    report = on_progress or _silent
    speeds = table or default_speed_table()
    vehicles = _vehicles(profiles, speeds)
    digest = _sha256(extract, report)
    notices = Notices()
    reader = _ExtractReader(vehicles, speeds, notices)
    reader.read(extract, report)
    assembly = Assembly(reader.ways.table(), notices)
    graphs: dict[str, RoadGraph] = {}
    dropped: list[Dropped] = []
    for done, vehicle in enumerate(vehicles):
        report("build", done, len(vehicles))
        graphs[vehicle.name], lost = assembly.graph(vehicle)
        dropped.extend(lost)
    report("build", len(vehicles), len(vehicles))
    kept = tuple(graph.size() for graph in graphs.values())
    return Roads(
        graphs=graphs,
        source=extract.name,
        sha256=digest,
        report=BuildReport(kept, tuple(dropped), notices.all()),
    )


def _silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def _vehicles(names: Sequence[str], table: SpeedTable) -> list[Profile]:
    unknown = [name for name in names if name not in table.profiles]
    if unknown or not names:
        raise ValueError(f"profiles are some of {sorted(table.profiles)}, got {list(names)}")
    return [table.profiles[name] for name in names]


def _sha256(path: Path, report: BuildProgress) -> str:
    total, done, digest = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            report("hash", done, total)
    return digest.hexdigest()


class _ExtractReader:
    """Goes once through an extract and collects its ways, barriers and oddities."""

    def __init__(self, profiles: Sequence[Profile], table: SpeedTable, notices: Notices) -> None:
        self.ways = WayCollector([profile.name for profile in profiles])
        self._profiles = profiles
        self._table = table
        self._notices = notices
        self._ferry_ways: set[int] = set()
        self._concerns = {"oneway", "maxspeed"}.union(*(profile.keys for profile in profiles))

    def read(self, extract: Path, report: BuildProgress) -> None:
        """Read everything; osmium tells of a broken file by a RuntimeError."""
        try:
            objects = osmium.FileProcessor(str(extract)).with_locations()
            objects.with_filter(osmium.filter.KeyFilter(*_KEYS))
            for count, thing in enumerate(objects):
                if count % _STEP == 0:
                    report("read", count, None)
                self._take(thing)
        except RuntimeError as error:
            raise ExtractError(f"{extract.name} cannot be read as OpenStreetMap data: {error}") from error

    def _take(self, thing: Any) -> None:
        if thing.is_way():
            self._take_way(thing)
        elif thing.is_node():
            if "barrier" in thing.tags:
                self._take_barrier(thing.id, dict(thing.tags))
        elif thing.is_relation():
            self._take_relation(thing)

    def _take_barrier(self, node: int, tags: Mapping[str, str]) -> None:
        self._notices.begin(f"node {node}")
        for profile in self._profiles:
            if barrier_stops(tags, profile, self._table, self._notices):
                self.ways.add_barrier(profile.name, node)

    def _take_way(self, way: Any) -> None:
        tags = dict(way.tags)
        if not (is_ferry(tags) or "highway" in tags):
            return
        self._notices.begin(f"way {way.id}")
        runs = _runs(way.nodes)
        skipped = len(way.nodes) - sum(map(len, runs))
        if skipped:
            self._notices.add(NoticeKind.NODE_SKIPPED, "node without coordinates, or alone beside one", skipped)
        for run in runs:
            self.ways.add_run([n.ref for n in run], [n.lon for n in run], [n.lat for n in run])
        if not runs:
            self._close(DropReason.MISSING_NODES)
        elif is_ferry(tags):
            self._ferry_ways.add(way.id)
            self._add_ferry(tags, sum(map(_metres, runs)))
        else:
            self._add_road(tags)

    def _close(self, reason: DropReason) -> None:
        self.ways.add_way(0, {profile.name: reason for profile in self._profiles})

    def _add_road(self, tags: Mapping[str, str]) -> None:
        highway = tags["highway"]
        if highway not in self._table.road_class:
            known = highway in self._table.not_a_road
            if not known:
                self._notices.add(NoticeKind.ODD_VALUE, f"highway={highway}")
            self._close(DropReason.NOT_A_ROAD if known else DropReason.UNKNOWN_CLASS)
            return
        self._note_conditions(tags)
        self.ways.add_way(
            self._table.road_class[highway],
            {p.name: way_speeds(tags, p, self._table, self._notices) for p in self._profiles},
        )

    def _add_ferry(self, tags: Mapping[str, str], metres: float) -> None:
        self._note_conditions(tags)
        self.ways.add_way(
            FERRY,
            {p.name: ferry_speeds(tags, metres, p, self._notices) for p in self._profiles},
            {p.name: boarding_seconds(tags, p, self._notices) for p in self._profiles},
        )

    def _note_conditions(self, tags: Mapping[str, str]) -> None:
        for key in tags:
            if key.endswith(":conditional") and key.partition(":")[0] in self._concerns:
                self._notices.add(NoticeKind.CONDITIONAL, key)

    def _take_relation(self, relation: Any) -> None:
        tags = relation.tags
        self._notices.begin(f"relation {relation.id}")
        if tags.get("type") == "restriction":
            kinds = sorted(f"{t.k}={t.v.partition(' @')[0]}" for t in tags if t.k.startswith("restriction"))
            self._notices.add(NoticeKind.RESTRICTION_IGNORED, kinds[0] if kinds else "restriction without a kind")
        elif tags.get("route") == "ferry":
            missed = sum(m.type == "w" and m.ref not in self._ferry_ways for m in relation.members)
            if missed:
                self._notices.add(NoticeKind.FERRY_RELATION, "member ways without route=ferry", missed)


def _runs(nodes: Iterable[Any]) -> list[list[Any]]:
    """Following nodes that all have coordinates, two at least."""
    groups = itertools.groupby(nodes, key=lambda node: node.location.valid())
    runs = (list(group) for valid, group in groups if valid)
    return [run for run in runs if len(run) > 1]


def _metres(run: Sequence[Any]) -> float:
    lon, lat = np.array([n.lon for n in run]), np.array([n.lat for n in run])
    return float(haversine(lon[:-1], lat[:-1], lon[1:], lat[1:]).sum())

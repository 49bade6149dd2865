"""Reads an OpenStreetMap extract into road graphs."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import osmium

from geo.assembly import Assembly
from geo.clipping import Clip, box_text
from geo.errors import EmptyClipError
from geo.extract_file import open_extract
from geo.extract_reader import ExtractReader
from geo.ferry_overrides import FerryOverride
from geo.graph import RoadGraph
from geo.profiles import PROFILE_NAMES, Profile, SpeedTable, default_speed_table
from geo.report import BuildReport, Dropped, Notices, RoadProgress
from geo.roads import Roads

_CHUNK = 1 << 20


def read_roads(
    extract: Path,
    *,
    profiles: Sequence[str] = PROFILE_NAMES,
    table: SpeedTable | None = None,
    ferry_overrides: Mapping[int, FerryOverride] | None = None,
    clip: Clip | None = None,
    on_progress: RoadProgress | None = None,
) -> Roads:
    """
    Build one road graph a profile from an extract, or from a part of it.

    A clip keeps the pieces of road of which an end lies inside, and every ferry that calls there, whole. Nodes
    further than 10 km outside its box are not even remembered, so that memory follows the clip, not the country.

    Parameters
    ----------
    extract
        `.osm.pbf`, `.osm`, `.osm.gz` or `.osm.bz2`, nodes before ways as every extract has them.
    profiles
        Names in the table of speeds.
    table
        Speeds and rights; None = those of the package.
    ferry_overrides
        What is known better than the map about its ferries, by way id; see `ferry_overrides.read_ferry_overrides`.
    clip
        The area wanted; None = everything.
    on_progress
        Told about every stage.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    NotExtractError, CutOffError, ExtractError
        When it is something else, ends too early, or is damaged or not to be opened.
    EmptyClipError
        When no road lies inside the clip.
    EmptyRoadsError
        When a profile has no usable road in it.
    """
    report = on_progress or _silent
    speeds = table or default_speed_table()
    vehicles = _vehicles(profiles, speeds)
    file = open_extract(extract)
    digest = _sha256(extract, report)
    notices = Notices()
    reader = ExtractReader(vehicles, speeds, notices, overrides=ferry_overrides or {}, clip=clip)
    reader.read(extract, file, report)
    if clip is not None and not reader.ways:
        raise EmptyClipError(_apart(extract.name, file, clip))
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
        source=extract.name if clip is None else f"{extract.name} ({clip.title})",
        sha256=digest if clip is None else hashlib.sha256(f"{digest} {clip.sha256}".encode()).hexdigest(),
        report=BuildReport(kept, tuple(dropped), notices.all()),
        ferries=tuple(sorted(reader.ferries, key=lambda ferry: ferry.way)),
    )


def _silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def _vehicles(names: Sequence[str], table: SpeedTable) -> list[Profile]:
    unknown = [name for name in names if name not in table.profiles]
    if unknown or not names:
        raise ValueError(f"profiles are some of {sorted(table.profiles)}, got {list(names)}")
    return [table.profiles[name] for name in names]


def _sha256(path: Path, report: RoadProgress) -> str:
    total, done, digest = path.stat().st_size, 0, hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            done += len(chunk)
            report("hash", done, total)
    return digest.hexdigest()


def _apart(name: str, file: osmium.io.File, clip: Clip) -> str:
    """Say that nothing was kept, and where the extract and the clip lie."""
    west, south, east, north = 180.0, 90.0, -180.0, -90.0
    nodes: Iterable[Any] = osmium.FileProcessor(file, osmium.osm.NODE)
    for node in nodes:
        if node.location.valid():
            west, east = min(west, node.lon), max(east, node.lon)
            south, north = min(south, node.lat), max(north, node.lat)
    found = f"reaches from {box_text((west, south, east, north))}" if west <= east else "has no places at all"
    return f"no road of {name} lies inside {clip.title}: the extract {found}, the clip from {box_text(clip.bounds)}"

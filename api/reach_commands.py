"""`duongthu roads matrix` and `duongthu roads reach`: ways between points, and what is reached from them."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator, Sequence
from io import TextIOWrapper
from itertools import repeat
from pathlib import Path
from typing import IO, Annotated, Any, TypeVar

import numpy as np
import shapely
import typer
from numpy.typing import NDArray

from api.commands.console import DEFAULT_LANG, AsJson, Lang, Voice, language
from api.errors import InputError, RowError
from api.network.reader import BUILT_SUFFIX
from api.road_files import Stages, read_file, unusable
from api.road_points import Point, bring_to_road, points_at, read_points
from api.targets import require_target, whole_file
from geo.contracted import ContractedRoads
from geo.errors import TooFarError
from geo.graph import RoadGraph
from geo.matrix import UNREACHABLE, TravelMatrix, travel_matrix
from geo.osm import read_roads
from geo.profiles import default_speed_table
from geo.reach import Reach, reach_within, road_pieces
from geo.reach_areas import area_km2, reach_areas
from geo.road_file import is_road_file
from geo.roads import Roads

T = TypeVar("T")

NAMED_PAIRS = 10
"""Pairs without a path that are named; the rest is counted."""
MOST_MINUTES = 1440

RoadFile = Annotated[
    Path, typer.Argument(help="Road file written by `roads build`, or an OpenStreetMap extract.", show_default=False)
]
Profile = Annotated[str, typer.Option("--profile", help="Who drives: motorbike, van, walk.")]
Wave = Annotated[
    str | None, typer.Option("--wave", help="Wave whose traffic counts, as named when the roads were built.")
]
Closed = Annotated[
    list[int] | None,
    typer.Option("--closed", help="Way of the map that is closed: a ferry, a flooded road; may repeat."),
]
Radius = Annotated[int, typer.Option("--radius", min=0, help="Furthest road from a point, metres.")]


def matrix_command(
    file: RoadFile,
    points: Annotated[Path, typer.Argument(help="Points: a CSV file with id, lon, lat.", show_default=False)],
    out: Annotated[
        Path, typer.Option("--out", help="Matrix to write, metres and seconds: .csv (one pair a row) or .npz.")
    ],
    profile: Profile = "motorbike",
    wave: Wave = None,
    closed: Closed = None,
    radius: Radius = 2000,
    strict: Annotated[bool, typer.Option("--strict", help="Refuse pairs that no path joins.")] = False,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Đo mọi cặp điểm / Measure the ways between all points: metres and seconds, there and back."""
    began = time.monotonic()
    voice = Voice(language(lang), as_json)
    _check_target(out, (".csv", ".npz"), (file, points))
    places = read_points(points)
    roads, contracted = _open_roads(voice, file, profile, wave, frozenset(closed or ()))
    snapped = bring_to_road(contracted.graph, places, radius_m=radius)
    with voice.stage("Đo các cặp điểm", "Measuring all pairs"):
        matrix = _exact(file, lambda: travel_matrix(contracted, snapped))
    missing = np.argwhere(matrix.durations == UNREACHABLE)
    if strict and missing.size:
        raise InputError(_unreachable(places, missing))
    voice.warn(_unreachable(places, missing))
    with voice.stage("Ghi ma trận", "Writing the matrix") as stage, whole_file(out) as target:
        if out.suffix.casefold() == ".npz":
            _write_npz(target, places, matrix, roads, profile)
        else:
            for done in _write_csv(target, places, matrix):
                stage.advance(done, len(places))
    seconds = round(time.monotonic() - began, 3)
    count = f"{voice.number(len(places))} x {voice.number(len(places))}"
    voice.say(f"Đã ghi {out}: {count}, {seconds:.1f} giây.", f"Wrote {out}: {count}, {seconds:.1f} s.")
    facts = {"points": len(places), "unreachable": len(missing), "seconds": seconds}
    voice.result({"out": str(out), **_origin(roads, profile), **facts})


def reach_command(
    file: RoadFile,
    minutes: Annotated[str, typer.Option("--minutes", help="Limits, minutes: 10,20,30.")],
    out: Annotated[Path, typer.Option("--out", help="Areas to write: .geojson.")],
    points: Annotated[
        Path | None, typer.Argument(help="Points: a CSV file with id, lon, lat; else --lon and --lat.")
    ] = None,
    lon: Annotated[list[float] | None, typer.Option("--lon", help="Longitude, degrees; may be repeated.")] = None,
    lat: Annotated[list[float] | None, typer.Option("--lat", help="Latitude, degrees; one for each --lon.")] = None,
    profile: Profile = "motorbike",
    wave: Wave = None,
    closed: Closed = None,
    towards: Annotated[
        bool, typer.Option("--towards", help="From where a point is reached, not what is reached from one.")
    ] = False,
    buffer: Annotated[
        float, typer.Option("--buffer", min=1, max=5000, help="How far a reached road reaches, metres.")
    ] = 150.0,
    radius: Radius = 2000,
    as_json: AsJson = False,
    lang: Lang = DEFAULT_LANG,
) -> None:
    """Vùng tới được / Draw what is reached within a time from the nearest of some points."""
    began = time.monotonic()
    voice = Voice(language(lang), as_json)
    limits = _limits(minutes)
    _check_target(out, (".geojson", ".json"), (file,) if points is None else (file, points))
    places = _places(points, lon or [], lat or [])
    roads, contracted = _open_roads(voice, file, profile, wave, frozenset(closed or ()))
    snapped = bring_to_road(contracted.graph, places, radius_m=radius)
    with voice.stage("Tìm vùng tới được", "Finding what is reached"):
        reached = _exact(file, lambda: reach_within(contracted, snapped, limits, towards=towards))
        areas = reach_areas(contracted.graph, reached, buffer_m=buffer)
    origin = _origin(roads, profile)
    features = [_feature(contracted, found, area, origin) for found, area in zip(reached, areas, strict=True)]
    collection = {
        "type": "FeatureCollection",
        "properties": {**origin, "towards": towards, "points": [[place.lon, place.lat] for place in places]},
        "features": features[::-1],  # the smaller areas lie on top
    }
    with whole_file(out) as target:
        target.write((json.dumps(collection, ensure_ascii=False) + "\n").encode())
    told = [feature["properties"] for feature in features]
    access = int(snapped.access(contracted.graph)[1].min())
    voice.warn(_nothing_reached(out, row["minutes"], access) for row in told if not row["nodes"])
    seconds = round(time.monotonic() - began, 3)
    _tell(voice, told)
    voice.say(f"Đã ghi {out} ({seconds:.1f} giây).", f"Wrote {out} ({seconds:.1f} s).")
    voice.result({"out": str(out), **origin, "reached": told, "seconds": seconds})


def _open_roads(
    voice: Voice, file: Path, profile: str, wave: str | None, closed: frozenset[int]
) -> tuple[Roads, ContractedRoads]:
    """Load a road file, or build the roads of one profile from an extract, at a time of day."""
    built = file.suffix == BUILT_SUFFIX or (file.is_file() and read_file(file, is_road_file))
    with Stages(voice) as stages:
        if built:
            roads = read_file(file, Roads.load)
            _need_profile(file, profile, list(roads))
        else:
            _need_profile(file, profile, list(default_speed_table().profiles))
            roads = read_file(file, lambda path: read_roads(path, profiles=[profile], on_progress=stages))
        _need_time(file, roads[profile], wave, closed)
        contracted = roads.contracted(profile, wave=wave, closed=closed, on_progress=stages)
    if roads.synthetic:
        voice.note("ĐƯỜNG MÔ PHỎNG, không phải đường thật.", "SYNTHETIC ROADS, no real ones.")
    return roads, contracted


def _exact(file: Path, measure: Callable[[], T]) -> T:
    try:
        return measure()
    except TooFarError as error:
        raise unusable(file.name, error) from error


def _need_profile(file: Path, profile: str, known: Sequence[str]) -> None:
    if profile in known:
        return
    has = ", ".join(known)
    message_vi, message_en = (
        f"không có phương tiện “{profile}”; chỉ có: {has}",
        f"there is no profile “{profile}”; there are: {has}",
    )
    raise InputError([RowError(file.name, None, None, "unknown_profile", message_vi, message_en)])


def _need_time(file: Path, graph: RoadGraph, wave: str | None, closed: frozenset[int]) -> None:
    """Refuse a wave without traffic, and ways that are not there: they would change nothing without a word."""
    rows = []
    if wave is not None and wave not in graph.traffic:
        has = ", ".join(graph.traffic) or "-"
        texts = f"không có ca “{wave}”; chỉ có: {has}", f"there is no wave “{wave}”; there are: {has}"
        rows.append(RowError(file.name, None, None, "unknown_wave", *texts))
    for way in sorted(closed - set(np.unique(graph.way).tolist())):
        texts = f"không có way {way} cho {graph.profile}", f"no way {way} is there for {graph.profile}"
        rows.append(RowError(file.name, None, None, "unknown_way", *texts))
    if rows:
        raise InputError(rows)


def _places(file: Path | None, lon: Sequence[float], lat: Sequence[float]) -> tuple[Point, ...]:
    if file is not None and not lon and not lat:
        return read_points(file)
    if file is None and lon and len(lon) == len(lat):
        return points_at(zip(lon, lat, strict=True), "--lon --lat")
    raise typer.BadParameter(
        "Cần tệp điểm, hoặc --lon và --lat đi thành cặp / Needs a file of points, or --lon and --lat in pairs",
        param_hint="--lon, --lat",
    )


def _limits(text: str) -> list[int]:
    """Seconds, ascending."""
    try:
        limits = sorted({round(float(word) * 60) for word in text.split(",")})
    except (ValueError, OverflowError):
        limits = [0]
    if not 0 < limits[0] <= limits[-1] <= MOST_MINUTES * 60:
        need = f"10,20,30; > 0, <= {MOST_MINUTES}"
        raise typer.BadParameter(f"Cần số phút / Needs minutes: {need}: {text!r}", param_hint="--minutes")
    return limits


def _check_target(out: Path, suffixes: Sequence[str], inputs: Sequence[Path]) -> None:
    """Refuse before the work what could not be written after it, and never overwrite what was read."""
    if out.suffix.casefold() not in suffixes:
        raise typer.BadParameter(f"{' / '.join(suffixes)}: {out}", param_hint="--out")
    require_target(out, inputs)


def _unreachable(places: Sequence[Point], pairs: NDArray[np.intp]) -> list[RowError]:
    """Name the first pairs without a path, and count the others."""
    rows = []
    for start, end in pairs[:NAMED_PAIRS].tolist():
        a, b = places[start], places[end]
        message_vi = f"không có đường đi từ {a.code} đến {b.code} (dòng {b.source.row})"
        message_en = f"no path leads from {a.code} to {b.code} (row {b.source.row})"
        rows.append(RowError(a.source.file, a.source.row, None, "unreachable", message_vi, message_en))
    if more := len(pairs) - len(rows):
        message_vi, message_en = f"và {more} cặp điểm khác không có đường đi", f"and {more} more pairs without a path"
        rows.append(RowError(places[0].source.file, None, None, "unreachable", message_vi, message_en))
    return rows


def _write_csv(target: IO[bytes], places: Sequence[Point], matrix: TravelMatrix) -> Iterator[int]:
    """Write a row a pair, empty where there is no path; yields how many points are done."""
    text = TextIOWrapper(target, encoding="utf-8-sig", newline="")  # spreadsheets then show Vietnamese letters
    writer = csv.writer(text)
    writer.writerow(("from", "to", "metres", "seconds"))
    codes = [place.code for place in places]
    for row, code in enumerate(codes):
        cells = (["" if cell == UNREACHABLE else cell for cell in side[row].tolist()]
                 for side in (matrix.distances, matrix.durations))  # fmt: skip
        writer.writerows(zip(repeat(code), codes, *cells, strict=False))
        yield row + 1
    text.flush()
    text.detach()


def _write_npz(target: IO[bytes], places: Sequence[Point], matrix: TravelMatrix, roads: Roads, profile: str) -> None:
    """`metres` and `seconds`, int32, rows are from, columns to; 2147483647 where there is no path."""
    np.savez(
        target,
        ids=np.array([place.code for place in places]),
        metres=matrix.distances,
        seconds=matrix.durations,
        profile=np.array(profile),
        synthetic=np.array(roads.synthetic),
    )


def _origin(roads: Roads, profile: str) -> dict[str, Any]:
    """Which roads an answer is about."""
    return {"profile": profile, "source": roads.source, "sha256": roads.sha256, "synthetic": roads.synthetic}


def _feature(
    roads: ContractedRoads, found: Reach, area: shapely.MultiPolygon, origin: dict[str, Any]
) -> dict[str, Any]:
    properties = {
        "minutes": found.seconds / 60 if found.seconds % 60 else found.seconds // 60,
        "profile": origin["profile"],
        "towards": found.towards,
        "nodes": int(found.nodes.size),
        "road_km": round(road_pieces(roads.graph, found).km(), 3),
        "area_km2": round(area_km2(area), 3),
        "synthetic": origin["synthetic"],
    }
    return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(area)}


def _nothing_reached(out: Path, minutes: float, access: int) -> RowError:
    return RowError(
        file=out.name,
        row=None,
        column=None,
        code="nothing_reached",
        message_vi=f"trong {minutes:g} phút chưa ra tới đường: từ điểm gần đường nhất đã mất {access} giây",
        message_en=f"within {minutes:g} minutes not even a road is reached: the nearest one takes {access} s",
    )


def _tell(voice: Voice, rows: Sequence[dict[str, Any]]) -> None:
    for row in rows:
        nodes, km, km2 = voice.number(row["nodes"]), voice.number(row["road_km"], 1), voice.number(row["area_km2"], 1)
        voice.say(
            f"{row['minutes']:g} phút: {nodes} nút, {km} km đường, {km2} km²",
            f"{row['minutes']:g} min: {nodes} nodes, {km} km of road, {km2} km²",
        )

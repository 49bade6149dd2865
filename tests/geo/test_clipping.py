import hashlib
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from geo.clipping import Clip, box_clip, read_clip
from geo.coordinates import haversine
from geo.errors import ClipError, EmptyClipError, EmptyRoadsError
from geo.extract_file import open_extract
from geo.extract_reader import ExtractReader
from geo.osm import read_roads
from geo.profiles import default_speed_table
from geo.report import NoticeKind, Notices
from geo.roads import Roads
from geo.ways import WayTable
from tests.geo.samples import DEGREE, Extract, arcs_by_place, square

RING: list[list[float]] = [[105, 10], [105.1, 10], [105.1, 10.1], [105, 10.1], [105, 10]]
HOLE = [[105.04, 10.04], [105.06, 10.04], [105.06, 10.06], [105.04, 10.06], [105.04, 10.04]]
POLYGON: dict[str, Any] = {"type": "Polygon", "coordinates": [RING]}
EAST: dict[str, Any] = {"type": "Polygon", "coordinates": [[[x + 0.1, y] for x, y in RING]]}
FAR: dict[str, Any] = {"type": "Polygon", "coordinates": [[[x + 2, y] for x, y in RING]]}
OUTSIDE = "way outside the clip"
CUT = "way cut at the edge of the clip, or at nodes without coordinates"


def feature(geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"name": "Xã Mỹ Hòa"}, "geometry": geometry}


def collection(*geometries: Any) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": [feature(geometry) for geometry in geometries]}


def write(folder: Path, data: Any) -> Path:
    path = folder / "area.geojson"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return path


def outside(roads: Roads) -> dict[str, int]:
    return {notice.detail: notice.count for notice in roads.report.notices if notice.kind is NoticeKind.OUTSIDE}


@pytest.mark.parametrize(
    ("data", "bounds"),
    [
        (POLYGON, (105, 10, 105.1, 10.1)),
        (feature(POLYGON), (105, 10, 105.1, 10.1)),
        (collection(POLYGON, EAST), (105, 10, 105.2, 10.1)),
        ({"type": "MultiPolygon", "coordinates": [[RING], FAR["coordinates"]]}, (105, 10, 107.1, 10.1)),
        ({"type": "Polygon", "coordinates": [[[x, y, 3.5] for x, y in RING]]}, (105, 10, 105.1, 10.1)),
    ],
    ids=["polygon", "feature", "collection", "multipolygon", "heights"],
)
def test_boundary_is_read_from_every_kind_of_geojson(tmp_path: Path, data: Any, bounds: tuple[float, ...]) -> None:
    clip = read_clip(write(tmp_path, data))
    assert clip.bounds == pytest.approx(bounds)
    assert clip.title == "area.geojson"


def test_hole_is_outside_and_edge_is_inside(tmp_path: Path) -> None:
    clip = read_clip(write(tmp_path, {"type": "Polygon", "coordinates": [RING, HOLE]}))
    assert clip.contains([105.05, 105.02, 105.0, 104.99], [10.05, 10.02, 10.05, 10.05]).tolist() == [
        False, True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("", "area.geojson is no GeoJSON"),
        ("[" * 100_000, "area.geojson is no GeoJSON"),
        ("[1]", "got None"),
        ({"type": "Point", "coordinates": [105, 10]}, "got Point"),
        ({"type": "FeatureCollection"}, "list of features"),
        (collection(), "holds no polygon"),
        (collection(POLYGON, None), "feature 2: a boundary is a Polygon"),
        ({"type": "FeatureCollection", "features": [3]}, "feature 1"),
        ({"type": "Polygon"}, "geometry"),
        ({"type": "Polygon", "coordinates": "here"}, "geometry"),
        ({"type": "Polygon", "coordinates": []}, "no area"),
        ({"type": "Polygon", "coordinates": [RING[:2]]}, "geometry"),
        ({"type": "Polygon", "coordinates": [[[105, 10]] * 4]}, "no clean polygon: Too few points"),
        ({"type": "Polygon", "coordinates": [[[y, x] for x, y in RING]]}, "no degrees.* 10,105 to"),
        ({"type": "Polygon", "coordinates": [[[x * 1e5, y * 1e5] for x, y in RING]]}, "no degrees"),
        ('{"type": "Polygon", "coordinates": [[[105, 10], [NaN, 10], [105, 11], [105, 10]]]}', "geometry"),
        ({"type": "Polygon", "coordinates": [[RING[0], RING[2], RING[1], RING[3], RING[0]]]}, "Self-intersection"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
def test_what_is_no_boundary_is_refused_with_place_and_reason(tmp_path: Path, data: Any, reason: str) -> None:
    with pytest.raises(ClipError, match=reason) as caught:
        read_clip(write(tmp_path, data))
    assert "area.geojson" in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "106,10,105,11", "105,11,106,10", "105,10,105,11", "nan,10,106,11",
             "105,10,inf,11", "-181,10,106,11", "10,105,11,106"],
)  # fmt: skip
def test_what_is_no_box_is_refused(text: str) -> None:
    with pytest.raises(ClipError):
        box_clip(text)


@pytest.mark.parametrize("buffer_km", [-1, float("nan"), float("inf"), 1001])
def test_buffer_is_from_0_to_1000_km(buffer_km: float) -> None:
    with pytest.raises(ClipError, match="0 to 1000 km"):
        box_clip("105,10,106,11", buffer_km=buffer_km)


def test_buffer_at_the_pole_is_refused() -> None:
    assert box_clip("0,80,1,89").bounds == (0, 80, 1, 89)
    with pytest.raises(ClipError, match="equator"):
        box_clip("0,80,1,89", buffer_km=1)


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5), st.floats(0.5, 30))
def test_buffer_is_measured_in_kilometres_on_the_ground(east: float, north: float, buffer_km: float) -> None:
    clip = box_clip("105,10,105.1,10.1", buffer_km=buffer_km)
    lon, lat = 105.05 + east, 10.05 + north
    nearest = np.clip(lon, 105, 105.1), np.clip(lat, 10, 10.1)
    km = float(haversine(lon, lat, *nearest)) / 1000
    if abs(km - buffer_km) > 0.02 * buffer_km + 0.001:  # the plane is right to 1 %, the arcs are drawn by chords
        assert bool(clip.contains(lon, lat)) == (km < buffer_km)


def test_clip_is_known_by_its_shape_and_buffer() -> None:
    boxes = [("105,10,106,11", 0.0), ("105,10,106,11.5", 0.0), ("105,10,106,11", 5.0)]
    clips = [box_clip(text, buffer_km=buffer_km) for text, buffer_km in boxes]
    assert len({clip.sha256 for clip in clips}) == 3
    assert box_clip("105.0, 10, 106, 11").sha256 == clips[0].sha256
    assert [clip.title for clip in clips] == ["105,10,106,11", "105,10,106,11.5", "105,10,106,11 + 5 km"]


LINE = Extract({n: (n, 0) for n in range(10)})
"""Ten nodes along the parallel, a thousandth of a degree (about 110 m) apart."""


def line(*, path: Path, box: str, ends: tuple[int, int] = (0, 9), **tags: str) -> Roads:
    extract = Extract(dict(LINE.nodes)).way(range(ends[0], ends[1] + 1), **(tags or {"highway": "residential"}))
    return read_roads(extract.write(path), profiles=("motorbike",), clip=box_clip(box))


def places(roads: Roads) -> list[int]:
    return sorted(np.rint((roads["motorbike"].lon - 105) * 1000).astype(int).tolist())


def test_way_that_crosses_the_edge_is_cut_one_node_beyond(tmp_path: Path) -> None:
    roads = line(path=tmp_path, box="105.0025,9.9,105.0055,10.1")
    assert places(roads) == [2, 3, 4, 5, 6]
    assert outside(roads) == {CUT: 1}
    assert roads["motorbike"].road_km() == pytest.approx(4 * DEGREE * np.cos(np.radians(10)) / 1e6, abs=2e-6)


def test_way_inside_is_kept_whole_and_way_outside_is_skipped(tmp_path: Path) -> None:
    extract = square()
    extract.nodes |= {5: (8, 8), 6: (9, 9), 7: (5000, 0), 8: (5001, 0)}
    extract.way((5, 6), highway="residential").way((7, 8), highway="residential")
    path = extract.write(tmp_path)
    roads = read_roads(path, clip=box_clip("105,10,105.002,10.002"))
    assert dict(arcs_by_place(roads["van"])) == dict(arcs_by_place(square().build(tmp_path)["van"]))
    assert outside(roads) == {OUTSIDE: 2}
    assert not roads.report.dropped


def test_way_that_leaves_and_comes_back_is_cut_into_two_runs(tmp_path: Path) -> None:
    extract = Extract(dict(LINE.nodes)).way(range(10), highway="residential")
    extract.nodes |= {20: (1, 1), 21: (8, 1)}
    extract.way((1, 20), highway="residential").way((8, 21), highway="residential")
    area = collection(*({"type": "Polygon", "coordinates": [[[105 + x / 1000, y] for x, y in corners]]} for corners in (
        [(-1, 9), (2.5, 9), (2.5, 11), (-1, 11), (-1, 9)], [(6.5, 9), (12, 9), (12, 11), (6.5, 11), (6.5, 9)],
    )))  # fmt: skip
    roads = read_roads(extract.write(tmp_path), profiles=("motorbike",), clip=read_clip(write(tmp_path, area)))
    assert roads["motorbike"].num_nodes == 5  # 0, 1, 2, 3 and the spur; the other five are an island now
    assert roads.report.dropped[0].km == pytest.approx(roads["motorbike"].road_km(), rel=1e-3)
    assert outside(roads) == {CUT: 1}


def test_gap_between_two_nodes_outside_is_not_bridged(tmp_path: Path) -> None:
    area = collection(*({"type": "Polygon", "coordinates": [[[105 + x / 1000, y] for x, y in corners]]} for corners in (
        [(-1, 9), (3.5, 9), (3.5, 11), (-1, 11), (-1, 9)], [(5.5, 9), (12, 9), (12, 11), (5.5, 11), (5.5, 9)],
    )))  # fmt: skip
    extract = Extract(dict(LINE.nodes)).way((0, 1, 2, 3, 4, 5, 6, 7, 8, 9), highway="residential")
    del extract.nodes[9]
    whole = read_roads(extract.write(tmp_path), profiles=("motorbike",), clip=read_clip(write(tmp_path, area)))
    assert places(whole) == [0, 1, 2, 3, 4]  # 4 and 5 both lie outside: the piece between them does too


def test_ferry_that_calls_inside_is_kept_whole(tmp_path: Path) -> None:
    assert places(line(path=tmp_path, box="104.9,9.9,105.0005,10.1", route="ferry")) == list(range(10))


def test_node_afar_is_not_remembered_and_ends_the_road(tmp_path: Path) -> None:
    extract = Extract({1: (0, 0), 2: (1, 0), 3: (500, 0)}).way((1, 2, 3), highway="residential")
    roads = read_roads(extract.write(tmp_path), profiles=("van",), clip=box_clip("104.9,9.9,105.1,10.1"))
    assert roads["van"].num_nodes == 2
    assert outside(roads) == {CUT: 1}


def test_barrier_inside_stops_as_ever(tmp_path: Path) -> None:
    extract = square().barrier(1, barrier="bollard")
    clip = box_clip("104.9,9.9,105.1,10.1")
    path = extract.write(tmp_path)
    assert read_roads(path, clip=clip)["van"].num_nodes == read_roads(path)["van"].num_nodes == 5


def test_ferry_relation_is_not_blamed_for_ferries_outside(tmp_path: Path) -> None:
    extract = square()
    extract.nodes |= {7: (5000, 0), 8: (5001, 0)}
    extract.way((7, 8), route="ferry").relation([("way", 5, "")], type="route", route="ferry")
    roads = read_roads(extract.write(tmp_path), clip=box_clip("104.9,9.9,105.1,10.1"))
    assert {notice.kind for notice in roads.report.notices} == {NoticeKind.OUTSIDE}


def test_roads_are_known_by_extract_and_clip(tmp_path: Path) -> None:
    path, clip = square().write(tmp_path, "xa.osm"), box_clip("104.9,9.9,105.1,10.1", buffer_km=2)
    roads = read_roads(path, clip=clip)
    assert roads.source == "xa.osm (104.9,9.9,105.1,10.1 + 2 km)"
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    assert roads.sha256 == hashlib.sha256(f"{digest} {clip.sha256}".encode()).hexdigest()
    assert read_roads(path).sha256 == digest


def test_empty_clip_tells_where_both_lie(tmp_path: Path) -> None:
    with pytest.raises(EmptyClipError) as caught:
        read_roads(square().write(tmp_path), clip=box_clip("20,50,21,51"))
    assert isinstance(caught.value, EmptyRoadsError)
    assert "105.0000,10.0000 to 105.0010,10.0010" in str(caught.value)
    assert "20.0000,50.0000 to 21.0000,51.0000" in str(caught.value)


def test_extract_without_nodes_in_a_clip_is_told(tmp_path: Path) -> None:
    with pytest.raises(EmptyClipError, match="no places at all"):
        read_roads(Extract({}).write(tmp_path), clip=box_clip("20,50,21,51"))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=12), st.integers(0, 35))
def test_pieces_kept_are_those_with_an_end_inside(
    tmp_path_factory: pytest.TempPathFactory, spots: list[tuple[int, int]], west: int
) -> None:
    extract = Extract(dict(enumerate(spots, start=1)))
    extract.way(range(1, len(spots) + 1), highway="residential")
    clip = box_clip(f"{105 + (west - 0.5) / 1000},10.0095,{105 + (west + 5.5) / 1000},10.0305")
    inside = [west <= x <= west + 5 and 10 <= y <= 30 for x, y in spots]
    wanted = [a or b for a, b in itertools.pairwise(inside)]
    seen = pieces(extract.write(tmp_path_factory.mktemp("clip")), clip)
    assert seen == [(n, n + 1) for n, keep in enumerate(wanted, start=1) if keep]


def pieces(extract: Path, clip: Clip | None) -> list[tuple[int, int]]:
    """The pieces of road that a reader collects, as pairs of node ids."""
    table = collected(extract, clip)
    return [(int(table.node[i]), int(table.node[i + 1])) for i in joined(table)]


def collected(extract: Path, clip: Clip | None) -> WayTable:
    speeds = default_speed_table()
    reader = ExtractReader([speeds.profiles["van"]], speeds, Notices(), overrides={}, clip=clip)
    reader.read(extract, open_extract(extract), lambda *_: None)
    return reader.ways.table()


def joined(table: WayTable) -> NDArray[np.intp]:
    run = table.places()
    return np.flatnonzero(run[:-1] == run[1:])


@pytest.mark.slow
@pytest.mark.real_data
def test_real_clip_keeps_exactly_the_pieces_with_an_end_inside(test_data: Path) -> None:
    extract = test_data / "data" / "andorra-210622.osm.pbf"
    whole = collected(extract, None)
    inside = (whole.lon >= 1.5) & (whole.lon <= 1.55) & (whole.lat >= 42.5) & (whole.lat <= 42.53)
    wanted = [i for i in joined(whole) if inside[i] or inside[i + 1]]
    expected = [(int(whole.node[i]), int(whole.node[i + 1])) for i in wanted]
    assert len(expected) > 5_000
    assert pieces(extract, box_clip("1.5,42.5,1.55,42.53")) == expected


@pytest.mark.slow
@pytest.mark.real_data
def test_real_boundary_is_widened(test_data: Path) -> None:
    path = test_data / "data" / "communes_2025_an_giang.geojson"
    tight, wide = read_clip(path), read_clip(path, buffer_km=5)
    assert wide.region.covers(tight.region)
    assert tight.bounds[0] - wide.bounds[0] == pytest.approx(5000 / (DEGREE * np.cos(np.radians(10))), rel=0.02)

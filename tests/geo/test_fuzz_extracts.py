"""
Whatever the bytes of an extract are, reading it ends in roads or in an error of this room.

A case takes milliseconds; each block of them has a minute, so that one that hangs is seen. A soak draws thousands.
"""

import random
from collections import Counter
from pathlib import Path

import numpy as np
import osmium
import pytest

from geo.clipping import box_clip
from geo.errors import EmptyRoadsError, ExtractError, GeoError
from geo.osm import read_roads
from geo.pbf_strings import has_nul_in_strings
from geo.report import NoticeKind
from geo.roads import Roads
from tests.effort import draws
from tests.geo.mutants import ODD_VALUES, mutated, odd_extract, unpacked_pbf
from tests.geo.samples import Extract, arcs_by_place, square

BLOCK = 25
BLOCKS = range(draws(3, 120))
pytestmark = pytest.mark.timeout(60)


def outcome(path: Path, draw: random.Random) -> str:
    """What reading a file gives: `Roads`, or the name of an error; any other exception fails the test."""
    near = box_clip("104.999,9.999,105.003,10.003", buffer_km=draw.choice((0, 1)))
    try:
        roads = read_roads(path, clip=near if draw.random() < 0.3 else None)
    except GeoError as error:
        fault = error
    else:
        _check(roads)
        return "Roads"
    assert path.name in str(fault) or isinstance(fault, EmptyRoadsError)
    assert len(str(fault)) < 600
    return type(fault).__name__


def _check(roads: Roads) -> None:
    for graph in roads.values():
        assert np.isfinite(graph.lon).all()
        assert np.abs(graph.lon).max() <= 180
        assert np.abs(graph.lat).max() <= 90


@pytest.mark.slow
@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("kind", ["osm", "osm.pbf"])
@pytest.mark.parametrize("damage", [False, True], ids=["absurd", "damaged"])
def test_made_up_extract_gives_roads_or_an_error(tmp_path: Path, kind: str, damage: bool, block: int) -> None:
    found: Counter[str] = Counter()
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        draw = random.Random(seed)
        plain = odd_extract(draw).write(tmp_path, "plain.osm")
        try:
            data = plain.read_bytes() if kind == "osm" else unpacked_pbf(plain, tmp_path / "whole.osm.pbf")
        except (RuntimeError, ValueError, osmium.InvalidLocationError):
            continue  # osmium does not write such a thing; the text form of it is read in another block
        path = tmp_path / f"case.{kind}"
        path.write_bytes(mutated(draw, data) if damage else data)
        found[outcome(path, draw)] += 1
    assert found["Roads"] >= (0 if damage else BLOCK // 2), found
    assert len(found) > 1 or not damage, found


@pytest.mark.real_data
@pytest.mark.parametrize("block", BLOCKS)
def test_damaged_real_extract_gives_roads_or_an_error(test_data: Path, tmp_path: Path, block: int) -> None:
    source = test_data / "data" / "hanoi_ba_dinh.osm.pbf"
    whole = (source.read_bytes(), unpacked_pbf(source, tmp_path / "whole.osm.pbf"))
    found: Counter[str] = Counter()
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        draw = random.Random(seed)
        (tmp_path / "case.osm.pbf").write_bytes(mutated(draw, draw.choice(whole)))
        found[outcome(tmp_path / "case.osm.pbf", draw)] += 1
    assert len(found) > 1, found


@pytest.mark.parametrize("value", ODD_VALUES)
def test_no_value_of_any_tag_stops_the_rest_from_being_built(tmp_path: Path, value: str) -> None:
    keys = ("maxspeed", "oneway", "access", "surface", "width", "duration", "interval", "junction", "barrier", "foot")
    extract = square(highway="residential", **dict.fromkeys(keys, value)).way((2, 4), highway=value)
    extract.way((2, 4), route="ferry", **dict.fromkeys(keys, value)).barrier(1, barrier=value)
    assert ((0, 0), (1, 0)) in arcs_by_place(extract.build(tmp_path, "motorbike")["motorbike"])


def test_text_that_is_no_utf8_is_told_with_its_place(tmp_path: Path) -> None:
    data = unpacked_pbf(square(highway="residential", name="QQQQ").write(tmp_path), tmp_path / "a.osm.pbf")
    (tmp_path / "b.osm.pbf").write_bytes(data.replace(b"QQQQ", b"\xff\xfe\xfd\xfc"))
    with pytest.raises(ExtractError, match=r"b\.osm\.pbf, object 5: its tags are no UTF-8"):
        read_roads(tmp_path / "b.osm.pbf")


def test_road_across_the_antimeridian_goes_the_short_way(tmp_path: Path) -> None:
    extract = Extract({1: (74_990, 0), 2: (-284_990, 0)}).way((1, 2), highway="residential")  # 179.99 to -179.99
    graph = extract.build(tmp_path, "van")["van"]
    assert graph.road_km() == pytest.approx(0.02 * 111.195 * np.cos(np.radians(10)), rel=1e-4)
    assert np.abs(graph.lon).min() > 179.98


def test_piece_longer_than_any_road_is_left_out_and_told(tmp_path: Path) -> None:
    extract = square()
    extract.nodes[9] = (-105_000, -5_000)
    extract.way((1, 9, 1), highway="residential")
    roads = extract.build(tmp_path, "van")
    assert roads["van"].num_arcs == 8
    notices = [(notice.kind, notice.count) for notice in roads.report.notices]
    assert notices == [(NoticeKind.LEAP, 2)]


@pytest.mark.parametrize(("old", "new"), [(b"highway", b"high\0ay"), (b"residential", b"residentia\0")])
def test_string_with_a_nul_is_refused_before_osmium_runs_off_its_end(tmp_path: Path, old: bytes, new: bytes) -> None:
    sound = tmp_path / "sound.osm.pbf"
    data = unpacked_pbf(square().write(tmp_path), sound)
    assert old in data
    assert not has_nul_in_strings(sound)
    damaged = tmp_path / "damaged.osm.pbf"
    damaged.write_bytes(data.replace(old, new))
    with pytest.raises(ExtractError, match="NUL"):
        read_roads(damaged)

import gzip
import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import EmptyRoadsError, ExtractError
from geo.osm import read_roads
from geo.profiles import PROFILE_NAMES, default_speed_table
from geo.report import DropReason, NoticeKind, Notices
from geo.roads import Roads
from geo.tags import barrier_stops, directions, read_limit, way_speeds
from tests.geo.samples import DEGREE, Extract, arcs_by_place, square

TABLE = default_speed_table()
SPEEDS = {name: profile.highway_kph["residential"] for name, profile in TABLE.profiles.items()}
DIAGONAL = ((0, 0), (1, 1))


def dropped(roads: Roads, profile: str) -> dict[DropReason, int]:
    return {row.reason: row.count for row in roads.report.dropped if row.profile == profile}


def noticed(roads: Roads) -> dict[tuple[NoticeKind, str], int]:
    return {(notice.kind, notice.detail): notice.count for notice in roads.report.notices}


def test_segment_has_the_length_and_time_of_its_class(tmp_path: Path) -> None:
    graph = square().build(tmp_path)["van"]
    length, duration = arcs_by_place(graph)[(0, 0), (0, 1)]
    assert length == pytest.approx(DEGREE, abs=1)
    assert duration == pytest.approx(length * 3.6 / SPEEDS["van"], abs=1)


def test_way_longer_than_250_m_gets_nodes_between(tmp_path: Path) -> None:
    roads = Extract({1: (0, 0), 2: (0, 9)}).way((1, 2), highway="trunk").build(tmp_path, "van")
    assert roads["van"].num_nodes == 6  # 1,000.8 m in five pieces
    assert roads["van"].length_mm.max() == pytest.approx(200_151, abs=1)


@pytest.mark.parametrize(
    ("tags", "who"),
    [
        ({"highway": "residential"}, "motorbike van walk"),
        ({"highway": "residential", "access": "no"}, ""),
        ({"highway": "residential", "access": "private"}, ""),
        ({"highway": "residential", "access": "no", "foot": "yes"}, "walk"),
        ({"highway": "residential", "access": "destination"}, "motorbike van walk"),
        ({"highway": "residential", "vehicle": "no"}, "walk"),
        ({"highway": "residential", "motor_vehicle": "no"}, "walk"),
        ({"highway": "residential", "motor_vehicle": "no", "motorcycle": "yes"}, "motorbike walk"),
        ({"highway": "residential", "motorcar": "no"}, "motorbike walk"),
        ({"highway": "residential", "motorcycle": "no"}, "van walk"),
        ({"highway": "residential", "motorcar": "no", "goods": "yes"}, "motorbike van walk"),
        ({"highway": "residential", "foot": "no"}, "motorbike van"),
        ({"highway": "residential", "access": "agricultural;forestry"}, ""),
        ({"highway": "residential", "access": "no;destination"}, "motorbike van walk"),
        ({"highway": "residential", "access": "nobody knows"}, "motorbike van walk"),
        ({"highway": "path"}, "motorbike walk"),
        ({"highway": "footway"}, "walk"),
        ({"highway": "footway", "access": "yes"}, "walk"),
        ({"highway": "footway", "motorcycle": "yes"}, "motorbike walk"),
        ({"highway": "pedestrian", "motor_vehicle": "delivery"}, "motorbike van walk"),
        ({"highway": "motorway"}, "van"),
        ({"highway": "motorway", "motor_vehicle": "designated"}, "van"),
        ({"highway": "motorway", "motorcycle": "yes"}, "motorbike van"),
        ({"highway": "residential", "smoothness": "impassable"}, "walk"),
        ({"highway": "residential", "oneway": "reversible"}, "walk"),
        ({"highway": "service", "width": "1,5 m"}, "motorbike walk"),
        ({"highway": "service", "width": "3", "maxwidth": "0.8"}, "walk"),
        ({"highway": "service", "width": "narrow", "est_width": "2"}, "motorbike van walk"),
    ],
    ids=str,
)
def test_who_may_use_a_way(tags: dict[str, str], who: str) -> None:
    open_to = [n for n in PROFILE_NAMES if isinstance(way_speeds(tags, TABLE.profiles[n], TABLE, Notices()), tuple)]
    assert open_to == who.split()


@pytest.mark.parametrize(
    ("tags", "bike", "van"),
    [
        ({}, (True, True), (True, True)),
        ({"oneway": "yes"}, (True, False), (True, False)),
        ({"oneway": "1"}, (True, False), (True, False)),
        ({"oneway": "-1"}, (False, True), (False, True)),
        ({"oneway": "no", "junction": "roundabout"}, (True, True), (True, True)),
        ({"junction": "roundabout"}, (True, False), (True, False)),
        ({"highway": "motorway"}, (True, False), (True, False)),
        ({"oneway": "yes", "oneway:motorcycle": "no"}, (True, True), (True, False)),
        ({"oneway:motorcycle": "yes"}, (True, False), (True, True)),
        ({"oneway": "sometimes"}, (True, True), (True, True)),
    ],
    ids=str,
)
def test_one_ways(tags: dict[str, str], bike: tuple[bool, bool], van: tuple[bool, bool]) -> None:
    assert directions(tags, TABLE.profiles["motorbike"], Notices()) == bike
    assert directions(tags, TABLE.profiles["van"], Notices()) == van
    assert directions(tags, TABLE.profiles["walk"], Notices()) == (True, True)


def test_one_way_is_driven_one_way_and_walked_both(tmp_path: Path) -> None:
    roads = square(highway="residential", oneway="-1").build(tmp_path)
    there, back = DIAGONAL, DIAGONAL[::-1]
    assert there not in arcs_by_place(roads["van"])
    assert back in arcs_by_place(roads["van"])
    assert {there, back} <= arcs_by_place(roads["walk"]).keys()


def test_direction_in_a_tag_of_access_closes_one_direction_only(tmp_path: Path) -> None:
    roads = square(highway="residential", motor_vehicle__backward="no").build(tmp_path)
    assert DIAGONAL in arcs_by_place(roads["van"])
    assert DIAGONAL[::-1] not in arcs_by_place(roads["van"])


@pytest.mark.parametrize(
    ("text", "kph"),
    [
        ("50", 50), ("50 km/h", 50), ("30 mph", 48.28032), ("7.5", 7.5), ("VN:urban", 50), ("DE:zone30", 30),
        ("DE:zone:30", 30), ("none", 130), ("walk", 7), ("signals", None), ("0", None), ("", None), ("50;80", None),
        ("-10", None), ("fast", None), ("2", None), ("DE:zone0", None),
    ],
)  # fmt: skip
def test_speed_limits_are_read(text: str, kph: float | None) -> None:
    assert read_limit(text, TABLE) == (kph if kph is None else pytest.approx(kph))


def test_speed_limit_slows_vehicles_but_never_hastens_them() -> None:
    for limit, expected in (("10", 9.0), ("90", SPEEDS["van"])):
        tags = {"highway": "residential", "maxspeed": limit}
        assert way_speeds(tags, TABLE.profiles["van"], TABLE, Notices()) == (expected, expected)
        assert way_speeds(tags, TABLE.profiles["walk"], TABLE, Notices()) == (SPEEDS["walk"], SPEEDS["walk"])


def test_speed_limit_of_one_direction() -> None:
    tags = {"highway": "residential", "maxspeed:backward": "10"}
    assert way_speeds(tags, TABLE.profiles["van"], TABLE, Notices()) == (SPEEDS["van"], 9.0)


def test_worst_of_surface_and_smoothness_counts_for_vehicles() -> None:
    tags = {"highway": "residential", "surface": "gravel", "smoothness": "very_bad", "tracktype": "grade1"}
    half = SPEEDS["motorbike"] * TABLE.smoothness["very_bad"]
    assert way_speeds(tags, TABLE.profiles["motorbike"], TABLE, Notices()) == (half, half)
    assert way_speeds(tags, TABLE.profiles["walk"], TABLE, Notices()) == (SPEEDS["walk"], SPEEDS["walk"])


@pytest.mark.parametrize(
    ("tags", "stopped"),
    [
        ({"barrier": "bollard"}, "van"),
        ({"barrier": "gate"}, ""),
        ({"barrier": "gate", "access": "private"}, "motorbike van walk"),
        ({"barrier": "gate", "access": "no", "foot": "yes"}, "motorbike van"),
        ({"barrier": "wall"}, "motorbike van walk"),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, ""),
        ({"barrier": "dragon"}, ""),
    ],
    ids=str,
)
def test_who_is_stopped_by_a_barrier(tags: dict[str, str], stopped: str) -> None:
    found = [name for name in PROFILE_NAMES if barrier_stops(tags, TABLE.profiles[name], TABLE, Notices())]
    assert found == stopped.split()


def test_barrier_lets_one_drive_up_to_it_from_both_sides_but_not_through(tmp_path: Path) -> None:
    extract = square()
    extract.nodes[5] = (0.5, 0.5)
    extract.way((1, 5, 3), highway="residential").barrier(5, barrier="bollard")
    roads = extract.build(tmp_path)
    assert roads["motorbike"].num_nodes == 5
    assert roads["van"].num_nodes == 6  # the bollard's place, once from each side
    assert roads["van"].road_km() == pytest.approx(roads["motorbike"].road_km())
    assert dropped(roads, "van") == {DropReason.BARRIER: 1}


def test_only_the_largest_part_is_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    extract = square()
    extract.nodes |= {6: (9, 9), 7: (9, 10), 8: (0, 2)}
    extract.way((6, 7), highway="residential").way((4, 8), highway="residential", oneway="yes")
    roads = extract.build(tmp_path)
    assert roads["van"].num_nodes == 4
    (island,) = [row for row in roads.report.dropped if row.profile == "van"]
    assert (island.reason, island.count) == (DropReason.ISLAND, 2)
    assert island.km == pytest.approx(0.222, abs=0.001)
    assert dropped(roads, "walk") == {DropReason.ISLAND: 1}


def test_everything_dropped_is_reported_with_its_reason_and_km(tmp_path: Path) -> None:
    extract = square()
    for tags in ({"highway": "construction"}, {"highway": "teleport"}, {"highway": "footway"},
                 {"highway": "residential", "access": "no"}):  # fmt: skip
        extract.way((1, 3), **tags)
    roads = extract.build(tmp_path, "van")
    reasons = (DropReason.NOT_A_ROAD, DropReason.UNKNOWN_CLASS, DropReason.CLASS_CLOSED, DropReason.ACCESS_DENIED)
    assert dropped(roads, "van") == dict.fromkeys(reasons, 1)
    assert [row.km for row in roads.report.dropped] == [pytest.approx(0.156, abs=0.001)] * 4
    assert noticed(roads) == {(NoticeKind.ODD_VALUE, "highway=teleport"): 1}
    (kept,) = roads.report.kept
    assert (kept.nodes, kept.arcs) == (4, 8)
    assert kept.km == pytest.approx(0.4414, abs=0.001)


def test_missing_nodes_are_reported_and_the_way_is_cut_there(tmp_path: Path) -> None:
    extract = square()
    extract.way((98, 99), highway="residential").way((1, 2, 99, 3, 4), highway="residential").way(
        (1, 99, 3), highway="path"
    )
    roads = extract.build(tmp_path, "motorbike")
    assert dropped(roads, "motorbike") == {DropReason.MISSING_NODES: 2}
    assert noticed(roads)[NoticeKind.NODE_SKIPPED, "node without coordinates, or alone beside one"] == 6
    assert ((1, 0), (1, 1)) in arcs_by_place(roads["motorbike"])  # 2-3 of the square, not of the cut way
    assert roads["motorbike"].num_arcs == 12  # the square's 8, and 1-2 and 3-4 once more


def test_odd_turn_restrictions_and_lost_parts_of_ferry_lines_are_counted(tmp_path: Path) -> None:
    extract = square()
    turn = [("way", 1, "from"), ("node", 2, "via"), ("way", 2, "to")]
    extract.relation(turn, type="restriction", restriction="no_left_trun")
    extract.relation(turn[:2], type="restriction", restriction="no_left_turn")
    extract.relation(turn, type="restriction")
    extract.relation([turn[0], ("node", 4, "via"), turn[2]], type="restriction", restriction="no_left_turn")
    extract.relation([("way", 99, ""), ("relation", 1, "")], type="route", route="ferry")
    assert noticed(extract.build(tmp_path)) == {
        (NoticeKind.RESTRICTION_ODD, "restriction=no_left_trun"): 1,
        (NoticeKind.RESTRICTION_ODD, "without one from, via and to"): 1,
        (NoticeKind.RESTRICTION_ODD, "without a kind"): 1,
        (NoticeKind.RESTRICTION_ODD, "its roads do not meet as it says"): 1,
        (NoticeKind.FERRY_RELATION, "member ways missing in the extract"): 1,
        (NoticeKind.FERRY_RELATION, "members that are relations"): 1,
    }


def test_odd_tags_are_counted_once_a_way_with_the_first_example(tmp_path: Path) -> None:
    odd = {"maxspeed": "signals", "surface": "lava", "oneway": "perhaps", "access": "maybe", "access:conditional": "no"}
    extract = square(highway="residential", **odd)
    extract.way((1, 3), highway="residential", maxspeed="signals")
    roads = extract.build(tmp_path)
    assert noticed(roads) == {
        (NoticeKind.ODD_VALUE, "maxspeed=signals"): 2,
        (NoticeKind.ODD_VALUE, "surface=lava"): 1,
        (NoticeKind.ODD_VALUE, "oneway=perhaps"): 1,
        (NoticeKind.ODD_VALUE, "access=maybe"): 1,
        (NoticeKind.CONDITIONAL, "access:conditional"): 1,
    }
    assert {notice.example for notice in roads.report.notices} == {"way 5"}
    assert DIAGONAL in arcs_by_place(roads["van"])


KEYS = [
    "width",
    "highway", "oneway", "junction", "access", "vehicle", "motor_vehicle", "motorcycle", "foot", "maxspeed", "route",
    "surface", "smoothness", "tracktype", "duration", "interval", "maxspeed:forward", "barrier",
]  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), st.text(max_size=12)), st.sampled_from(PROFILE_NAMES))
def test_no_tag_crashes_the_reader(tags: dict[str, str], profile: str) -> None:
    found = way_speeds({**tags, "highway": "track"}, TABLE.profiles[profile], TABLE, Notices())
    assert isinstance(found, DropReason) or all(0 <= kph < 100 for kph in found)
    barrier_stops({**tags, "barrier": "gate"}, TABLE.profiles[profile], TABLE, Notices())


ODD = {
    "maxspeed": "0.0001", "duration": "9" * 300 + ":00", "interval": "99999:00", "oneway": "♥", "surface": ";;",
    "smoothness": "?", "foot": "", "motor_vehicle": "yes;no", "maxspeed:forward": "mph",
}  # fmt: skip


@pytest.mark.parametrize("kind", [{"highway": "service"}, {"route": "ferry"}], ids=["road", "ferry"])
def test_absurd_tags_are_told_and_the_rest_is_built(tmp_path: Path, kind: dict[str, str]) -> None:
    roads = square(**kind, **ODD).build(tmp_path)
    assert {DIAGONAL, DIAGONAL[::-1]} <= arcs_by_place(roads["motorbike"]).keys()
    assert len(roads.report.notices) >= 4


def test_extract_is_known_by_its_name_and_hash(tmp_path: Path) -> None:
    path = square().write(tmp_path, "xa.osm")
    roads = read_roads(path)
    assert (roads.source, roads.synthetic) == ("xa.osm", False)
    assert roads.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_packed_extract_gives_the_same_roads(tmp_path: Path) -> None:
    plain = square().write(tmp_path)
    packed = tmp_path / "packed.osm.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_roads(packed)["van"].lon.tolist() == read_roads(plain)["van"].lon.tolist()


def test_stages_are_told(tmp_path: Path) -> None:
    told: list[str] = []
    read_roads(square().write(tmp_path), on_progress=lambda stage, done, total: told.append(f"{stage} {done}/{total}"))
    assert told[1:] == ["read 0/None", "build 0/3", "build 1/3", "build 2/3", "build 3/3"]
    assert told[0].startswith("hash ")


@pytest.mark.parametrize("name", ["a.osm", "a.osm.pbf", "a.osm.gz", "a.unknown"])
@pytest.mark.parametrize("content", [b"", b"\x00\x01 no extract at all"])
def test_what_is_no_extract_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ExtractError, match=name.replace(".", r"\.")):
        read_roads(path)


def test_cut_off_extract_is_refused(tmp_path: Path) -> None:
    path = square().write(tmp_path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ExtractError):
        read_roads(path)


def test_missing_file_is_no_other_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_roads(tmp_path / "none.osm")


def test_profile_without_any_road_is_told(tmp_path: Path) -> None:
    extract = Extract({1: (0, 0), 2: (1, 0)}).way((1, 2), highway="footway")
    with pytest.raises(EmptyRoadsError, match="van"):
        extract.build(tmp_path, "van")


def test_unknown_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="elephant"):
        square().build(tmp_path, "elephant")


@pytest.mark.real_data
def test_can_tho_is_one_part_of_516_km(test_data: Path) -> None:
    roads = read_roads(test_data / "data" / "cantho_2011.osm.pbf")
    assert {name: round(graph.road_km()) for name, graph in roads.items()} == dict.fromkeys(PROFILE_NAMES, 517)
    assert not roads.report.dropped
    assert not roads.report.notices


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "drivable_km"),
    [("andorra-210622.osm.pbf", 825), ("hanoi_ba_dinh.osm.pbf", 32), ("north-bayreuth.osm.gz", 526)],
)
def test_real_extract_builds_and_accounts_for_every_kilometre(test_data: Path, name: str, drivable_km: int) -> None:
    roads = read_roads(test_data / "data" / name)
    lost = {row.reason: row.km for row in roads.report.dropped if row.profile == "van"}
    apart = lost[DropReason.ISLAND] + lost[DropReason.ACCESS_DENIED]
    assert roads["van"].road_km() + apart == pytest.approx(drivable_km, rel=0.01)
    assert all(row.bans > 0 for row in roads.report.kept if row.profile != "walk")
    assert roads["motorbike"].num_nodes > roads["van"].num_nodes

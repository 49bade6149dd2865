"""Turn restrictions as relations of the map, by the way that is driven afterwards."""

from pathlib import Path

import pytest

from geo.contracted import contract_roads
from geo.graph import RoadGraph
from geo.matrix import node_matrix
from geo.report import DropReason, NoticeKind
from geo.roads import Roads
from tests.geo.samples import Extract

SIDE = 110.8  # metres of 1/1000 degree, east or north


def town() -> Extract:
    """
    Streets of 1/1000 degree, each a way of its own; ways 1-4 meet in node 5.

        7 - 8 - 9       ways: 1: 2-5 (south), 2: 5-8 (north), 3: 4-5 (west), 4: 5-6 (east)
        |   |   |             5: 1-2-3 (bottom), 6: 7-8-9 (top), 7: 1-4-7 (left), 8: 3-6-9 (right)
        4 - 5 - 6
        |   |   |
        1 - 2 - 3
    """
    extract = Extract({3 * row + column + 1: (column, row) for row in range(3) for column in range(3)})
    for nodes in ((2, 5), (5, 8), (4, 5), (5, 6), (1, 2, 3), (7, 8, 9), (1, 4, 7), (3, 6, 9)):
        extract.way(nodes, highway="residential")
    return extract


def restrict(
    extract: Extract, start: int, via: tuple[str, int] | tuple[tuple[str, int], ...], end: int, **tags: str
) -> Extract:
    vias = via if isinstance(via[0], tuple) else (via,)
    members = [("way", start, "from"), *((kind, ref, "via") for kind, ref in vias), ("way", end, "to")]
    return extract.relation(members, type="restriction", **tags)


def sides(graph: RoadGraph, start: tuple[float, float], end: tuple[float, float]) -> int:
    """Sides of streets on the way between two corners."""
    east, north = (graph.lon - 105) * 1000, (graph.lat - 10) * 1000
    nodes = [int(((east - x) ** 2 + (north - y) ** 2).argmin()) for x, y in (start, end)]
    return round(int(node_matrix(contract_roads(graph), nodes[:1], nodes[1:]).distances.item()) / SIDE)


def drive(
    extract: Extract, folder: Path, start: tuple[float, float], end: tuple[float, float], profile: str = "van"
) -> int:
    return sides(extract.build(folder, profile)[profile], start, end)


def test_free_town_lets_one_turn_everywhere(tmp_path: Path) -> None:
    assert drive(town(), tmp_path, (1, 0), (0, 1)) == 2
    assert drive(town(), tmp_path, (1, 0), (2, 1)) == 2


@pytest.mark.parametrize("kind", ["no_left_turn", "no_straight_on", "no_right_turn"])
def test_forbidden_turn_is_driven_around(tmp_path: Path, kind: str) -> None:
    extract = restrict(town(), 1, ("node", 5), 3, restriction=kind)  # from the south to the west
    assert drive(extract, tmp_path, (1, 0), (0, 1)) == 2  # by the corner 1
    graph = extract.build(tmp_path, "van")["van"]
    assert len(graph.bans()) == 1
    closed = restrict(town(), 1, ("node", 5), 3, restriction=kind)
    restrict(closed, 5, ("node", 1), 7, restriction="no_right_turn")
    assert drive(closed, tmp_path, (1, 0), (0, 1)) > 2


def test_only_turn_forbids_all_others(tmp_path: Path) -> None:
    extract = restrict(town(), 1, ("node", 5), 4, restriction="only_right_turn")
    graph = extract.build(tmp_path, "van")["van"]
    assert len(graph.bans()) == 3  # north, west, and back
    assert sides(graph, (1, 0), (2, 1)) == 2
    assert sides(graph, (1, 0), (1, 2)) == 4


def test_no_u_turn_forbids_to_drive_back_only(tmp_path: Path) -> None:
    extract = restrict(town(), 1, ("node", 5), 1, restriction="no_u_turn")
    graph = extract.build(tmp_path, "van")["van"]
    (ban,) = graph.bans()
    assert graph.tails()[ban[0]] == graph.head[ban[1]]


def split_top() -> Extract:
    """The town with its top in two ways, 6: 7-8 and 9: 8-9."""
    extract = town()
    extract.ways[5] = ([7, 8], {"highway": "residential"})
    return extract.way((8, 9), highway="residential")


def test_turn_over_another_road_holds_for_those_who_come_that_way(tmp_path: Path) -> None:
    extract = restrict(split_top(), 1, ("way", 2), 6, restriction="no_left_turn")  # south, north, then the top
    graph = extract.build(tmp_path, "van")["van"]
    assert [len(ban) for ban in graph.bans()] == [3]
    shut = split_top()
    shut.ways = [way for at, way in enumerate(shut.ways) if at not in (2, 3, 6, 7)]  # no way but over 5 and 8
    shut.nodes |= {10: (2, 3)}
    shut.way((9, 10, 8), highway="residential")  # numbers 6, and the ring 8-9-10 to turn in
    free = drive(shut, tmp_path, (1, 0), (0, 2))
    assert free == 3


def test_only_turn_over_another_road_forbids_what_leaves_it(tmp_path: Path) -> None:
    extract = restrict(split_top(), 1, ("way", 2), 6, restriction="only_left_turn")
    graph = extract.build(tmp_path, "van")["van"]
    assert sides(graph, (1, 0), (0, 2)) == 3
    assert {len(ban) for ban in graph.bans()} == {3}
    assert len(graph.bans()) == 2  # the other half of the top, and back


@pytest.mark.parametrize(
    ("tags", "banned"),
    [
        ({"restriction": "no_left_turn"}, {"motorbike", "van"}),
        ({"restriction": "no_left_turn", "except": "motorcycle;psv"}, {"van"}),
        ({"restriction": "no_left_turn", "except": "motor_vehicle"}, set()),
        ({"restriction:motorcycle": "no_left_turn"}, {"motorbike"}),
        ({"restriction:goods": "no_left_turn"}, {"van"}),
        ({"restriction:foot": "no_left_turn"}, {"walk"}),
        ({"restriction": "no_left_turn", "restriction:motorcycle": "only_left_turn"}, {"motorbike", "van"}),
        ({"restriction:conditional": "no_left_turn @ (06:00-08:00)"}, set()),
    ],
)
def test_restriction_concerns_who_it_names(tmp_path: Path, tags: dict[str, str], banned: set[str]) -> None:
    roads = restrict(town(), 1, ("node", 5), 3, **tags).build(tmp_path)
    assert {profile for profile in roads if roads[profile].bans()} == banned
    conditional = any(notice.kind is NoticeKind.CONDITIONAL for notice in roads.report.notices)
    assert conditional == ("restriction:conditional" in tags)
    if "restriction:motorcycle" in tags and "restriction" in tags:
        assert (len(roads["motorbike"].bans()), len(roads["van"].bans())) == (3, 1)


def test_several_ways_from_or_to_are_several_turns(tmp_path: Path) -> None:
    extract = town()
    members = [("way", 3, "from"), ("way", 4, "from"), ("node", 5, "via"), ("way", 1, "to")]
    extract.relation(members, type="restriction", restriction="no_entry")
    assert len(extract.build(tmp_path, "van")["van"].bans()) == 2


@pytest.mark.parametrize(("start", "via", "end"), [(5, 2, 1), (1, 2, 5)])
def test_way_that_goes_on_beyond_its_turn_is_noted_not_guessed(tmp_path: Path, start: int, via: int, end: int) -> None:
    extract = restrict(town(), start, ("node", via), end, restriction="no_left_turn")  # the bottom runs through node 2
    roads = extract.build(tmp_path, "van")
    assert roads["van"].bans() == []
    assert [notice.detail for notice in roads.report.notices] == ["its roads do not meet as it says"]


def test_several_only_turns_allow_each_other(tmp_path: Path) -> None:
    extract = restrict(town(), 1, ("node", 5), 4, restriction="only_right_turn")
    restrict(extract, 1, ("node", 5), 2, restriction="only_straight_on")
    graph = extract.build(tmp_path, "van")["van"]
    assert len(graph.bans()) == 2  # west, and back
    assert sides(graph, (1, 0), (1, 2)) == sides(graph, (1, 0), (2, 1)) == 2


def test_restriction_at_a_barrier_is_no_fault_of_the_map(tmp_path: Path) -> None:
    extract = restrict(town(), 1, ("node", 5), 3, restriction="no_left_turn").barrier(5, barrier="block")
    roads = extract.build(tmp_path)
    assert [len(roads[profile].bans()) for profile in ("motorbike", "van")] == [1, 0]
    assert roads.report.notices == ()


def test_restriction_on_a_closed_road_is_no_fault(tmp_path: Path) -> None:
    extract = town()
    extract.ways[2] = (extract.ways[2][0], {"highway": "footway"})
    roads = restrict(extract, 1, ("node", 5), 3, restriction="no_left_turn").build(tmp_path, "van")
    assert roads.report.notices == ()


def test_road_that_restrictions_let_nobody_out_of_is_left_out(tmp_path: Path) -> None:
    extract = town()
    extract.nodes |= {10: (3, 1), 11: (4, 1), 12: (4, 2)}
    extract.way((6, 10), highway="residential", oneway="yes").way((10, 11, 12, 10), highway="residential", oneway="yes")
    extract.way((10, 6), highway="residential", oneway="yes")
    restrict(extract, 10, ("node", 10), 11, restriction="no_straight_on")
    roads = extract.build(tmp_path, "van")
    assert roads["van"].num_nodes >= 9
    _all_joined(roads)


def _all_joined(roads: Roads) -> None:
    graph = roads["van"]
    found = node_matrix(contract_roads(graph), range(graph.num_nodes), range(graph.num_nodes))
    assert found.durations.max() < 2**31 - 1


def test_roads_lost_to_restrictions_are_counted_as_such(tmp_path: Path) -> None:
    extract = town()
    extract.nodes |= {10: (3, 1), 11: (4, 1)}
    extract.way((6, 10), highway="residential").way((10, 11), highway="residential")
    restrict(extract, 9, ("node", 10), 10, restriction="no_straight_on")  # nobody gets on to 11
    roads = extract.build(tmp_path, "van")
    (lost,) = (row for row in roads.report.dropped if row.reason is DropReason.NO_TURN)
    assert lost.count == 2  # nobody gets back from 10 either
    assert lost.km == pytest.approx(0.221, abs=0.005)
    _all_joined(roads)


@pytest.mark.parametrize(
    ("node", "way_tags", "lost"),
    [
        ({"highway": "traffic_signals"}, {}, {"motorbike": 15, "van": 20, "walk": 15}),
        ({"highway": "stop"}, {}, {"motorbike": 4, "van": 6, "walk": 0}),
        ({"railway": "level_crossing"}, {}, {"motorbike": 8, "van": 12, "walk": 5}),
        ({"barrier": "toll_booth"}, {}, {"motorbike": 3, "van": 15, "walk": 0}),
        ({"highway": "stop", "direction": "forward"}, {}, {"motorbike": 4, "van": 6, "walk": 0}),
        ({"highway": "stop", "direction": "backward"}, {}, {"motorbike": 0, "van": 0, "walk": 0}),
        (
            {"highway": "traffic_signals", "traffic_signals:direction": "backward"},
            {},
            {"motorbike": 0, "van": 0, "walk": 0},
        ),
    ],
)
def test_signals_signs_and_crossings_cost_time_in_their_direction(
    tmp_path: Path, node: dict[str, str], way_tags: dict[str, str], lost: dict[str, int]
) -> None:
    times = []
    for tags in ({}, node):
        extract = Extract({1: (0, 0), 2: (0, 2), 3: (0, 4)}).way((1, 2, 3), highway="residential", **way_tags)
        if tags:
            extract.barrier(2, **tags)
        times.append(extract.build(tmp_path))
    for profile, seconds in lost.items():
        before, after = (_seconds(roads[profile]) for roads in times)
        assert after - before == seconds


def _seconds(graph: RoadGraph) -> int:
    ends = [int(graph.lat.argmin()), int(graph.lat.argmax())]
    return int(node_matrix(contract_roads(graph), ends[:1], ends[1:]).durations.item())

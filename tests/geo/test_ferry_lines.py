from pathlib import Path

import pytest

from geo.ferry_overrides import FerryOverride
from geo.osm import read_roads
from geo.profiles import PROFILE_NAMES
from geo.report import DropReason, NoticeKind
from geo.roads import Roads
from tests.geo.samples import Extract, crossing, travel

LINE = {"type": "route", "route": "ferry"}


def halves(first: dict[str, str], second: dict[str, str], **line: str) -> Extract:
    """
    The river of `crossing`, its ferry in two ways of one line.

    Way 3 is 2-3, 3/4 of the line: 333.59 m; way 4 is 3-4, 1/4: 111.20 m; the line is 444.78 m long, and lists its ways
    there and back.
    """
    extract = crossing()
    extract.nodes[3] = (0, 4)
    extract.way((2, 3), **first).way((3, 4), **second)
    return extract.relation([("way", way, "") for way in (3, 4, 4, 3)], **LINE, **line)


def noticed(roads: Roads) -> list[tuple[NoticeKind, str, int, str]]:
    return [(notice.kind, notice.detail, notice.count, notice.example) for notice in roads.report.notices]


FERRY = {"route": "ferry"}


@pytest.mark.parametrize("first", [FERRY, {}, {"name": "x"}], ids=["ferry", "untagged", "named"])
@pytest.mark.parametrize("second", [FERRY, {}], ids=["ferry", "untagged"])
def test_duration_of_a_line_is_spread_over_its_ways_by_length(
    tmp_path: Path, first: dict[str, str], second: dict[str, str]
) -> None:
    roads = halves(first, second, duration="00:08", interval="00:10").build(tmp_path)
    assert [travel(roads[name], 1, 5) for name in PROFILE_NAMES] == [(480 + 300, 445)] * 3
    assert [ferry.crossing["van"] for ferry in roads.ferries] == [360, 120]
    assert noticed(roads) == []


def test_duration_of_a_way_is_its_own(tmp_path: Path) -> None:
    roads = halves(FERRY, FERRY | {"duration": "00:05"}, duration="00:08").build(tmp_path)
    assert [ferry.crossing["van"] for ferry in roads.ferries] == [360, 300]
    assert travel(roads["van"], 5, 1)[0] == 360 + 300 + 480


def test_way_that_only_its_line_makes_a_ferry_takes_all_from_it(tmp_path: Path) -> None:
    extract = crossing().way((2, 3, 4), name="Bến cũ")
    extract.relation(
        [("way", 3, "forward")], **LINE, name="Phà", duration="00:04", opening_hours="05:00-20:00", motorcar="no"
    )
    roads = extract.build(tmp_path)
    (ferry,) = roads.ferries
    assert (ferry.way, ferry.name, ferry.opening_hours) == (3, "Bến cũ", "05:00-20:00")
    assert ferry.crossing == {"motorbike": 240, "walk": 240}
    assert travel(roads["motorbike"], 1, 5)[0] == 240 + 300
    assert not roads.report.notices


def test_tags_of_the_way_win_over_those_of_its_line(tmp_path: Path) -> None:
    own = {"route": "ferry", "name": "Own", "interval": "00:10", "opening_hours": "24/7", "motor_vehicle": "no"}
    line = {"name": "Line", "interval": "01:00", "opening_hours": "08:00-09:00", "motorcycle": "yes", "oneway": "yes"}
    roads = halves(own, FERRY, **line).build(tmp_path)
    first, second = roads.ferries
    assert (first.name, first.opening_hours, first.boarding) == ("Own", "24/7", {"walk": 300})
    assert (second.name, second.opening_hours) == ("Line", "08:00-09:00")
    assert second.boarding == {"motorbike": 1800, "walk": 1800}
    assert travel(roads["walk"], 5, 1)[0] > 0  # a line's direction is none of its ways'


@pytest.mark.parametrize(
    ("own", "line", "aboard"),
    [
        ({}, {"foot": "yes"}, {"walk"}),
        ({"bicycle": "no"}, {"foot": "yes"}, {"motorbike", "van", "walk"}),
        ({"access": "no", "foot": "yes"}, {"motorcar": "yes"}, {"walk"}),
        ({"motorcar:forward": "no"}, {"motorcycle": "no"}, {"motorbike", "walk"}),
        ({"motor_vehicle:conditional": "no @ (snow)"}, {"foot": "yes"}, {"walk"}),
        ({"hgv": "no"}, {"foot": "yes"}, {"walk"}),
    ],
    ids=lambda value: " ".join(sorted(value)) or "none",
)
def test_line_says_who_may_board_where_its_way_says_nothing_of_it(
    tmp_path: Path, own: dict[str, str], line: dict[str, str], aboard: set[str]
) -> None:
    first, _ = halves(FERRY | own, FERRY, **line).build(tmp_path).ferries
    assert set(first.crossing) == aboard


def test_first_of_several_lines_that_says_something_counts(tmp_path: Path) -> None:
    extract = halves(FERRY, FERRY, interval="00:10")
    extract.relation([("way", 4, "")], **LINE, interval="01:00", name="Second", duration="00:03")
    first, second = extract.build(tmp_path).ferries
    assert (first.name, first.boarding["van"], first.crossing["van"]) == ("", 300, 100)
    assert (second.name, second.boarding["van"], second.crossing["van"]) == ("Second", 300, 180)


def test_conditions_of_a_line_are_counted(tmp_path: Path) -> None:
    extract = halves(FERRY, FERRY, **{"motor_vehicle:conditional": "no @ (Su)"})
    assert noticed(extract.build(tmp_path)) == [(NoticeKind.CONDITIONAL, "motor_vehicle:conditional", 2, "way 3")]


def test_roads_and_landings_among_the_members_stay_what_they_are(tmp_path: Path) -> None:
    extract = crossing(route="ferry").way((1, 2), public_transport="platform").way((4, 5), man_made="pier")
    members = [("way", 1, ""), ("way", 3, ""), ("way", 4, ""), ("way", 5, "platform"), ("node", 2, "stop")]
    roads = extract.relation(members, **LINE, duration="00:04").build(tmp_path)
    assert [ferry.way for ferry in roads.ferries] == [3]
    assert [travel(roads["van"], 1, 5)[0]] == [240 + 480]
    assert roads["van"].num_arcs == crossing(route="ferry").build(tmp_path)["van"].num_arcs
    assert noticed(roads) == []


def test_duration_of_a_line_that_is_cut_by_the_extract_is_told_and_not_spread(tmp_path: Path) -> None:
    extract = crossing(route="ferry").relation([("way", 3, ""), ("way", 99, "")], **LINE, duration="00:04")
    roads = extract.build(tmp_path)
    assert travel(roads["van"], 1, 5)[0] == 613  # 444.78 m at 12 km/h and 8 min of boarding
    assert noticed(roads) == [
        (NoticeKind.FERRY_RELATION, "duration of a line that is not whole in the extract", 1, "relation 1"),
        (NoticeKind.FERRY_RELATION, "member ways missing in the extract", 1, "relation 1"),
    ]


def test_duration_of_a_line_with_unknown_nodes_is_not_spread(tmp_path: Path) -> None:
    extract = halves(FERRY, {}, duration="00:08")
    extract.ways[3] = ([3, 4, 77], {})
    roads = extract.build(tmp_path)
    assert [ferry.crossing["van"] for ferry in roads.ferries] == [100, 33]
    assert {kind for kind, *_ in noticed(roads)} == {NoticeKind.FERRY_RELATION, NoticeKind.NODE_SKIPPED}


def test_member_without_any_coordinates_is_dropped_with_its_reason(tmp_path: Path) -> None:
    extract = crossing(route="ferry").way((76, 77)).relation([("way", 3, ""), ("way", 4, "")], **LINE)
    roads = extract.build(tmp_path)
    assert [ferry.way for ferry in roads.ferries] == [3]
    lost = [(row.reason, row.count) for row in roads.report.dropped if row.profile == "van"]
    assert lost == [(DropReason.MISSING_NODES, 1)]


def test_impossible_duration_of_a_line_is_told_and_lengths_count(tmp_path: Path) -> None:
    roads = halves(FERRY, FERRY, duration="PT15S").build(tmp_path)
    assert travel(roads["van"], 1, 5)[0] == 613
    assert noticed(roads) == [(NoticeKind.FERRY_TIME, "duration=PT15S for 445 m", 2, "way 3")]


def test_lines_that_are_no_ferry_routes_are_left_alone(tmp_path: Path) -> None:
    extract = crossing().way((2, 3, 4), name="river")
    extract.relation([("way", 3, "")], type="route", route="canoe").relation(
        [("way", 3, "")], type="site", route="ferry"
    )
    roads = extract.build(tmp_path)
    assert (roads.ferries, noticed(roads)) == ((), [])


def test_override_of_one_way_wins_over_its_line(tmp_path: Path) -> None:
    path = halves(FERRY, {}, duration="00:08").write(tmp_path)
    roads = read_roads(path, ferry_overrides={4: FerryOverride(4, crossing=60, boards={"van": False})})
    assert [ferry.crossing for ferry in roads.ferries] == [
        {"motorbike": 360, "van": 360, "walk": 360}, {"motorbike": 60, "walk": 60},
    ]  # fmt: skip

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ferries import Ferry, boarding_seconds, closed_ferries, ferry_speeds, may_board, read_duration
from geo.osm import read_roads
from geo.profiles import PROFILE_NAMES, default_speed_table
from geo.report import DropReason, NoticeKind, Notices
from geo.roads import Roads
from geo.snapping import snap
from tests.geo.samples import crossing, travel

PROFILES = default_speed_table().profiles


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("PT20M", 1200), ("PT1H30M", 5400), ("P1DT2H", 93600), ("PT90S", 90), ("pt5m", 300), ("PT1.5H", 5400),
        ("00:20", 1200), ("01:30", 5400), ("00:05:30", 330), ("25:00", 90000), ("15", 900), (" 15 ", 900),
    ],
)  # fmt: skip
def test_durations_are_read(text: str, seconds: float) -> None:
    assert read_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "P", "PT", "soon", "20 min", "-5", "1:99", "20;30", "PT5", "½", "1e3"])
def test_what_is_no_duration_is_not_understood(text: str) -> None:
    assert read_duration(text) is None


@given(st.text())
def test_no_text_crashes_the_reader_of_durations(text: str) -> None:
    seconds = read_duration(text)
    assert seconds is None or seconds >= 0


@pytest.mark.parametrize(
    ("tags", "aboard"),
    [
        ({}, "motorbike van walk"),
        ({"foot": "yes"}, "walk"),
        ({"foot": "yes", "bicycle": "yes"}, "walk"),
        ({"foot": "yes", "motorcycle": "yes"}, "motorbike walk"),
        ({"motorcar": "yes"}, "motorbike van walk"),
        ({"motorcar": "no"}, "motorbike walk"),
        ({"motorcar": "no", "foot": "yes"}, "motorbike walk"),
        ({"motorcycle": "no"}, "van walk"),
        ({"motorcycle": "no", "foot": "yes"}, "walk"),
        ({"motorcycle": "yes", "foot": "yes", "motorcar": "no"}, "motorbike walk"),
        ({"bicycle": "no"}, "motorbike van walk"),
        ({"foot": "no"}, "motorbike van"),
        ({"motor_vehicle": "no"}, "walk"),
        ({"motor_vehicle": "yes", "foot": "no"}, "motorbike van"),
        ({"motor_vehicle": "no", "motorcycle": "yes"}, "motorbike walk"),
        ({"access": "private"}, ""),
        ({"access": "yes", "foot": "yes"}, "walk"),
        ({"access": "no", "foot": "yes"}, "walk"),
    ],
    ids=str,
)
def test_who_may_board(tags: dict[str, str], aboard: str) -> None:
    assert [name for name in PROFILE_NAMES if may_board(tags, PROFILES[name], Notices())] == aboard.split()


def test_duration_tag_sets_the_speed_of_the_whole_crossing() -> None:
    assert ferry_speeds({"duration": "PT6M"}, 1000, PROFILES["van"], Notices()) == (10.0, 10.0)


@pytest.mark.parametrize(
    ("duration", "kind"), [("PT0S", NoticeKind.FERRY_TIME), ("00:01", NoticeKind.FERRY_TIME),
                           ("24:00", NoticeKind.FERRY_TIME), ("garbage", NoticeKind.ODD_VALUE)],
)  # fmt: skip
def test_impossible_or_odd_duration_is_told_and_the_length_counts(duration: str, kind: NoticeKind) -> None:
    notices = Notices()
    usual = PROFILES["van"].ferry_kph
    assert ferry_speeds({"duration": duration}, 10_000, PROFILES["van"], notices) == (usual, usual)
    assert [notice.kind for notice in notices.all()] == [kind]


def test_one_way_ferry_goes_one_way() -> None:
    assert ferry_speeds({"oneway": "yes"}, 1000, PROFILES["van"], Notices()) == (PROFILES["van"].ferry_kph, 0)
    assert ferry_speeds({"motor_vehicle": "no"}, 1000, PROFILES["van"], Notices()) is DropReason.ACCESS_DENIED


def test_half_the_interval_is_waited() -> None:
    van = PROFILES["van"]
    assert boarding_seconds({"interval": "00:30"}, van, Notices()) == 900
    assert boarding_seconds({"interval": "often"}, van, Notices()) == van.ferry_boarding_minutes * 60


def test_ferry_without_any_tag_takes_its_length_at_the_usual_speed_and_the_usual_boarding(tmp_path: Path) -> None:
    roads = crossing(route="ferry").build(tmp_path)
    # 444.78 m at 12 km/h = 133.4 s; boarding 5 min by motorbike and on foot, 8 min by van
    assert [travel(roads[name], 1, 5)[0] for name in PROFILE_NAMES] == [433, 613, 433]
    assert roads.ferries == (
        Ferry(
            way=3, name="", opening_hours="",
            crossing={"motorbike": 133, "van": 133, "walk": 133},
            boarding={"motorbike": 300, "van": 480, "walk": 300},
        ),
    )  # fmt: skip


def test_short_ferry_takes_its_duration_and_half_its_interval(tmp_path: Path) -> None:
    roads = crossing(route="ferry", duration="00:05", interval="00:20", name="Phà An Hòa").build(tmp_path)
    assert [travel(roads[name], 1, 5)[0] for name in PROFILE_NAMES] == [300 + 600] * 3
    (ferry,) = roads.ferries
    assert (ferry.name, ferry.crossing["van"], ferry.boarding["van"]) == ("Phà An Hòa", 300, 600)


def test_ferry_for_motorbikes_only_parts_the_banks_for_vans(tmp_path: Path) -> None:
    roads = crossing(route="ferry", motorcycle="yes", motor_vehicle="no", foot="no").build(tmp_path)
    assert travel(roads["motorbike"], 1, 5)[0] == 433
    assert [np.ptp(roads[name].lat) for name in ("van", "walk")] == pytest.approx([0.001, 0.001])
    (ferry,) = roads.ferries
    assert (ferry.crossing, ferry.boarding) == ({"motorbike": 133}, {"motorbike": 300})


@pytest.mark.parametrize("duration", ["PT10S", "48:00"])
def test_implausible_duration_is_told_and_the_length_counts(tmp_path: Path, duration: str) -> None:
    roads = crossing(route="ferry", duration=duration).build(tmp_path)  # 160 km/h, 9 m/h
    assert travel(roads["van"], 1, 5)[0] == 613
    assert [(notice.kind, notice.example) for notice in roads.report.notices] == [(NoticeKind.FERRY_TIME, "way 3")]


def test_hours_are_kept_in_the_road_file(tmp_path: Path) -> None:
    roads = crossing(route="ferry", opening_hours="04:30-22:00", name="Phà").build(tmp_path)
    roads.save(tmp_path / "a.roads")
    assert [ferry.opening_hours for ferry in roads.ferries] == ["04:30-22:00"]
    assert Roads.load(tmp_path / "a.roads").ferries == roads.ferries


@pytest.mark.parametrize("hours", ["sunrise-sunset", "when the ferryman likes"])
def test_hours_that_are_not_understood_are_told_and_ignored(tmp_path: Path, hours: str) -> None:
    roads = crossing(route="ferry", opening_hours=hours).build(tmp_path)
    assert [ferry.opening_hours for ferry in roads.ferries] == [""]
    assert [(notice.kind, notice.detail) for notice in roads.report.notices] == [
        (NoticeKind.FERRY_HOURS, f"opening_hours={hours}")
    ]


MONDAY = date(2026, 11, 23)
HOUR = 3600


def goes(hours: str, early: float, late: float, *, is_holiday: bool = False) -> bool:
    ferry = Ferry(7, "", hours, {}, {})
    closed = closed_ferries([ferry], MONDAY, round(early * HOUR), round(late * HOUR), is_holiday=is_holiday)
    assert closed <= {7}
    return not closed


@pytest.mark.parametrize(
    ("hours", "early", "late", "open_"),
    [
        ("", 0, 24, True),
        ("24/7", 0, 30, True),
        ("04:30-22:00", 8, 8, True),
        ("04:30-22:00", 22, 22, False),
        ("04:30-22:00", 4.5, 22, True),
        ("04:30-22:00", 4.49, 12, False),
        ("04:30-22:00", 20, 22.01, False),
        ("06:00-11:00,13:00-18:00", 7, 11, True),
        ("06:00-11:00,13:00-18:00", 7, 14, False),
        ("18:00-02:00", 0, 2, True),
        ("18:00-02:00", 0, 3, False),
        ("18:00-02:00", 19, 24, True),
        ("18:00-02:00", 22, 26, True),
        ("18:00-02:00", 22, 26.5, False),
        ("Mo 00:00-24:00", 22, 26, False),
        ("Tu 00:00-24:00", 24, 26, True),
        ("Su off", 8, 9, False),
    ],
)
def test_ferry_is_closed_unless_it_goes_all_through_the_span(
    hours: str, early: float, late: float, open_: bool
) -> None:
    assert goes(hours, early, late) is open_


def test_public_holiday_closes_a_ferry_on_the_day_itself_only() -> None:
    assert goes("06:00-26:00; PH off", 8, 10)
    assert not goes("06:00-26:00; PH off", 8, 10, is_holiday=True)
    assert goes("06:00-26:00; PH off", 31, 32, is_holiday=True)


def test_only_closed_ferries_are_named() -> None:
    rows = [Ferry(1, "", "", {}, {}), Ferry(2, "", "05:00-06:00", {}, {}), Ferry(3, "", "05:00-20:00", {}, {})]
    assert closed_ferries(rows, MONDAY, 7 * HOUR, 11 * HOUR, is_holiday=False) == {2}


@pytest.mark.parametrize(("early", "late"), [(-1, 5), (10, 9)])
def test_span_that_cannot_be_is_refused(early: int, late: int) -> None:
    with pytest.raises(ValueError, match="span"):
        closed_ferries([], MONDAY, early, late, is_holiday=False)


@pytest.mark.real_data
def test_real_ferry_without_tags_is_understood(test_data: Path) -> None:
    roads = read_roads(test_data / "data" / "hanoi_ba_dinh.osm.pbf")
    (ferry,) = roads.ferries
    assert (ferry.way, ferry.name, ferry.opening_hours) == (374819103, "", "")
    assert ferry.boarding == {"motorbike": 300, "van": 480, "walk": 300}
    assert not any(notice.kind.startswith("ferry") for notice in roads.report.notices)


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_passenger_waits_once_however_many_pieces_the_crossing_has(tmp_path: Path, profile: str) -> None:
    graph = crossing(route="ferry", duration="PT4M").build(tmp_path)[profile]
    wait = round(PROFILES[profile].ferry_boarding_minutes * 60)
    assert travel(graph, 1, 5) == travel(graph, 5, 1) == (240 + wait, 445)


def test_crossing_of_two_ways_joined_in_midstream_is_waited_for_once(tmp_path: Path) -> None:
    extract = crossing()
    extract.way((2, 3), route="ferry").way((3, 4), route="ferry")
    kph, wait = PROFILES["van"].ferry_kph, PROFILES["van"].ferry_boarding_minutes * 60
    assert travel(extract.build(tmp_path)["van"], 1, 5) == (round(444.78 * 3.6 / kph + wait), 445)


def test_points_on_the_water_snap_to_the_bank(tmp_path: Path) -> None:
    graph = crossing(route="ferry").build(tmp_path)["van"]
    snapped = snap(graph, [(105.0, 10.0029)])
    assert graph.lat[snapped.nodes[0]] == pytest.approx(10.001)


def test_ferry_for_walkers_parts_the_banks_for_vans(tmp_path: Path) -> None:
    roads = crossing(route="ferry", foot="yes").build(tmp_path)
    assert roads["walk"].lat.max() == pytest.approx(10.006)
    assert np.ptp(roads["van"].lat) == pytest.approx(0.001)
    reasons = {row.reason for row in roads.report.dropped if row.profile == "van"}
    assert reasons == {DropReason.ACCESS_DENIED, DropReason.ISLAND}

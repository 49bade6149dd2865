from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.ferries import boarding_seconds, ferry_speeds, may_board, read_duration
from geo.matrix import node_matrix
from geo.profiles import PROFILE_NAMES, default_speed_table
from geo.report import DropReason, NoticeKind, Notices
from geo.snapping import snap
from tests.geo.samples import Extract

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


def crossing(**tags: str) -> Extract:
    """Roads 1-2 and 4-5 on two banks, and a ferry 2-3-4 of 4/1000 degrees of latitude between."""
    extract = Extract({1: (0, 0), 2: (0, 1), 3: (0, 3), 4: (0, 5), 5: (0, 6)})
    extract.way((1, 2), highway="residential").way((4, 5), highway="residential")
    return extract.way((2, 3, 4), route="ferry", **tags)


@pytest.mark.parametrize("profile", PROFILE_NAMES)
def test_passenger_waits_once_however_many_pieces_the_crossing_has(tmp_path: Path, profile: str) -> None:
    graph = crossing(duration="PT4M").build(tmp_path)[profile]
    nodes = [int(np.abs(graph.lat - north).argmin()) for north in (10.001, 10.005)]
    found = node_matrix(graph, nodes, nodes)
    wait = round(PROFILES[profile].ferry_boarding_minutes * 60)
    assert found.durations.tolist() == [[0, 240 + wait], [240 + wait, 0]]
    assert found.distances[0, 1] == 445


def test_crossing_of_two_ways_joined_in_midstream_is_waited_for_once(tmp_path: Path) -> None:
    extract = crossing()
    extract.ways.pop()
    extract.way((2, 3), route="ferry").way((3, 4), route="ferry")
    graph = extract.build(tmp_path)["van"]
    nodes = [int(np.abs(graph.lat - north).argmin()) for north in (10.001, 10.005)]
    kph, wait = PROFILES["van"].ferry_kph, PROFILES["van"].ferry_boarding_minutes * 60
    assert node_matrix(graph, nodes, nodes).durations[0, 1] == round(444.78 * 3.6 / kph + wait)


def test_points_on_the_water_snap_to_the_bank(tmp_path: Path) -> None:
    graph = crossing().build(tmp_path)["van"]
    snapped = snap(graph, [(105.0, 10.0029)])
    assert graph.lat[snapped.nodes[0]] == pytest.approx(10.001)


def test_ferry_for_walkers_parts_the_banks_for_vans(tmp_path: Path) -> None:
    roads = crossing(foot="yes").build(tmp_path)
    assert roads["walk"].lat.max() == pytest.approx(10.006)
    assert np.ptp(roads["van"].lat) == pytest.approx(0.001)
    reasons = {row.reason for row in roads.report.dropped if row.profile == "van"}
    assert reasons == {DropReason.ACCESS_DENIED, DropReason.ISLAND}

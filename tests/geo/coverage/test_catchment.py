"""Land and people that points reach."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.access import find_access
from geo.coverage.catchment import (
    catchment_areas,
    mean_road_km,
    nearest_points,
    summarise_access,
)
from geo.coverage.floors import mean_radius_km
from geo.errors import NoRoadError
from geo.matrix import UNREACHABLE
from tests.geo.samples import crossing


def matrix(rows: list[list[int]]) -> np.ndarray:
    return np.array(rows, dtype=np.int32)


def test_nearest_is_the_first_among_equals_and_none_where_none_is_reached() -> None:
    found = nearest_points(matrix([[7, 5, 5], [UNREACHABLE, 9, UNREACHABLE], [UNREACHABLE] * 3]))
    assert found.point.tolist() == [1, 1, -1]
    assert found.seconds.tolist() == [5, 9, UNREACHABLE]
    assert nearest_points(np.empty((2, 0), dtype=np.int32)).point.tolist() == [-1, -1]


def test_people_count_within_limits_and_those_cut_off_apart() -> None:
    seconds = matrix([[600], [1800], [3600], [UNREACHABLE]])[:, 0]
    found = summarise_access([10, 30, 20, 5], seconds, [599, 600, 1800, 7200])
    assert found.within == (0, 10, 40, 60)
    assert (found.people, found.unreached) == (65, 5)
    assert found.mean_seconds == pytest.approx((6000 + 54_000 + 72_000) / 60)
    assert found.median_seconds == 1800


def test_where_nobody_reaches_a_point_there_is_no_mean() -> None:
    found = summarise_access([3], matrix([[UNREACHABLE]])[:, 0], [60])
    assert (found.within, found.unreached, found.mean_seconds, found.median_seconds) == ((0,), 3, None, None)


ROWS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), min_size=1)


@settings(max_examples=25)
@given(ROWS.filter(lambda rows: any(people for people, _ in rows)))
def test_mean_and_median_are_those_of_every_single_person(rows: list[tuple[int, int]]) -> None:
    people, seconds = (np.array(column, dtype=np.int32) for column in zip(*rows, strict=True))
    found = summarise_access(people, seconds, [10])
    each = np.sort(np.repeat(seconds, people))
    assert found.mean_seconds == pytest.approx(each.mean())
    assert found.median_seconds == each[(each.size - 1) // 2]
    assert found.within == ((each <= 10).sum(),)


def test_nobody_and_negative_people_are_refused() -> None:
    ways = matrix([[1, 2]])[0]
    with pytest.raises(ValueError, match="nobody lives"):
        summarise_access([0, 0], ways, [])
    with pytest.raises(ValueError, match="negative, got -1"):
        summarise_access([1, -1], ways, [])


def test_radius_is_that_of_a_circle_and_the_road_is_longer(tmp_path: Path) -> None:
    assert mean_radius_km(9 * math.pi * 4, 4) == pytest.approx(3)
    assert mean_radius_km(5, 0) == math.inf
    with pytest.raises(ValueError, match="above 0"):
        mean_radius_km(0, 1)
    roads = crossing(route="ferry").build(tmp_path, "walk")
    access = find_access(roads, "walk", [(105, 10), (105, 10.006), (106, 10)], [(105, 10.001)])
    one, two = 111.195, 111.195 * 5  # 0.001 and 0.005 degrees north
    assert mean_road_km([3, 1, 9], access.seconds, access.metres) == pytest.approx((3 * one + two) / 4000, abs=0.001)
    assert mean_road_km([0, 0, 9], access.seconds, access.metres) is None


def test_land_grows_with_the_limit_and_over_the_ferry(tmp_path: Path) -> None:
    ferry = {"route": "ferry", "foot": "yes", "duration": "00:05", "interval": "00:20"}
    roads = crossing(**ferry).build(tmp_path, "walk")
    near, far = catchment_areas(roads, "walk", [(105, 10)], [300, 1200], buffer_m=30)
    here, there = shapely.Point(105, 10.0005), shapely.Point(105, 10.0055)
    assert (near.covers(here), near.covers(there), far.covers(there)) == (True, False, True)
    (closed,) = catchment_areas(roads, "walk", [(105, 10)], [1200], closed=frozenset({3}), buffer_m=30)
    assert not closed.covers(there)


def test_land_around_a_point_off_the_road_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoRoadError, match="point 1"):
        catchment_areas(crossing().build(tmp_path, "walk"), "walk", [(105, 10), (106, 10)], [60])

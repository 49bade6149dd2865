"""Land that points reach."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import shapely

from geo.coverage.catchment import (
    catchment_areas,
)
from geo.coverage.floors import mean_radius_km
from geo.errors import NoRoadError
from tests.geo.samples import crossing


def test_radius_is_that_of_a_circle() -> None:
    assert mean_radius_km(9 * math.pi * 4, 4) == pytest.approx(3)
    assert mean_radius_km(5, 0) == math.inf
    with pytest.raises(ValueError, match="above 0"):
        mean_radius_km(0, 1)


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

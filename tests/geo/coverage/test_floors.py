"""Floors of the public service, computed by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from geo.coverage.floors import SOURCES, Floor, FloorCheck, Floors, Service, check_floors, service


def three_communes() -> Service:
    """Two points in the first, the second a centre; one in the second, a special area; none in the third."""
    return service(
        [12_000, 6_000, 9_000], [20.0, 30.0, 34.82], [0, 0, 1], [8.0, 7.5, 3.0], [5, 3, 0.5],
        is_centre=[False, True, False], is_special=[False, True, False],
    )  # fmt: skip


def checks(of: Service, floors: Floors | None = None) -> dict[Floor, FloorCheck]:
    return {check.floor: check for check in check_floors(of, floors)}


def test_each_floor_names_what_fails_and_by_how_much() -> None:
    found = checks(three_communes())
    told = {
        floor: [(miss.commune, miss.point, miss.value, miss.missing) for miss in check.misses]
        for floor, check in found.items()
    }
    assert told == {
        Floor.POINT_IN_COMMUNE: [(2, None, 0, 1)],
        Floor.MEAN_RADIUS: [],
        Floor.PEOPLE_PER_POINT: [(None, None, 9000, 1000)],
        Floor.HOURS_OPEN: [(1, 2, 3, 1)],
        Floor.CENTRE_HOURS_OPEN: [(0, 1, 7.5, 0.5)],
        Floor.VISITS: [(0, 1, 3, 2)],
        Floor.SPECIAL_VISITS: [(1, 2, 0.5, 0.5)],
    }
    assert [check.checked for check in found.values()] == [3, 3, 3, 2, 1, 2, 1]
    assert found[Floor.MEAN_RADIUS].value == pytest.approx(math.sqrt(84.82 / math.pi / 3))  # just below 3 km
    assert found[Floor.HOURS_OPEN].value == 3


def test_exactly_the_floor_holds() -> None:
    of = service([8000], [9 * math.pi], [0], [4.0], [5])
    assert [check.holds for check in check_floors(of)] == [True] * 7
    assert checks(of)[Floor.CENTRE_HOURS_OPEN].value is None


def test_a_province_may_have_its_own_numbers() -> None:
    of = service([8000], [9 * math.pi], [0], [4.0], [5])
    failing = [check.floor for check in check_floors(of, Floors(mean_radius_km=2.5), workdays=6) if check.misses]
    assert failing == [Floor.MEAN_RADIUS, Floor.VISITS]


def test_without_any_point_the_means_are_infinite() -> None:
    found = checks(service([10, 0], [1.0, 2.0], [], [], []))
    assert found[Floor.MEAN_RADIUS].misses[0].missing == math.inf
    assert [miss.commune for miss in found[Floor.POINT_IN_COMMUNE].misses] == [0, 1]
    assert found[Floor.HOURS_OPEN].value is None


def test_single_communes_are_told_too() -> None:
    of = three_communes()
    assert of.points_in().tolist() == [2, 1, 0]
    assert of.radius_km().tolist() == pytest.approx([math.sqrt(10 / math.pi), math.sqrt(30 / math.pi), math.inf])
    assert of.people_per_point().tolist() == [6000, 6000, np.inf]


def test_every_floor_has_a_source() -> None:
    assert set(SOURCES) == set(Floor)


def test_what_is_no_service_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0 \.\.\. 0, got 1 \.\.\. 1"):
        service([1], [1.0], [1], [4], [5])
    with pytest.raises(ValueError, match="hours must not be negative"):
        service([1], [1.0], [0], [-4], [5])
    with pytest.raises(ValueError, match="area_km2 must be above 0"):
        service([1], [0.0], [0], [4], [5])
    with pytest.raises(ValueError, match="are \\(points,\\)"):
        service([1], [1.0], [0], [4, 5], [5])
    with pytest.raises(ValueError, match="one or more"):
        service([], [], [], [], [])
    with pytest.raises(ValueError, match="hours_open must be above 0"):
        Floors(hours_open=0)


def test_a_mean_tells_who_alone_is_beyond_it() -> None:
    found = checks(three_communes())
    wide = [(miss.commune, miss.point, miss.value) for miss in found[Floor.MEAN_RADIUS].beyond]
    assert wide == [(1, None, pytest.approx(math.sqrt(30 / math.pi))), (2, None, math.inf)]
    assert found[Floor.PEOPLE_PER_POINT].beyond == ()
    busy = service([12_000, 6_000], [9.0, 9.0], [0, 0, 1], [8, 8, 8], [5, 5, 5], nearest=[9_500, 500, 8_000])
    (miss,) = checks(busy)[Floor.PEOPLE_PER_POINT].beyond
    assert (miss.commune, miss.point, miss.value) == (0, 0, 9_500)
    assert checks(busy)[Floor.PEOPLE_PER_POINT].holds


def test_a_commune_of_unknown_area_is_in_no_radius() -> None:
    found = checks(service([10, 10], [9 * math.pi, math.nan], [0, 1, 1], [8, 8, 8], [5, 5, 5]))
    assert found[Floor.MEAN_RADIUS].value == pytest.approx(3.0)
    assert found[Floor.MEAN_RADIUS].checked == 1
    none = checks(service([10], [math.nan], [0], [8], [5]))[Floor.MEAN_RADIUS]
    assert (none.value, none.checked, none.holds) == (None, 0, True)

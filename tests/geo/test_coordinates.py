import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import EARTH_RADIUS, from_plane, haversine, plausible_vietnam, to_plane, to_sphere

degrees = st.tuples(st.floats(-180, 180), st.floats(-89, 89))


def test_one_degree_of_latitude_is_111_km() -> None:
    assert haversine(105, 10, 105, 11) == pytest.approx(111_195.08, abs=0.01)


def test_opposite_places_are_half_a_turn_apart() -> None:
    assert haversine(0, 0, 180, 0) == pytest.approx(np.pi * EARTH_RADIUS)


@given(degrees, degrees)
def test_distance_is_symmetric_and_that_of_the_chord(a: tuple[float, float], b: tuple[float, float]) -> None:
    there, back = haversine(*a, *b), haversine(*b, *a)
    chord = np.linalg.norm(to_sphere(*a) - to_sphere(*b))
    assert there == pytest.approx(back)
    assert 2 * EARTH_RADIUS * np.sin(there / 2 / EARTH_RADIUS) == pytest.approx(chord, abs=1e-3)


@given(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_plane_can_be_undone_and_keeps_lengths(east: float, north: float) -> None:
    origin = (105.4, 10.4)
    point = np.array([[origin[0] + east, origin[1] + north]])
    plane = to_plane(point, origin=origin)
    assert from_plane(plane, origin=origin) == pytest.approx(point)
    assert np.hypot(*plane[0]) == pytest.approx(haversine(*origin, *point[0]), rel=0.01, abs=1e-3)


@pytest.mark.parametrize(("lon", "lat"), [(105.43, 10.38), (105.85, 21.03), (112.0, 16.5), (103.97, 10.22)])
def test_places_of_vietnam_are_plausible_and_swapped_ones_are_not(lon: float, lat: float) -> None:
    assert plausible_vietnam(lon, lat)
    assert not plausible_vietnam(lat, lon)

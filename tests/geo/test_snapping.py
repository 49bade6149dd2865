import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.coordinates import haversine
from geo.errors import NoRoadError
from geo.graph import graph_from_arcs
from geo.profiles import ROAD_CLASSES
from geo.snapping import snap
from tests.geo.samples import DEGREE, LOCAL, graph_of

LINE = graph_of(4, [(i, i + 1, 111_195, 10_000) for i in range(3)] + [(i + 1, i, 111_195, 10_000) for i in range(3)])


def test_point_goes_to_the_nearest_node_with_its_distance() -> None:
    snapped = snap(LINE, [(105.0, 10.0012), (105.001, 10.003)])
    assert snapped.nodes.tolist() == [1, 3]
    assert snapped.offset.tolist() == [round(0.0002 * DEGREE), round(0.001 * DEGREE * np.cos(np.radians(10.003)))]


def test_access_is_longer_than_the_straight_line_and_slow() -> None:
    metres, seconds = snap(LINE, [(105.0, 9.999)]).access(LINE)
    assert metres.tolist() == [147]  # 111 m x 1.32 = 146.5
    assert seconds.tolist() == [59]  # 147 m at 9 km/h = 58.8 s


def test_far_points_are_all_named_with_their_distance() -> None:
    with pytest.raises(NoRoadError, match=r"point 1: 111195 m, point 2: 10[0-9]{4} m") as caught:
        snap(LINE, [(105.0, 10.0), (105.0, 9.0), (106.0, 10.0)], radius_m=2000)
    assert [index for index, _, _ in caught.value.points] == [1, 2]
    assert caught.value.points[0][1] == pytest.approx(DEGREE, abs=1)


@pytest.mark.parametrize(
    "bad", [(np.nan, 10.0), (105.0, np.inf), (10.0, 105.0), (181.0, 0.0)], ids=["nan", "infinite", "swapped", "beyond"]
)
def test_what_is_no_place_is_refused_by_index(bad: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="point 1 "):
        snap(LINE, [(105.0, 10.0), bad])


def test_wrong_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        snap(LINE, [105.0, 10.0, 3.0])


def test_no_points_are_no_error() -> None:
    assert snap(LINE, np.zeros((0, 2))).nodes.size == 0


def test_nobody_stops_on_a_motorway_or_aboard_a_ferry() -> None:
    classes = [ROAD_CLASSES.index("motorway"), ROAD_CLASSES.index("ferry"), LOCAL]
    graph = graph_from_arcs(
        np.full(5, 105.0), 10 + np.arange(5) / 1000, [0, 1, 3], [1, 2, 4], [1] * 3, [1] * 3, classes,
        profile="van", access_kph=8,
    )  # fmt: skip
    assert snap(graph, [(105.0, 10.0), (105.0, 10.002)]).nodes.tolist() == [3, 3]


def test_without_any_road_every_point_is_far() -> None:
    with pytest.raises(NoRoadError):
        snap(graph_of(2, []), [(105.0, 10.0)])


@given(st.lists(st.tuples(st.floats(104, 106), st.floats(8, 23)), min_size=1, max_size=20), st.data())
def test_nearest_is_nearest_by_brute_force(places: list[tuple[float, float]], data: st.DataObject) -> None:
    lon, lat = np.array(places).T
    count = len(places)
    graph = graph_from_arcs(lon, lat, np.arange(count), (np.arange(count) + 1) % count, [1] * count, [1] * count,
                            [LOCAL] * count, profile="van", access_kph=8)  # fmt: skip
    point = data.draw(st.tuples(st.floats(104, 106), st.floats(8, 23)))
    snapped = snap(graph, [point], radius_m=10**8)
    nearest = float(haversine(*point, lon, lat).min())
    assert abs(int(snapped.offset[0]) - nearest) <= 0.51
    assert haversine(*point, lon[snapped.nodes[0]], lat[snapped.nodes[0]]) == pytest.approx(nearest, abs=0.01)

"""Outlines that are only an estimate must still be right where that can be said."""

import numpy as np
import shapely

from geo.outlines import estimated_outlines

GRID = [(105.0 + 0.1 * x, 10.0 + 0.1 * y) for x in range(4) for y in range(3)]


def areas(points: list[tuple[float, float]]) -> list[shapely.Polygon]:
    return [shapely.Polygon(rings[0]) for rings in estimated_outlines(points)]


def test_each_outline_holds_its_own_point_and_no_other() -> None:
    for index, area in enumerate(areas(GRID)):
        assert [area.contains(shapely.Point(p)) for p in GRID] == [i == index for i in range(len(GRID))]


def test_neighbours_meet_without_overlap() -> None:
    found = areas(GRID)
    assert np.isclose(sum(a.area for a in found), shapely.union_all(found).area, rtol=1e-6)


def test_inner_cell_of_a_square_grid_is_a_square() -> None:
    inner = areas(GRID)[4]
    assert np.isclose(inner.area, 0.01, rtol=1e-6)


def test_a_point_that_two_communes_share_has_no_outline() -> None:
    outlines = estimated_outlines([*GRID, GRID[0]])
    assert outlines[0] == []
    assert outlines[-1] == []
    assert all(outlines[1:-1])


def test_fewer_than_three_places_have_no_outline() -> None:
    assert estimated_outlines([(105.0, 10.0), (105.1, 10.0)]) == [[], []]
    assert estimated_outlines(np.empty((0, 2))) == []

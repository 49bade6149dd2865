"""Posts belong to the place nearest to them."""

import numpy as np

from geo.coverage.posts import has_post


def test_a_post_counts_for_the_nearest_place_only() -> None:
    places = [(105.0, 10.0), (105.1, 10.0), (105.2, 10.0)]
    assert has_post(places, [(105.01, 10.0), (104.99, 10.02), (105.16, 10.0)]).tolist() == [True, False, True]


def test_without_posts_nobody_has_one() -> None:
    assert has_post([(105.0, 10.0)], np.empty((0, 2))).tolist() == [False]

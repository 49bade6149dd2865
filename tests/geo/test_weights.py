"""One number for time and length, put together and taken apart."""

import numpy as np
import pytest

from geo.errors import TooFarError
from geo.weights import MILLISECOND, LengthBound, metres_and_seconds
from tests.geo.samples import graph_of


def test_weights_of_any_shape_are_rounded_half_up_and_infinite_ones_are_far() -> None:
    graph = graph_of(2, [(0, 1, 1000, 1000)])
    weight = np.array([[0.0, np.inf, 499 * MILLISECOND + 4], [500 * MILLISECOND + 5, 1499 * MILLISECOND + 14, 15.0]])
    metres, seconds = metres_and_seconds(LengthBound.of(graph), weight, far=77)
    assert metres.tolist() == [[0, 77, 0], [1, 1, 2]]
    assert seconds.tolist() == [[0, 77, 0], [1, 1, 0]]


def test_what_no_number_can_tell_is_refused() -> None:
    graph = graph_of(2, [(0, 1, 1000, 1000)])
    with pytest.raises(TooFarError, match="149 h is too long"):
        metres_and_seconds(LengthBound.of(graph), np.array([2.0**53]))

"""What the scaled problem accepts is feasible in double precision, and nearly the other way round."""

from __future__ import annotations

import math

from hypothesis import event, given
from hypothesis import strategies as st

from routing.formats import solution_text
from routing.formats.instance import Instance
from routing.formats.solomon import read_solomon
from tests.routing.formats.double_precision import lateness

Place = tuple[int, int, int, int, int]
"""x, y, ready, length of the window, service."""

SIDE = st.integers(0, 30)
PLACES = st.lists(
    st.tuples(SIDE, SIDE, st.integers(0, 150), st.integers(0, 12), st.integers(0, 5)), min_size=1, max_size=6
)
HEAD = "RANDOM\nVEHICLE\nNUMBER CAPACITY\n1 100\nCUSTOMER\nCUST NO.\n0 0 0 0 0 400 0\n"


def instance_of(places: list[Place]) -> Instance:
    rows = (f"{i} {x} {y} 1 {r} {r + w} {s}\n" for i, (x, y, r, w, s) in enumerate(places, 1))
    return read_solomon("random", HEAD + "".join(rows))


def least_spare(places: list[Place]) -> float:
    """Drive the places in order in double precision; return the least time to spare (negative: late)."""
    clock, here, spare = 0.0, (0, 0), math.inf
    for x, y, ready, length, service in places:
        clock = max(clock + math.dist(here, (x, y)), ready)
        spare = min(spare, ready + length - clock)
        clock, here = clock + service, (x, y)
    return min(spare, 400 - clock - math.dist(here, (0, 0)))


@given(PLACES)
def test_a_route_is_accepted_exactly_when_it_is_in_time_but_for_a_unit_an_arc(places: list[Place]) -> None:
    places = sorted(places, key=lambda place: place[2])
    instance, spare = instance_of(places), least_spare(places)
    try:
        solution = solution_text.time_routes(instance, [range(1, len(places) + 1)])
    except ValueError:
        event("refused")
        assert spare < (len(places) + 1) / instance.scale
    else:
        event("accepted")
        assert spare >= -1e-9
        assert lateness(instance, solution) == 0

"""Frontiers against the plain table of what they mean: for every departure, how early one can be there."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from routing.scheduling.frontier import Frontier, Piece, admitted, merged

LAST = 60


def reached(frontier: Frontier) -> list[float]:
    """How early one is there when departing at that second or later."""
    return [
        min((max(p.time, p.time + d - p.first) for p in frontier if d <= p.last), default=float("inf"))
        for d in range(LAST)
    ]


def drawn(draw: random.Random) -> Frontier:
    """Pieces by rising departure and time."""
    frontier: Frontier = []
    first, time = draw.randrange(6), draw.randrange(40)
    for _ in range(draw.randrange(5)):
        last = first + draw.randrange(6)
        frontier.append(Piece(first, last, time))
        first, time = last + 1 + draw.randrange(3), time + last - first + 1 + draw.randrange(9)
    return frontier


@pytest.mark.slow
def test_a_choice_of_ways_is_as_early_as_the_best_of_them() -> None:
    draw = random.Random(7)
    for _ in range(3_000):
        ways = [drawn(draw) for _ in range(draw.randrange(1, 4))]
        found = merged(ways)
        assert reached(found) == [min(times) for times in zip(*map(reached, ways), strict=True)]
        assert all(a.last < b.first and a.latest_time < b.time for a, b in pairwise(found))


def test_what_goes_on_second_by_second_is_one_piece() -> None:
    early, late = [Piece(0, 9, 100)], [Piece(4, 6, 104)]
    assert merged([early, late]) == early
    assert merged([late, early]) == early
    assert merged([[Piece(0, 9, 100)], [Piece(5, 14, 105)]]) == [Piece(0, 14, 100)]


def test_of_a_better_way_only_what_leaves_later_is_kept_of_the_other() -> None:
    assert merged([[Piece(0, 10, 50)], [Piece(0, 4, 30)]]) == [Piece(0, 4, 30), Piece(5, 10, 55)]


def test_whoever_waits_departs_last() -> None:
    assert admitted([Piece(0, 10, 50)], ((55, 58),)) == [Piece(5, 8, 55)]

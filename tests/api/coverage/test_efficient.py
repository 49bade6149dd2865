"""Corners of the frontier of cost and people, against every choice there is."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.coverage.efficient import Option, best_within, efficient_choices

PLACES = 4


def option(place: int) -> st.SearchStrategy[Option]:
    reached = st.frozensets(st.integers(0, PLACES - 1), max_size=2)
    return st.builds(lambda dong, more: Option(place, dong, more | {place}), st.integers(-20, 100), reached)


@pytest.mark.slow
@given(
    st.lists(st.integers(0, PLACES - 1).flatmap(option), max_size=7),
    st.lists(st.integers(0, 50), min_size=PLACES, max_size=PLACES),
)
@settings(max_examples=60, deadline=None)
def test_corners_are_those_of_every_choice(options: list[Option], people: list[int]) -> None:
    found = [(one.dong, one.people) for one in efficient_choices(options, people)]
    assert found == hull(options, people)


@given(
    st.lists(st.integers(0, PLACES - 1).flatmap(option), max_size=7),
    st.lists(st.integers(0, 50), min_size=PLACES, max_size=PLACES),
    st.integers(0, 300),
)
@settings(max_examples=60, deadline=None)
def test_a_budget_buys_the_most_people_that_any_choice_reaches(
    options: list[Option], people: list[int], dong: int
) -> None:
    found = best_within(options, people, dong)
    affordable = [(-reached, spent) for spent, reached in every_choice(options, people) if spent <= dong]
    assert (-found.people, found.dong) == min(affordable)


def every_choice(options: list[Option], people: list[int]) -> set[tuple[int, int]]:
    """At most one option a place: what it costs, whom it reaches."""
    points = set()
    for taken in product((False, True), repeat=len(options)):
        chosen = [one for one, is_taken in zip(options, taken, strict=True) if is_taken]
        if len({one.place for one in chosen}) == len(chosen):
            reached = frozenset[int]().union(*(one.reaches for one in chosen))
            points.add((sum(one.dong for one in chosen), sum(people[place] for place in reached)))
    return points


def hull(options: list[Option], people: list[int]) -> list[tuple[int, int]]:
    """Of every choice the efficient ones, of these the corners."""
    points = every_choice(options, people)
    best = [p for p in points if not any(q != p and q[0] <= p[0] and q[1] >= p[1] for q in points)]
    corners: list[tuple[int, int]] = []
    for point in sorted(best):
        while len(corners) > 1 and slope(corners[-2], corners[-1]) <= slope(corners[-1], point):
            corners.pop()
        corners.append(point)
    return corners


def slope(a: tuple[int, int], b: tuple[int, int]) -> Fraction:
    return Fraction(b[1] - a[1], b[0] - a[0])


def test_the_choices_are_told() -> None:
    options = [Option(0, 10, frozenset({0})), Option(0, 4, frozenset()), Option(1, 5, frozenset({1}))]
    assert [one.options for one in efficient_choices(options, [100, 80])] == [(), (2,), (0, 2)]
    assert best_within(options, [100, 80], 14).options == (0,), "between two corners"

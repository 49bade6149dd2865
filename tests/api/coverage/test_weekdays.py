"""Which weekday each place gets, against every way to give them out."""

from __future__ import annotations

from itertools import product
from random import Random

import pytest

from api.coverage.weekdays import assign_weekdays

WEEK = (0, 1, 2, 3, 4)


def prices(seed: int, places: int) -> dict[tuple[frozenset[int], int], int]:
    """Any price of any set on any weekday."""
    rng = Random(seed)
    sets = [frozenset(p for p in range(places) if part >> p & 1) for part in range(1 << places)]
    return {(some, day): rng.randrange(100) + 20 * len(some) for some in sets for day in WEEK}


def week(chosen: tuple[int, ...], known: dict[tuple[frozenset[int], int], int]) -> int:
    return sum(known[frozenset(p for p, on in enumerate(chosen) if on == day), day] for day in WEEK)


@pytest.mark.parametrize("places", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(5))
def test_no_other_week_is_cheaper(places: int, seed: int) -> None:
    known = prices(seed, places)
    found = assign_weekdays(places, WEEK, lambda some, day: known[some, day])
    assert week(tuple(found), known) == min(week(one, known) for one in product(WEEK, repeat=places))


def test_each_set_is_priced_once() -> None:
    known, asked = prices(1, 4), list[tuple[frozenset[int], int]]()

    def price(some: frozenset[int], day: int) -> int:
        asked.append((some, day))
        return known[some, day]

    assign_weekdays(4, WEEK, price)
    assert len(asked) == len(set(asked)) == 16 * 5


@pytest.mark.parametrize("seed", range(5))
def test_with_many_places_no_single_move_or_swap_is_better(seed: int) -> None:
    known = prices(seed, 6)
    found = assign_weekdays(6, WEEK, lambda some, day: known[some, day])
    cost = week(tuple(found), known)
    moved = [(*found[:p], day, *found[p + 1 :]) for p in range(6) for day in WEEK]
    swapped = []
    for a, b in product(range(6), repeat=2):
        other = list(found)
        other[a], other[b] = other[b], other[a]
        swapped.append(tuple(other))
    assert all(week(one, known) >= cost for one in moved + swapped)


def test_where_a_shared_trip_saves_the_places_share_a_day() -> None:
    assert assign_weekdays(3, WEEK, lambda some, day: 100 * bool(some) + day * len(some)) == [0, 0, 0]
    assert sorted(assign_weekdays(3, WEEK, lambda some, day: 10 * len(some) ** 3 + 0 * day)) == [0, 1, 2]
    assert assign_weekdays(0, WEEK, lambda _some, _day: 0) == []

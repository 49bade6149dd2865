"""
On which weekday a mobile desk comes to each place of a base: a periodic routing problem.

Every place gets one weekday; a weekday's round carries its usual papers and calls at its places. What a set of places
adds to a weekday is asked of the engine, each set once; the sets are put together exactly for few places (dynamic
programme over subsets), by local search for more.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

MOST_EXACT = 4
"""Places of a base up to which every set is priced: 2^n sets a weekday."""

Price = Callable[[frozenset[int], int], int]
"""What a weekday costs when it calls at these places."""


def assign_weekdays(places: int, weekdays: Sequence[int], price: Price, *, most_exact: int = MOST_EXACT) -> list[int]:
    """
    Give each place a weekday, so that the week costs least; the earliest weekdays among equals.

    Parameters
    ----------
    places
        How many.
    price
        Asked once for each set and weekday.
    """
    known: Price = cache(price)
    if not places:
        return []
    if places <= most_exact:
        return _exact(places, weekdays, known)
    return _improved(_greedy(places, weekdays, known), weekdays, known)


def _exact(places: int, weekdays: Sequence[int], price: Price) -> list[int]:
    """The best partition: what the first weekdays cost with each set of places, then with one weekday more."""
    every = (1 << places) - 1
    best: dict[int, tuple[int, tuple[int, ...]]] = {0: (0, ())}
    for day in weekdays:
        costs = {part: price(_members(part), day) for part in range(every + 1)}
        later: dict[int, tuple[int, tuple[int, ...]]] = {}
        for done, (cost, parts) in sorted(best.items()):
            rest = every & ~done
            part = rest
            while True:
                found = cost + costs[part], (*parts, part)
                later[done | part] = min(later.get(done | part, found), found, key=lambda one: (one[0], _order(one[1])))
                if not part:
                    break
                part = (part - 1) & rest
        best = later
    chosen = best[every][1]
    return [
        next(day for day, part in zip(weekdays, chosen, strict=True) if part >> place & 1) for place in range(places)
    ]


def _order(parts: tuple[int, ...]) -> tuple[int, ...]:
    """Earlier weekdays take the more places, then the first ones."""
    return tuple(-part for part in parts)


def _greedy(places: int, weekdays: Sequence[int], price: Price) -> list[int]:
    """One place after the other where it adds least."""
    chosen: list[int] = []
    for place in range(places):
        sets = {day: frozenset(other for other in range(place) if chosen[other] == day) for day in weekdays}
        chosen.append(min(weekdays, key=lambda day: price(sets[day] | {place}, day) - price(sets[day], day)))
    return chosen


def _improved(chosen: list[int], weekdays: Sequence[int], price: Price) -> list[int]:
    """Move a place, or swap two, as long as the week gets cheaper."""
    cost = _week(chosen, weekdays, price)
    is_better = True
    while is_better:
        is_better = False
        for other in _neighbours(chosen, weekdays):
            found = _week(other, weekdays, price)
            if found < cost:
                chosen, cost, is_better = other, found, True
                break
    return chosen


def _neighbours(chosen: list[int], weekdays: Sequence[int]) -> list[list[int]]:
    moved = [
        [*chosen[:place], day, *chosen[place + 1 :]]
        for place in range(len(chosen))
        for day in weekdays
        if day != chosen[place]
    ]
    swapped = []
    for first in range(len(chosen)):
        for second in range(first):
            if chosen[first] != chosen[second]:
                other = list(chosen)
                other[first], other[second] = other[second], other[first]
                swapped.append(other)
    return moved + swapped


def _week(chosen: Sequence[int], weekdays: Sequence[int], price: Price) -> int:
    return sum(price(frozenset(place for place, on in enumerate(chosen) if on == day), day) for day in weekdays)


def _members(part: int) -> frozenset[int]:
    return frozenset(place for place in range(part.bit_length()) if part >> place & 1)

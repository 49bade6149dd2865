"""Who stands where, when each may stand in several spots and no two may be in each other's way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree

LEFT_OUT = 60.0
"""Price of no spot: more than any spot costs."""
_PASSES, _MOST_MOVED = 8, 3


def choose_spots(owners: Sequence[int], rooms: NDArray[np.object_], prices: NDArray[np.float64]) -> dict[int, int]:
    """
    Choose at most one spot for each owner so that rooms are apart; few are left out, and the sum of prices is small.

    Each takes its cheapest free spot in turn; then an owner may push up to three others aside as long as all of them
    together become cheaper. The same question gets the same answer.

    Parameters
    ----------
    owners, rooms, prices
        Of each spot; owners count from 0.

    Returns
    -------
    chosen
        By owner: the number of its spot; who is left out is missing.
    """
    board = _Board(np.asarray(owners, np.int64), rooms, prices)
    everybody = range(max(owners, default=-1) + 1)
    for owner in everybody:
        board.settle(owner)
    for _ in range(_PASSES):
        if not sum([board.improve(owner) for owner in everybody]):
            break
    return board.chosen


class _Board:
    """Spots, and how many chosen ones are in the way of each."""

    def __init__(self, owners: NDArray[np.int64], rooms: NDArray[np.object_], prices: NDArray[np.float64]) -> None:
        self.chosen: dict[int, int] = {}
        self._owners, self._prices = owners, prices
        self._blocked = np.zeros(len(owners), np.int64)
        one, other = STRtree(rooms).query(rooms, predicate="intersects")
        apart = owners[one] != owners[other]
        one, other = one[apart], other[apart]
        self._others: NDArray[np.int64] = other[np.argsort(one, kind="stable")]
        self._first = np.concatenate(([0], np.cumsum(np.bincount(one, minlength=len(owners)))))
        cheapest_first = np.argsort(prices, kind="stable")
        self._spots = [
            cheapest_first[owners[cheapest_first] == owner] for owner in range(int(owners.max(initial=-1)) + 1)
        ]

    def settle(self, owner: int) -> None:
        """Take the cheapest free spot, if there is one."""
        free = self._spots[owner][self._blocked[self._spots[owner]] == 0]
        if len(free):
            self._take(int(free[0]))

    def improve(self, owner: int) -> bool:
        """Take a cheaper spot, moving who is in the way, if that makes it cheaper for all."""
        for spot in self._spots[owner]:
            if self._prices[spot] >= self._price(owner):
                return False
            if self._blocked[spot] > _MOST_MOVED:
                continue
            moved = self._in_the_way(int(spot))
            if self._moves(owner, int(spot), moved):
                return True
        return False

    def _moves(self, owner: int, spot: int, moved: Sequence[int]) -> bool:
        touched = [owner, *moved]
        before = {one: self.chosen[one] for one in touched if one in self.chosen}
        price = sum(self._price(one) for one in touched)
        self._drop(touched)
        self._take(spot)
        for one in moved:
            self.settle(one)
        if sum(self._price(one) for one in touched) < price - 1e-9:
            return True
        self._drop(touched)
        for old in before.values():
            self._take(old)
        return False

    def _price(self, owner: int) -> float:
        return float(self._prices[self.chosen[owner]]) if owner in self.chosen else LEFT_OUT

    def _near(self, spot: int) -> NDArray[np.int64]:
        """Spots of others that cannot be taken together with one."""
        return self._others[self._first[spot] : self._first[spot + 1]]

    def _in_the_way(self, spot: int) -> list[int]:
        """Owners of chosen spots."""
        near = self._near(spot)
        return sorted(self._owners[near[np.isin(near, list(self.chosen.values()))]].tolist())

    def _take(self, spot: int) -> None:
        self.chosen[int(self._owners[spot])] = spot
        self._blocked[self._near(spot)] += 1

    def _drop(self, owners: Sequence[int]) -> None:
        for owner in owners:
            if owner in self.chosen:
                self._blocked[self._near(self.chosen.pop(owner))] -= 1

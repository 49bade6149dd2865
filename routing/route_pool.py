"""The routes that a search has driven: what set partitioning chooses from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from math import inf
from typing import Any

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
Members = npt.NDArray[np.integer[Any]]

KEPT_SHARE = 0.75
"""Of a full pool's capacity, what stays when it makes room."""


@dataclass(frozen=True, slots=True)
class PooledRoute:
    """One route that some run drove."""

    key: int
    """64-bit hash of kind and requests."""
    kind: int
    """Vehicle class: vehicles that are alike share one."""
    members: Members
    """The requests carried, each once; read-only."""
    cost: int
    """What the route adds to the total, at least 0."""
    payload: object
    """Whatever the caller needs to drive it."""


class RoutePool:
    """
    The cheapest route for each kind and set of requests that any run has driven.

    Parameters
    ----------
    capacity
        Most routes kept. Protected routes stay even beyond it.
    """

    def __init__(self, capacity: int = 20_000) -> None:
        if capacity < 1:
            raise ValueError(f"a pool needs capacity >= 1, got {capacity}")
        self._capacity = capacity
        self._routes: dict[int, PooledRoute] = {}
        self._seen: dict[int, int] = {}
        self._protected: frozenset[int] = frozenset()
        self._clock = 0

    def __len__(self) -> int:
        return len(self._routes)

    def __contains__(self, key: int) -> bool:
        return key in self._routes

    def add(self, key: int, kind: int, members: Members, cost: int, payload: object = None) -> bool:
        """
        Offer a route; arrays are copied only when it is kept.

        Parameters
        ----------
        key
            64-bit hash of `kind` and the set of `members`. When two sets share one, the cheaper route is kept.

        Returns
        -------
        kept
            Whether the route was new or cheaper than the one known.
        """
        key = int(key)
        self._clock += 1
        known = self._routes.get(key)
        self._seen[key] = self._clock
        if known is not None and known.cost <= cost:
            return False
        self._routes[key] = _copied(key, kind, members, cost, payload)
        if len(self._routes) > self._capacity:
            self._make_room(key)
        return True

    def protect(self, keys: Iterable[int]) -> None:
        """Keep the routes of the incumbent until others are protected."""
        self._protected = frozenset(map(int, keys))

    def snapshot(self) -> tuple[PooledRoute, ...]:
        """The routes now known, oldest first."""
        return tuple(self._routes.values())

    def _make_room(self, newest: int) -> None:
        """Drop what is dear for its requests and has not been seen for long, by the sum of both ranks."""
        routes = list(self._routes.values())
        age = self._clock - np.array([self._seen[route.key] for route in routes])
        sizes = np.array([len(route.members) for route in routes])
        members = np.fromiter(chain.from_iterable(route.members for route in routes), np.int64, sizes.sum())
        excess = excess_of(np.array([route.cost for route in routes], float), sizes, members)
        demerit = _ranks(excess) + _ranks(age)
        safe = self._protected | {newest}
        demerit[[route.key in safe for route in routes]] = -1
        for number in np.argsort(demerit, kind="stable")[max(1, int(KEPT_SHARE * self._capacity)) :]:
            if demerit[number] >= 0:
                del self._routes[routes[number].key], self._seen[routes[number].key]


def _copied(key: int, kind: int, members: Members, cost: int, payload: object) -> PooledRoute:
    own = np.array(members)
    own.flags.writeable = False
    kept = payload.copy() if isinstance(payload, np.ndarray) else payload
    return PooledRoute(key, int(kind), own, int(cost), kept)


def excess_of(costs: FloatArray, sizes: Members, members: Members) -> FloatArray:
    """Cost of each route per request, beyond what its requests cost where they are cheapest."""
    owner, parts = np.repeat(np.arange(len(costs)), sizes), np.maximum(sizes, 1)
    share = costs / parts
    cheapest = np.full(int(members.max(initial=-1)) + 1, inf)
    np.minimum.at(cheapest, members, share[owner])
    excess: FloatArray = share - np.bincount(owner, cheapest[members], len(costs)) / parts
    return excess


def _ranks(values: npt.NDArray[Any]) -> IntArray:
    """Place of each value in ascending order; equal values share one."""
    return np.unique(values, return_inverse=True)[1].astype(np.int64)

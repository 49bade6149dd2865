"""The routes that runs have driven, kept for joining them by set partitioning."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from routing.encoding import Encoded
from routing.kernel import columns as c
from routing.recombination import recombine
from routing.route_pool import RoutePool

LARGEST_POOL = 20_000


class Pool:
    """Routes of all runs, one entry a class of alike vehicles and set of requests."""

    def __init__(self, encoded: Encoded) -> None:
        self._encoded = encoded
        self._routes = RoutePool(LARGEST_POOL)
        kind = encoded.tables.kind
        self._class_of = [int(kind[k, c.ALIKE]) for k in encoded.vehicle_types]
        self._request_of = encoded.tables.node[:, c.REQUEST]
        self._is_separable = not encoded.begun and int(encoded.tables.parameter[c.BALANCE]) == 0
        """Frozen parts and the longest working time tie routes together: then there is nothing to join."""

    def add(self, sequences: Sequence[Sequence[int]], costs: Sequence[int]) -> list[int]:
        """Add the routes of a solution; the keys of all of them."""
        if not self._is_separable:
            return []
        keys = []
        for vehicle, sequence in enumerate(sequences):
            if sequence:
                nodes = [n for n in sequence if n >= 0]
                members = np.unique(self._request_of[nodes])
                key = hash((self._class_of[vehicle], members.tobytes()))
                self._routes.add(key, self._class_of[vehicle], members, costs[vehicle], tuple(sequence))
                keys.append(key)
        return keys

    def join(
        self,
        incumbent: Sequence[Sequence[int]],
        costs: Sequence[int],
        *,
        seconds: float | None,
        seed: int,
        cancel: Callable[[], bool],
    ) -> list[list[int]] | None:
        """The best choice of routes seen, as rows; None = nothing better than the incumbent was found."""
        if not self._is_separable:
            return None
        keys = self.add(incumbent, costs)
        self._routes.protect(keys)
        chosen = recombine(
            self._routes.snapshot(),
            len(self._encoded.lots),
            [int(cost) for cost in self._encoded.tables.request[:, c.LEFT_COST]],
            [self._class_of.count(k) for k in range(max(self._class_of) + 1)],
            incumbent=keys,
            seconds=seconds,
            deterministic_limit=None if seconds is not None else 2.0,
            seed=seed,
            cancel=cancel,
        )
        if chosen is None:
            return None
        free = {k: [v for v, other in enumerate(self._class_of) if other == k] for k in set(self._class_of)}
        rows: list[list[int]] = [[] for _ in self._class_of]
        for route in chosen.routes:
            rows[free[route.kind].pop(0)] = list(cast("tuple[int, ...]", route.payload))
        return rows

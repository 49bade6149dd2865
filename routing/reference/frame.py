"""The empty OR-Tools model: nodes, vehicles, arcs and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from routing.model import FOREVER, Problem, VehicleType
from routing.prices import Prices
from routing.reference.bundles import Bundle, Bundling
from routing.reference.couriers import Fleet, Gate
from routing.reference.nodes import IntArray, lay_out

HORIZON = FOREVER
"""Latest time, longest wait."""


class Frame:
    """
    An OR-Tools model that knows its problem. Other files add a dimension or a rule each.

    OR-Tools' objects have no types, hence `Any`.
    """

    def __init__(
        self, problem: Problem, bundling: Bundling, fleet: Fleet, prices: Prices, order: Sequence[int]
    ) -> None:
        self.problem = problem
        self.bundling = bundling
        self.fleet = fleet
        self.prices = prices
        self.nodes = nodes = lay_out(problem, bundling, fleet, order)
        self.manager = pywrapcp.RoutingIndexManager(
            len(nodes), len(fleet.couriers), list(nodes.starts), list(nodes.ends)
        )
        self.routing: Any = pywrapcp.RoutingModel(self.manager)
        self.solver: Any = self.routing.solver()
        self._matrices: dict[tuple[object, ...], int] = {}
        self._price_arcs()

    @property
    def couriers(self) -> range:
        return range(len(self.fleet.couriers))

    def vehicle(self, courier: int) -> VehicleType:
        return self.problem.vehicle_types[self.fleet.couriers[courier].vehicle_type]

    def index(self, node: int) -> int:
        """OR-Tools' index of a bundle's or gate's node."""
        return int(self.manager.NodeToIndex(node))

    def index_of(self, bundle: int) -> int:
        return self.index(self.nodes.node_of_bundle[bundle])

    def bundles(self) -> Iterator[tuple[int, Bundle]]:
        """Node and bundle."""
        return ((node, self.bundling.bundles[number]) for node, number in enumerate(self.nodes.bundles))

    def gates(self) -> Iterator[tuple[int, Gate]]:
        """Node and gate."""
        return zip(self.nodes.gates, self.fleet.gates, strict=True)

    def start(self, dimension: Any, courier: int) -> Any:
        """A dimension's variable where a courier begins."""
        return dimension.CumulVar(self.routing.Start(courier))

    def end(self, dimension: Any, courier: int) -> Any:
        """A dimension's variable where a courier ends."""
        return dimension.CumulVar(self.routing.End(courier))

    def matrix(self, name: tuple[object, ...], values: Callable[[], IntArray]) -> int:
        """OR-Tools' number of a matrix over the nodes; from base to base there is nothing to do or to pay."""
        if name not in self._matrices:
            numbers = values()
            numbers[len(self.nodes.bundles) :, len(self.nodes.bundles) :] = 0
            self._matrices[name] = int(self.routing.RegisterTransitMatrix(numbers.tolist()))
        return self._matrices[name]

    def metres(self, profile: int) -> int:
        return self.matrix(("metres", profile), lambda: self.nodes.drives(self.problem.distances[profile], 0))

    def at_nodes(self, values: Sequence[int]) -> int:
        """OR-Tools' number of what happens at nodes, beginning with the first; nothing at the rest."""
        return int(self.routing.RegisterUnaryTransitVector([*values, *[0] * (len(self.nodes) - len(values))]))

    def dimension(
        self,
        name: str,
        evaluators: int | Sequence[int],
        limits: Sequence[int],
        *,
        wait: int = 0,
        from_zero: bool = False,
    ) -> Any:
        """Add a dimension: one evaluator for all couriers or one each, and the largest value for each."""
        each = [evaluators] * len(self.couriers) if isinstance(evaluators, int) else list(evaluators)
        self.routing.AddDimensionWithVehicleTransitAndCapacity(each, wait, list(limits), from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def resettable(self, name: str, values: Sequence[int], limits: Sequence[int]) -> Any:
        """Add a dimension that takes any value at a gate: there it falls to the ground and rises by its slack."""
        most = max(limits)
        bundles = len(self.nodes.bundles)
        added = self.dimension(name, self.at_nodes([*values, *[-most] * len(self.nodes.gates)]), limits, wait=2 * most)
        for index in range(self.routing.Size()):
            if not bundles <= self.manager.IndexToNode(index) < bundles + len(self.nodes.gates):
                added.SlackVar(index).SetValue(0)
        return added

    def after_gate(self, dimension: Any, node: int, most: int) -> Any:
        """The value with which a resettable dimension goes on behind a gate."""
        index = self.index(node)
        return dimension.CumulVar(index) + dimension.SlackVar(index) - most

    def _price_arcs(self) -> None:
        for number, courier in enumerate(self.fleet.couriers):
            kind, profile = courier.vehicle_type, self.vehicle(number).profile
            metre, second = self.prices.metre[kind], self.prices.second[kind]
            name = ("cost", profile, metre, second)
            self.routing.SetArcCostEvaluatorOfVehicle(self.matrix(name, self._cost(profile, metre, second)), number)
            self.routing.SetFixedCostOfVehicle(self.prices.vehicle[kind], number)

    def _cost(self, profile: int, metre: int, second: int) -> Callable[[], IntArray]:
        def values() -> IntArray:
            work = self.nodes.service.copy()
            work[len(self.nodes.bundles) :] = 0
            seconds = self.nodes.drives(self.problem.durations[profile], 0) + work[:, None] + self.nodes.setups()
            return metre * self.nodes.drives(self.problem.distances[profile], 0) + second * seconds

        return values


def unlimited(amounts: Sequence[int]) -> int:
    """A limit that the amounts cannot reach."""
    return 1 + int(np.abs(np.array(amounts, dtype=np.int64)).sum())

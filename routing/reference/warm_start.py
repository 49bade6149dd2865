"""A draft as the assignment with which OR-Tools begins."""

from __future__ import annotations

from typing import Any

from routing.drafts import Draft, DraftRoute, DraftVisit
from routing.model import Task
from routing.reference.frame import Frame


def assignment(frame: Frame, draft: Draft) -> Any | None:
    """
    Translate a draft; a bundle goes where the first of its tasks is.

    Returns
    -------
    None when the draft has more trips than the model has gates, or when OR-Tools' model refuses it.
    """
    number_of = {task: number for number, some in enumerate(frame.bundling.bundles) for task in some.tasks}
    routes, placed = [], set[int]()
    waiting: dict[int, list[DraftRoute]] = {}
    for route in draft:
        waiting.setdefault(route.vehicle_type, []).append(route)
    for courier in frame.couriers:
        route = waiting[frame.fleet.couriers[courier].vehicle_type].pop(0)
        indices = _Day(frame, courier, number_of, placed).indices(route)
        if indices is None:
            return None
        routes.append(indices)
    ignore_inactive = True
    return frame.routing.ReadAssignmentFromRoutes(routes, ignore_inactive)


class _Day:
    """One courier's nodes in order, with the gates that the trips need."""

    def __init__(self, frame: Frame, courier: int, number_of: dict[Task, int], placed: set[int]) -> None:
        self._frame = frame
        self._number_of = number_of
        self._placed = placed
        self._gates = {node: gate for node, gate in frame.gates() if gate.courier == courier}

    def indices(self, route: DraftRoute) -> list[int] | None:
        nodes: list[int] = []
        for trip in route.trips:
            bundles = self._bundles(trip)
            opens, closes = self._classes(bundles)
            gate = self._taken(opens=opens) if opens else None
            if gate is None and nodes and nodes[-1] < len(self._frame.nodes.bundles):
                gate = self._taken()
            if gate is None and (opens or (nodes and nodes[-1] < len(self._frame.nodes.bundles))):
                return None
            nodes += [] if gate is None else [gate]
            nodes += [self._frame.nodes.node_of_bundle[number] for number in bundles]
            if closes:
                gate = self._taken(closes=closes)
                if gate is None:
                    return None
                nodes.append(gate)
        return [self._frame.index(node) for node in nodes]

    def _bundles(self, trip: tuple[DraftVisit, ...]) -> list[int]:
        found = []
        for number in (self._number_of.get(task) for _, tasks in trip for task in tasks):
            if number is not None and number not in self._placed:
                self._placed.add(number)
                found.append(number)
        return found

    def _classes(self, bundles: list[int]) -> tuple[int, int]:
        """The release and the cut-off that the trip must keep."""
        facts = [self._frame.bundling.bundles[number] for number in bundles]
        releases = [self._frame.fleet.release_class(b.release) for b in facts if not b.frozen]
        cut_offs = [self._frame.fleet.cut_off_class(b.latest_return) for b in facts if not b.frozen]
        return max(releases, default=0), max(cut_offs, default=0)

    def _taken(self, *, opens: int = 0, closes: int = 0) -> int | None:
        """An unused gate of the kind, which is then used."""
        for node, gate in self._gates.items():
            if (gate.opens, gate.closes) == (opens, closes):
                del self._gates[node]
                return node
        return None

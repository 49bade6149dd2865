"""
The objective in the terms of a search: prices per metre, second, vehicle and shipment left behind.

`objective.weights` may come near 2**63, where sums on the way saturate or wrap and a search goes astray. The weight of
a shipment left behind is therefore capped so that all of them together cost `LARGEST_TOTAL`, which is still far above
any route; every other price is the true one. Totals that are reported never use these prices.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing.model import Problem
from routing.objective import Objective, weights

LARGEST_TOTAL = 10**17


@dataclass(frozen=True, slots=True)
class Prices:
    """What the search pays; one entry a vehicle type or shipment."""

    metre: tuple[int, ...]
    second: tuple[int, ...]
    overtime: tuple[int, ...]
    vehicle: tuple[int, ...]
    left: tuple[int, ...]
    balance: int
    unfamiliar: int
    changed: int


def prices(problem: Problem, objective: Objective) -> Prices:
    """Price every decision of the search for an objective."""
    chosen = weights(problem, objective)
    types, wishes = problem.vehicle_types, problem.preferences
    most = LARGEST_TOTAL // (len(problem.shipments) + 1)
    left = (chosen.left + (chosen.must_go_left if s.must_go else chosen.cost * s.penalty) for s in problem.shipments)
    return Prices(
        metre=tuple(chosen.distance + chosen.cost * v.unit_distance_cost for v in types),
        second=tuple(chosen.cost * v.unit_duration_cost for v in types),
        overtime=tuple(chosen.cost * v.unit_overtime_cost for v in types),
        vehicle=tuple(chosen.vehicles + chosen.cost * v.fixed_cost for v in types),
        left=tuple(min(amount, most) for amount in left),
        balance=chosen.cost * wishes.unit_balance_cost,
        unfamiliar=chosen.cost * wishes.unfamiliar_cost,
        changed=chosen.cost * wishes.change_cost,
    )

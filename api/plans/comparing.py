"""Two plans of one day side by side: what each costs and leaves behind, and what changes for whom."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api.plans.schemas import Plan, PlannedRoute


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanFigures(_Part):
    """What a dispatcher judges a plan by."""

    couriers: int
    trips: int
    stops: int
    distance: int
    """Metres."""
    duration: int
    """Working seconds, breaks left out."""
    overtime_dong: int
    cost_dong: int
    """With penalties and wishes."""
    carried: int
    unassigned: int
    must_go_unassigned: int
    """Late for their promise: left behind on their last day."""


class CourierChange(_Part):
    """What changes for one courier."""

    courier_id: str
    kind: Literal["new_round", "no_round", "changed", "same"]
    added: tuple[str, ...]
    """Shipments, in the order of the second plan."""
    removed: tuple[str, ...]
    """Shipments, in the order of the first plan."""
    reordered: tuple[str, ...]
    """The fewest shipments that, taken out, leave the others in the order of the first plan."""
    distance: int
    """Metres, second plan less first."""
    cost_dong: int
    """Second plan less first."""


class MovedShipment(_Part):
    shipment: str
    before: str | None
    """Courier; None = left behind."""
    after: str | None


class PlanComparison(_Part):
    model_config = ConfigDict(extra="forbid", frozen=True, title="PlanComparison")

    same_inputs: bool
    """Both plans were made from the same network, roads, shipments and day; otherwise the figures say little."""
    before: PlanFigures
    after: PlanFigures
    difference: PlanFigures
    """Second plan less first."""
    couriers: tuple[CourierChange, ...]
    """Everybody with a round in either plan, by courier."""
    moved: tuple[MovedShipment, ...]
    """Shipments with another courier than before, by code."""


def compare(before: Plan, after: Plan) -> PlanComparison:
    """Compare two plans."""
    old, new = ({route.courier_id: route for route in plan.routes} for plan in (before, after))
    first, second = figures(before), figures(after)
    difference = {name: value - getattr(first, name) for name, value in second}
    return PlanComparison(
        same_inputs=(before.network, before.shipments_sha256) == (after.network, after.shipments_sha256),
        before=first,
        after=second,
        difference=PlanFigures(**difference),
        couriers=tuple(_change(courier, old.get(courier), new.get(courier)) for courier in sorted({*old, *new})),
        moved=_moved(before, after),
    )


def figures(plan: Plan) -> PlanFigures:
    """What a plan comes to."""
    totals = plan.totals
    return PlanFigures(
        couriers=totals.couriers,
        trips=totals.trips,
        stops=totals.stops,
        distance=totals.distance,
        duration=totals.duration,
        overtime_dong=totals.cost.overtime,
        cost_dong=totals.cost.total,
        carried=totals.carried,
        unassigned=totals.unassigned,
        must_go_unassigned=totals.must_go_unassigned,
    )


def _change(courier_id: str, old: PlannedRoute | None, new: PlannedRoute | None) -> CourierChange:
    codes, after = _codes(old), _codes(new)
    added = tuple(code for code in after if code not in set(codes))
    removed = tuple(code for code in codes if code not in set(after))
    reordered = _reordered(codes, after)
    kind: Literal["new_round", "no_round", "changed", "same"] = "changed"
    if old is None or new is None:
        kind = "new_round" if old is None else "no_round"
    elif old.trips == new.trips:
        kind = "same"
    return CourierChange(
        courier_id=courier_id,
        kind=kind,
        added=added,
        removed=removed,
        reordered=reordered,
        distance=_metres(new) - _metres(old),
        cost_dong=(new.cost.total if new else 0) - (old.cost.total if old else 0),
    )


def _codes(route: PlannedRoute | None) -> tuple[str, ...]:
    """What a round carries, in order, each shipment once."""
    trips = route.trips if route is not None else ()
    return tuple(dict.fromkeys(task.shipment for trip in trips for stop in trip.stops for task in stop.tasks))


def _metres(route: PlannedRoute | None) -> int:
    return sum(trip.distance for trip in route.trips) if route is not None else 0


def _reordered(before: tuple[str, ...], after: tuple[str, ...]) -> tuple[str, ...]:
    """Common shipments outside a longest increasing subsequence of their former positions (Schensted 1961)."""
    rank = {code: position for position, code in enumerate(before)}
    common = [code for code in after if code in rank]
    best: list[tuple[str, ...]] = []
    for code in common:
        before_it = [run for run in best if rank[run[-1]] < rank[code]]
        best.append((*_longest(before_it), code))
    kept = set(_longest(best))
    return tuple(code for code in common if code not in kept)


def _longest(runs: list[tuple[str, ...]]) -> tuple[str, ...]:
    return max(runs, key=len) if runs else ()


def _moved(before: Plan, after: Plan) -> tuple[MovedShipment, ...]:
    old, new = _carriers(before), _carriers(after)
    return tuple(
        MovedShipment(shipment=code, before=old.get(code), after=new.get(code))
        for code in sorted({*old, *new})
        if old.get(code) != new.get(code)
    )


def _carriers(plan: Plan) -> Mapping[str, str]:
    return {code: route.courier_id for route in plan.routes for code in _codes(route)}

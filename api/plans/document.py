"""Solutions of all groups, with their indexes turned back into names, times and places: the plan as it is stored."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time

from api.network.model import Network
from api.plans import schemas
from api.plans.locking import with_locks
from api.plans.paths import route_paths
from api.plans.problems import COST_UNITS_PER_DONG, PlanGroup
from api.plans.reasons import explain_left, explain_unassigned
from api.plans.tasks import Left
from api.shipments.model import ShipmentList
from api.version import SOFTWARE
from geo.roads import Roads
from routing.model import Action
from routing.model import Load as Amounts
from routing.objective import Objective, Terms, measure
from routing.solution import Route, Solution, Trip, Visit

_LEGS = {Action.COLLECT: schemas.Leg.COLLECT_ROUND, Action.DELIVER: schemas.Leg.DELIVER_ROUND}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the search found for one group."""

    solution: Solution
    terms: Terms
    total: int


@dataclass(frozen=True, slots=True, eq=False)
class PlanInputs:
    """What a plan is made from."""

    network: Network
    """In force on the day."""
    shipments: ShipmentList
    roads: Roads
    day: date
    seed: int
    left: tuple[Left, ...]
    """Shipments that make no task today."""


def write_plan(
    inputs: PlanInputs,
    groups: Sequence[PlanGroup],
    answers: Sequence[Answer],
    *,
    created_at: datetime,
    version: int = 1,
    status: schemas.PlanStatus = schemas.PlanStatus.DRAFT,
    software: str = SOFTWARE,
    locked: frozenset[str] = frozenset(),
) -> schemas.Plan:
    """
    Write the plan of a day.

    Parameters
    ----------
    answers
        One a group, with a reason for each unassigned shipment.
    software
        Who planned.
    locked
        Shipments whose stops a dispatcher has locked.
    """
    pairs = list(zip(groups, answers, strict=True))
    routes = tuple(
        with_locks(planned_route(inputs, group, route), locked)
        for group, answer in pairs
        for route in sorted(answer.solution.routes, key=lambda route: route.vehicle_type)
    )
    unassigned = _unassigned(inputs, pairs)
    objective = objective_value(answers)
    return schemas.Plan(
        plan_id=plan_id(inputs),
        version=version,
        status=status,
        created_at=created_at,
        network=_network(inputs),
        shipments_sha256=inputs.shipments.sha256,
        software=software,
        seed=inputs.seed,
        objective=objective,
        routes=routes,
        unassigned=unassigned,
        totals=totals_of(inputs, answers, objective.terms, unassigned),
    )


def plan_id(inputs: PlanInputs) -> str:
    """Name a day's plan by its inputs: `an-giang-20261123-3f2a91c0`."""
    network = inputs.network
    said = [network.sha256, inputs.roads.sha256, inputs.shipments.sha256, inputs.day.isoformat(), inputs.seed]
    digest = hashlib.sha256(json.dumps(said).encode()).hexdigest()
    return f"{_slug(network.name)}-{inputs.day:%Y%m%d}-{digest[:8]}"


def to_dong(units: int) -> int:
    """Cost units as đồng, to the nearest."""
    return (units + COST_UNITS_PER_DONG // 2) // COST_UNITS_PER_DONG


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = "".join(c if c.isascii() and c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return "-".join(letters.split()) or "plan"


def _network(inputs: PlanInputs) -> schemas.NetworkUsed:
    roads = inputs.roads
    return schemas.NetworkUsed(
        name=inputs.network.name,
        valid_on=inputs.day,
        sha256=inputs.network.sha256,
        roads=schemas.RoadsUsed(source=roads.source, sha256=roads.sha256, synthetic=roads.synthetic),
    )


def objective_value(answers: Sequence[Answer]) -> schemas.ObjectiveValue:
    """Add up what the groups' answers are judged by."""
    sums = {term.name: sum(getattr(answer.terms, term.name) for answer in answers) for term in fields(Terms)}
    return schemas.ObjectiveValue(
        name=Objective.DAILY.value,
        terms=schemas.ObjectiveTerms(**sums),
        total=sum(answer.total for answer in answers),
    )


def totals_of(
    inputs: PlanInputs,
    answers: Sequence[Answer],
    terms: schemas.ObjectiveTerms,
    unassigned: Sequence[schemas.UnassignedShipment],
) -> schemas.Totals:
    """Add up a day, all groups."""
    routes = [route for answer in answers for route in answer.solution.routes]
    count = len(inputs.shipments.shipments)
    return schemas.Totals(
        couriers=len(routes),
        couriers_available=sum(not courier.reserve for courier in inputs.network.couriers),
        trips=sum(len(route.trips) for route in routes),
        stops=sum(len(route.visits) for route in routes),
        shipments=count,
        carried=count - len(unassigned),
        unassigned=len(unassigned),
        must_go_unassigned=sum(left.must_go for left in unassigned),
        distance=sum(route.distance for route in routes),
        duration=sum(route.working_time for route in routes),
        cost=_total_cost(terms),
    )


def _total_cost(terms: schemas.ObjectiveTerms) -> schemas.TotalCost:
    parts = {
        "fixed": terms.fixed_cost,
        "distance": terms.distance_cost,
        "duration": terms.duration_cost,
        "overtime": terms.overtime_cost,
        "penalties": terms.penalties,
        "balance": terms.balance_cost,
        "unfamiliar": terms.unfamiliar_cost,
        "change": terms.change_cost,
    }
    return schemas.TotalCost(
        **{name: to_dong(part) for name, part in parts.items()}, total=to_dong(sum(parts.values()))
    )


def planned_route(inputs: PlanInputs, group: PlanGroup, route: Route) -> schemas.PlannedRoute:
    """Write one courier's day; nothing in it is locked."""
    courier = group.couriers[route.vehicle_type]
    paths = route_paths(group, route)
    return schemas.PlannedRoute(
        courier_id=courier.courier_id,
        vehicle=courier.vehicle.value,
        base_id=courier.base_id,
        cost=_route_cost(group, route),
        trips=tuple(_trip(inputs, group, route, *pair) for pair in zip(route.trips, paths, strict=True)),
    )


def _route_cost(group: PlanGroup, route: Route) -> schemas.RouteCost:
    terms = measure(group.problem, Solution(routes=(route,)))
    parts = {
        "fixed": terms.fixed_cost,
        "distance": terms.distance_cost,
        "duration": terms.duration_cost,
        "overtime": terms.overtime_cost,
    }
    return schemas.RouteCost(
        **{name: to_dong(part) for name, part in parts.items()}, total=to_dong(sum(parts.values()))
    )


def _trip(
    inputs: PlanInputs, group: PlanGroup, route: Route, trip: Trip, path: schemas.TripPath
) -> schemas.PlannedTrip:
    clock = _Clock(inputs)
    legs = _legs(group, route.vehicle_type, trip)
    return schemas.PlannedTrip(
        departs=clock(trip.departs),
        returns=clock(trip.returns),
        distance=trip.distance,
        load=_load(trip.load),
        breaks=tuple(schemas.BreakTaken(starts=clock(rest.starts), ends=clock(rest.ends)) for rest in trip.breaks),
        stops=tuple(_stop(group, visit, leg, clock) for visit, leg in zip(trip.visits, legs, strict=False)),
        path=path,
    )


def _legs(group: PlanGroup, vehicle_type: int, trip: Trip) -> Iterator[tuple[int, int]]:
    """Metres and seconds from the place before to each visit of a trip."""
    problem = group.problem
    vehicle = problem.vehicle_types[vehicle_type]
    here = problem.depots[vehicle.start_depot].location
    for visit in trip.visits:
        there = problem.stops[visit.stop].location
        profile = vehicle.profile
        yield int(problem.distances[profile][here, there]), int(problem.durations[profile][here, there])
        here = there


def _stop(group: PlanGroup, visit: Visit, leg: tuple[int, int], clock: _Clock) -> schemas.PlannedStop:
    place = group.places[visit.stop]
    tasks = tuple(
        schemas.StopTask(shipment=group.works[task.shipment].shipment.code, leg=_LEGS[task.action], action=task.action)
        for task in visit.tasks
    )
    return schemas.PlannedStop(
        site_id=place.site_id,
        point=None if place.site_id is not None else (place.lon, place.lat),
        tasks=tasks,
        arrives=clock(visit.arrives),
        waits=visit.waits,
        starts=clock(visit.starts),
        leaves=clock(visit.leaves),
        slack=visit.slack,
        load=_load(visit.load),
        distance=leg[0],
        duration=leg[1],
        locked=False,
    )


def _load(amounts: Amounts) -> schemas.Load:
    pieces, grams, cash = (*amounts, 0, 0, 0)[:3]
    return schemas.Load(pieces=pieces, grams=grams, cash_dong=cash)


class _Clock:
    """Seconds after the day's local midnight as times with their zone."""

    def __init__(self, inputs: PlanInputs) -> None:
        self._midnight = datetime.combine(inputs.day, time(), inputs.network.settings.zone)

    def __call__(self, seconds: int) -> datetime:
        return schemas.local(self._midnight, seconds)


def _unassigned(
    inputs: PlanInputs, pairs: Sequence[tuple[PlanGroup, Answer]]
) -> tuple[schemas.UnassignedShipment, ...]:
    """Everybody left behind, in the order of the shipments' file."""
    found = {left.shipment.code: explain_left(left, inputs.network) for left in inputs.left}
    for group, answer in pairs:
        for unassigned in answer.solution.unassigned:
            code = group.works[unassigned.shipment].shipment.code
            found[code] = explain_unassigned(group, unassigned, inputs.network)
    return tuple(found[s.code] for s in inputs.shipments.shipments if s.code in found)

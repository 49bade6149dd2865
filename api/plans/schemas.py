"""
A plan as it is stored and sent: `plan.json` and the answer of the API are exactly this.

One plan is one province's day, all plan groups. Times carry their zone; metres, seconds, grams, đồng.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from routing.model import Action

Count = Annotated[int, Field(ge=0)]
Metres = Annotated[int, Field(ge=0)]
Seconds = Annotated[int, Field(ge=0)]
Dong = Annotated[int, Field(ge=0)]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Position = tuple[
    Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)],
    Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)],
]
"""(lon, lat), degrees WGS84."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanStatus(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    """It was published, and another plan took its place."""


class Leg(StrEnum):
    """The link of a shipment's journey that a round carries."""

    COLLECT_ROUND = "collect_round"
    DELIVER_ROUND = "deliver_round"


class Words(_Part):
    """The same sentence in both languages."""

    vi: str
    en: str


class RoadsUsed(_Part):
    source: str
    sha256: Sha256
    synthetic: bool
    """True: distances and paths are estimates over an invented network, not real roads."""


class NetworkUsed(_Part):
    name: str
    valid_on: date
    """The plan's day; the rows of the network in force that day were used."""
    sha256: Sha256
    roads: RoadsUsed


class ObjectiveTerms(_Part):
    """The terms of `routing.objective.Terms`, summed over plan groups; costs and penalties in 1/18,000 đồng."""

    must_go_left: Count
    left: Count
    vehicles: Count
    distance: Metres
    penalties: Count
    fixed_cost: Count
    distance_cost: Count
    duration_cost: Count
    overtime_cost: Count
    balance_cost: Count
    unfamiliar_cost: Count
    change_cost: Count


class ObjectiveValue(_Part):
    name: str
    terms: ObjectiveTerms
    total: Count
    """The number that the search made small: the sum of the groups' weighted totals."""


class Load(_Part):
    pieces: Count
    grams: Count
    cash_dong: Dong


class RouteCost(_Part):
    """What one courier's day costs, đồng, each figure rounded on its own."""

    fixed: Dong
    distance: Dong
    duration: Dong
    overtime: Dong
    total: Dong


class TotalCost(_Part):
    """What the day costs, đồng, each figure rounded on its own; `total` also holds what is wished for and missed."""

    fixed: Dong
    distance: Dong
    duration: Dong
    overtime: Dong
    penalties: Dong
    """Of may-go shipments of the day's problems that stay behind."""
    balance: Dong
    unfamiliar: Dong
    change: Dong
    total: Dong


class BreakTaken(_Part):
    starts: AwareDatetime
    ends: AwareDatetime


class StopTask(_Part):
    shipment: str
    leg: Leg
    action: Action


class PlannedStop(_Part):
    """One halt; exactly one of `site_id` and `point` is set."""

    site_id: str | None
    point: Position | None
    tasks: tuple[StopTask, ...]
    """In the order in which they are done."""
    arrives: AwareDatetime
    waits: Seconds
    """Between arrival and service, a break inside it included."""
    starts: AwareDatetime
    leaves: AwareDatetime
    slack: Seconds
    """How much later service could begin with everything after it still in time."""
    load: Load
    """Aboard on leaving."""
    distance: Metres
    """From the place before."""
    duration: Seconds
    """Driving from the place before, rest left out."""
    locked: bool

    @model_validator(mode="after")
    def _is_one_place(self) -> PlannedStop:
        if (self.site_id is None) == (self.point is None):
            raise ValueError("a stop has exactly one of site_id and point")
        return self


class TripPath(_Part):
    """GeoJSON LineString from base to base along the roads."""

    type: Literal["LineString"]
    coordinates: tuple[Position, ...] = Field(min_length=2)
    stop_index: tuple[Count, ...]
    """For each stop of the trip, the coordinate that lies at it (a foreign member by RFC 7946 §6.1)."""


class PlannedTrip(_Part):
    departs: AwareDatetime
    returns: AwareDatetime
    distance: Metres
    """Driven, the way back to the base included."""
    load: Load
    """Aboard on departure."""
    breaks: tuple[BreakTaken, ...]
    stops: tuple[PlannedStop, ...] = Field(min_length=1)
    path: TripPath


class PlannedRoute(_Part):
    """One courier's day: a round."""

    courier_id: str
    vehicle: str
    base_id: str
    cost: RouteCost
    trips: tuple[PlannedTrip, ...] = Field(min_length=1)


class UnassignedReason(_Part):
    constraint: str
    """A file name of `routing/constraints/`, or a word of `api.plans.tasks.NotToday` when no problem was set for it."""
    detail: Words
    would_help: Words | None


class UnassignedShipment(_Part):
    shipment: str
    must_go: bool
    reasons: tuple[UnassignedReason, ...] = Field(min_length=1)


class Totals(_Part):
    couriers: Count
    """With a round today."""
    couriers_available: Count
    trips: Count
    stops: Count
    shipments: Count
    """In the day's file: carried + unassigned."""
    carried: Count
    unassigned: Count
    must_go_unassigned: Count
    distance: Metres
    duration: Seconds
    """Working time: first departure to last return of each round, breaks left out."""
    cost: TotalCost


class Plan(_Part):
    model_config = ConfigDict(extra="forbid", frozen=True, title="Plan")

    schema_: Literal["duongthu/plan/1"] = Field(alias="schema", default="duongthu/plan/1")
    plan_id: str
    """Names the inputs (network, roads, shipments, day, seed): the same for every version of one day's plan."""
    version: Annotated[int, Field(ge=1)]
    status: PlanStatus
    created_at: AwareDatetime
    network: NetworkUsed
    shipments_sha256: Sha256
    software: str
    seed: int
    objective: ObjectiveValue
    routes: tuple[PlannedRoute, ...]
    unassigned: tuple[UnassignedShipment, ...]
    totals: Totals

    def to_json(self) -> str:
        """The text of `plan.json`."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


def parse_plan(text: str | bytes) -> Plan:
    """
    Read the text of a `plan.json`.

    Raises
    ------
    pydantic.ValidationError
        When it is not a plan.
    """
    return Plan.model_validate_json(text)


def local(midnight: datetime, seconds: int) -> datetime:
    """Clock time of a number of seconds after the local midnight of the plan's day."""
    return midnight + timedelta(seconds=seconds)

"""Stored plans over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from api.auth.schemas import Strict
from api.plans.comparing import PlanFigures
from api.plans.edited import EditAnswer, EditViolation
from api.plans.schemas import PlannedRoute
from api.plans.shaping import Joining
from api.plans.store import StoredPlan

Code = Annotated[str, Field(min_length=1, max_length=80, examples=["RR123456785VN"])]
Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=500)]
ManyCodes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=10_000)]
"""For what takes no search: a whole province at once."""
Place = Annotated[int, Field(ge=0, le=10_000)]
SearchSeconds = Annotated[float, Field(ge=1, le=3_600, allow_inf_nan=False, examples=[60])]
PlanState = Literal["draft", "published", "withdrawn"]


class NewInputs(Strict):
    """A day's inputs, as the JSON forms of a network and of shipments have them."""

    province_id: str = Field(min_length=1, max_length=40, examples=["89"])
    day: date = Field(examples=["2026-11-25"])
    network: dict[str, Any]
    """A list of rows a table (`sites`, `couriers`, ...), and `settings`; as in a network's JSON file."""
    shipments: tuple[dict[str, Any], ...] = Field(min_length=1, max_length=100_000)


class InputWarning(Strict):
    """Something odd that was taken nevertheless."""

    file: str
    row: int | None
    column: str | None
    code: str
    message_vi: str
    message_en: str


class InputsAnswer(Strict):
    """Inputs that were read and kept."""

    inputs_sha256: str
    shipments: int
    warnings: tuple[InputWarning, ...]


class NewPlan(Strict):
    """A plan that shall be made: of a province's day as the database knows it, or of inputs that were sent."""

    province_id: str | None = Field(default=None, max_length=40, examples=["89"])
    day: date | None = Field(default=None, examples=["2026-11-25"])
    inputs_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    """Of `POST /api/v1/plans/inputs`, instead of province and day."""
    seconds: SearchSeconds = 60
    """Of search, all rounds together."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    absent: Annotated[tuple[Code, ...], Field(max_length=2_000)] = ()
    """Couriers who do not work that day; they stay out of the plan's inputs, so no later edit gives them a round."""
    bases: Annotated[tuple[Code, ...], Field(max_length=500)] = ()
    """Plan only these, with the bases that are planned together with them; a search that goes on plans the others. None
    = all."""

    @model_validator(mode="after")
    def _says_what(self) -> NewPlan:
        is_day = self.province_id is not None and self.day is not None
        if is_day == (self.inputs_sha256 is not None) or (self.province_id is None) != (self.day is None):
            raise ValueError("either province_id and day, or inputs_sha256")
        return self


class Waiting(Strict):
    """What a plan of a day would find waiting."""

    shipments: int
    left_over: int
    """Of them, ready before that day already."""
    due: int
    """Of them, due on that day or earlier."""


class NewReplan(Strict):
    """A search around the locks of a plan."""

    seconds: SearchSeconds = 30
    seed: int = Field(default=0, ge=0, le=2**31 - 1)
    bases: Annotated[tuple[Code, ...], Field(max_length=500)] = ()
    """Search only for these, with the bases that are planned together with them; all other rounds stay. None = all."""


class PlanAnswer(Strict):
    """What is known about a plan beside its document."""

    plan_id: str
    province_id: str
    day: date
    version: int
    status: PlanState
    figures: PlanFigures
    inputs_sha256: str
    job_id: str | None
    """The job that made it."""
    based_on: str | None
    """The plan whose locks it keeps."""
    created_by: str
    created_by_name: str
    created_at: datetime


class PlanChange(Strict):
    """Who changed what."""

    version: int
    """Of the plan after it."""
    changed_by: str
    changed_by_name: str
    changed_at: datetime
    what: dict[str, Any]


class PlanHistory(Strict):
    """A plan, and what was done to it by hand."""

    plan: PlanAnswer
    changes: tuple[PlanChange, ...]
    kept_versions: tuple[int, ...]
    """Earlier ones that can still be looked at and compared with, the oldest first."""
    can_undo: bool
    """There is an edit that can be taken back."""
    can_redo: bool
    """There is one that was taken back and can be done again."""


class PlanViolations(Strict):
    """Every rule that the rounds of a plan break."""

    version: int
    violations: tuple[EditViolation, ...]


class PlanList(Strict):
    """A page of plans, the newest first."""

    plans: tuple[PlanAnswer, ...]
    next_after: str | None
    """For the next page; None = that was all."""


class RoundList(Strict):
    """The rounds of a plan that one may see: those of one's offices, or one's own."""

    plan_id: str
    version: int
    status: PlanState
    routes: tuple[PlannedRoute, ...]


class Move(Strict):
    """Bring shipments, carried or not, to a place in a round, in this order."""

    kind: Literal["move"]
    shipments: Codes
    courier_id: Code
    trip: Place
    """Counted from 0; the number of trips = a new one at the end."""
    position: Place
    """Before the stop that is there now; the number of stops = at the end."""


class Unassign(Strict):
    """Leave shipments behind."""

    kind: Literal["unassign"]
    shipments: ManyCodes


class Assign(Strict):
    """Bring a shipment to the best place."""

    kind: Literal["assign"]
    shipment: Code
    courier_id: Code | None = None
    """None = any courier of the plan group."""


class AssignAll(Strict):
    """Bring each of some shipments to its best place, as one step."""

    kind: Literal["assign_all"]
    shipments: Codes
    courier_id: Code | None = None
    """None = any courier of each one's plan group."""


class Split(Strict):
    """Cut a round in two before a stop."""

    kind: Literal["split"]
    courier_id: Code
    trip: Place
    """Counted from 0."""
    position: Place
    """Of the first stop of what follows, counted from 0."""
    to: Code | None = None
    """A courier without a round, who drives what follows; None = a new trip of the same courier."""


class Merge(Strict):
    """Join a round to another; its courier has none then."""

    kind: Literal["merge"]
    courier_id: Code
    into: Code
    how: Joining = Joining.APPEND
    """Its trips after the other's, or each shipment at its best place."""


class Lock(Strict):
    """Lock or free the stops of shipments."""

    kind: Literal["lock", "unlock"]
    shipments: ManyCodes


class LockRound(Strict):
    """Lock or free a whole round."""

    kind: Literal["lock_round", "unlock_round"]
    courier_id: Code


Edit = Annotated[Move | Unassign | Assign | AssignAll | Split | Merge | Lock | LockRound, Field(discriminator="kind")]


class EditDone(Strict):
    """The plan's next version."""

    version: int
    """For the next `If-Match`."""
    edit: EditAnswer


class Publication(Strict):
    """Make a plan the day's plan."""

    replaces: str | None = Field(default=None, max_length=40)
    """The published plan that it takes the place of; must be right, so that nobody replaces what they have not seen."""


def plan_answer(plan: StoredPlan) -> PlanAnswer:
    """A stored plan as the API answers it."""
    known = {name: plan.figures[name] for name in PlanFigures.model_fields}
    return PlanAnswer.model_validate(
        {
            "plan_id": plan.plan_id,
            "province_id": plan.province_id,
            "day": date.fromisoformat(plan.day),
            "version": plan.version,
            "status": plan.status,
            "figures": known,
            "inputs_sha256": plan.inputs_sha256,
            "job_id": plan.job_id,
            "based_on": plan.based_on,
            "created_by": plan.created_by,
            "created_by_name": plan.created_by_name,
            "created_at": plan.created_at,
        }
    )

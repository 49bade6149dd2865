"""Forms of re-planning over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from api.live.replan.facts import Fact
from api.plans.comparing import PlanFigures
from api.plans.schemas import UnassignedShipment, Words
from api.plans.service_schemas import SearchSeconds


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NewProposal(_Form):
    """Facts for which the rest of the day shall be re-planned."""

    proposal_id: UUID
    """Made by the client: sending the same again is harmless."""
    at: AwareDatetime
    """When the facts hold from, on the plan's day; nothing before it is planned any more."""
    facts: Annotated[tuple[Fact, ...], Field(max_length=50)]
    """None of them = only what couriers did so far."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "proposal_id": "01997b0e-7c5a-7000-8000-000000000001",
                    "at": "2026-11-24T09:10:00+07:00",
                    "facts": [{"kind": "new_shipment", "code": "AG-00771"}],
                }
            ]
        },
    )


class NewRestOfDay(NewProposal):
    """Facts for which the rest of the day shall be searched anew, by a job."""

    seconds: SearchSeconds = 30
    """Of search; only where something has happened."""
    seed: int = Field(default=0, ge=0, le=2**31 - 1)

    @property
    def proposal(self) -> NewProposal:
        """What is asked, but for how long it is searched."""
        return NewProposal(proposal_id=self.proposal_id, at=self.at, facts=self.facts)


class Line(_Form):
    """One shipment of a round that changes."""

    shipment: str
    kind: Literal["added", "removed", "moved", "retimed", "cancelled"]
    before: datetime | None
    """When its visit was to begin; None = it was not in this round."""
    after: datetime | None
    what: Words
    why: Words


class CourierTold(_Form):
    """What a new plan means for one courier."""

    courier_id: str
    base_id: str
    lines: tuple[Line, ...]
    distance: int
    """Metres more than before; negative = less."""
    delay: int
    """Seconds by which the day ends later than before; negative = earlier."""


class PuzzleTold(_Form):
    """An event that the day could not follow."""

    event_id: str
    why: Words


class ProposalTold(_Form):
    """What a re-plan would change; proved by the checker."""

    couriers: tuple[CourierTold, ...]
    """Those whose round changes."""
    left: tuple[UnassignedShipment, ...]
    """What has work today and nobody does (any more)."""
    puzzles: tuple[PuzzleTold, ...]
    before: PlanFigures
    after: PlanFigures


class ProposalAnswer(ProposalTold):
    """A proposal and what became of it."""

    proposal_id: str
    plan_id: str
    plan_version: int
    """From which it starts."""
    status: Literal["open", "accepted", "rejected"]
    asked: NewProposal
    made_by: str
    made_by_name: str
    made_at: datetime
    decided_by: str | None
    decided_by_name: str | None
    decided_at: datetime | None
    decided_words: str | None
    """Why it was rejected."""


class Rejection(_Form):
    """Why a proposal is not taken."""

    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*\S[^\x00]*$")]

    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_extra={"examples": [{"reason": "Đã gọi: bưu tá chạy tiếp được."}]}
    )


class ProposalList(_Form):
    """The proposals of a plan, the newest first."""

    proposals: tuple[ProposalAnswer, ...]


class CourierChange(_Form):
    """What a courier was told, and what they answered."""

    change_id: int
    plan_id: str
    version: int
    """Of the plan that has it."""
    courier_id: str
    what: CourierTold
    made_at: datetime
    answer: Literal["accepted", "questioned"] | None
    words: str | None
    answered_at: datetime | None


class CourierChanges(_Form):
    """Changes in the order in which they were made."""

    changes: tuple[CourierChange, ...]
    next_after: int | None
    """For the next page; None = that was all."""


class ChangeReply(_Form):
    """A courier's answer to a change."""

    answer: Literal["accepted", "questioned"]
    words: Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$")] = ""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"answer": "questioned", "words": "Cầu đang sửa, không qua được."}]},
    )

    @model_validator(mode="after")
    def _says_why(self) -> ChangeReply:
        if self.answer == "questioned" and not self.words.strip():
            raise ValueError("a question has words")
        return self

"""A plan made by hand or elsewhere: everything that is wrong with it, named, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from api.plans.planning import PreparedDay
from api.plans.proof import Finding, check_document
from api.plans.schemas import Words, parse_plan


class PlanFault(BaseModel):
    """One thing that is wrong."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str
    """`malformed`, `misfit`, `figure`, or a file name of `routing/constraints/`."""
    where: str
    """A path into the plan (`routes.3.trips.0.stops.2.arrives`), or group, courier, trip, stop and shipment."""
    words: Words


class PlanReport(BaseModel):
    """What became of a validation."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="PlanReport")

    valid: bool
    faults: tuple[PlanFault, ...]
    """All of them; those of a malformed plan are only about its form."""


def validate_plan(text: str | bytes, prepared: PreparedDay) -> PlanReport:
    """
    Find everything that is wrong with a plan.

    Its form comes first; then names, rules and figures, all of them together, as `duongthu check` proves them.

    Parameters
    ----------
    text
        JSON, as `plan.json`.
    prepared
        The day that it claims to plan.
    """
    try:
        plan = parse_plan(text)
    except ValidationError as error:
        return _report([_malformed(".".join(map(str, e["loc"])), e["msg"]) for e in error.errors()])
    return report_of(check_document(plan, prepared))


def report_of(findings: Iterable[Finding]) -> PlanReport:
    """Tell what a proof has found."""
    return _report(
        [
            PlanFault(code=found.code, where=found.where, words=Words(vi=found.message_vi, en=found.message_en))
            for found in findings
        ]
    )


def _report(faults: list[PlanFault]) -> PlanReport:
    return PlanReport(valid=not faults, faults=tuple(faults))


def _malformed(where: str, reason: str) -> PlanFault:
    words = Words(vi=f"không đúng dạng: {reason}", en=f"malformed: {reason}")
    return PlanFault(code="malformed", where=where, words=words)

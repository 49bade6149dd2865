"""A plan of the database proved again, whether its day runs or not."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from api.live.replan.kept import kept_day
from api.live.replan.making import Prepare, standing_of
from api.live.replan.proof import check_running
from api.live.replan.store import running_day
from api.plans.input_store import find_inputs
from api.plans.proof import Finding, check_document
from api.plans.schemas import parse_plan
from api.plans.snapshots import Snapshot, as_read
from api.plans.store import StoredPlan


@dataclass(frozen=True, slots=True)
class Provable:
    """A plan with everything that proves it."""

    document: str
    inputs: Snapshot
    running: str | None
    """How its day stands; None = it does not run, and the inputs alone prove the plan."""
    morning: Snapshot
    """The inputs with which the day began."""


def provable(connection: Connection, plan: StoredPlan) -> Provable:
    """
    Read what proves a plan.

    Raises
    ------
    RefusedError
        When retention has erased its inputs.
    """
    inputs, running = find_inputs(connection, plan.inputs_sha256), running_day(connection, plan)
    assert inputs is not None  # a foreign key
    morning = inputs if running is None else standing_of(connection, plan).morning
    return Provable(plan.document, inputs, running, morning)


def prove(one: Provable, prepare: Prepare, data_folder: Path) -> list[Finding]:
    """Everything that is not as stated; empty = proved."""
    plan = parse_plan(one.document)
    prepared = prepare(one.morning, plan.seed)
    if one.running is None:
        return list(check_document(plan, prepared))
    with as_read(one.inputs, data_folder) as read:
        return list(check_running(plan, kept_day(one.running), prepared, read.shipments))

"""
A plan whose day runs, proved again: from its inputs, and from what has happened since the morning.

What was driven has real times, which no rule of planning has to fit: it is taken as the day has it. What lies ahead is
timed anew from where each courier is, and has to keep every rule and promise. Every figure of the plan is computed from
both. What the day says of a shipment may differ from the inputs only in what a day can change: hours, a later line, a
hand-over on the road.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from api.errors import RefusedError
from api.live.replan.kept import KeptDay, RunningGroup, running_groups
from api.live.replan.writing import running_plan
from api.plans.document import PlanInputs
from api.plans.locking import locked_shipments, with_locks
from api.plans.planning import PreparedDay
from api.plans.proof import Finding, check_head, differences
from api.plans.schemas import Plan
from api.shipments.model import Shipment, ShipmentList
from routing.checker import check
from routing.dispatching.foresight import foresee
from routing.dispatching.remaining import remaining
from routing.dispatching.standing import standing
from routing.model import Shipment as Task

PEOPLE = {"contact_name": "", "contact_phone": "", "note": "", "source": None}
"""Of a shipment: what no plan needs."""


def check_running(plan: Plan, kept: KeptDay, prepared: PreparedDay, shipments: ShipmentList) -> Iterator[Finding]:
    """
    Prove a running plan.

    Parameters
    ----------
    kept
        How its day stands.
    prepared
        From the inputs with which the day began.
    shipments
        Of its inputs now, with what came during the day.

    Returns
    -------
    findings
        Everything that is not as stated; empty = proved.
    """
    inputs = replace(prepared.inputs, shipments=shipments)
    yield from check_head(plan, inputs)
    try:
        groups = running_groups(kept, prepared)
    except (RefusedError, ValueError) as error:
        yield _finding("running", "", "ngày đang chạy không khớp dữ liệu đầu vào", f"no day of these inputs: {error}")
        return
    for one in groups:
        yield from _other_than_inputs(one, inputs.shipments)
        yield from _not_as_told(one)
        yield from _not_as_promised(one)
        yield from _not_drivable(one)
    yield from differences(plan, _computed(plan, inputs, groups), frozenset())


def _computed(plan: Plan, inputs: PlanInputs, groups: Sequence[RunningGroup]) -> Plan:
    """The plan as its day has it."""
    before = plan.model_copy(update={"version": plan.version - 1, "unassigned": ()})
    anew = dict.fromkeys(range(len(groups)), ())
    found = running_plan(before, inputs, groups, anew, created_at=plan.created_at)
    locked = locked_shipments(plan)
    return found.model_copy(update={"routes": tuple(with_locks(route, locked) for route in found.routes)})


def _other_than_inputs(one: RunningGroup, shipments: ShipmentList) -> Iterator[Finding]:
    given = {shipment.code: shipment for shipment in shipments.shipments}
    for work in one.works[len(one.base.works) :]:
        code = work.shipment.code
        if code not in given or _bare(given[code]) != _bare(work.shipment):
            yield _finding("input", code, "bưu gửi thêm trong ngày khác dữ liệu đầu vào", "it is another in the inputs")
    for s, (planned, now) in enumerate(zip(one.base.problem.shipments, one.day.problem.shipments, strict=False)):
        if not one.day.states[s].was_aboard and _fixed(planned) != _fixed(now):
            code = one.works[s].shipment.code
            yield _finding("input", code, "việc trong ngày khác dữ liệu đầu vào", "its task is another in the inputs")


def _bare(shipment: Shipment) -> Shipment:
    return replace(shipment, **PEOPLE)  # type: ignore[arg-type]  # a source says only which row it was


def _fixed(task: Task) -> tuple[object, ...]:
    """What a day cannot change of what was never in a vehicle and back."""
    return task.load, task.collected, task.skills, task.depot, task.vehicle_types, task.pickup is None


def _not_as_told(one: RunningGroup) -> Iterator[Finding]:
    told, stands = ({route.vehicle_type: route for route in found.routes} for found in (one.day.told, one.day.plan))
    for v in sorted(told.keys() | stands.keys()):
        if told.get(v) != stands.get(v):
            who = one.base.couriers[v].courier_id
            yield _finding(
                "running", f"courier {who}", "chuyến khác ngày đang chạy", "the round is not that of the day"
            )


def _not_as_promised(one: RunningGroup) -> Iterator[Finding]:
    """What lies ahead begins when somebody was told, within the tolerance."""
    for trips in one.day.ahead:
        for visit in (visit for trip in trips for visit in trip.visits):
            for task in visit.tasks:
                told = one.day.promises.get(task)
                if told is None or abs(visit.starts - told) > one.day.tolerance:
                    code = one.works[task.shipment].shipment.code
                    yield _finding("promise", f"shipment {code}", "giờ khác giờ đã báo", "not when it was told")


def _not_drivable(one: RunningGroup) -> Iterator[Finding]:
    foresight = foresee(one.day)
    left = remaining(one.day, foresight)
    held = standing(left, foresight.day.ahead)
    for s, conflict in sorted(held.conflicts.items()):
        code = one.works[s].shipment.code
        name = conflict.constraint.value
        yield _finding(name, f"shipment {code}", f"phần còn lại vi phạm {name}", f"what lies ahead breaks {name}")
    for broken in check(left.problem, held.solution):
        name = broken.constraint.value
        yield _finding(name, f"group {one.base.name}", f"phần còn lại vi phạm {name}", f"breaks it: {broken.detail}")


def _finding(code: str, where: str, vi: str, en: str) -> Finding:
    return Finding(code, where, vi, en)

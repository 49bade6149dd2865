"""
`duongthu check`: a plan's folder proves its plan again, from its own files.

The inputs are read anew and turned into problems; the stated routes go through the checker of `routing`; every figure
of the plan (times, loads, paths, costs, totals, hashes) is computed anew from the stated routes and compared. What
cannot be computed (version, status, creation time, software, a dispatcher's locks) is held by the folder's hashes, and
so are the reasons of what the search left behind: they tell how far its tries went, and are no claim about the routes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from pathlib import Path
from typing import Any

from api.errors import InputError
from api.network.model import Network
from api.network.reader import read_network
from api.plans.directory import PLAN, Manifest, plan_files, read_manifest, read_plan
from api.plans.document import Answer, PlanInputs, write_plan
from api.plans.locking import locked_shipments
from api.plans.planning import PreparedDay, prepare_day
from api.plans.problems import PlanGroup
from api.plans.roads import load_roads
from api.plans.schemas import Plan
from api.plans.stated import stated_solutions
from api.plans.wording import violation_words
from api.shipments.reader import read_shipments
from routing.checker import Violation, check
from routing.objective import Objective, measure, weights
from routing.solution import Constraint, Reason, Solution, Unassigned

_MEASURABLE = frozenset(
    {
        Constraint.TIME_WINDOWS,
        Constraint.DEPOT_HOURS,
        Constraint.SHIFT,
        Constraint.RELEASE,
        Constraint.LATEST_RETURN,
        Constraint.MAX_DURATION,
        Constraint.MAX_DISTANCE,
        Constraint.CAPACITY,
        Constraint.SKILLS,
        Constraint.DEPOT,
        Constraint.LOCKS,
    }
)
"""Routes that break these, and only these, still have times and loads from which every figure follows."""


_OF_THE_PLAN = {
    Constraint.FLEET: "một bưu tá có nhiều hơn một chuyến",
    Constraint.LOCKS: "phần đã khóa của chuyến bị thay đổi",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a plan's files do not prove."""

    code: str
    """`file`, `input`, `misfit`, `figure`, or the name of a constraint."""
    where: str
    """A file, or a path into plan.json: `routes.3.trips.0.stops.2.arrives`."""
    message_vi: str
    message_en: str


def check_plan(folder: Path) -> list[Finding]:
    """
    Prove a plan again.

    Returns
    -------
    findings
        Everything that is not as stated; empty = proved.

    Raises
    ------
    NotFoundError
        When the folder holds no plan.
    """
    manifest = read_manifest(folder)
    findings = list(_changed_files(folder, manifest))
    try:
        plan = read_plan(folder)
        prepared = _prepare(folder, manifest, plan)
    except InputError as error:
        rows = [Finding("input", r.place("en"), r.message_vi, r.message_en) for r in error.rows]
        return [*findings, *rows]
    return [*findings, *check_document(plan, prepared)]


def check_document(plan: Plan, prepared: PreparedDay) -> Iterator[Finding]:
    """Prove a plan against a day prepared from its inputs."""
    stated = stated_solutions(plan, prepared.groups, _midnight(prepared))
    for misfit in stated.misfits:
        yield Finding("misfit", misfit.where, misfit.message_vi, misfit.message_en)
    broken: set[Constraint] = set()
    for group, solution in zip(prepared.groups, stated.solutions, strict=True):
        for violation in check(group.problem, solution):
            broken.add(violation.constraint)
            yield _violated(group, prepared.inputs.network, solution, violation)
    if stated.misfits or broken - _MEASURABLE:
        yield from check_head(plan, prepared.inputs)
    else:
        known = frozenset(left.shipment.code for left in prepared.inputs.left)
        yield from differences(plan, _expected(plan, prepared, stated.solutions), known)


def check_head(plan: Plan, inputs: PlanInputs) -> Iterator[Finding]:
    """Prove the part of a plan that does not depend on its routes: which inputs it is made from."""
    yield from _figures(_head(plan), _head(write_plan(inputs, (), (), created_at=plan.created_at)))


def differences(plan: Plan, computed: Plan, explained: frozenset[str]) -> Iterator[Finding]:
    """
    Every figure in which a plan differs from what follows from its routes.

    Parameters
    ----------
    explained
        Shipments whose reasons to stay behind follow from the inputs, too.
    """
    yield from _figures(_whole(plan, explained), _whole(computed, explained))


def _changed_files(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    found = plan_files(folder)
    for name in sorted({*found, *manifest.files}):
        if name not in found:
            yield Finding("file", name, "thiếu tệp", "the file is missing")
        elif name not in manifest.files:
            yield Finding("file", name, "tệp lạ, không thuộc kế hoạch", "the file does not belong to the plan")
        elif found[name] != manifest.files[name]:
            yield Finding("file", name, "tệp đã bị thay đổi", "the file was changed")


def _prepare(folder: Path, manifest: Manifest, plan: Plan) -> PreparedDay:
    day = plan.network.valid_on
    network = read_network(folder / manifest.sources.network)
    shipments = read_shipments(folder / manifest.sources.shipments, network, on=day)
    roads = load_roads(network, day)
    return prepare_day(network, shipments, roads, day, seed=plan.seed, with_reserve=_drives_reserve(plan, network))


def _drives_reserve(plan: Plan, network: Network) -> bool:
    """Reserve couriers were asked for when one of them drives."""
    reserve = {courier.courier_id for courier in network.on(plan.network.valid_on).couriers if courier.reserve}
    return any(route.courier_id in reserve for route in plan.routes)


def _midnight(prepared: PreparedDay) -> datetime:
    return datetime.combine(prepared.inputs.day, time(), prepared.inputs.network.settings.zone)


def _expected(plan: Plan, prepared: PreparedDay, solutions: Sequence[Solution]) -> Plan:
    """What the plan should say, given its routes."""
    answers = []
    for group, solution in zip(prepared.groups, solutions, strict=True):
        terms = measure(group.problem, solution)
        answers.append(Answer(_any_reason(solution), terms, weights(group.problem, Objective.DAILY).total(terms)))
    return write_plan(
        prepared.inputs,
        prepared.groups,
        answers,
        created_at=plan.created_at,
        version=plan.version,
        status=plan.status,
        software=plan.software,
        locked=locked_shipments(plan),
    )


def _any_reason(solution: Solution) -> Solution:
    """A plan cannot be written without reasons; these are not compared."""
    left = (Unassigned(left.shipment, (Reason(Constraint.COST),)) for left in solution.unassigned)
    return replace(solution, unassigned=tuple(left))


def _whole(plan: Plan, explained: frozenset[str]) -> dict[str, Any]:
    """Everything that a plan says, but the reasons of what the search left behind."""
    whole = plan.model_dump(mode="json", by_alias=True)
    for left in whole["unassigned"]:
        if left["shipment"] not in explained:
            left["reasons"] = len(left["reasons"]) > 0
    return whole


def _head(plan: Plan) -> dict[str, Any]:
    """The part of a plan that does not depend on its routes."""
    head = plan.model_dump(mode="json", by_alias=True)
    return {key: head[key] for key in ("plan_id", "network", "shipments_sha256")}


def _violated(group: PlanGroup, network: Network, solution: Solution, violation: Violation) -> Finding:
    place = [f"group {group.name}"]
    if violation.route is not None and violation.route < len(solution.routes):
        place.append(f"courier {group.couriers[solution.routes[violation.route].vehicle_type].courier_id}")
    for name, index in (("trip", violation.trip), ("stop", violation.visit)):
        if index is not None:
            place.append(f"{name} {index + 1}")
    if violation.shipment is not None and violation.shipment < len(group.works):
        place.append(f"shipment {group.works[violation.shipment].shipment.code}")
    constraint = violation.constraint.value
    return Finding(
        code=constraint,
        where=", ".join(place),
        message_vi=f"vi phạm ràng buộc {constraint}: {_in_vietnamese(group, network, solution, violation)}",
        message_en=f"breaks {constraint}: {violation.detail}",
    )


def _in_vietnamese(group: PlanGroup, network: Network, solution: Solution, violation: Violation) -> str:
    """Of a round, in the words of the dispatcher's table; of the plan as a whole, in its own."""
    if violation.route is not None and violation.route < len(solution.routes):
        return violation_words(group, network, solution.routes[violation.route], violation).vi
    if violation.shipment is not None and violation.shipment < len(group.works):
        code = group.works[violation.shipment].shipment.code
        return f"bưu gửi {code} phải được chở đúng một lần, hoặc ghi là để lại đúng một lần"
    return _OF_THE_PLAN.get(violation.constraint, "dữ liệu không hợp lệ")


def _figures(stated: Any, computed: Any, where: str = "") -> Iterator[Finding]:
    """Every leaf at which two JSON values differ."""
    if isinstance(stated, dict) and isinstance(computed, dict):
        for key in {**stated, **computed}:
            yield from _figures(stated.get(key), computed.get(key), f"{where}.{key}".lstrip("."))
    elif isinstance(stated, list) and isinstance(computed, list) and len(stated) == len(computed):
        for index, (one, other) in enumerate(zip(stated, computed, strict=True)):
            yield from _figures(one, other, f"{where}.{index}")
    elif stated != computed:
        yield Finding(
            code="figure",
            where=f"{PLAN}: {where}",
            message_vi=f"ghi {_short(stated)}, tính lại được {_short(computed)}",
            message_en=f"says {_short(stated)}, computed {_short(computed)}",
        )


def _short(value: Any) -> str:
    text = f"{len(value)} ×" if isinstance(value, list) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."

"""Plans of the service over HTTP. Thin: find what is theirs, one call, schema out."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Header, Query, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.errors import NotFoundError
from api.ids import new_id
from api.jobs.schemas import JobAnswer, job_answer
from api.jobs.store import enqueue
from api.plans.backdrop import Backdrop
from api.plans.change_store import change_plan, document_before_last_edit, publish_plan, unpublish_plan
from api.plans.comparing import PlanComparison, compare
from api.plans.edited import all_violations, describe
from api.plans.edited_plan import edited_plan
from api.plans.editing import EditingSession, reopened
from api.plans.hand_edits import done
from api.plans.input_store import add_inputs, find_inputs
from api.plans.job_kinds import PLAN, REPLAN
from api.plans.making import written
from api.plans.map_roads import RoadMap
from api.plans.places import Places
from api.plans.refusals import BreaksRulesError
from api.plans.schemas import Plan, PlanStatus, parse_plan
from api.plans.service_schemas import (
    Edit,
    EditDone,
    InputsAnswer,
    InputWarning,
    NewInputs,
    NewPlan,
    NewReplan,
    PlanAnswer,
    PlanChange,
    PlanHistory,
    PlanList,
    PlanState,
    Publication,
    RoundList,
    Waiting,
    plan_answer,
)
from api.plans.snapshots import Snapshot, as_read, road_file, snapshot_of, without_couriers, without_people
from api.plans.store import (
    StoredPlan,
    changes_since,
    find_plan,
    list_plans,
    look_at_plan,
    require_finished,
    require_version,
)
from api.plans.validating import PlanReport, validate_plan
from api.repeats.repeatable import Once
from api.service.runtime import Runtime, runtime_of
from api.shipments.store import count_waiting
from api.webhooks.kinds import Fact, Kind
from api.webhooks.store import announce

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])

Maker = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN)]
Publisher = Annotated[Who, allow(Role.DISPATCHER, Role.ADMIN)]
Reader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR)]
RoundReader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR, Role.COURIER, Role.DESK)]
IfMatch = Annotated[
    str, Header(alias="If-Match", pattern=r'^"\d{1,9}"$', description='The version seen last, as in the ETag: `"3"`.')
]


@router.post("/inputs", status_code=201)
def add_plan_inputs(body: NewInputs, who: Maker, request: Request) -> InputsAnswer:
    """Read a day's inputs with every check, and keep them to plan from; the same inputs are kept once."""
    runtime = runtime_of(request)
    _require_province(who, body.province_id)
    roads = road_file(runtime.settings.data_folder, body.province_id)
    snapshot = Snapshot(body.province_id, body.day, body.network, without_people(body.shipments), roads)
    with as_read(snapshot, runtime.settings.data_folder) as read:
        found = [InputWarning(**asdict(warning)) for warning in (*read.network.warnings, *read.shipments.warnings)]
        count = len(read.shipments.shipments)
    runtime.writer.write_now(lambda c: add_inputs(c, snapshot, datetime.now(UTC)))
    return InputsAnswer(inputs_sha256=snapshot.sha256, shipments=count, warnings=tuple(found))


@router.post("", status_code=202)
async def make_plan(body: NewPlan, who: Maker, request: Request, once: Once) -> JobAnswer:
    """Put in a job that plans a day; its draft is there as soon as the first round of search is over."""
    runtime = runtime_of(request)
    snapshot = await run_in_threadpool(_wanted_inputs, runtime, who, body)

    def write(connection: Connection) -> JobAnswer:
        at = datetime.now(UTC)
        add_inputs(connection, snapshot, at)
        payload = {
            "plan_id": new_id(),
            "day": snapshot.day.isoformat(),
            "inputs_sha256": snapshot.sha256,
            "seconds": body.seconds,
            "seed": body.seed,
        }
        return job_answer(enqueue(connection, PLAN, snapshot.province_id, payload, by=who.user_id, at=at))

    return await once.write(write)


@router.get("")
def read_plans(
    who: Reader,
    request: Request,
    day: date | None = None,
    status: PlanState | None = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PlanList:
    """List the plans of one's province, the newest first."""
    if who.scope.offices:
        return PlanList(plans=(), next_after=None)
    with runtime_of(request).database.read() as connection:
        found = list_plans(connection, who.scope.province_id, day=day, status=status, after=after, limit=limit)
    return PlanList(plans=tuple(map(plan_answer, found)), next_after=found[-1].plan_id if len(found) == limit else None)


@router.post("/validate")
async def validate_by_hand(
    who: Maker,
    request: Request,
    inputs_sha256: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")],
    plan: Annotated[dict[str, Any], Body(description="A plan.json made by hand or elsewhere; anything is judged.")],
) -> PlanReport:
    """Find everything that is wrong with a plan: its form, its names, the rules it breaks, its figures."""
    seed = plan.get("seed")
    text = await request.body()  # judged as it came
    return await run_in_threadpool(
        _validated, runtime_of(request), who, inputs_sha256, text, seed if isinstance(seed, int) else 0
    )


@router.get("/waiting")
def read_waiting(
    who: Reader, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])], province: ProvinceQuery = None
) -> Waiting:
    """Count what a plan of a day would find waiting, what is left over from earlier days included."""
    province_id = province_of(who, province)
    _require_province(who, province_id)
    with runtime_of(request).database.read() as connection:
        found, left_over, due = count_waiting(connection, province_id, day)
    return Waiting(shipments=found, left_over=left_over, due=due)


@router.get("/{plan_id}", response_model=Plan)
def read_plan(plan_id: str, who: Reader, request: Request) -> Response:
    """Answer with a plan, exactly as in `plan.json`."""
    with runtime_of(request).database.read() as connection:
        plan = own_plan(connection, who, plan_id)
    headers = {"ETag": f'"{plan.version}"', "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(plan.document, media_type="application/json", headers=headers)


@router.get("/{plan_id}/places", response_model=Places)
def read_places(plan_id: str, who: Reader, request: Request) -> Response:
    """Answer with sites, couriers, communes, and public facts of the shipments, of the plan's inputs."""
    return Response(_backdrop(runtime_of(request), who, plan_id).places, media_type="application/json")


@router.get("/{plan_id}/roads", response_model=RoadMap)
def read_roads(plan_id: str, who: Reader, request: Request) -> Response:
    """Answer with the roads that the plan goes by as GeoJSON, one feature a road class."""
    return Response(_backdrop(runtime_of(request), who, plan_id).road_map, media_type="application/geo+json")


@router.get("/{plan_id}/history")
def read_history(plan_id: str, who: Reader, request: Request) -> PlanHistory:
    """Say what state a plan is in, and who changed what by hand."""
    with runtime_of(request).database.read() as connection:
        plan = own_plan(connection, who, plan_id)
        changes = changes_since(connection, plan_id, 0)
    return PlanHistory(plan=plan_answer(plan), changes=tuple(PlanChange.model_validate(one) for one in changes))


@router.get("/{plan_id}/rounds")
def read_rounds(plan_id: str, who: RoundReader, request: Request) -> RoundList:
    """Answer with the rounds of one's offices; a courier sees their own, and only once it is published."""
    with runtime_of(request).database.read() as connection:
        plan = find_plan(connection, plan_id)
    is_early = who.role in {Role.COURIER, Role.DESK} and plan is not None and plan.status != "published"
    if plan is None or is_early or not who.scope.covers_province(plan.province_id):
        raise _no_plan(plan_id)
    routes = tuple(
        route
        for route in parse_plan(plan.document).routes
        if who.scope.covers(plan.province_id, route.base_id)
        and (who.role is not Role.COURIER or route.courier_id == who.courier_id)
    )
    return RoundList.model_validate(
        {"plan_id": plan_id, "version": plan.version, "status": plan.status, "routes": routes}
    )


@router.get("/{plan_id}/comparison/{other_id}")
def compare_plans(plan_id: str, other_id: str, who: Reader, request: Request) -> PlanComparison:
    """Compare a plan with another: what differs, from the first to the second."""
    with runtime_of(request).database.read() as connection:
        before, after = (own_plan(connection, who, one) for one in (plan_id, other_id))
    return compare(parse_plan(before.document), parse_plan(after.document))


@router.post("/{plan_id}/edits")
def edit_plan(
    plan_id: str, edit: Annotated[Edit, Body()], who: Maker, request: Request, response: Response, if_match: IfMatch
) -> EditDone:
    """
    Change a draft by hand; answers with the touched rounds, what they break and what it costs.

    With an older version than the plan's, nothing is done: the answer (409) says who changed what meanwhile.
    """
    runtime = runtime_of(request)
    plan, session = _opened(runtime, who, plan_id, if_match)
    after = done(session, edit)
    changed = edited_plan(after, created_at=_now(session))
    stored, what = written(changed), edit.model_dump(mode="json")  # made here: the writer is everybody's
    runtime.writer.write_now(lambda c: change_plan(c, plan, stored, what, by=who.user_id, at=datetime.now(UTC)))
    runtime.days.remember(plan_id, changed.version, reopened(after, changed))
    response.headers["ETag"] = f'"{changed.version}"'
    return EditDone(version=changed.version, edit=describe(session, after, changed))


@router.post("/{plan_id}/undo")
def undo_edit(plan_id: str, who: Maker, request: Request, response: Response, if_match: IfMatch) -> PlanAnswer:
    """
    Take the last edit back, whoever made it; again and again, up to twenty changes. Undoing is a new version too.

    Refused (409) when nothing is left to undo, or with an older version than the plan's.
    """
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        plan = _expected(connection, who, plan_id, if_match)
        before = parse_plan(document_before_last_edit(connection, plan_id))
    restored = before.model_copy(
        update={"version": plan.version + 1, "created_at": datetime.now(before.created_at.tzinfo)}
    )
    stored = written(restored)

    def write(connection: Connection) -> StoredPlan:
        change_plan(connection, plan, stored, {"kind": "undo"}, by=who.user_id, at=datetime.now(UTC))
        return own_plan(connection, who, plan_id)

    answer = plan_answer(runtime.writer.write_now(write))
    response.headers["ETag"] = f'"{answer.version}"'
    return answer


@router.post("/{plan_id}/replan", status_code=202)
async def replan(plan_id: str, body: NewReplan, who: Maker, once: Once) -> JobAnswer:
    """Put in a job that searches on around a plan's locks; its result is another draft."""

    def write(connection: Connection) -> JobAnswer:
        plan = own_plan(connection, who, plan_id)
        require_finished(connection, plan)
        payload = {
            "plan_id": new_id(),
            "based_on": plan_id,
            "day": plan.day,
            "inputs_sha256": plan.inputs_sha256,
            "seconds": body.seconds,
            "seed": body.seed,
            "bases": list(body.bases),
        }
        job = enqueue(connection, REPLAN, plan.province_id, payload, by=who.user_id, at=datetime.now(UTC))
        return job_answer(job)

    return await once.write(write)


@router.post("/{plan_id}/publish")
def publish(plan_id: str, body: Publication, who: Publisher, request: Request, if_match: IfMatch) -> PlanAnswer:
    """Make a draft the day's plan; refused (409, with every violation) while a round breaks a rule."""
    runtime = runtime_of(request)
    plan, session = _opened(runtime, who, plan_id, if_match)
    if violations := all_violations(session):
        raise BreaksRulesError(violations)
    next_one = written(_with_status(session.plan, PlanStatus.PUBLISHED))

    def write(connection: Connection) -> StoredPlan:
        at = datetime.now(UTC)
        publish_plan(connection, plan, next_one, replaces=body.replaces, by=who.user_id, at=at)
        _tell(connection, Kind.PLAN_PUBLISHED, plan, at)
        return own_plan(connection, who, plan_id)

    return plan_answer(runtime.writer.write_now(write))


@router.post("/{plan_id}/unpublish")
def unpublish(plan_id: str, who: Publisher, request: Request, if_match: IfMatch) -> PlanAnswer:
    """Make the day's plan a draft again."""
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        plan = _expected(connection, who, plan_id, if_match)
        whole = own_plan(connection, who, plan_id)
    next_one = written(_with_status(parse_plan(whole.document), PlanStatus.DRAFT))

    def write(connection: Connection) -> StoredPlan:
        at = datetime.now(UTC)
        unpublish_plan(connection, plan, next_one, by=who.user_id, at=at)
        _tell(connection, Kind.PLAN_WITHDRAWN, plan, at)
        return own_plan(connection, who, plan_id)

    return plan_answer(runtime.writer.write_now(write))


def _tell(connection: Connection, kind: Kind, plan: StoredPlan, at: datetime) -> None:
    facts: dict[str, Fact] = {"day": plan.day, "version": plan.version}
    announce(connection, kind, plan.plan_id, facts, province_id=plan.province_id, at=at)


def own_plan(connection: Connection, who: Who, plan_id: str) -> StoredPlan:
    """
    Find a plan in the province of whoever asks.

    Raises
    ------
    NotFoundError
        When there is none, or it is none of theirs: whole plans are for those who work for the whole province.
    """
    return _own(find_plan(connection, plan_id), who, plan_id)


def _own(plan: StoredPlan | None, who: Who, plan_id: str) -> StoredPlan:
    if plan is None or not who.scope.covers(plan.province_id, None):
        raise _no_plan(plan_id)
    return plan


def _no_plan(plan_id: str) -> NotFoundError:
    return NotFoundError(f"Không có kế hoạch {plan_id}.", f"There is no plan {plan_id}.")


def _require_province(who: Who, province_id: str) -> None:
    if not who.scope.covers(province_id, None):
        raise NotFoundError(f"Không có tỉnh {province_id}.", f"There is no province {province_id}.")


def _wanted_inputs(runtime: Runtime, who: Who, body: NewPlan) -> Snapshot:
    with runtime.database.read() as connection:
        if body.inputs_sha256 is not None:
            snapshot = _own_inputs(connection, who, body.inputs_sha256)
        else:
            assert body.province_id is not None
            assert body.day is not None
            _require_province(who, body.province_id)
            snapshot = snapshot_of(connection, body.province_id, body.day, runtime.settings.data_folder)
    return without_couriers(snapshot, body.absent)


def _own_inputs(connection: Connection, who: Who, sha256: str) -> Snapshot:
    found = find_inputs(connection, sha256)
    if found is None or not who.scope.covers(found.province_id, None):
        raise NotFoundError(f"Không có dữ liệu đầu vào {sha256}.", f"There are no inputs {sha256}.")
    return found


def _backdrop(runtime: Runtime, who: Who, plan_id: str) -> Backdrop:
    with runtime.database.read() as connection:
        plan = _own(look_at_plan(connection, plan_id), who, plan_id)
        snapshot = _own_inputs(connection, who, plan.inputs_sha256)
    return runtime.days.backdrop(snapshot)


def _validated(runtime: Runtime, who: Who, sha256: str, text: bytes, seed: int) -> PlanReport:
    with runtime.database.read() as connection:
        snapshot = _own_inputs(connection, who, sha256)
    return validate_plan(text, runtime.days.prepared(snapshot, seed))


def _opened(runtime: Runtime, who: Who, plan_id: str, if_match: str) -> tuple[StoredPlan, EditingSession]:
    """A plan that nobody has changed since, ready for editing."""
    with runtime.database.read() as connection:
        plan = _expected(connection, who, plan_id, if_match)
        require_finished(connection, plan)

    def open_plan() -> tuple[Plan, Snapshot]:
        with runtime.database.read() as connection:
            whole = own_plan(connection, who, plan_id)
            return parse_plan(whole.document), _own_inputs(connection, who, whole.inputs_sha256)

    return plan, runtime.days.session(plan_id, plan.version, open_plan)


def _expected(connection: Connection, who: Who, plan_id: str, if_match: str) -> StoredPlan:
    _own(look_at_plan(connection, plan_id), who, plan_id)
    return require_version(connection, plan_id, int(if_match.strip('"')))


def _with_status(plan: Plan, status: PlanStatus) -> Plan:
    return plan.model_copy(update={"version": plan.version + 1, "status": status})


def _now(session: EditingSession) -> datetime:
    return datetime.now(session.prepared.inputs.network.settings.zone).replace(microsecond=0)

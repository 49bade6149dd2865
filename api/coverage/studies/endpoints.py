"""Coverage studies over HTTP: asked for, listed, read, handed out, deleted."""

from __future__ import annotations

from datetime import UTC, date, datetime
from shutil import rmtree
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.coverage.document import CoverageStudy, Means
from api.coverage.exports.files import Form, study_file
from api.coverage.exports.ground import Ground, ground_of
from api.coverage.reach import Land, OtherRoadsError
from api.coverage.studies.asked import WORK_FOLDER, NewStudy, require_usable
from api.coverage.studies.job_kinds import COVERAGE
from api.coverage.studies.land import LandMap, kept_land, land_map
from api.coverage.studies.schemas import StudyAnswer, StudyList, study_answer
from api.coverage.studies.store import StoredStudy, add_study, delete_study, find_study, list_studies, read_document
from api.errors import Language, NotFoundError, RefusedError
from api.ids import new_id
from api.jobs.store import enqueue
from api.network.store import read_network_at, read_records
from api.plans.backdrop import Backdrop
from api.plans.map_roads import RoadMap
from api.plans.owned import require_province
from api.plans.places import Places
from api.plans.snapshots import Snapshot, network_rows, road_file
from api.repeats.repeatable import Once
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/coverage/studies", tags=["coverage"])
Planner = Annotated[Who, allow(Role.PLANNER, Role.ADMIN)]
Reader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR)]


@router.post("", status_code=202)
async def make_study(body: NewStudy, who: Planner, request: Request, once: Once) -> StudyAnswer:
    """Put in a job that computes a study of the province's network as it is now."""
    require_province(who, body.province_id)
    with runtime_of(request).database.read() as connection:
        version, _ = read_records(connection, body.province_id)
        network = read_network_at(connection, body.province_id, version)
    require_usable(body, network)

    def write(connection: Connection) -> StudyAnswer:
        at, study_id, day = datetime.now(UTC), new_id(), body.day.isoformat()
        payload = {"study_id": study_id, "day": day}
        job = enqueue(connection, COVERAGE, body.province_id, payload, by=who.user_id, at=at)
        asked = body.model_dump(mode="json", include={"scenarios", "settings", "quick", "draws", "seed"})
        row = {
            "study_id": study_id, "province_id": body.province_id, "day": day, "title": body.title,
            "network_version": version, "asked": asked, "job_id": job.job_id, "created_by": who.user_id,
            "created_at": at,
        }  # fmt: skip
        return study_answer(add_study(connection, row))

    return await once.write(write)


@router.get("")
def read_studies(
    who: Reader,
    request: Request,
    province: ProvinceQuery = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> StudyList:
    """List the studies of one's province, the newest first."""
    if who.scope.offices:
        return StudyList(studies=(), next_after=None)
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        found = list_studies(connection, province_id, after=after, limit=limit)
    next_after = found[-1].study_id if len(found) == limit else None
    return StudyList(studies=tuple(map(study_answer, found)), next_after=next_after)


@router.get("/{study_id}/state")
def read_state(study_id: str, who: Reader, request: Request) -> StudyAnswer:
    """Say how far a study is."""
    with runtime_of(request).database.read() as connection:
        return study_answer(own_study(connection, who, study_id))


@router.get("/{study_id}", response_model=CoverageStudy)
def read_study(study_id: str, who: Reader, request: Request) -> Response:
    """Answer with a study, exactly as in `coverage.json`."""
    with runtime_of(request).database.read() as connection:
        own_study(connection, who, study_id)
        document = own_document(connection, study_id)
    return Response(document, media_type="application/json")


@router.get("/{study_id}/places", response_model=Places)
def read_places(study_id: str, who: Reader, request: Request) -> Response:
    """Answer with sites and communes of the network that a study is about."""
    return Response(_backdrop(runtime_of(request), who, study_id).places, media_type="application/json")


@router.get("/{study_id}/roads", response_model=RoadMap)
def read_roads(study_id: str, who: Reader, request: Request) -> Response:
    """Answer with the roads of the network that a study is about."""
    return Response(_backdrop(runtime_of(request), who, study_id).road_map, media_type="application/json")


@router.get("/{study_id}/reach")
def read_reach(
    study_id: str,
    who: Reader,
    request: Request,
    means: Annotated[Means, Query(examples=["walk"])],
    minutes: Annotated[int, Query(ge=1, description="One of the study's limits.", examples=[30])],
) -> LandMap:
    """Answer with the land from which a post is reached: today, what each place would add, and in scenarios."""
    runtime = runtime_of(request)
    study = _finished(runtime, who, study_id)
    if minutes not in study.limits_minutes:
        known = ", ".join(map(str, study.limits_minutes))
        raise RefusedError(
            f"Nghiên cứu không có mốc {minutes} phút; có: {known}.",
            f"The study has no limit of {minutes} minutes; it has: {known}.",
        )
    lands = [land for land in _land(runtime, who, study_id, study, means) if land.minutes == minutes]
    return land_map(lands, synthetic=study.network.roads.synthetic)


@router.get("/{study_id}/export", response_class=Response)
def export_study(
    study_id: str,
    who: Reader,
    request: Request,
    form: Annotated[Form, Query(alias="format", examples=["xlsx"])],
    lang: Annotated[Language, Query(description="Of words and numbers.")] = "vi",
) -> Response:
    """Hand out a study: `pdf` and `docx` are the report, `xlsx` its tables, `gpkg` and `geojson` its layers."""
    runtime = runtime_of(request)
    study = _finished(runtime, who, study_id)

    def lay() -> Ground:
        below = _backdrop(runtime, who, study_id)
        communes = Places.model_validate_json(below.places).communes
        return ground_of(communes, RoadMap.model_validate_json(below.road_map))

    def land() -> tuple[Land, ...] | None:
        try:
            return _land(runtime, who, study_id, study, study.main_means)
        except OtherRoadsError:
            return None  # everything else of the study is still handed out; the file says that this is not in it

    made = study_file(study, form, lang, lay, land)
    headers = {"Content-Disposition": f'attachment; filename="{made.name}"', "Cache-Control": "no-store"}
    return Response(made.content, media_type=made.media_type, headers=headers)


@router.delete("/{study_id}", status_code=204)
def remove_study(study_id: str, who: Planner, request: Request) -> None:
    """Delete a study that is no longer computed, with all that was kept of it."""
    runtime = runtime_of(request)

    def write(connection: Connection) -> None:
        if not own_study(connection, who, study_id).job.is_over:
            raise RefusedError(
                "Nghiên cứu đang được tính: hãy dừng việc trước khi xóa.",
                "The study is being computed: cancel the job before deleting it.",
            )
        delete_study(connection, study_id)

    runtime.writer.write_now(write)
    rmtree(runtime.settings.data_folder / WORK_FOLDER / study_id, ignore_errors=True)


def own_study(connection: Connection, who: Who, study_id: str) -> StoredStudy:
    """
    Find a study in the province of whoever asks.

    Raises
    ------
    NotFoundError
        When there is none, or it is none of theirs: studies are for those who work for the whole province.
    """
    found = find_study(connection, study_id)
    if found is None or not who.scope.covers(found.province_id, None):
        raise NotFoundError(f"Không có nghiên cứu {study_id}.", f"There is no study {study_id}.")
    return found


def own_document(connection: Connection, study_id: str) -> str:
    """
    Read the document of a study.

    Raises
    ------
    RefusedError
        When it is not computed yet.
    """
    document = read_document(connection, study_id)
    if document is None:
        raise RefusedError("Nghiên cứu này chưa tính xong.", "This study is not computed yet.")
    return document


def _finished(runtime: Runtime, who: Who, study_id: str) -> CoverageStudy:
    with runtime.database.read() as connection:
        own_study(connection, who, study_id)
        return CoverageStudy.model_validate_json(own_document(connection, study_id))


def _backdrop(runtime: Runtime, who: Who, study_id: str) -> Backdrop:
    return runtime.days.backdrop(_snapshot(runtime, who, study_id))


def _land(runtime: Runtime, who: Who, study_id: str, study: CoverageStudy, means: Means) -> tuple[Land, ...]:
    data = runtime.settings.data_folder
    return kept_land(study, means, data / WORK_FOLDER / study_id, data, _snapshot(runtime, who, study_id))


def _snapshot(runtime: Runtime, who: Who, study_id: str) -> Snapshot:
    """The network that a study is about, and the roads that its province has."""
    with runtime.database.read() as connection:
        study = own_study(connection, who, study_id)
        network = network_rows(connection, study.province_id, study.network_version)
    roads = road_file(runtime.settings.data_folder, study.province_id)
    return Snapshot(study.province_id, date.fromisoformat(study.day), network, [], roads)

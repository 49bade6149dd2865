"""The network of a province: imported, exported, changed row by row, read as of any version."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile

from api.auth.access import EVERY_ROLE, allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.errors import TooLargeError
from api.network.changing import Outcome, end_row, import_files, put_row
from api.network.columns import TABLES
from api.network.records import Record
from api.network.schemas import (
    PRINTED,
    Changed,
    Differences,
    NetworkRow,
    NetworkVersion,
    NewRow,
    Notice,
    RowsPage,
    SheetName,
    VersionsPage,
)
from api.network.store import list_changes, list_records, list_versions, read_records, require_version
from api.network.tables import SETTINGS
from api.service.runtime import Runtime, runtime_of
from api.tables.files import Upload
from api.tables.writing import json_bytes, workbook_bytes

router = APIRouter(prefix="/api/v1/network", tags=["network"])
Reader = Annotated[Who, allow(*EVERY_ROLE)]
Keeper = Annotated[Who, allow(Role.ADMIN, Role.PLANNER, Role.DISPATCHER, Role.AUDITOR)]
"""Of whole networks and their history: couriers and desks read what they work with."""
Planner = Annotated[Who, allow(Role.ADMIN, Role.PLANNER)]
Editor = Annotated[Who, allow(Role.ADMIN, Role.PLANNER, Role.DISPATCHER)]
Limit = Annotated[int, Query(ge=1, le=200)]
VersionQuery = Annotated[int | None, Query(ge=1, le=2**31 - 1, description="None = the one in use.")]
Note = Annotated[str, Query(max_length=500, pattern=PRINTED, description="Why; kept with the version.")]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sent_files(files: list[UploadFile], runtime: Runtime) -> list[Upload]:
    """
    Take files out of a request.

    Raises
    ------
    TooLargeError
        When they hold more than a request may.
    """
    if sum(file.size or 0 for file in files) > runtime.settings.request_bytes:
        raise TooLargeError("Tệp quá lớn.", f"More than {runtime.settings.request_bytes} bytes.")
    return [Upload(file.filename or "", file.file.read()) for file in files]


@router.post("/import")
def import_network(
    request: Request,
    who: Planner,
    files: Annotated[list[UploadFile], File(description="CSV files of a folder, a workbook or JSON; settings.toml")],
    note: Annotated[str, Form(max_length=500, pattern=PRINTED)] = "",
    province: ProvinceQuery = None,
) -> Changed:
    """Take a whole network. The same files twice change nothing; what is not in them ends."""
    runtime = runtime_of(request)
    uploads = sent_files(files, runtime)
    return _changed(import_files(runtime, who, province_of(who, province), uploads, note))


@router.get("/export", response_class=Response, responses={200: {"content": {"application/json": {}, XLSX: {}}}})
def export_network(
    request: Request,
    who: Keeper,
    file: Annotated[Literal["json", "xlsx"], Query(description="A workbook leaves the settings out.")] = "json",
    version: VersionQuery = None,
    province: ProvinceQuery = None,
) -> Response:
    """Give the network back in the form in which it can be imported again."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        number, records = read_records(connection, province_id, version)
    tables = [
        (table, [_cells(record, table.names) for record in records if record.sheet == table.name]) for table in TABLES
    ]
    name = f"network-{province_id}-v{number}.{file}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if file == "xlsx":
        return Response(workbook_bytes(tables), media_type=XLSX, headers=headers)
    settings = next(record.cells for record in records if record.sheet == SETTINGS)
    return Response(json_bytes(tables, settings=settings), media_type="application/json", headers=headers)


@router.get("/versions")
def read_versions(
    request: Request,
    who: Keeper,
    before: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
    limit: Limit = 50,
    province: ProvinceQuery = None,
) -> VersionsPage:
    """List the versions, the newest first."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        found = list_versions(connection, province_id, before=before, limit=limit + 1)
    more = found[limit - 1].version if len(found) > limit else None
    return VersionsPage(versions=tuple(NetworkVersion(**asdict(v)) for v in found[:limit]), before=more)


@router.get("/versions/{older}/differences/{newer}")
def read_differences(
    request: Request,
    who: Keeper,
    older: Annotated[int, Path(ge=1, le=2**31 - 1)],
    newer: Annotated[int, Path(ge=1, le=2**31 - 1)],
    province: ProvinceQuery = None,
) -> Differences:
    """Say which rows two versions do not share."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        gone, new = list_changes(connection, province_id, older, newer)
    return Differences(
        older=older, newer=newer, gone=tuple(map(NetworkRow.of, gone)), new=tuple(map(NetworkRow.of, new))
    )


@router.get("/{sheet}")
def read_sheet(
    request: Request,
    who: Reader,
    sheet: SheetName,
    on: Annotated[date | None, Query(description="Only rows in force on this day.")] = None,
    version: VersionQuery = None,
    after: Annotated[int, Query(ge=0, le=2**62)] = 0,
    limit: Limit = 100,
    province: ProvinceQuery = None,
) -> RowsPage:
    """List the rows of a sheet."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        number = require_version(connection, province_id, version)
        rows = list_records(connection, province_id, sheet, version=number, on=on, after=after, limit=limit + 1)
    more = rows[limit - 1][0] if len(rows) > limit else None
    return RowsPage(version=number, rows=tuple(NetworkRow.of(record) for _, record in rows[:limit]), after=more)


@router.put("/{sheet}")
def put_sheet_row(
    request: Request, who: Editor, sheet: SheetName, body: NewRow, province: ProvinceQuery = None
) -> Changed:
    """Add a row, or replace the one with the same key and first day: refused when the network would not hold then."""
    province_id = province_of(who, province)
    return _changed(put_row(runtime_of(request), who, province_id, sheet, body.cells, body.version, body.note))


@router.delete("/{sheet}/{key:path}")
def end_sheet_row(
    request: Request,
    who: Editor,
    sheet: SheetName,
    key: Annotated[str, Path(max_length=250)],
    last_day: Annotated[date, Query(description="The last day on which the row is in force.")],
    version: Annotated[int, Query(ge=1, le=2**31 - 1, description="The version that the change was made from.")],
    note: Note = "",
    province: ProvinceQuery = None,
) -> Changed:
    """End a row. Nothing is deleted: earlier days and earlier versions keep it."""
    province_id = province_of(who, province)
    return _changed(end_row(runtime_of(request), who, province_id, sheet, key, last_day, version, note))


def _changed(outcome: Outcome) -> Changed:
    made = outcome.version
    return Changed(
        changed=made is not None,
        version=outcome.in_use,
        began=made.began if made else 0,
        ended=made.ended if made else 0,
        warnings=tuple(Notice(**asdict(warning)) for warning in outcome.warnings),
    )


def _cells(record: Record, names: tuple[str, ...]) -> dict[str, str]:
    return {name: record.cells.get(name, "") for name in names}

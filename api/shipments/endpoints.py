"""Shipments: imported with a report, searched, shown masked, changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, File, Path, Query, Request, UploadFile
from sqlalchemy import Connection, Row

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.errors import ForbiddenError, InputError, NotFoundError, RefusedError, RowError, RowRef
from api.messages import row_error
from api.network.endpoints import sent_files
from api.network.schemas import Notice
from api.repeats.repeatable import Once
from api.service.runtime import Runtime, runtime_of
from api.shipments.importing import Report, import_file
from api.shipments.model import ShipmentKind
from api.shipments.office_store import offices_of
from api.shipments.registering import judge_one, register
from api.shipments.schemas import (
    Change,
    Found,
    FoundPage,
    Good,
    Holding,
    ImportReport,
    NewShipment,
    One,
    Refused,
)
from api.shipments.search import Asked, search
from api.shipments.store import change_shipment, find_shipment
from api.tables.cells import CellError
from api.tables.moments import SPANS

router = APIRouter(prefix="/api/v1/shipments", tags=["shipments"])
Importer = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.DESK)]
Reader = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.DESK, Role.AUDITOR)]
Editor = Annotated[Who, allow(Role.DISPATCHER, Role.DESK)]
Taker = Annotated[Who, allow(Role.DISPATCHER, Role.DESK, Role.COURIER)]
MAY_REVEAL = frozenset({Role.DISPATCHER, Role.DESK, Role.AUDITOR})
KEY = r"^[A-Za-z0-9._-]+$"
Code = Annotated[str, Path(max_length=64, pattern=KEY)]
Text = Annotated[str, Query(max_length=100)]
CodeFilter = Annotated[str | None, Query(max_length=64, pattern=KEY)]


@router.post("/import")
def import_shipments(
    request: Request,
    who: Importer,
    file: Annotated[UploadFile, File(description="CSV, XLSX or JSON")],
    on: Annotated[date | None, Query(description="The day whose network the rows mean; empty = today.")] = None,
    accept_good: Annotated[bool, Query(description="Take the good rows although others are bad.")] = False,
    province: ProvinceQuery = None,
) -> ImportReport:
    """Take shipments in. Every row is taken or named; the same file twice changes nothing."""
    runtime = runtime_of(request)
    (upload,) = sent_files([file], runtime)
    report = import_file(runtime, who, province_of(who, province), upload, on=on, accept_good=accept_good)
    return _report(report)


@router.post("", status_code=201)
def post_shipment(request: Request, who: Taker, body: NewShipment, once: Once, province: ProvinceQuery = None) -> One:
    """
    Take one shipment in, at a desk or at a citizen's door; refused when another has its code.

    A courier takes in dossiers only (`intake`) that begin in the area of their own base. It may come before or after
    the `ACCEPT` event of the same code.
    """
    runtime, province_id, at = runtime_of(request), province_of(who, province), datetime.now(UTC)
    judged = judge_one(runtime, who, province_id, body.cells, at)

    def write(connection: Connection) -> One:
        return One.of_row(register(connection, who, province_id, judged, at), reveal=False)

    return once.write_now(write)


@router.get("")
def search_shipments(
    request: Request,
    who: Reader,
    q: Annotated[
        str, Query(max_length=100, description="Words of a name, `ngu*` = beginning", examples=["nguyen lan"])
    ] = "",
    code: Annotated[
        str, Query(max_length=64, pattern=r"^ *[A-Za-z0-9._-]* *$", description="A code, or how it begins")
    ] = "",
    phone: Annotated[str, Query(max_length=20, description="A number, or its last digits")] = "",
    procedure: CodeFilter = None,
    commune: CodeFilter = None,
    office: CodeFilter = None,
    kind: ShipmentKind | None = None,
    holding: Holding | None = None,
    first_day: Annotated[date | None, Query(description="Ready on this day or later.")] = None,
    last_day: Annotated[date | None, Query(description="Ready on this day or earlier.")] = None,
    after: Annotated[str | None, Query(max_length=64, pattern=KEY)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    province: ProvinceQuery = None,
) -> FoundPage:
    """Find shipments, newest first (by code, when a code is asked for). A short page is no end: `after` says so."""
    asked = Asked(
        q, code.strip(), phone, procedure, commune, office, kind, holding, first_day, last_day, who.scope.offices
    )
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        page = search(connection, province_id, asked, after=after, limit=limit)
    return FoundPage(shipments=tuple(map(Found.of, page.rows)), after=page.after)


@router.get("/{code}")
def read_shipment(
    request: Request,
    who: Reader,
    code: Code,
    reveal: Annotated[bool, Query(description="Show personal data; that is noted.")] = False,
    province: ProvinceQuery = None,
) -> One:
    """Show a shipment."""
    runtime, province_id = runtime_of(request), province_of(who, province)
    with runtime.database.read() as connection:
        row = theirs(connection, who, province_id, code)
    if reveal:
        note_reveal(runtime, who, province_id, "shipment_revealed", code)
    return One.of_row(row, reveal=reveal)


def note_reveal(runtime: Runtime, who: Who, province_id: str, action: str, code: str) -> None:
    """Let those who may see personal data, and write down that they did before they do."""
    if who.role not in MAY_REVEAL:
        raise ForbiddenError(
            f"Vai trò “{who.role}” không được xem dữ liệu cá nhân.", f"The role “{who.role}” may not see personal data."
        )
    at = datetime.now(UTC)
    runtime.writer.write_now(lambda c: note_look(c, at, who, action, code, province=province_id))


@router.patch("/{code}")
def patch_shipment(request: Request, who: Editor, code: Code, body: Change, province: ProvinceQuery = None) -> One:
    """
    Change note, windows or priority; refused when somebody else changed it meanwhile.

    Windows end the day and hours that the citizen wished: the answer's `wish_day` and `wish_window` are null then, and
    the change is noted with `wish` among its columns. The citizen's note stays.
    """
    runtime, province_id, at = runtime_of(request), province_of(who, province), datetime.now(UTC)
    values = body.model_dump(exclude={"version"}, exclude_none=True)
    if "windows" in values:
        values["windows"] = _windows(values["windows"])

    def write(connection: Connection) -> Row[Any]:
        row = theirs(connection, who, province_id, code)
        if row.version != body.version:
            raise RefusedError(
                f"Bưu gửi vừa được người khác sửa (phiên bản {row.version}); hãy xem lại.",
                f"Somebody changed the shipment meanwhile (version {row.version}): look again.",
            )
        if row.name is None and values.keys() & {"note", "windows"}:
            raise RefusedError("Dữ liệu cá nhân đã bị xóa theo thời hạn.", "Personal data were erased by retention.")
        change_shipment(connection, row, values, at=at, by=who.user_id)
        return theirs(connection, who, province_id, code)

    return One.of_row(runtime.writer.write_now(write), reveal=False)


def theirs(connection: Connection, who: Who, province_id: str, code: str) -> Row[Any]:
    """
    Find a shipment that somebody may see.

    Raises
    ------
    NotFoundError
        When there is none, or it belongs to other offices: nobody learns which.
    """
    row = find_shipment(connection, province_id, code)
    if row is not None and sees(who, province_id, row):
        return row
    raise NotFoundError("Không có bưu gửi này.", "There is no such shipment.")


def sees(who: Who, province_id: str, row: Row[Any]) -> bool:
    """Whether a shipment comes from, goes to or lies in an office of somebody's."""
    return any(who.scope.covers(province_id, office) for office in offices_of(row))


def _windows(text: str) -> str:
    """Windows in their normal spelling."""

    def no_warning(code: str, **_: object) -> None:
        raise ValueError(code)

    try:
        return SPANS.write(SPANS.parse(text, no_warning)) if text.strip() else ""
    except CellError as error:
        raise InputError([row_error(RowRef("windows"), "windows", error.code, **error.facts)]) from error


def _report(report: Report) -> ImportReport:
    taken = report.taken
    rows = {error.row for error in report.errors if error.row is not None}
    return ImportReport(
        new=len(taken.new),
        changed=len(taken.changed),
        same=len(taken.same),
        refused=len(rows),
        errors=_notices(report.errors),
        bad_rows=tuple(Refused(row=bad.row, cells=_written(bad.cells)) for bad in report.bad),
        good_rows=tuple(_good_rows(report)),
        warnings=_notices(report.warnings),
    )


def _good_rows(report: Report) -> Iterator[Good]:
    taken = report.taken
    outcomes: tuple[tuple[Literal["new", "changed", "same"], list[str]], ...] = (
        ("new", taken.new),
        ("changed", taken.changed),
        ("same", taken.same),
    )
    of = {code: outcome for outcome, codes in outcomes for code in codes}
    for row in report.good:
        shipment = row.shipment
        if (outcome := of.get(shipment.code)) is not None:  # what somebody holds already is told as an error
            yield Good(
                code=shipment.code,
                kind=shipment.kind,
                origin=row.origin,
                destination=row.destination,
                due_on=shipment.due_on,
                outcome=outcome,
            )


def _written(cells: Mapping[str, str]) -> dict[str, str]:
    """Half a surrogate pair, which JSON can spell and UTF-8 cannot, as its number."""
    texts = {name: cell.encode(errors="backslashreplace").decode() for name, cell in cells.items()}
    return {name.encode(errors="backslashreplace").decode(): cell for name, cell in texts.items()}


def _notices(errors: tuple[RowError, ...]) -> tuple[Notice, ...]:
    return tuple(Notice(**asdict(error)) for error in errors)

"""Reports: punctuality, what is behind each of its counts, and the monthly sheets."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy import Connection, Row

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.reports.counted import XLSX, attached, period_of
from api.reports.definitions import PUNCTUALITY
from api.reports.monthly import monthly_workbook
from api.reports.naming import Names, names_of
from api.reports.periods import FirstDay, LastDay, require_month
from api.reports.punctuality_sheet import punctuality_workbook
from api.reports.schemas import CommuneShapes, CountedShipment, CountedShipments, Punctuality, PunctualityReport
from api.reports.shapes import shapes_of
from api.reports.store import NOTHING, By, Part, Period, Standing, in_order, promises, punctuality
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
Reader = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.PLANNER, Role.AUDITOR)]
PartQuery = Annotated[Part, Query(description="Whose promise: the agency's appointment, or the post's due day.")]
Group = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9._/-]{0,80}$", description="Empty = those that have none.")]


def _groups(agency: Group = None, commune: Group = None, leg: Group = None) -> tuple[tuple[By, str], ...]:
    """Only these groups."""
    asked = ((By.AGENCY, agency), (By.COMMUNE, commune), (By.LEG, leg))
    return tuple((by, value) for by, value in asked if value is not None)


Groups = Annotated[tuple[tuple[By, str], ...], Depends(_groups)]


@router.get("/punctuality")
def read_punctuality(
    request: Request,
    who: Reader,
    first_day: FirstDay,
    last_day: LastDay,
    part: PartQuery,
    of: Groups,
    by: By = By.ALL,
    province: ProvinceQuery = None,
) -> PunctualityReport:
    """Count what was early, on the day, late and open; each count is defined in the answer."""
    period = period_of(request, who, province, first_day, last_day, of)
    with runtime_of(request).database.read() as connection:
        return _report(connection, part, period, by)


@router.get("/punctuality.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def export_punctuality(
    request: Request,
    who: Reader,
    first_day: FirstDay,
    last_day: LastDay,
    part: PartQuery,
    of: Groups,
    by: By = By.ALL,
    province: ProvinceQuery = None,
) -> Response:
    """Give the same as a workbook."""
    report = read_punctuality(request, who, first_day, last_day, part, of, by, province)
    return attached(punctuality_workbook(report), f"punctuality-{part}-{by}-{first_day}-{last_day}.xlsx")


@router.get("/punctuality/shipments")
def read_counted_shipments(
    request: Request,
    who: Reader,
    first_day: FirstDay,
    last_day: LastDay,
    part: PartQuery,
    of: Groups,
    state: Standing = Standing.TOTAL,
    skip: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    province: ProvinceQuery = None,
) -> CountedShipments:
    """List the shipments behind a count, the longest late first; nothing of the citizen but the commune."""
    period = period_of(request, who, province, first_day, last_day, of)
    with runtime_of(request).database.read() as connection:
        rows = promises(connection, part, period, state, skip=skip, limit=limit + 1)
        names = names_of(connection, period.province_id, last_day)
    shown = tuple(_counted(row, names) for row in rows[:limit])
    more = skip + limit if len(rows) > limit else None
    return CountedShipments(part=part, state=state, shipments=shown, next_skip=more)


@router.get("/communes")
def read_commune_shapes(
    request: Request, who: Reader, on: Annotated[date, Query(examples=["2026-11-30"])], province: ProvinceQuery = None
) -> CommuneShapes:
    """Draw the communes of a province's network: estimated from their points, never official boundaries."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        return shapes_of(names_of(connection, province_id, on))


@router.get("/monthly.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def export_month(
    request: Request,
    who: Reader,
    month: Annotated[str, Query(max_length=7, examples=["2026-11"])],
    province: ProvinceQuery = None,
) -> Response:
    """Give a month's sheets: the whole, by agency, by commune, and every late shipment (without personal data)."""
    first = require_month(month)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    period = period_of(request, who, province, first, last)
    with runtime_of(request).database.read() as connection:
        content = monthly_workbook(connection, period)
    return attached(content, f"report-{period.province_id}-{month}.xlsx")


def _report(connection: Connection, part: Part, period: Period, by: By) -> PunctualityReport:
    whole = punctuality(connection, part, period, By.ALL).get(None, NOTHING)
    groups = punctuality(connection, part, period, by) if by is not By.ALL else {}
    names = names_of(connection, period.province_id, period.last)
    return PunctualityReport(
        part=part,
        by=by,
        first_day=period.first,
        last_day=period.last,
        as_of=period.today,
        whole=Punctuality.of(None, whole),
        groups=tuple(Punctuality.of(code, groups[code], names.of(by, code)) for code in in_order(groups)),
        definitions=PUNCTUALITY[part],
    )


def _counted(row: Row[Any], names: Names) -> CountedShipment:
    return CountedShipment(
        code=row.code, kind=row.kind, agency=row.agency, agency_name=names.of(By.AGENCY, row.agency),
        commune=row.commune, commune_name=names.of(By.COMMUNE, row.commune), due_on=date.fromisoformat(row.due_on),
        done_on=None if row.done_day is None else date.fromordinal(row.done_day), days=row.days, leg=row.leg,
    )  # fmt: skip

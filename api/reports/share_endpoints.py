"""The postal share: read, and what it is held against told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.errors import NotFoundError
from api.reports.counted import XLSX, attached, period_of
from api.reports.periods import FirstDay, LastDay, require_month, require_quarter
from api.reports.schemas import AgencyMonth, ShareReport, Target
from api.reports.share_sheet import share_workbook
from api.reports.share_store import set_target, tell_counts
from api.reports.shares import share_report
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
Reader = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.PLANNER, Role.AUDITOR)]
Teller = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.PLANNER)]
Aimer = Annotated[Who, allow(Role.ADMIN, Role.PLANNER)]
SiteId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._/-]{1,80}$")]


@router.get("/postal-share")
def read_postal_share(
    request: Request, who: Reader, first_day: FirstDay, last_day: LastDay, province: ProvinceQuery = None
) -> ShareReport:
    """Hold what went by post against what agencies had in all; a month that was not told leaves its share open."""
    period = period_of(request, who, province, first_day, last_day)
    with runtime_of(request).database.read() as connection:
        return share_report(connection, period)


@router.get("/postal-share.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def export_postal_share(
    request: Request, who: Reader, first_day: FirstDay, last_day: LastDay, province: ProvinceQuery = None
) -> Response:
    """Give the same as a workbook."""
    report = read_postal_share(request, who, first_day, last_day, province)
    return attached(share_workbook(report), f"postal-share-{first_day}-{last_day}.xlsx")


@router.put("/agency-months/{site_id}/{month}", status_code=204)
def put_agency_month(
    request: Request,
    who: Teller,
    site_id: SiteId,
    month: Annotated[str, Path(max_length=7, examples=["2026-11"])],
    body: AgencyMonth,
    province: ProvinceQuery = None,
) -> Response:
    """Tell how many dossiers and results an agency had in a month, by any way; for one's own sites, or the province."""
    province_id, at = _theirs(who, province, site_id), datetime.now(UTC)
    require_month(month)
    runtime_of(request).writer.write_now(
        lambda c: tell_counts(c, province_id, site_id, month, body.received, body.returned, who.user_id, at)
    )
    return Response(status_code=204)


@router.put("/share-targets/{site_id}/{quarter}", status_code=204)
def put_share_target(
    request: Request,
    who: Aimer,
    site_id: SiteId,
    quarter: Annotated[str, Path(max_length=7, examples=["2026-Q4"])],
    body: Target,
    province: ProvinceQuery = None,
) -> Response:
    """Set what share of an agency's paper is to go by post in a quarter; none of both takes it back."""
    province_id, at = _theirs(who, province, site_id), datetime.now(UTC)
    require_quarter(quarter)
    dossiers, results = body.dossier_percent, body.result_percent
    runtime_of(request).writer.write_now(
        lambda c: set_target(c, province_id, site_id, quarter, dossiers, results, who.user_id, at)
    )
    return Response(status_code=204)


def _theirs(who: Who, province: str | None, site_id: str) -> str:
    province_id = province_of(who, province)
    if not who.scope.covers(province_id, site_id):
        raise NotFoundError("Không có cơ quan này.", "There is no such agency.")
    return province_id

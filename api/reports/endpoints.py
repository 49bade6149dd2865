"""Reports: punctuality, the postal share, and the monthly sheets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.errors import NotFoundError, RefusedError
from api.reports.definitions import PUNCTUALITY, SHARE
from api.reports.monthly import monthly_workbook
from api.reports.periods import FirstDay, LastDay, require_period
from api.reports.schemas import (
    AgencyMonth,
    AgencyShare,
    Punctuality,
    PunctualityReport,
    ShareReport,
    percent,
)
from api.reports.store import By, Counts, Part, Period, posted, punctuality, tell_counts, told_counts
from api.service.runtime import runtime_of
from api.tallies.catching_up import catch_up
from api.tallies.figures import ZONE

router = APIRouter(prefix="/api/v1/reports", tags=["reports"])
Reader = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.PLANNER, Role.AUDITOR)]
Teller = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.PLANNER)]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
NONE = Counts(0, 0, 0, 0, 0, 0, 0)


@router.get("/punctuality")
def read_punctuality(
    request: Request,
    who: Reader,
    first_day: FirstDay,
    last_day: LastDay,
    part: Annotated[Part, Query(description="Whose promise: the agency's appointment, or the post's due day.")],
    by: By = By.ALL,
    province: ProvinceQuery = None,
) -> PunctualityReport:
    """Count what was early, on the day, late and open; each count is defined in the answer."""
    period = _period(request, who, province, first_day, last_day)
    with runtime_of(request).database.read() as connection:
        whole = punctuality(connection, part, period, By.ALL).get(None, NONE)
        groups = punctuality(connection, part, period, by) if by is not By.ALL else {}
    return PunctualityReport(
        part=part,
        by=by,
        first_day=first_day,
        last_day=last_day,
        as_of=period.today,
        whole=Punctuality.of(None, whole),
        groups=tuple(Punctuality.of(name, groups[name]) for name in sorted(groups, key=lambda name: name or "")),
        definitions=PUNCTUALITY[part],
    )


@router.get("/postal-share")
def read_postal_share(
    request: Request, who: Reader, first_day: FirstDay, last_day: LastDay, province: ProvinceQuery = None
) -> ShareReport:
    """Hold what went by post against what agencies had in all; a month that was not told leaves its share open."""
    period = _period(request, who, province, first_day, last_day)
    months = list(_months(first_day, last_day))
    with runtime_of(request).database.read() as connection:
        by_post = posted(connection, period)
        told = told_counts(connection, period.province_id, months)
    sites: set[str | None] = {*by_post, *(() if who.scope.offices else told)}
    agencies = []
    for site in sorted(sites, key=lambda site: site or ""):
        rows = told.get(site, []) if site is not None else []
        missing = tuple(month for month in months if month not in {row.month for row in rows})
        received, returned = sum(row.received for row in rows), sum(row.returned for row in rows)
        dossiers, results = by_post.get(site, (0, 0))
        agencies.append(
            AgencyShare(
                site_id=site, posted_dossiers=dossiers, posted_results=results, months_missing=missing,
                received=None if missing else received, returned=None if missing else returned,
                dossier_percent=None if missing else percent(dossiers, received),
                result_percent=None if missing else percent(results, returned),
            )
        )  # fmt: skip
    known = [one for one in agencies if not one.months_missing]
    return ShareReport(
        first_day=first_day,
        last_day=last_day,
        agencies=tuple(agencies),
        whole_dossier_percent=percent(sum(a.posted_dossiers for a in known), sum(a.received or 0 for a in known)),
        whole_result_percent=percent(sum(a.posted_results for a in known), sum(a.returned or 0 for a in known)),
        definitions=SHARE,
    )


@router.put("/agency-months/{site_id}/{month}", status_code=204)
def put_agency_month(
    request: Request,
    who: Teller,
    site_id: Annotated[str, Path(pattern=r"^[A-Za-z0-9._/-]{1,80}$")],
    month: Annotated[str, Path(max_length=7, examples=["2026-11"])],
    body: AgencyMonth,
    province: ProvinceQuery = None,
) -> Response:
    """Tell how many dossiers and results an agency had in a month, by any way; for one's own sites, or the province."""
    province_id, at = province_of(who, province), datetime.now(UTC)
    if not who.scope.covers(province_id, site_id):
        raise NotFoundError("Không có cơ quan này.", "There is no such agency.")
    _require_month(month)
    runtime_of(request).writer.write_now(
        lambda c: tell_counts(c, province_id, site_id, month, body.received, body.returned, who.user_id, at)
    )
    return Response(status_code=204)


@router.get("/monthly.xlsx", response_class=Response, responses={200: {"content": {XLSX: {}}}})
def export_month(
    request: Request,
    who: Reader,
    month: Annotated[str, Query(max_length=7, examples=["2026-11"])],
    province: ProvinceQuery = None,
) -> Response:
    """Give a month's sheets: the whole, by agency, by commune, and every late shipment (without personal data)."""
    first = _require_month(month)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    period = _period(request, who, province, first, last)
    with runtime_of(request).database.read() as connection:
        content = monthly_workbook(connection, period)
    headers = {"Content-Disposition": f'attachment; filename="report-{period.province_id}-{month}.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


def _period(request: Request, who: Who, province: str | None, first: date, last: date) -> Period:
    province_id = province_of(who, province)
    require_period(first, last)
    runtime = runtime_of(request)
    catch_up(runtime.database, runtime.writer)
    return Period(province_id, who.scope, first, last, datetime.now(ZONE).date())


def _months(first: date, last: date) -> Iterator[str]:
    month = first.replace(day=1)
    while month <= last:
        yield f"{month:%Y-%m}"
        month = (month + timedelta(days=31)).replace(day=1)


def _require_month(text: str) -> date:
    if not _MONTH.fullmatch(text):
        raise RefusedError("Tháng phải có dạng 2026-11.", "A month is written 2026-11.")
    return date.fromisoformat(f"{text}-01")

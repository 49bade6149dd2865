"""What every report over HTTP begins and ends with: its period, counted up to now, and a workbook to keep."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from fastapi import Request, Response

from api.auth.province import province_of
from api.auth.roles import Who
from api.reports.periods import require_period
from api.reports.store import By, Period
from api.service.runtime import runtime_of
from api.tallies.catching_up import catch_up
from api.tallies.figures import ZONE

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def period_of(
    request: Request, who: Who, province: str | None, first: date, last: date, of: tuple[tuple[By, str], ...] = ()
) -> Period:
    """
    Name a period, after whatever the ledger took in was tallied.

    Raises
    ------
    RefusedError
        When it is none.
    UnavailableError
        When there is more to tally than somebody waits for.
    """
    province_id = province_of(who, province)
    require_period(first, last)
    runtime = runtime_of(request)
    catch_up(runtime.database, runtime.writer)
    return Period(province_id, who.scope, first, last, datetime.now(ZONE).date(), of)


def attached(content: bytes, name: str) -> Response:
    """A workbook as a file."""
    return Response(content, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})

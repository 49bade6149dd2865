"""
Reports in the database: counted by SQL, in groups, over shipments and how far the ledger says they got.

The agency's part and the post's are counted alike, each against its own promise: `done`, the day on which it was kept,
and `due`. So one query serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Subquery,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    select,
)
from sqlalchemy.sql import null

from api.auth.roles import Scope
from api.db.days import day_number
from api.reports.tables import agency_counts
from api.shipments.model import ShipmentKind
from api.shipments.office_store import of_offices
from api.shipments.tables import shipments
from api.tallies.tables import passages


class Part(StrEnum):
    """Whose promise."""

    AGENCY = "agency"
    """The agency has the result ready by its appointment date."""
    POST = "post"
    """The post hands over by its own due day."""


class By(StrEnum):
    """What a report is broken down by."""

    ALL = "all"
    AGENCY = "agency"
    COMMUNE = "commune"
    LEG = "leg"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """What is counted: promises of these days, seen by somebody, as of a day."""

    province_id: str
    scope: Scope
    first: date
    last: date
    today: date


@dataclass(frozen=True, slots=True)
class Counts:
    """Promises of one group."""

    total: int
    early: int
    on_the_day: int
    late: int
    open: int
    overdue: int
    """Of the open ones, those whose day has passed."""
    returned: int
    """Shipments that went back: no promise was kept or broken."""

    @property
    def settled(self) -> int:
        return self.early + self.on_the_day + self.late


def punctuality(connection: Connection, part: Part, period: Period, by: By) -> dict[str | None, Counts]:
    """Count early, on the day, late and open ones by group; a group of None has no agency, commune or leg."""
    rows = _promises(part, period).subquery()
    done, due = rows.c.done_day, rows.c.due_day
    is_open = and_(done.is_(None), rows.c.is_returned == 0)
    group = _group(rows, by)
    asked = select(
        group,
        func.count(),
        _count_if(done < due),
        _count_if(done == due),
        _count_if(done > due),
        _count_if(is_open),
        _count_if(and_(is_open, due < period.today.toordinal())),
        _count_if(rows.c.is_returned == 1),
    ).group_by(group)
    return {row[0]: Counts(*(int(value) for value in row[1:])) for row in connection.execute(asked)}


def late_ones(connection: Connection, part: Part, period: Period) -> Iterable[Row[Any]]:
    """Every late or overdue promise, the longest broken first."""
    rows = _promises(part, period).subquery()
    reached = func.coalesce(rows.c.done_day, period.today.toordinal())
    late = select(rows, (reached - rows.c.due_day).label("days")).where(
        reached > rows.c.due_day, rows.c.is_returned == 0
    )
    return connection.execute(late.order_by((reached - rows.c.due_day).desc(), rows.c.code))


def posted(connection: Connection, period: Period) -> dict[str | None, tuple[int, int]]:
    """Count what the post took over in a period, by agency: dossiers for it, and results of it."""
    agency = _agency()
    kinds = (ShipmentKind.INTAKE, ShipmentKind.RESULT)
    asked = (
        select(agency, *(_count_if(shipments.c.kind == kind) for kind in kinds))
        .join(passages, _same())
        .where(
            shipments.c.province_id == period.province_id,
            shipments.c.kind.in_(kinds),
            passages.c.taken_day.between(period.first.toordinal(), period.last.toordinal()),
            *_offices(period.scope),
        )
        .group_by(agency)
    )
    return {site: (int(dossiers), int(results)) for site, dossiers, results in connection.execute(asked)}


def told_counts(connection: Connection, province_id: str, months: Sequence[str]) -> dict[str, list[Row[Any]]]:
    """What agencies told of their months, by agency."""
    asked = select(agency_counts).where(
        agency_counts.c.province_id == province_id, agency_counts.c.month.between(months[0], months[-1])
    )
    found: dict[str, list[Row[Any]]] = {}
    for row in connection.execute(asked.order_by(agency_counts.c.site_id, agency_counts.c.month)):
        found.setdefault(row.site_id, []).append(row)
    return found


def tell_counts(
    connection: Connection, province_id: str, site_id: str, month: str, received: int, returned: int, by: str,
    at: datetime,
) -> None:  # fmt: skip
    """Keep how many dossiers and results an agency had in a month; what was told before gives way."""
    same = {"province_id": province_id, "site_id": site_id, "month": month}
    connection.execute(delete(agency_counts).where(*(agency_counts.c[name] == value for name, value in same.items())))
    told = {"received": received, "returned": returned, "told_by": by, "told_at": at}
    connection.execute(insert(agency_counts).values({**same, **told}))


def _promises(part: Part, period: Period) -> Any:
    """One row a promise of the period: when it was due, when it was kept."""
    is_agency = part is Part.AGENCY
    due_on = shipments.c.appointment_on if is_agency else shipments.c.due_on
    returned = and_(passages.c.outcome == "returned", shipments.c.kind != ShipmentKind.TRANSFER)
    conditions = [
        shipments.c.province_id == period.province_id,
        due_on.between(period.first.isoformat(), period.last.isoformat()),
        *_offices(period.scope),
    ]
    if is_agency:
        conditions.append(shipments.c.kind == ShipmentKind.RESULT)
    return (
        select(
            shipments.c.code,
            shipments.c.kind,
            _agency().label("agency"),
            _commune().label("commune"),
            due_on.label("due_on"),
            day_number(due_on).label("due_day"),
            (_ready_day() if is_agency else _done_day()).label("done_day"),
            (cast(0, Integer) if is_agency else case((returned, 1), else_=0)).label("is_returned"),
            func.coalesce(passages.c.due_holding, "nobody").label("leg"),
        )
        .outerjoin(passages, _same())
        .where(*conditions)
    )


def _ready_day() -> ColumnElement[Any]:
    """The day it was ready, once the post has it; never after the day on which the post took it."""
    taken = passages.c.taken_day
    return case((taken < shipments.c.ready_day, taken), (taken.is_not(None), shipments.c.ready_day), else_=null())


def _done_day() -> ColumnElement[Any]:
    """The day it was handed over to whom it was for."""
    return case((passages.c.outcome != "returned", passages.c.done_day), else_=null())


def _agency() -> ColumnElement[Any]:
    return case((shipments.c.kind == ShipmentKind.INTAKE, shipments.c.dest_site), else_=shipments.c.origin_site)


def _commune() -> ColumnElement[Any]:
    """The citizen's."""
    is_intake = shipments.c.kind == ShipmentKind.INTAKE
    return case((is_intake, shipments.c.origin_commune), else_=shipments.c.dest_commune)


def _group(rows: Subquery, by: By) -> ColumnElement[Any]:
    if by is By.ALL:
        return cast(null(), Integer).label("whole")
    return func.substr(rows.c.due_on, 1, 7) if by is By.MONTH else rows.c[by.value]


def _count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _same() -> ColumnElement[bool]:
    return and_(passages.c.province_id == shipments.c.province_id, passages.c.code == shipments.c.code)


def _offices(scope: Scope) -> list[ColumnElement[bool]]:
    return [of_offices(scope.offices)] if scope.offices else []

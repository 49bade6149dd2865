"""
Reports in the database: counted by SQL, in groups, over shipments and how far the ledger says they got.

The agency's part and the post's are counted alike, each against its own promise: `done`, the day on which it was kept,
and `due`. So one query serves both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Integer, Row, Subquery, and_, case, cast, func, or_, select, true
from sqlalchemy.sql import null

from api.auth.roles import Scope
from api.db.days import day_number
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
    DAY = "day"


class Standing(StrEnum):
    """Which promises of a group: each count of a report has its own."""

    TOTAL = "total"
    SETTLED = "settled"
    EARLY = "early"
    ON_THE_DAY = "on_the_day"
    LATE = "late"
    OPEN = "open"
    OVERDUE = "overdue"
    RETURNED = "returned"


@dataclass(frozen=True, slots=True)
class Period:
    """What is counted: promises of these days, seen by somebody, as of a day."""

    province_id: str
    scope: Scope
    first: date
    last: date
    today: date
    of: tuple[tuple[By, str], ...] = ()
    """Only these groups of each kind; empty text = those that have none."""


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


NOTHING: Final = Counts(0, 0, 0, 0, 0, 0, 0)


def in_order(groups: Iterable[str | None]) -> list[str | None]:
    """As codes sort; those that have none first."""
    return sorted(groups, key=lambda group: group or "")


def punctuality(connection: Connection, part: Part, period: Period, by: By) -> dict[str | None, Counts]:
    """Count early, on the day, late and open ones by group; a group of None has no agency, commune or leg."""
    rows = _promises(part, period).subquery()
    states = _states(rows, period)
    counted = (
        Standing.TOTAL,
        Standing.EARLY,
        Standing.ON_THE_DAY,
        Standing.LATE,
        Standing.OPEN,
        Standing.OVERDUE,
        Standing.RETURNED,
    )
    group = _group(rows, by)
    asked = select(group, *(count_if(states[state]) for state in counted)).where(*_narrowed(rows, period))
    return {row[0]: Counts(*(int(value) for value in row[1:])) for row in connection.execute(asked.group_by(group))}


def late_ones(connection: Connection, part: Part, period: Period) -> Iterable[Row[Any]]:
    """Every late or overdue promise, the longest broken first."""
    rows = _promises(part, period).subquery()
    states = _states(rows, period)
    return connection.execute(_listed(rows, period).where(or_(states[Standing.LATE], states[Standing.OVERDUE])))


def promises(
    connection: Connection, part: Part, period: Period, state: Standing, *, skip: int, limit: int
) -> Sequence[Row[Any]]:
    """List the promises behind a count, the longest broken first; `days` from due to kept, or to today when open."""
    rows = _promises(part, period).subquery()
    asked = _listed(rows, period).where(_states(rows, period)[state])
    return connection.execute(asked.offset(skip).limit(limit)).all()


def _promises(part: Part, period: Period) -> Any:
    """One row a promise of the period: when it was due, when it was kept."""
    is_agency = part is Part.AGENCY
    due_on = shipments.c.appointment_on if is_agency else shipments.c.due_on
    returned = and_(passages.c.outcome == "returned", shipments.c.kind != ShipmentKind.TRANSFER)
    conditions = [
        shipments.c.province_id == period.province_id,
        due_on.between(period.first.isoformat(), period.last.isoformat()),
        *in_scope(period.scope),
    ]
    if is_agency:
        conditions.append(shipments.c.kind == ShipmentKind.RESULT)
    return (
        select(
            shipments.c.code,
            shipments.c.kind,
            agency_of_shipment().label("agency"),
            _commune().label("commune"),
            due_on.label("due_on"),
            day_number(due_on).label("due_day"),
            (_ready_day() if is_agency else _done_day()).label("done_day"),
            (cast(0, Integer) if is_agency else case((returned, 1), else_=0)).label("is_returned"),
            func.coalesce(passages.c.due_leg, passages.c.due_holding, "nobody").label("leg"),
        )
        .outerjoin(passages, same_shipment())
        .where(*conditions)
    )


def _ready_day() -> ColumnElement[Any]:
    """The day it was ready, once the post has it; never after the day on which the post took it."""
    taken = passages.c.taken_day
    return case((taken < shipments.c.ready_day, taken), (taken.is_not(None), shipments.c.ready_day), else_=null())


def _done_day() -> ColumnElement[Any]:
    """The day it was handed over to whom it was for."""
    return case((passages.c.outcome != "returned", passages.c.done_day), else_=null())


def agency_of_shipment() -> ColumnElement[Any]:
    """That a dossier is for, or a result is of."""
    return case((shipments.c.kind == ShipmentKind.INTAKE, shipments.c.dest_site), else_=shipments.c.origin_site)


def _commune() -> ColumnElement[Any]:
    """The citizen's."""
    is_intake = shipments.c.kind == ShipmentKind.INTAKE
    return case((is_intake, shipments.c.origin_commune), else_=shipments.c.dest_commune)


def _group(rows: Subquery, by: By) -> ColumnElement[Any]:
    if by is By.ALL:
        return cast(null(), Integer).label("whole")
    if by is By.DAY:
        return rows.c.due_on
    return func.substr(rows.c.due_on, 1, 7) if by is By.MONTH else rows.c[by.value]


def _narrowed(rows: Subquery, period: Period) -> list[ColumnElement[bool]]:
    groups = [(_group(rows, by), value) for by, value in period.of]
    return [group == value if value else group.is_(None) for group, value in groups]


def _states(rows: Subquery, period: Period) -> Mapping[Standing, ColumnElement[bool]]:
    done, due = rows.c.done_day, rows.c.due_day
    is_open = and_(done.is_(None), rows.c.is_returned == 0)
    return {
        Standing.TOTAL: true(),
        Standing.SETTLED: done.is_not(None),
        Standing.EARLY: done < due,
        Standing.ON_THE_DAY: done == due,
        Standing.LATE: done > due,
        Standing.OPEN: is_open,
        Standing.OVERDUE: and_(is_open, due < period.today.toordinal()),
        Standing.RETURNED: rows.c.is_returned == 1,
    }


def _listed(rows: Subquery, period: Period) -> Any:
    days = func.coalesce(rows.c.done_day, period.today.toordinal()) - rows.c.due_day
    asked = select(rows, days.label("days")).where(*_narrowed(rows, period))
    return asked.order_by(days.desc(), rows.c.code)


def count_if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def same_shipment() -> ColumnElement[bool]:
    return and_(passages.c.province_id == shipments.c.province_id, passages.c.code == shipments.c.code)


def in_scope(scope: Scope) -> list[ColumnElement[bool]]:
    return [of_offices(scope.offices)] if scope.offices else []

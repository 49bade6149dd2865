"""A courier's own round, whole: the phone keeps it before the shift begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Row

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.evidence_rules import OFFLINE, EvidenceRules
from api.custody.province_rules import RuleBook
from api.db.engine import Database
from api.errors import NotFoundError
from api.plans.schemas import Plan, PlannedRoute, PlannedStop, parse_plan
from api.rounds.schemas import EvidenceTable, MyRound, Parcel, Stopover
from api.rounds.store import parcels, published_plan, sites_of
from api.service.runtime import runtime_of
from api.shipments.model import ShipmentKind
from routing.model import Action

router = APIRouter(prefix="/api/v1/rounds", tags=["rounds"])
Courier = Annotated[Who, allow(Role.COURIER)]


@router.get("/mine")
def read_my_round(who: Courier, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])]) -> MyRound:
    """
    Answer with the caller's round in the published plan of a day: stops, people, notes, paths, and the proofs.

    Names and telephones stand in full, for the phone needs them without a signal; the look is noted.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    found = _my_round(runtime.database, who, day, at)
    runtime.writer.write_now(lambda c: note_look(c, at, who, "round", f"{found.plan_id}/{who.courier_id}"))
    return found


def _my_round(database: Database, who: Who, day: date, at: datetime) -> MyRound:
    province_id = who.scope.province_id or ""
    with database.read() as connection:
        stored = published_plan(connection, province_id, day)
        plan = None if stored is None else parse_plan(stored.document)
        route = None if plan is None else _route_of(plan, who)
        if stored is None or plan is None or route is None:
            raise _no_round(day)
        doors = _doors(route)
        rows = parcels(connection, province_id, doors)
        sites = sites_of(connection, stored)
        rules = RuleBook().opened(connection, [province_id]).at(province_id, at).evidence
    visited = {stop.site_id for stop in _stops(route)} | {route.base_id}
    return MyRound(
        plan_id=stored.plan_id,
        version=stored.version,
        day=day,
        synthetic_roads=plan.network.roads.synthetic,
        route=route,
        stopovers=tuple(_stopover(row) for row in sites if row["site_id"] in visited),
        parcels=tuple(_parcel(row, doors[row.code]) for row in rows),
        evidence=_evidence(rules),
        asked_at=at,
    )


def _route_of(plan: Plan, who: Who) -> PlannedRoute | None:
    return next((route for route in plan.routes if route.courier_id == who.courier_id), None)


def _stops(route: PlannedRoute) -> Iterator[PlannedStop]:
    return (stop for trip in route.trips for stop in trip.stops)


def _doors(route: PlannedRoute) -> dict[str, str | None]:
    """Of each shipment, which of its addresses this round visits: `origin`, `dest`, or None for sites only."""
    doors: dict[str, str | None] = {}
    for stop in _stops(route):
        for task in stop.tasks:
            at_home = stop.site_id is None
            end = "origin" if task.action is Action.COLLECT else "dest"
            doors[task.shipment] = doors.get(task.shipment) or (end if at_home else None)
    return doors


def _stopover(row: dict[str, Any]) -> Stopover:
    point = (float(row["lon"]), float(row["lat"]))
    return Stopover(site_id=row["site_id"], name=row["name"], kind=row["kind"], point=point)


def _parcel(row: Row[Any], end: str | None) -> Parcel:
    return Parcel(
        code=row.code,
        kind=ShipmentKind(row.kind),
        name=row.name,
        phone=row.phone,
        address=getattr(row, f"{end}_address") if end else None,
        windows=row.windows,
        note=row.note,
        pieces=row.pieces,
        fee_dong=row.fee_dong,
        postage_dong=row.postage_dong,
        id_check=row.id_check,
        due_on=date.fromisoformat(row.due_on),
        has_pin=row.pin_of is not None,
    )


def _evidence(rules: EvidenceRules) -> EvidenceTable:
    return EvidenceTable(
        outcomes={kind.value: needs for kind, needs in rules.outcomes.items()},
        reasons={reason.value: needs for reason, needs in rules.reasons.items()},
        offline={kind.value: needs for kind, needs in OFFLINE.items()},
    )


def _no_round(day: date) -> NotFoundError:
    return NotFoundError(
        f"Ngày {day:%d/%m/%Y} bạn chưa có chuyến nào được ban hành.", f"No round of yours is published for {day}."
    )

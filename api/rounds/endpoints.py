"""A courier's own round, whole: the phone keeps it before the shift begins."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from sqlalchemy import Row

from api.auth.access import allow
from api.auth.province import ProvinceQuery, own_province, province_of
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.province_rules import RuleBook
from api.db.engine import Database
from api.errors import NotFoundError
from api.live.rounds import PublishedDay
from api.network.rows import Site
from api.plans.schemas import PlannedRoute, PlannedStop
from api.rounds.communes import communes_around
from api.rounds.evidence import evidence_table
from api.rounds.schemas import EvidenceTable, MyRound, Parcel, Stopover
from api.rounds.store import parcels
from api.service.runtime import runtime_of
from api.shipments.model import ShipmentKind
from api.shipments.wishes import told_note, told_windows, wish_of
from routing.model import Action

router = APIRouter(prefix="/api/v1/rounds", tags=["rounds"])
Courier = Annotated[Who, allow(Role.COURIER)]
Author = Annotated[Who, allow(Role.COURIER, Role.DESK, Role.DISPATCHER)]
"""Of events."""


@router.get("/mine")
def read_my_round(who: Courier, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])]) -> MyRound:
    """
    Answer with the caller's round in the published plan of a day: stops, people, notes, paths, and the proofs.

    Names and telephones stand in full, for the phone needs them without a signal; the look is noted.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    published = runtime.rounds.on(own_province(who), day)
    mine = None if published is None else published.rounds.get(str(who.courier_id))
    if published is None or mine is None:
        raise _no_round(day)
    found = _my_round(runtime.database, own_province(who), published, mine.route, at)
    runtime.writer.write_now(lambda c: note_look(c, at, who, "round", f"{found.plan_id}/{who.courier_id}"))
    return found


@router.get("/evidence")
def read_evidence(who: Author, request: Request, province: ProvinceQuery = None) -> EvidenceTable:
    """Answer with the pieces that make each outcome complete in the province, as they stand now."""
    runtime, province_id, at = runtime_of(request), province_of(who, province), datetime.now(UTC)
    with runtime.database.read() as connection:
        return evidence_table(RuleBook().opened(connection, [province_id]).at(province_id, at).evidence)


def _my_round(
    database: Database, province_id: str, published: PublishedDay, route: PlannedRoute, at: datetime
) -> MyRound:
    doors = _doors(route)
    with database.read() as connection:
        rows = parcels(connection, province_id, doors)
        rules = RuleBook().opened(connection, [province_id]).at(province_id, at).evidence
    visited = {stop.site_id for stop in _stops(route)} | {route.base_id}
    return MyRound(
        plan_id=published.plan_id,
        version=published.version,
        day=published.midnight.date(),
        synthetic_roads=published.synthetic_roads,
        route=route,
        stopovers=tuple(_stopover(site) for name, site in published.sites.items() if name in visited),
        communes=communes_around(route, published.midnight.date()),
        parcels=tuple(_parcel(row, doors[row.code], published.midnight.date()) for row in rows),
        evidence=evidence_table(rules),
        asked_at=at,
    )


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


def _stopover(site: Site) -> Stopover:
    return Stopover(site_id=site.site_id, name=site.name, kind=site.kind, point=(site.lon, site.lat))


def _parcel(row: Row[Any], end: str | None, day: date) -> Parcel:
    wish = wish_of(row) if end else None
    return Parcel(
        code=row.code,
        kind=ShipmentKind(row.kind),
        name=row.name,
        phone=row.phone,
        address=getattr(row, f"{end}_address") if end else None,
        windows=told_windows(row.windows, wish, day),
        note=told_note(row.note, wish),
        pieces=row.pieces,
        fee_dong=row.fee_dong,
        postage_dong=row.postage_dong,
        id_check=row.id_check,
        due_on=date.fromisoformat(row.due_on),
        has_pin=row.pin_of is not None,
    )


def _no_round(day: date) -> NotFoundError:
    return NotFoundError(
        f"Ngày {day:%d/%m/%Y} bạn chưa có chuyến nào được ban hành.", f"No round of yours is published for {day}."
    )

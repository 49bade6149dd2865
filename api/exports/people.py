"""
Who lives where, for a plan's sheets: put in from the registrations, or left out altogether.

A plan's inputs hold addresses and no names (`api.plans.snapshots.PERSONAL`); names are read when a sheet is printed, so
that what retention has erased is on no sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from api.db.in_lists import in_lists
from api.plans.schemas import Plan
from api.rounds.store import parcels
from api.shipments.model import Shipment, ShipmentList
from api.shipments.wishes import told_note, wish_of
from geo.units import load_communes


def carried_codes(plan: Plan) -> list[str]:
    """Everything in the rounds of a plan, each once, in order."""
    stops = (stop for route in plan.routes for trip in route.trips for stop in trip.stops)
    return list(dict.fromkeys(task.shipment for stop in stops for task in stop.tasks))


def with_people(
    connection: Connection, province_id: str, shipments: ShipmentList, codes: Iterable[str], day: date
) -> ShipmentList:
    """
    Put names, telephones and notes to some shipments, as they are registered now; all others are nameless.

    What was never registered, as of a plan from a file, keeps the address that the plan was made with.
    """
    rows = {row.code: row for some in in_lists(codes) for row in parcels(connection, province_id, some)}
    communes = _communes(day)
    named = (_named(one, rows[one.code], communes) if one.code in rows else one for one in shipments.shipments)
    return replace(shipments, shipments=tuple(named))


def without_people(shipments: ShipmentList, day: date) -> ShipmentList:
    """The same shipments with the commune in the place of an address, and nobody's name, telephone or note."""
    communes = _communes(day)
    return replace(shipments, shipments=tuple(_nameless(one, communes) for one in shipments.shipments))


def _named(shipment: Shipment, row: Row[Any], communes: Mapping[str, str]) -> Shipment:
    if row.name is None:  # erased by retention
        return _nameless(shipment, communes)
    return replace(
        shipment,
        contact_name=row.name,
        contact_phone=row.phone or "",
        note=told_note(row.note, wish_of(row)) or "",
        origin_address=row.origin_address or "",
        dest_address=row.dest_address or "",
    )


def _nameless(shipment: Shipment, communes: Mapping[str, str]) -> Shipment:
    return replace(
        shipment,
        contact_name="",
        contact_phone="",
        note="",
        origin_address="" if shipment.origin_site else communes.get(shipment.origin_commune, ""),
        dest_address="" if shipment.dest_site else communes.get(shipment.dest_commune, ""),
    )


def _communes(day: date) -> dict[str, str]:
    return {unit.code: unit.name for unit in load_communes(day)}

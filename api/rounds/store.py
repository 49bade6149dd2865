"""What a round needs from the tables of others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from api.plans.store import StoredPlan, find_plan, list_plans
from api.plans.tables import plan_inputs
from api.shipments.tables import shipment_persons, shipments
from api.tracking.tables import pins

_PERSON = [column for column in shipment_persons.c if column.name not in shipments.c]


def published_plan(connection: Connection, province_id: str, day: date) -> StoredPlan | None:
    """The plan that a day goes by; one at most is published."""
    for found in list_plans(connection, province_id, day=day, status="published", after=None, limit=1):
        return find_plan(connection, found.plan_id)
    return None


def sites_of(connection: Connection, plan: StoredPlan) -> list[dict[str, Any]]:
    """The sites in force on the plan's day, as the plan knew them."""
    asked = select(plan_inputs.c.network).where(plan_inputs.c.sha256 == plan.inputs_sha256)
    network: dict[str, Any] = connection.execute(asked).scalar_one()
    return [row for row in network.get("sites", ()) if _in_force(row, plan.day)]


def parcels(connection: Connection, province_id: str, codes: Collection[str]) -> Sequence[Row[Any]]:
    """Shipments with their people and whether a PIN was given out, by code."""
    asked = (
        select(shipments, *_PERSON, pins.c.code.label("pin_of"))
        .outerjoin(shipment_persons, shipment_persons.c.shipment_id == shipments.c.shipment_id)
        .outerjoin(pins, (pins.c.province_id == shipments.c.province_id) & (pins.c.code == shipments.c.code))
        .where(shipments.c.province_id == province_id, shipments.c.code.in_(codes))
        .order_by(shipments.c.code)
    )
    return connection.execute(asked).all()


def _in_force(row: dict[str, Any], day: str) -> bool:
    return (row.get("valid_from") or "") <= day <= (row.get("valid_to") or "9999-12-31")

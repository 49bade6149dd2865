"""Shipments as rows of the database, for tests of reports, settlement and tracking."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, insert

from api.shipments.tables import shipment_persons, shipments
from tests.api.service.running import OFFICE, PROVINCE


def shipment_row(code: str, **fields: Any) -> dict[str, Any]:
    """A result of agency CQ1 for somebody in commune 30307."""
    ready = fields.pop("ready_on", date(2026, 11, 2))
    return {
        "province_id": PROVINCE, "code": code, "kind": "result", "procedure_code": None, "origin_site": "CQ1",
        "origin_commune": "30301", "origin_base": OFFICE, "dest_site": None, "dest_commune": "30307",
        "dest_base": OFFICE, "at_site": "CQ1", "at_base": OFFICE, "ready_at": datetime.combine(ready, time(3), UTC),
        "ready_day": ready.toordinal(), "appointment_on": None, "due_on": "2026-11-30", "pieces": 1, "grams": 50,
        "fee_dong": 0, "postage_dong": 0, "id_check": False, "priority": 0, "holding": "nobody", "version": 1, **fields,
    }  # fmt: skip


def add_rows(connection: Connection, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), 500):
        connection.execute(insert(shipments), rows[start : start + 500])


def add_person(connection: Connection, shipment_id: int, name: str) -> None:
    connection.execute(
        insert(shipment_persons).values(
            shipment_id=shipment_id, province_id=PROVINCE, name=name, phone="0912345612", phone_backwards="2165432190",
            origin_lon=105.4, origin_lat=10.4, origin_address="1 Lê Lợi", dest_lon=105.4, dest_lat=10.4,
            dest_address="Nhà sau chợ", windows="", note="", sha256="0" * 64,
        )
    )  # fmt: skip

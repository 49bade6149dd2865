"""One shipment, taken in at a desk: checked as a row of an import, and never in place of one that is known."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from api.auth.roles import Who
from api.auth.store import note_look
from api.errors import InputError, RefusedError
from api.service.runtime import Runtime
from api.shipments.importing import Judged, judge_file
from api.shipments.store import find_shipment
from api.shipments.taking_store import take_shipments
from api.tables.files import Upload


def judge_one(
    runtime: Runtime, who: Who, province_id: str, cells: dict[str, str], at: datetime, *, on: date | None = None
) -> Judged:
    """
    Check a shipment by the network in force.

    Parameters
    ----------
    cells
        By column of the shipments file.
    on
        The day whose network it means; None = today.

    Raises
    ------
    InputError
        With everything that is wrong with it.
    """
    file = Upload("shipment.json", json.dumps({"shipments": [cells]}).encode())
    judged = judge_file(runtime, who, province_id, file, on=on, at=at)
    if judged.errors:
        raise InputError(judged.errors)
    return judged


def register(connection: Connection, who: Who, province_id: str, judged: Judged, at: datetime) -> Row[Any]:
    """
    Write a checked shipment down; the same again changes nothing.

    Raises
    ------
    RefusedError
        When another shipment has its code.
    """
    taken = take_shipments(connection, province_id, judged.entries, zone=judged.zone, at=at, by=who.user_id)
    (entry,) = judged.entries
    code = entry.shipment.code
    if taken.changed or taken.held:
        raise RefusedError(f"Mã {code} đã dùng cho bưu gửi khác.", f"Another shipment has the code {code}.")
    if taken.new:
        action = "revoked_device_registered" if who.must_wipe else "shipment_registered"
        note_look(connection, at, who, action, code, province_id=province_id)
    row = find_shipment(connection, province_id, code)
    assert row is not None
    return row

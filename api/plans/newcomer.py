"""
A shipment that comes to a plan after it was made.

The plan's inputs are a snapshot that never changes, so the plan goes over to another snapshot that has the newcomer
besides: everything is proved against that one from then on.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from api.errors import RefusedEditError
from api.network.model import Network
from api.plans.document import plan_id
from api.plans.editing import EditingSession, open_session
from api.plans.planning import PreparedDay
from api.plans.reasons import explain_left
from api.plans.schemas import Plan, UnassignedReason, UnassignedShipment, Words
from api.plans.stop_schemas import StopWanted

_WAITS = UnassignedReason(constraint="new", detail=Words(vi="vừa được thêm", en="has just been added"), would_help=None)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None that is taken for another when it is read out."""


def own_code(day: date) -> str:
    """A code for what has no label yet: `DX-251126-7KQ2M`."""
    return f"DX-{day:%d%m%y}-{''.join(secrets.choice(_LETTERS) for _ in range(5))}"


def cells_of(wanted: StopWanted, code: str, network: Network, day: date) -> dict[str, str]:
    """
    Write a wanted stop as a row of the shipments file.

    Raises
    ------
    RefusedEditError
        When nothing can be brought there, as no base serves it.
    """
    is_fetched, is_door = wanted.action == "collect", wanted.point is not None
    here, there = ("origin", "dest") if is_fetched else ("dest", "origin")
    kind = ("intake" if is_fetched else "result") if is_door else "transfer"
    cells = {"code": code, "kind": kind, "ready_at": _morning(day, network.settings.zone), "pieces": str(wanted.pieces)}
    if wanted.point is not None:
        lon, lat = wanted.point
        address = wanted.address or f"{lat:.5f}, {lon:.5f}"  # else nobody would find it
        cells |= {f"{here}_lon": str(lon), f"{here}_lat": str(lat), f"{here}_address": address}
        cells[f"{here}_commune"] = wanted.commune_code or ""
        cells |= {name: getattr(wanted, name) for name in ("windows", "contact_name", "contact_phone")}
    else:
        cells[f"{here}_site"] = wanted.site_id or ""
    cells[f"{there}_site"] = wanted.other_site or _base_for(wanted, network)
    cells |= {"note": wanted.note, "due_on": wanted.due_on.isoformat() if wanted.due_on else ""}
    return {name: cell for name, cell in cells.items() if cell}


def joined_by(plan: Plan, prepared: PreparedDay, code: str) -> EditingSession:
    """
    Open a plan on inputs that have a shipment more than its own; nobody carries that one yet.

    Raises
    ------
    RefusedEditError
        When it makes no task on this day, with the reason.
    """
    inputs = prepared.inputs
    for left in inputs.left:
        if left.shipment.code == code:
            why = explain_left(left, inputs.network).reasons[0].detail
            raise RefusedEditError(f"Chưa thể thêm điểm này: {why.vi}.", f"This stop cannot be added: {why.en}.")
    newcomer = UnassignedShipment(shipment=code, must_go=False, reasons=(_WAITS,))
    changed = {
        "plan_id": plan_id(inputs),
        "shipments_sha256": inputs.shipments.sha256,
        "unassigned": (*plan.unassigned, newcomer),
    }
    return open_session(plan.model_copy(update=changed), prepared)


def _morning(day: date, zone: ZoneInfo) -> str:
    return datetime.combine(day, time(), zone).isoformat()


def _base_for(wanted: StopWanted, network: Network) -> str:
    """Where a delivery to a door or site lies before."""
    if wanted.site_id is not None:
        network.site(wanted.site_id)
        found = network.base_of_site(wanted.site_id)
    else:
        found = network.base_of_commune(wanted.commune_code or "")
    if found is None:
        where = wanted.site_id or wanted.commune_code
        raise RefusedEditError(
            f"Không bưu cục phát nào phục vụ {where}.", f"No base serves {where}; nothing can be brought there."
        )
    return found

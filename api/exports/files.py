"""Each kind of file that a plan can be handed out as: its content, its type, and the name it is saved under."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from api.errors import NotFoundError, RefusedError
from api.exports.workbook import plan_workbook
from api.network.model import Network
from api.plans.export import plan_geojson, round_gpx
from api.plans.schemas import Plan, PlanStatus
from api.reports.manifest import manifests_pdf
from api.reports.printing import round_sheets_pdf
from api.reports.round_sheet import RoundSheet, round_sheets
from api.shipments.model import ShipmentList

MARKS = {
    PlanStatus.DRAFT: "BẢN NHÁP · CHƯA BAN HÀNH",
    PlanStatus.PUBLISHED: "",
    PlanStatus.WITHDRAWN: "ĐÃ RÚT · KHÔNG DÙNG",
}
"""On top of every page."""


class Kind(StrEnum):
    SHEETS = "sheets"
    """Round sheets, PDF."""
    MANIFESTS = "manifests"
    """What a base hands to each courier, PDF."""
    WORKBOOK = "workbook"
    """XLSX; of the whole plan only."""
    GEOJSON = "geojson"
    GPX = "gpx"
    """Of one courier; of all: a ZIP of them."""


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A file to be saved."""

    name: str
    media_type: str
    content: bytes


def plan_file(kind: Kind, plan: Plan, network: Network, shipments: ShipmentList, courier_id: str | None) -> PlanFile:
    """
    Write a plan, or the round of one courier, as a file.

    Parameters
    ----------
    network
        In force on the plan's day.
    shipments
        With the people that shall stand on sheets, or without.

    Raises
    ------
    NotFoundError
        When the courier, or anybody at all, has no round.
    RefusedError
        When a workbook is asked for one courier: its totals are those of the whole plan.
    """
    chosen = plan if courier_id is None else _round_of(plan, courier_id)
    if not chosen.routes and kind not in {Kind.WORKBOOK, Kind.GEOJSON}:
        raise NotFoundError("Kế hoạch này không có chuyến nào.", "This plan has no rounds.")
    match kind:
        case Kind.SHEETS:
            sheets = _sheets(chosen, network, shipments)
            return _pdf("phieu-chuyen", plan, courier_id, round_sheets_pdf(sheets, _subject(plan)))
        case Kind.MANIFESTS:
            sheets = _sheets(chosen, network, shipments)
            return _pdf("bang-ke", plan, courier_id, manifests_pdf(sheets, _subject(plan)))
        case Kind.WORKBOOK:
            if courier_id is not None:
                raise RefusedError(
                    "Tệp XLSX là của cả kế hoạch, không tách theo bưu tá.", "A workbook is of the whole plan only."
                )
            xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            return PlanFile(_name("ke-hoach", plan, None, "xlsx"), xlsx, plan_workbook(plan, network, shipments))
        case Kind.GEOJSON:
            drawn = json.dumps(plan_geojson(chosen, network, shipments), ensure_ascii=False, separators=(",", ":"))
            return PlanFile(_name("ban-do", plan, courier_id, "geojson"), "application/geo+json", drawn.encode())
        case Kind.GPX:
            return _gpx(chosen, network, courier_id)


def _round_of(plan: Plan, courier_id: str) -> Plan:
    """A plan with one courier's round, and nothing left behind."""
    routes = tuple(route for route in plan.routes if route.courier_id == courier_id)
    if not routes:
        raise NotFoundError(
            f"Bưu tá {courier_id} không có chuyến trong kế hoạch này.",
            f"Courier {courier_id} has no round in this plan.",
        )
    return plan.model_copy(update={"routes": routes, "unassigned": ()})


def _sheets(plan: Plan, network: Network, shipments: ShipmentList) -> list[RoundSheet]:
    return round_sheets(plan, network, shipments, MARKS[plan.status])


def _subject(plan: Plan) -> str:
    return f"{plan.network.name}, {plan.network.valid_on:%d/%m/%Y}"


def _pdf(stem: str, plan: Plan, courier_id: str | None, content: bytes) -> PlanFile:
    return PlanFile(_name(stem, plan, courier_id, "pdf"), "application/pdf", content)


def _gpx(plan: Plan, network: Network, courier_id: str | None) -> PlanFile:
    tracks = {route.courier_id: round_gpx(plan, route, network) for route in plan.routes}
    if courier_id is not None:
        content = tracks[courier_id].encode()
        return PlanFile(_name("chuyen", plan, courier_id, "gpx"), "application/gpx+xml", content)
    target = BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as packed:
        for courier, text in tracks.items():
            packed.writestr(
                ZipInfo(_name("chuyen", plan, courier, "gpx")), text
            )  # no time: the same plan, the same file
    return PlanFile(_name("chuyen-gpx", plan, None, "zip"), "application/zip", target.getvalue())


def _name(stem: str, plan: Plan, courier_id: str | None, suffix: str) -> str:
    """`phieu-chuyen-20261125-v3-BT-01.pdf`: letters, digits, dots and dashes, whatever a courier is called."""
    whose = "".join(letter if letter.isalnum() and letter.isascii() else "-" for letter in courier_id or "")
    parts = (stem, f"{plan.network.valid_on:%Y%m%d}", f"v{plan.version}", whose)
    return "-".join(filter(None, parts)) + f".{suffix}"

"""A small province as files of every kind: two bases, one agency, one courier each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.network.columns import TABLES
from api.shipments.columns import shipments_table
from api.tables.columns import Table
from api.tables.writing import csv_bytes, workbook_bytes

Tables = dict[str, list[dict[str, Any]]]

SHIPMENTS = shipments_table(ZoneInfo("Asia/Ho_Chi_Minh"))
BY_NAME: dict[str, Table[Any]] = {table.name: table for table in (*TABLES, SHIPMENTS)}

HOURS = "Mo-Fr 07:00-11:30,13:30-17:00; PH off"

_NETWORK: Tables = {
    "sites": [
        {
            "site_id": "B1",
            "name": "Bưu cục Một",
            "kind": "post_office",
            "commune_code": "30307",
            "lon": "105.43",
            "lat": "10.38",
        },
        {
            "site_id": "B2",
            "name": "Bưu cục Hai",
            "kind": "post_office",
            "commune_code": "30316",
            "lon": "105.12",
            "lat": "10.70",
        },
        {
            "site_id": "CQ1",
            "name": "Sở Tư pháp",
            "kind": "agency",
            "commune_code": "30307",
            "lon": "105.44",
            "lat": "10.37",
            "opening_hours": HOURS,
            "setup_minutes": "7.5",
            "item_seconds": "40",
        },
    ],
    "areas": [{"commune_code": "30307", "base_id": "B1"}, {"commune_code": "30316", "base_id": "B2"}],
    "couriers": [
        {"courier_id": "C1", "name": "Bưu tá Một", "base_id": "B1", "communes": "30307"},
        {
            "courier_id": "C2",
            "name": "Bưu tá Hai",
            "base_id": "B2",
            "vehicle": "van",
            "break": "none",
            "reserve": "yes",
        },
    ],
    "lines": [
        {"line_id": "L", "run_id": "1", "stop_no": "1", "site_id": "B1", "depart": "06:30", "cut_off": "06:15"},
        {"line_id": "L", "run_id": "1", "stop_no": "2", "site_id": "B2", "arrive": "07:20"},
    ],
    "procedures": [
        {"procedure_code": "1.001120", "title": "Cấp phiếu lý lịch", "level": "province", "postal": "yes"},
        {
            "procedure_code": "2.000635",
            "title": "Cấp bản sao",
            "level": "commune",
            "postal": "no",
            "decision_no": "12/QĐ-UBND",
        },
    ],
    "tariffs": [
        {"postage_dong": "30000"},
        {"commune_code": "30316", "postage_dong": "0"},
        {"level": "province", "procedure_code": "1.001120", "postage_dong": "25000"},
    ],
    "calendar": [{"date": "2026-11-21", "kind": "working", "name": "Làm bù"}],
    "settlements": [
        {
            "settlement_id": "DC-1",
            "name": "Ấp 3",
            "commune_code": "30316",
            "lon": "105.121",
            "lat": "10.701",
            "people": "4200",
            "people_estimated": "yes",
        },
    ],
}

_SHIPMENTS = [
    {
        "code": "RR000000014VN",
        "kind": "result",
        "procedure_code": "1.001120",
        "origin_site": "CQ1",
        "dest_lon": "105.431",
        "dest_lat": "10.384",
        "dest_address": "12 Trần Hưng Đạo",
        "dest_commune": "30307",
        "at_site": "B1",
        "ready_at": "2026-11-19T15:00:00+07:00",
        "windows": "14:00-16:00;08:00-10:00",
        "contact_phone": "0912345678",
    },
    {
        "code": "A-2",
        "kind": "intake",
        "origin_lon": "105.121",
        "origin_lat": "10.701",
        "origin_address": "Ấp 3",
        "origin_commune": "30316",
        "dest_site": "CQ1",
        "ready_at": "2026-11-20T07:00:00+07:00",
        "due_on": "2026-11-27",
    },
    {"code": "A-3", "kind": "transfer", "origin_site": "B1", "dest_site": "B2", "ready_at": "2026-11-20T01:00:00Z"},
]


def small_network() -> Tables:
    """The tables, to be changed at will."""
    return deepcopy(_NETWORK)


def small_shipments() -> list[dict[str, Any]]:
    return deepcopy(_SHIPMENTS)


def full(table: str, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows with every column of a table."""
    return [{name: row.get(name, "") for name in BY_NAME[table].names} for row in rows]


def write_folder(folder: Path, tables: Tables, settings: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (folder / f"{name}.csv").write_bytes(csv_bytes(BY_NAME[name], full(name, rows)))
    if settings:
        (folder / "settings.toml").write_text(settings, encoding="utf-8")
    return folder


def write_workbook(path: Path, tables: Tables) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook_bytes((BY_NAME[name], full(name, rows)) for name, rows in tables.items()))
    return path


def write_json(path: Path, tables: Mapping[str, Any]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(tables, ensure_ascii=False), encoding="utf-8")
    return path


def write_shipments(path: Path, rows: list[dict[str, Any]]) -> Path:
    """As CSV, XLSX or JSON, by the name's ending."""
    if path.suffix == ".json":
        return write_json(path, {"shipments": rows})
    if path.suffix == ".xlsx":
        return write_workbook(path, {"shipments": rows})
    path.write_bytes(csv_bytes(SHIPMENTS, full("shipments", rows)))
    return path

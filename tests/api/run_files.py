"""Finished runs written by hand: three days, five shipments, figures that a reader can add up."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]

ABOUT = {
    "network": "a" * 64, "shipments": "b" * 64, "roads": "c" * 64, "synthetic_roads": False,
    "timezone": "Asia/Ho_Chi_Minh", "first": "2026-12-04", "as_of": None, "calm": False, "day_by_day": False,
    "away": [], "seed": 0, "iterations": 5,
}  # fmt: skip
_COLUMNS = {
    "events": "at shipment type holder name reason",
    "rounds": "day courier_id base_id reserve trips visits delivered collected turned_away not_done metres seconds "
    "overtime dong",
    "bases": "day base_id couriers reserve delivered collected turned_away not_done lying metres dong",
    "days": "day is_working accepted delivered returned in_custody not_accepted couriers metres seconds overtime dong",
    "shipments": "code kind procedure_code ready_at appointment_on due_on accepted_at done_at outcome against_due "
    "against_appointment days_late blame blame_leg blame_where blame_why tries invitations legs lies_at",
}


def day(name: str, **changes: Any) -> Row:
    return {**dict.fromkeys(_COLUMNS["days"].split(), 0), "day": name, "is_working": "yes", **changes}


def tour(day: str, courier: str, **changes: Any) -> Row:
    row = {**dict.fromkeys(_COLUMNS["rounds"].split(), 0), "day": day, "courier_id": courier, "base_id": courier[:2]}
    return {**row, "reserve": "no", "trips": 1, **changes}


def base(day: str, base_id: str, **changes: Any) -> Row:
    return {**dict.fromkeys(_COLUMNS["bases"].split(), 0), "day": day, "base_id": base_id, **changes}


def shipment(code: str, due_on: str, against_due: str, **changes: Any) -> Row:
    row = {
        "code": code, "kind": "result", "ready_at": "2026-12-03T16:00:00+07:00", "due_on": due_on,
        "accepted_at": "2026-12-04T08:00:05+07:00", "outcome": "delivered", "against_due": against_due, "days_late": 0,
        "tries": 0, "invitations": 0,
    }  # fmt: skip
    return {**row, **changes}


POST = {"blame": "post", "blame_leg": "deliver", "blame_where": "B1"}
DAYS = (
    day("2026-12-04", accepted=3, delivered=1, in_custody=2, not_accepted=1, couriers=2, metres=30_000),
    day("2026-12-05", is_working="no", accepted=3, delivered=1, in_custody=2, not_accepted=1),
    day("2026-12-07", accepted=4, delivered=2, returned=1, in_custody=1, couriers=1, metres=12_500),
)
ROUNDS = (
    tour("2026-12-04", "B1-1", metres=20_000, seconds=7200, dong=100_000),
    tour("2026-12-04", "B2-9", metres=10_000, seconds=3600, dong=50_000, reserve="yes"),
    tour("2026-12-07", "B1-1", metres=12_500, seconds=3600, overtime=900, dong=60_000),
)
BASES = (
    base("2026-12-04", "B1", couriers=1, metres=20_000, dong=100_000),
    base("2026-12-04", "B2", couriers=1, reserve=1, metres=10_000, dong=50_000),
    base("2026-12-07", "B1", couriers=1, metres=12_500, dong=60_000),
)
DONE = (
    shipment("S1", "2026-12-07", "early", done_at="2026-12-04T09:30:00+07:00"),
    shipment("S2", "2026-12-04", "late", done_at="2026-12-07T09:30:00+07:00", days_late=3, **POST),
    shipment("0003", "2026-12-07", "on_the_day", done_at="2026-12-07T10:00:00+07:00", outcome="returned"),
)
OPEN = (
    shipment("S4", "2026-12-04", "open", outcome="open", days_late=4, blame="citizen", tries=1, lies_at="B1"),
    shipment("S5", "2026-12-14", "open", outcome="not_ready", accepted_at="", ready_at="2026-12-10T08:00:00+07:00"),
)
EVENTS = (
    {"at": "2026-12-04T08:00:05+07:00", "shipment": "S1", "type": "ACCEPT", "holder": "site", "name": "B1"},
    {"at": "2026-12-04T09:30:00+07:00", "shipment": "S1", "type": "DELIVER", "holder": "done"},
)


def write_run(
    folder: Path,
    *,
    days: Sequence[Row] = DAYS,
    rounds: Sequence[Row] = ROUNDS,
    done: Sequence[Row] = DONE,
    bases: Sequence[Row] = BASES,
    **about: Any,
) -> Path:
    """Write the folder of a run; `about` changes what it says of its inputs and options."""
    folder.mkdir(parents=True)
    (folder / "run.json").write_text(json.dumps({**ABOUT, **about}), encoding="utf-8")
    tables = {"events": EVENTS, "rounds": rounds, "bases": bases, "days": days, "shipments": done, "open": OPEN}
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            columns = _COLUMNS["shipments" if name == "open" else name].split()
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder

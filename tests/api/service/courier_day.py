"""A day of one courier, served with the pages: by itself one to follow by hand, of seven shipments and five doors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.plans.document import write_plan
from api.plans.planning import solve_group
from api.plans.schemas import Plan
from api.plans.snapshots import Snapshot, without_people
from routing.stopping import StoppingCriterion
from tests.api.network_files import full, write_folder
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.made_plans import AT, best_of, made_ready, store_plan
from tests.api.service.phones import user_id_of
from tests.api.service.running import COURIER, OFFICE, PROVINCE, Service, served
from tests.api.service.test_plans import publish
from tests.api.service.today import ZONE, begin_a_day
from tests.pages import built_pages

PAID, FREE, FAR, ABSENT = "RR000000014VN", "RR000000028VN", "RR000000031VN", "RR000000045VN"
"""Results for three homes; the first two are for the same door. Check digits as in UPU S10."""
INTAKE, RESULT, FETCHED = "RR000000059VN", "RR000000062VN", "RR000000076VN"
"""For the agency, from the agency, and from a citizen's door."""
LOADED = (PAID, FREE, FAR, ABSENT, INTAKE)
"""What lies at the base in the morning."""

_HOMES = {
    "long": ("105.4310", "10.3840", "12 Trần Hưng Đạo, Long Xuyên"),
    "far": ("105.4410", "10.3900", "7 Lý Thái Tổ, Long Xuyên"),
    "absent": ("105.4200", "10.3750", "45 Nguyễn Huệ, Long Xuyên"),
    "door": ("105.4250", "10.3880", "3 Khóm Bình Đức, Long Xuyên"),
}


def _network() -> dict[str, Any]:
    always = {"opening_hours": "Mo-Su 00:00-24:00", "commune_code": "30307"}
    return {
        "sites": [
            {"site_id": OFFICE, "name": "Bưu cục Long Xuyên", "kind": "post_office", "lon": "105.43", "lat": "10.38"},
            {"site_id": "CQ1", "name": "Sở Tư pháp An Giang", "kind": "agency", "lon": "105.44", "lat": "10.37"},
        ],
        "areas": [{"commune_code": "30307", "base_id": OFFICE}],
        "couriers": [{"courier_id": COURIER, "name": "Trần Văn Nghĩa", "base_id": OFFICE, "communes": "30307"}],
        "procedures": [
            {"procedure_code": "1.001120", "title": "Cấp phiếu lý lịch tư pháp", "level": "province", "postal": "yes"}
        ],
        "tariffs": [{"postage_dong": "25000"}],
    } | {"sites_always": always}  # fmt: skip


def network(today: date) -> dict[str, Any]:
    """The tables; the day is a working day, whatever the calendar says."""
    tables = _network()
    always = tables.pop("sites_always")
    tables["sites"] = [{**always, **site} for site in tables["sites"]]
    tables["calendar"] = [{"date": today.isoformat(), "kind": "working", "name": "Ngày thử"}]
    return tables


def shipments(today: date) -> list[dict[str, Any]]:
    ready = datetime.combine(today - timedelta(days=1), datetime.min.time(), ZONE).isoformat()
    plain = {"procedure_code": "1.001120", "ready_at": ready, "due_on": today.isoformat(), "pieces": 1, "grams": 200}

    def to_home(code: str, home: str, name: str, phone: str, **more: Any) -> dict[str, Any]:
        lon, lat, address = _HOMES[home]
        ends = {"origin_site": "CQ1", "dest_lon": lon, "dest_lat": lat, "dest_address": address}
        who = {"contact_name": name, "contact_phone": phone, "dest_commune": "30307", "at_site": OFFICE}
        return {**plain, "code": code, "kind": "result", **ends, **who, **more}

    lon, lat, address = _HOMES["door"]
    return [
        to_home(PAID, "long", "Nguyễn Thị Hoa", "0912345671", fee_dong=50_000, postage_dong=25_000),
        to_home(FREE, "long", "Nguyễn Thị Hoa", "0912345671", postage_dong=0, note="Gọi trước khi đến"),
        to_home(FAR, "far", "Lê Quốc Đạt", "0912345672", postage_dong=0),
        to_home(ABSENT, "absent", "Phạm Thu Trang", "0912345673", postage_dong=0),
        {**plain, "code": INTAKE, "kind": "intake", "origin_lon": "105.4300", "origin_lat": "10.3810",
         "origin_address": "9 Lê Lợi", "origin_commune": "30307", "dest_site": "CQ1", "at_site": OFFICE,
         "contact_name": "Võ Văn Tám", "contact_phone": "0912345674", "postage_dong": 0},
        {**plain, "code": RESULT, "kind": "result", "origin_site": "CQ1", "at_site": "CQ1", "dest_lon": lon,
         "dest_lat": lat, "dest_address": address, "dest_commune": "30307", "contact_name": "Trần Thị Bé",
         "contact_phone": "0912345675", "postage_dong": 0},
        {**plain, "code": FETCHED, "kind": "intake", "origin_lon": lon, "origin_lat": lat, "origin_address": address,
         "origin_commune": "30307", "dest_site": "CQ1", "contact_name": "Trần Thị Bé", "contact_phone": "0912345675",
         "fee_dong": 20_000, "postage_dong": 25_000},
    ]  # fmt: skip


@dataclass(frozen=True)
class Book:
    """A day as tables, without a server."""

    tables: Callable[[date], dict[str, Any]]
    shipments: Callable[[date], list[dict[str, Any]]]
    loaded: tuple[str, ...]
    """What the desk of the base has accepted before the morning."""


SMALL = Book(network, shipments, LOADED)


@dataclass
class CourierDay:
    """A served day."""

    service: Service
    address: str
    today: date
    plan_id: str
    codes: list[str] = field(default_factory=list)

    def enrolment(self) -> str:
        """Where a phone enrols itself, as the dispatcher's QR code says."""
        path = f"/api/v1/users/{user_id_of(self.service, 'courier')}/enrolments"
        code = self.service.ask("POST", path, by="admin").json()["code"]
        return f"{self.address}/courier#enrol={code}"

    def holders(self) -> dict[str, str]:
        """Who holds each shipment by the server: `courier BT-01`, `site BC-LX`, `done`, `nobody`."""
        told = {code: self.told(code) for code in self.codes}
        last = {code: next((e for e in reversed(events) if e["holding"]), None) for code, events in told.items()}
        return {c: "nobody" if e is None else f"{e['holding']} {e['holder'] or ''}".strip() for c, e in last.items()}

    def told(self, code: str) -> list[dict[str, Any]]:
        """The events of a shipment, in the order of custody; void ones first."""
        answer = self.service.ask("GET", f"/api/v1/shipments/{code}/history?reveal=true", by="head-dispatcher")
        found: list[dict[str, Any]] = answer.json()["events"]
        return sorted(found, key=lambda event: -1 if event["place"] is None else event["place"])

    def settlement(self, more_days: int = 0) -> list[dict[str, Any]]:
        """What the courier has to hand in, by the server."""
        last = self.today + timedelta(days=more_days)
        path = f"/api/v1/settlement?first_day={self.today}&last_day={last}&taker={COURIER}"
        found: list[dict[str, Any]] = self.service.ask("GET", path, by="head-dispatcher").json()["settled"]
        return found


@contextmanager
def courier_day(folder: Path, book: Book = SMALL) -> Iterator[CourierDay]:
    """Serve the day with the built pages; what lies at the base has been accepted there."""
    today = begin_a_day()
    with Service.opened(f"sqlite:///{folder / 'service.db'}", folder, static=built_pages()) as service:
        plan_id = _planned(service, today, book)
        with_device(service, "desk", "K1")
        for counter, code in enumerate(book.loaded, 1):
            send(service, made("ACCEPT", counter, code=code, device_id="K1", data={"site_id": OFFICE}), by="desk")
        with served(service.app) as address:
            codes = [row["code"] for row in book.shipments(today)]
            yield CourierDay(service, address, today, plan_id, codes)


def _planned(service: Service, today: date, book: Book) -> str:
    tables, rows = book.tables(today), book.shipments(today)
    with TemporaryDirectory() as name:
        folder = write_folder(Path(name), tables)
        files = [("files", (path.name, path.read_bytes())) for path in sorted(folder.iterdir())]
        answer = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
    assert answer.status_code == 200, answer.text
    file = ("shipments.json", json.dumps({"shipments": rows}).encode())
    path = f"/api/v1/shipments/import?on={today}"
    answer = service.ask("POST", path, by="head-dispatcher", files={"file": file})
    assert answer.status_code == 200, answer.text
    snapshot, plan = _plan(today, book)
    plan_id = store_plan(service, snapshot, best_of(plan), "planner")
    assert publish(service, plan_id, 1).status_code == 200
    return plan_id


@cache
def _plan(today: date, book: Book) -> tuple[Snapshot, Plan]:
    """It follows from the tables alone."""
    whole = {name: full(name, table) for name, table in book.tables(today).items()}
    rows = without_people(full("shipments", book.shipments(today)))
    snapshot = Snapshot(PROVINCE, today, {**whole, "settings": {}}, rows)
    prepared = made_ready(snapshot)
    answers = [solve_group(group.problem, StoppingCriterion(iterations=50), 0, None) for group in prepared.groups]
    plan = write_plan(prepared.inputs, prepared.groups, answers, created_at=AT)
    assert not plan.unassigned, plan.unassigned
    return snapshot, plan

"""A day small enough to follow by hand, as real files: two bases, three couriers and a reserve one, ten shipments."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from api.network.model import Network
from api.network.reader import read_network
from api.plans.planning import PreparedDay, prepare_day
from api.plans.roads import load_roads
from api.shipments.model import ShipmentList
from api.shipments.reader import read_shipments
from geo.roads import Roads

DAY = date(2026, 11, 16)
"""A Monday."""

LONG_XUYEN, BINH_DUC, CHAU_DOC = "30307", "30292", "30316"

_SITES = """site_id,name,kind,commune_code,lon,lat,opening_hours
HUB,Trung tâm An Giang,hub,30307,105.4300,10.3700,Mo-Su 00:00-24:00
BC-LX,Bưu cục Long Xuyên,post_office,30307,105.4240,10.3670,Mo-Su 06:00-19:00
BC-CD,Bưu cục Châu Đốc,post_office,30316,105.1170,10.6840,Mo-Su 06:00-19:00
UB-BD,Một cửa Bình Đức,one_stop,30292,105.3990,10.3970,"Mo-Fr 07:00-11:30,13:30-17:00; PH off"
"""
_AREAS = """commune_code,base_id
30307,BC-LX
30292,BC-LX
30316,BC-CD
"""
_COURIERS = "\n".join(
    (
        (
            "courier_id,name,base_id,vehicle,pieces,grams,cash_dong,shift,break,skills,fixed_dong,dong_per_km,"
            "dong_per_hour,overtime_dong_per_hour,max_overtime_minutes,max_trips,reserve,communes"
        ),
        (
            "LX-1,Trần Văn Nghĩa,BC-LX,motorbike,60,30000,20000000,07:00-17:30,60@11:00-13:30,id_check,"
            "30000,1200,30000,15000,60,2,no,30307"
        ),
        "LX-2,Lê Thị Hoa,BC-LX,van,400,300000,50000000,07:00-17:30,60@11:00-13:30,,80000,4000,35000,20000,60,1,no,",
        "CD-1,Phạm Minh Tâm,BC-CD,motorbike,60,30000,20000000,07:00-17:30,,,30000,1200,30000,15000,0,2,no,",
        "LX-9,Nguyễn Dự Phòng,BC-LX,motorbike,60,30000,20000000,07:00-17:30,,,30000,1200,30000,15000,0,2,yes,",
    )
)
_COLUMNS = [
    "code",
    "kind",
    "origin_site",
    "origin_lon",
    "origin_lat",
    "origin_address",
    "origin_commune",
    "dest_site",
    "dest_lon",
    "dest_lat",
    "dest_address",
    "dest_commune",
    "at_site",
    "ready_at",
    "due_on",
    "pieces",
    "grams",
    "fee_dong",
    "postage_dong",
    "windows",
    "id_check",
    "contact_name",
    "contact_phone",
]
_HOMES = {
    "home-1": ("105.4180", "10.3610", "12 Trần Hưng Đạo", LONG_XUYEN),
    "home-2": ("105.4310", "10.3620", "7 Lý Thái Tổ", LONG_XUYEN),
    "home-3": ("105.3950", "10.3990", "Khóm Bình Đức 1", BINH_DUC),
    "home-4": ("105.1200", "10.6800", "3 Núi Sam", CHAU_DOC),
}
_SHIPMENTS = (
    # code, kind, from, to, lies at, ready, due, fee, windows, id check
    ("R1", "result", "HUB", "home-1", "BC-LX", "2026-11-13T15:00", "2026-11-16", 50_000, "", "no"),
    ("R2", "result", "HUB", "home-2", "BC-LX", "2026-11-13T15:00", "2026-11-17", 0, "08:00-10:00;14:00-16:00", "yes"),
    ("R3", "result", "HUB", "home-3", "BC-LX", "2026-11-16T09:30", "2026-11-16", 20_000, "", "no"),
    ("R4", "result", "HUB", "home-4", "BC-CD", "2026-11-13T15:00", "2026-11-16", 0, "", "no"),
    ("D1", "intake", "home-1", "HUB", "", "2026-11-16T08:00", "2026-11-18", 30_000, "", "no"),
    ("D2", "intake", "UB-BD", "HUB", "UB-BD", "2026-11-13T15:00", "2026-11-16", 0, "", "no"),
    ("W1", "result", "HUB", "home-2", "BC-LX", "2026-11-17T08:00", "2026-11-18", 0, "", "no"),
    ("W2", "result", "HUB", "home-4", "HUB", "2026-11-13T15:00", "2026-11-18", 0, "", "no"),
    ("W3", "transfer", "HUB", "UB-BD", "UB-BD", "2026-11-13T15:00", "2026-11-16", 0, "", "no"),
    ("W4", "intake", "home-2", "HUB", "", "2026-11-16T14:00", "2026-11-18", 0, "08:00-10:00", "no"),
)


@dataclass(frozen=True, slots=True)
class SmallDay:
    network: Network
    """In force on `DAY`."""
    shipments: ShipmentList
    roads: Roads

    def prepare(self) -> PreparedDay:
        return prepare_day(self.network, self.shipments, self.roads, DAY)


def write_small_day(folder: Path) -> tuple[Path, Path]:
    """Write the network folder `small` and `shipments.csv` into a folder."""
    network = folder / "small"
    network.mkdir(parents=True)
    for name, text in (("sites", _SITES), ("areas", _AREAS), ("couriers", _COURIERS)):
        (network / f"{name}.csv").write_text(text, encoding="utf-8")
    (network / "settings.toml").write_text('name = "Tỉnh Nhỏ"\n', encoding="utf-8")
    shipments = folder / "shipments.csv"
    with shipments.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, _COLUMNS)
        writer.writeheader()
        writer.writerows(map(_row, _SHIPMENTS))
    return network, shipments


def _row(shipment: tuple[str, str, str, str, str, str, str, int, str, str]) -> dict[str, object]:
    code, kind, origin, dest, at, ready, due, fee, windows, id_check = shipment
    row: dict[str, object] = {
        "code": code, "kind": kind, "at_site": at, "ready_at": f"{ready}+07:00", "due_on": due, "pieces": 1,
        "grams": 200, "fee_dong": fee, "postage_dong": 26_000, "windows": windows, "id_check": id_check,
        "contact_name": "Nguyễn Thị Hồng Gấm" if kind != "transfer" else "",
        "contact_phone": "0912345318" if kind != "transfer" else "",
    }  # fmt: skip
    for end, place in (("origin", origin), ("dest", dest)):
        if place in _HOMES:
            row |= dict(zip((f"{end}_{c}" for c in ("lon", "lat", "address", "commune")), _HOMES[place], strict=True))
        else:
            row[f"{end}_site"] = place
    return row


@cache
def small_day() -> SmallDay:
    """The day as read."""
    with TemporaryDirectory() as name:
        network_path, shipments_path = write_small_day(Path(name))
        network = read_network(network_path)
        shipments = read_shipments(shipments_path, network, on=DAY)
        return SmallDay(network.on(DAY), shipments, load_roads(network, DAY))

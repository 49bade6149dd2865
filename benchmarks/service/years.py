"""
Seven years of a province's shipments, made up by a seed: as many as An Giang's post carried from 2012 to 2019.

Family names come as often as they do in Viet Nam (Lê Trung Hoa, 2005, *Họ và tên người Việt Nam*: Nguyễn 38 %, Trần
11 %, Lê 9.5 %, ...); whoever searches for `nguyen van` meets every fifth citizen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, insert

from api.custody.tables import event_shipments, events
from api.db.writer import Writer
from api.shipments.model import Shipment, ShipmentKind
from api.shipments.moving_store import Move, note_moves
from api.shipments.rows import Entry
from api.shipments.taking_store import take_shipments

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FIRST, DAYS = date(2012, 6, 1), 7 * 365
AT_ONCE = 10_000
"""Shipments in one write."""

TYPES = ("ACCEPT", "BAG", "DEPART", "ARRIVE", "OUT", "DELIVER")
EACH = len(TYPES)
"""Events of a shipment."""

UUID7 = 7 << 76 | 2 << 62
"""Version and variant of an id (RFC 9562, version 7)."""

FAMILIES = {
    "Nguyễn": 38.4, "Trần": 11.0, "Lê": 9.5, "Phạm": 7.1, "Huỳnh": 5.1, "Phan": 4.5, "Vũ": 3.9, "Đặng": 2.1,
    "Bùi": 2.0, "Đỗ": 1.4, "Hồ": 1.3, "Ngô": 1.3, "Dương": 1.0, "Lý": 0.5, "Chau": 0.4, "Néang": 0.3,
}  # fmt: skip
MIDDLES = {"Văn": 30, "Thị": 42, "Hữu": 5, "Minh": 6, "Ngọc": 7, "Quốc": 4, "Thanh": 5, "Kim": 1}
GIVEN = """
Anh Bình Châu Cường Dũng Duyên Đào Đạt Đức Giang Hà Hải Hạnh Hiền Hiếu Hoa Hòa Hoàng Hùng Hương
Khánh Khoa Lan Linh Loan Long Mai Mẫn Nam Nga Ngân Nghĩa Nhân Nhi Nhung Oanh Phát Phong Phúc Phương
Quân Quyên Sơn Tài Tâm Tân Thảo Thắng Thúy Tiên Toàn Trang Trí Trinh Trung Tuấn Tuyết Uyên Vinh Xuân
Yến
""".split()  # noqa: SIM905  # a list of sixty words would fill a page
COMMUNES = tuple(f"{code:05}" for code in range(30280, 30736, 3))
BASES = tuple(f"BC-{n:02}" for n in range(11))
"""Each serves its share of the communes, one after the other."""
AGENCY = "CQ-TINH"
PROCEDURES = tuple(f"{1 + n % 2}.{n:06}" for n in range(1_006))


def made_up(count: int, seed: int) -> Iterator[Entry]:
    """Make shipments up, the oldest first; most of the later ones lie nowhere near the earlier ones."""
    rng = np.random.default_rng(seed)
    days = np.sort(rng.integers(0, DAYS, count))
    families, middles = (_chosen(rng, of, count) for of in (FAMILIES, MIDDLES))
    given = rng.choice(len(GIVEN), count)
    communes = rng.choice(len(COMMUNES), count, p=_falling(len(COMMUNES)))
    procedures = rng.choice(len(PROCEDURES), count, p=_falling(len(PROCEDURES)))
    phones = rng.integers(0, 10**8, count)
    intake = rng.random(count) < 0.27
    for n in range(count):
        name = f"{families[n]} {middles[n]} {GIVEN[given[n]]}"
        yield _entry(
            n, int(days[n]), bool(intake[n]), name, int(communes[n]), PROCEDURES[procedures[n]], int(phones[n])
        )


def _chosen(rng: np.random.Generator, of: dict[str, float] | dict[str, int], count: int) -> np.ndarray:
    weights = np.array(list(of.values()), float)
    return np.array(list(of))[rng.choice(len(of), count, p=weights / weights.sum())]


def _falling(count: int) -> np.ndarray:
    """Shares that fall as 1/n: a few places and procedures carry most of the papers."""
    weights: np.ndarray = 1 / (np.arange(count) + 3.0)
    return weights / float(weights.sum())


def _entry(n: int, day: int, intake: bool, name: str, commune: int, procedure: str, phone: int) -> Entry:
    ready = datetime.combine(FIRST, datetime.min.time(), ZONE) + timedelta(days=day, seconds=27_000 + n % 30_000)
    base = BASES[commune * len(BASES) // len(COMMUNES)]
    site, home = (AGENCY, COMMUNES[0]), (None, COMMUNES[commune])
    origin, dest = (home, site) if intake else (site, home)
    shipment = Shipment(
        code=f"AG{ready.year}-{n:07}",
        kind=ShipmentKind.INTAKE if intake else ShipmentKind.RESULT,
        procedure_code=procedure,
        origin_site=origin[0],
        origin_lon=105.4,
        origin_lat=10.4,
        origin_address="Số 1",
        origin_commune=origin[1],
        dest_site=dest[0],
        dest_lon=105.4,
        dest_lat=10.4,
        dest_address="Số 2",
        dest_commune=dest[1],
        at_site=origin[0],
        ready_at=ready,
        appointment_on=None,
        due_on=ready.date() + timedelta(days=5),
        pieces=1,
        grams=100,
        fee_dong=0,
        postage_dong=30_000,
        windows=(),
        id_check=False,
        contact_name=name,
        contact_phone=f"09{phone:08}",
        priority=0,
        note="",
    )
    ends = (base, BASES[0]) if intake else (BASES[0], base)
    return Entry(shipment, *ends, ends[0])


def fill(writer: Writer, province_id: str, entries: Iterator[Entry], *, open_from: date) -> int:
    """
    Take shipments in as the service does, and have those that were ready before a day handed over.

    Returns
    -------
    count
        Of shipments.
    """
    total = 0
    while some := list(islice(entries, AT_ONCE)):
        writer.write_now(_taking(province_id, some, open_from))
        total += len(some)
    return total


def _taking(province_id: str, some: Sequence[Entry], open_from: date):  # type: ignore[no-untyped-def]  # noqa: ANN202
    def work(connection: Connection) -> None:
        take_shipments(connection, province_id, some, zone=ZONE, at=some[-1].shipment.ready_at, by=None)
        done = [entry.shipment for entry in some if entry.shipment.ready_at.date() < open_from]
        note_moves(connection, province_id, [Move(s.code, "done", "", s.ready_at + timedelta(days=3)) for s in done])

    return work


def fill_events(writer: Writer, province_id: str, entries: Iterator[Entry]) -> None:
    """Give each shipment its events, day by day; nothing is signed or chained, since nobody verifies here."""
    first = 0
    while some := list(islice(entries, AT_ONCE)):
        writer.write_now(_happening(province_id, some, first))
        first += EACH * len(some)


def _happening(province_id: str, some: Sequence[Entry], first: int):  # type: ignore[no-untyped-def]  # noqa: ANN202
    """Events of different shipments take turns, so that those of one lie far apart in the ledger."""
    rows, codes = [], []
    for seq, (kind, entry) in enumerate(((kind, entry) for kind in TYPES for entry in some), first):
        code = entry.shipment.code
        event_id, at = str(UUID(int=UUID7 | seq)), entry.shipment.ready_at.isoformat()
        told = {"event_id": event_id, "type": kind, "shipments": [code], "at": at, "counter": seq + 1}
        record = {**told, "device_id": "D1", "offline": False, "clock_offset_ms": 0}
        rows.append(
            {
                "seq": seq,
                "event_id": event_id,
                "province_id": province_id,
                "sent_by": "nobody",
                "recorded_at": entry.shipment.ready_at,
                "record": json.dumps({**record, "signature": "0" * 86, "data": {"hashes": "0" * 64}}),
                "leaf": bytes(32),
                "hash": bytes(32),
                "is_open": 0,
            }
        )
        codes.append({"province_id": province_id, "code": code, "seq": seq})

    def work(connection: Connection) -> None:
        connection.execute(insert(events), rows)
        connection.execute(insert(event_shipments), codes)

    return work

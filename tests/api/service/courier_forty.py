"""
A courier's day of 41 stops as plain data: 40 that are served, and one that is cancelled on the way.

Nothing here asks the service: what must have become of each shipment is said by which list it stands in.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from tests.api.service.courier_day import Book, network
from tests.api.service.running import COURIER, OFFICE
from tests.api.service.today import ZONE


def s10(serial: int) -> str:
    """An identifier with its check digit, UPU S10: eight weights, modulo 11."""
    digits = f"{serial:08}"
    rest = 11 - sum(w * int(d) for w, d in zip((8, 6, 4, 2, 3, 5, 9, 7), digits, strict=True)) % 11
    return f"RR{digits}{({10: 0, 11: 5}).get(rest, rest)}VN"


CODES = tuple(s10(4_000 + number) for number in range(41))
DELIVERED, FAILED, FETCHED, RESULTS = CODES[:25], CODES[25:30], CODES[30:38], CODES[38:40]
CANCELLED = CODES[40]
LOADED = (*DELIVERED, *FAILED, CANCELLED)
PAID = DELIVERED[::5]
"""Whose recipients pay the courier in cash, as all of `FETCHED` do."""
FEE, POSTAGE = 50_000, 25_000
AGENCIES = {"CQ1": "Sở Tư pháp An Giang", "CQ2": "Sở Xây dựng An Giang"}


def door(code: str) -> str:
    """No address is the beginning of another."""
    return f"Số {101 + CODES.index(code)} Trần Hưng Đạo, Long Xuyên"


def stop_of(code: str) -> str:
    """What the page calls the stop of a shipment."""
    return list(AGENCIES.values())[RESULTS.index(code)] if code in RESULTS else door(code)


def tables(today: date) -> dict[str, Any]:
    """The small day's network with a second agency, and a courier who works whenever the test is run."""
    found = network(today)
    found["couriers"][0] |= {"shift": "00:00-23:59", "break": "none", "max_overtime_minutes": "600"}
    agency = next(site for site in found["sites"] if site["site_id"] == "CQ1")
    found["sites"].append({**agency, "site_id": "CQ2", "name": AGENCIES["CQ2"], "lon": "105.42", "lat": "10.39"})
    return found


def shipments(today: date) -> list[dict[str, Any]]:
    ready = datetime.combine(today - timedelta(days=1), datetime.min.time(), ZONE).isoformat()
    plain = {"procedure_code": "1.001120", "ready_at": ready, "due_on": today.isoformat(), "pieces": 1, "grams": 200}

    def row(number: int, code: str) -> dict[str, Any]:
        lon, lat = f"{105.42 + number % 8 * 0.003:.4f}", f"{10.37 + number // 8 * 0.004:.4f}"
        who = {"contact_name": f"Nguyễn Thị {number}", "contact_phone": f"09123{number:05}"}
        home = {"dest_lon": lon, "dest_lat": lat, "dest_address": door(code), "dest_commune": "30307"}
        pays = {"fee_dong": FEE, "postage_dong": POSTAGE} if code in (*PAID, *FETCHED) else {"postage_dong": 0}
        if code in FETCHED:
            there = {name.replace("dest", "origin"): value for name, value in home.items()}
            return {**plain, **who, **there, **pays, "code": code, "kind": "intake", "dest_site": "CQ1"}
        origin = list(AGENCIES)[RESULTS.index(code)] if code in RESULTS else "CQ1"
        at_site = origin if code in RESULTS else OFFICE
        ends = {"origin_site": origin, "at_site": at_site, **home}
        return {**plain, **who, **ends, **pays, "code": code, "kind": "result"}

    return [row(number, code) for number, code in enumerate(CODES)]


FORTY = Book(tables, shipments, LOADED)

WAY: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(DELIVERED, ("ACCEPT", "OUT", "DELIVER")),
    **dict.fromkeys(FAILED, ("ACCEPT", "OUT", "ATTEMPT", "ARRIVE")),
    **dict.fromkeys(FETCHED, ("ACCEPT", "ARRIVE")),
    **dict.fromkeys(RESULTS, ("COLLECT_RESULT", "ARRIVE")),
    CANCELLED: ("ACCEPT", "OUT", "ARRIVE"),
}
"""What must have happened to each shipment by the evening, in this order and once."""
HOLDER = {code: "done" if code in DELIVERED else f"site {OFFICE}" for code in CODES}
ABOARD_AT_NOON = dict.fromkeys((*FAILED, CANCELLED), f"courier {COURIER}")
CASH = len((*PAID, *FETCHED)) * (FEE + POSTAGE)

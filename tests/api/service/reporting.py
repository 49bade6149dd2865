"""A province with a past: shipments of some agencies and communes, how far they got, and money that was taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert

from api.tallies.tables import passages
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.day_inputs import day_inputs
from tests.api.service.reported import add_rows, shipment_row
from tests.api.service.running import COURIER, PROVINCE, Service, served
from tests.pages import built_pages

FIRST, LAST = date(2026, 4, 1), date(2026, 6, 30)
"""A quarter that is over, whatever the day is."""


def agencies() -> list[str]:
    """Codes of the sample province's agencies."""
    return [site["site_id"] for site in day_inputs()["network"]["sites"] if site["kind"] == "agency"]


def communes() -> list[str]:
    """Codes of its communes."""
    return sorted({area["commune_code"] for area in day_inputs()["network"]["areas"]})


def quarter_rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """
    Results of the quarter and how far they got, the same each time.

    Agency `a` of six and commune `c` of forty take turns; every 11th is late by its commune's number, every 5th on the
    day, every 17th open, every 29th returned.
    """
    rows, ways = [], []
    sites, places = agencies()[:6], communes()[:40]
    for n in range(1_200):
        due = FIRST + timedelta(days=n % 90)
        commune = n * 7 % 40
        late = 1 + commune % 4 if n % 11 == 0 else 0 if n % 5 == 0 else -1 - n % 3
        ready = due + timedelta(days=1 if n % 13 == 0 else -4)
        row = shipment_row(
            f"KQ{n:04}", origin_site=sites[n % 6], dest_commune=places[commune], ready_on=ready,
            appointment_on=due.isoformat(), due_on=due.isoformat(),
        )  # fmt: skip
        rows.append(row)
        if n % 17:
            outcome = "returned" if n % 29 == 0 else "delivered"
            ways.append(_way(row["code"], due, due + timedelta(days=late), outcome, n))
    return rows, ways


def _way(code: str, due: date, done: date, outcome: str, n: int) -> dict[str, Any]:
    leg = ("courier", "site", "line")[n % 3] if done > due else "done"
    return {
        "province_id": PROVINCE, "code": code, "holding": "done", "due_holding": leg,
        "taken_day": (due + timedelta(days=2)).toordinal(), "outcome": outcome, "done_day": done.toordinal(),
    }  # fmt: skip


@contextmanager
def opened_province(folder: Path) -> Iterator[tuple[Service, str]]:
    """Serve the pages with the sample network and a quarter of results; gives the service and its address."""
    with Service.opened(f"sqlite:///{folder / 'service.db'}", folder, static=built_pages(), workers=1) as service:
        files = [("files", ("network.json", json.dumps(day_inputs()["network"]).encode()))]
        taken = service.ask("POST", "/api/v1/network/import", by="planner", files=files)
        assert taken.status_code == 200, taken.text
        rows, ways = quarter_rows()

        def keep(connection: Connection) -> None:
            add_rows(connection, rows)
            connection.execute(insert(passages), ways)

        service.runtime.writer.write_now(keep)
        with served(service.app) as address:
            yield service, address


def take_money(service: Service) -> None:
    """The tests' courier takes 50,000 đ of fees and 24,000 đ of postage today."""
    with_device(service, "courier", "D1")
    service.runtime.writer.write_now(lambda c: add_rows(c, [shipment_row("T1")]))
    data = {"courier_id": COURIER, "fee_dong": 50_000, "postage_dong": 24_000}
    send(service, made("ACCEPT", 1, code="T1", data=data))

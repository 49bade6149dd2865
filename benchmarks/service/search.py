"""`python -m benchmarks.service.search`: searches among seven years of shipments, over HTTP."""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import numpy as np
import uvicorn
from sqlalchemy import Connection

from api.app import create_service
from api.auth.roles import Role, Scope
from api.auth.store import User, add_province, add_user, begin_session
from api.custody.store import open_ledger
from api.db.engine import Database
from api.db.migrating import migrate
from api.db.writer import Writer
from api.ids import new_id
from api.service.settings import ServiceSettings
from benchmarks.machine import machine
from benchmarks.service.years import COMMUNES, DAYS, EACH, FIRST, GIVEN, PROCEDURES, fill, fill_events, made_up
from benchmarks.tables import table_head, table_row

PROVINCE = "89"
GOAL = 0.050
"""Seconds: 99 of 100 searches take no longer."""


def main() -> None:
    """Print a line for each kind of search, and one for all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=650_000)
    parser.add_argument("--each", type=int, default=200, help="searches of a kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="keep the database there, and use it again")
    arguments = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = arguments.folder or Path(name)
        settings = ServiceSettings(data_folder=folder, requests_per_minute=0)
        seconds = _filled(settings, arguments.shipments, arguments.seed)
        size = (folder / "duongthu.db").stat().st_size / 1e6
        loaded = f"{arguments.shipments:,} shipments loaded in {seconds[0]:.0f} s"
        print(f"{machine()}\n\n{loaded}, {EACH * arguments.shipments:,} events in {seconds[1]:.0f} s, {size:,.0f} MB\n")
        with _serving(settings) as (port, token):
            _measure(port, token, arguments.each, arguments.shipments, arguments.seed)


def _filled(settings: ServiceSettings, count: int, seed: int) -> tuple[float, float]:
    """Seconds for the shipments, and for their events."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    there = (settings.data_folder / "duongthu.db").exists()
    database = Database(settings.database)
    migrate(database)
    began = loaded = time.perf_counter()
    if not there:
        writer = Writer(database)
        writer.write_now(lambda connection: add_province(connection, PROVINCE, "An Giang"))
        writer.write_now(lambda connection: open_ledger(connection, "years"))
        fill(writer, PROVINCE, made_up(count, seed), open_from=FIRST + timedelta(days=DAYS - 30))
        loaded = time.perf_counter()
        fill_events(writer, PROVINCE, made_up(count, seed))
        writer.close()
    database.close()
    return loaded - began, time.perf_counter() - loaded


@contextmanager
def _serving(settings: ServiceSettings) -> Iterator[tuple[int, str]]:
    app = create_service(settings)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    token = app.state.runtime.writer.write_now(_a_dispatcher)
    try:
        yield server.servers[0].sockets[0].getsockname()[1], token
    finally:
        server.should_exit = True
        thread.join()


def _a_dispatcher(connection: Connection) -> str:
    name, at = new_id(), datetime.now(UTC)
    scope = Scope(PROVINCE)
    add_user(
        connection, User(name, name, name, Role.DISPATCHER, scope, None, "", must_change=False, disabled=False), at
    )
    return begin_session(connection, name, at, lasts=timedelta(hours=9)).access


def _measure(port: int, token: str, each: int, count: int, seed: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    rng = np.random.default_rng(seed + 1)
    everything: list[float] = []
    worked: list[float] = []
    for line in table_head(["search", "p50, ms", "p99, ms", "longest, ms", "CPU p99, ms", "found"]):
        print(line)
    for name, question in _kinds(rng, count, seed).items():
        seconds, work, found = [], [], 0
        for _ in range(each):
            began, before = time.perf_counter(), time.process_time()
            connection.request("GET", f"/api/v1/shipments{question()}", headers={"Authorization": f"Bearer {token}"})
            answer = connection.getresponse()
            body = answer.read()
            seconds.append(time.perf_counter() - began)
            work.append(time.process_time() - before)
            assert answer.status == 200, body
            content = json.loads(body)
            found += len(content["shipments"] if "shipments" in content else content["events"])
        everything += seconds
        worked += work
        print(_line(name, seconds, work, found))
    print(_line("all", everything, worked, 0))
    print(f"\np99 {'<=' if np.quantile(everything, 0.99) <= GOAL else '>'} {GOAL * 1e3:.0f} ms, the goal")


def _kinds(rng: np.random.Generator, count: int, seed: int) -> dict[str, Callable[[], str]]:
    codes = [entry.shipment.code for entry in made_up(count, seed)]

    def asked(**of: object) -> str:
        return "?" + urlencode(of)

    def a_day() -> str:
        return (FIRST + timedelta(days=int(rng.integers(0, DAYS - 31)))).isoformat()

    def month() -> dict[str, str]:
        first = a_day()
        last = (datetime.fromisoformat(first) + timedelta(days=31)).date().isoformat()
        return {"first_day": first, "last_day": last}

    def given() -> str:
        return str(rng.choice(GIVEN))

    return {
        "beginning of a code": lambda: asked(code=f"AG{rng.integers(2013, 2019)}-0{rng.integers(0, 6)}"),
        "two common words": lambda: asked(q=rng.choice(["nguyen van", "nguyen thi", "tran thi", "le van"])),
        "three words": lambda: asked(q=f"{rng.choice(['nguyen van', 'huynh thi', 'phan huu'])} {given()}"),
        "beginning of a word": lambda: asked(q=f"tran {given()[:2]}*"),
        "words that never meet": lambda: asked(q=rng.choice(["nguyen tran", "van thi", "huynh le"])),
        "telephone": lambda: asked(phone=f"{rng.integers(0, 10**8):08}"),
        "last digits": lambda: asked(phone=f"{rng.integers(0, 10**4):04}"),
        "commune in a month": lambda: asked(commune=rng.choice(COMMUNES), **month()),
        "procedure": lambda: asked(procedure=rng.choice(PROCEDURES)),
        "still open": lambda: asked(holding="nobody", commune=rng.choice(COMMUNES)),
        "all of a month": lambda: asked(**month()),
        "history of one": lambda: f"/{codes[rng.integers(0, len(codes))]}/history",
    }


def _line(name: str, seconds: list[float], work: list[float], found: int) -> str:
    """With the processor's time of server and client together, which a busy machine changes little."""
    middle, most, longest = np.quantile(seconds, [0.5, 0.99, 1.0]) * 1e3
    return table_row(
        [
            name,
            f"{middle:.1f}",
            f"{most:.1f}",
            f"{longest:.1f}",
            f"{np.quantile(work, 0.99) * 1e3:.1f}",
            f"{found:,}" if found else "",
        ]
    )


if __name__ == "__main__":
    main()

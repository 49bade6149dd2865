"""Two servers on one PostgreSQL take in files and events of the same shipments: as one after the other, no deadlock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from api.auth.roles import Role, Scope, Who
from api.auth.tables import users
from api.custody.answers import Examined, examine
from api.custody.batch import Batch
from api.custody.intake import Intake
from api.custody.tables import custody, events
from api.db.engine import Database
from api.db.migrating import migrate
from api.db.writer import Writer
from api.shipments.model import Shipment, ShipmentKind
from api.shipments.rows import Entry
from api.shipments.tables import shipment_persons, shipment_wishes, shipments
from api.shipments.taking_store import take_shipments
from api.shipments.wish_store import put_wish
from api.shipments.wishes import Wish
from api.tables.spans import Span
from api.tallies.figures import ZONE
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import add_device, made
from tests.api.service.running import OFFICE, PROVINCE, add_people
from tests.postgres import PostgresServer

AT = datetime(2026, 12, 7, 8, 0, tzinfo=ZONE)
CODES = [f"S{number:02}" for number in range(60)]
SLICE = 6
"""Shipments in one file, and events in one batch."""
MOST_SECONDS = 120


@dataclass
class ServerOf:
    """One of the servers on a database."""

    database: Database
    writer: Writer
    intake: Intake
    courier: Who

    def take_in(self, entries: Sequence[Entry]) -> None:
        self.writer.write_now(lambda c: take_shipments(c, PROVINCE, entries, zone=ZONE, at=AT, by=None))

    def hear(self, batch: Sequence[Examined]) -> None:
        self.intake.submit(Batch(self.courier, batch, (), timedelta(0))).result(MOST_SECONDS)

    def close(self) -> None:
        self.writer.close()
        self.database.close()


def servers(url: str, number: int) -> list[ServerOf]:
    first = Database(url)
    migrate(first)
    databases = [first, *(Database(url) for _ in range(number - 1))]
    writers = [Writer(database) for database in databases]
    writers[0].write_now(add_people)
    writers[0].write_now(lambda c: add_device(c, "courier", "D1"))
    with first.read() as connection:
        user_id = str(connection.scalar(select(users.c.user_id).where(users.c.login == "courier")))
    who = Who(user_id, "courier", Role.COURIER, Scope(PROVINCE, frozenset({OFFICE})), "session", "BT-01", "D1")
    return [
        ServerOf(database, writer, Intake(writer, "test/ledger"), who)
        for database, writer in zip(databases, writers, strict=True)
    ]


def entry(code: str, *windows: Span) -> Entry:
    """A dossier from a home to the hub."""
    shipment = Shipment(
        code=code, kind=ShipmentKind.INTAKE, procedure_code=None, origin_site=None, origin_lon=105.43,
        origin_lat=10.38, origin_address="12 Trần Hưng Đạo", origin_commune="30307", dest_site="BC-LX", dest_lon=105.4,
        dest_lat=10.3, dest_address="", dest_commune="30307", at_site=None, ready_at=AT, appointment_on=None,
        due_on=date(2026, 12, 9), pieces=1, grams=100, fee_dong=0, postage_dong=0, windows=windows, id_check=False,
        contact_name="Nguyễn Văn An", contact_phone="0912345678", priority=0, note="",
    )  # fmt: skip
    return Entry(shipment, OFFICE, OFFICE, OFFICE)


def told() -> list[dict[str, Any]]:
    """Of each shipment: accepted, brought to the base, and an attempt that cannot have been, for nobody took it out."""
    kinds = [("ACCEPT", {}), ("ARRIVE", {"courier_id": "BT-01", "site_id": OFFICE}), ("ATTEMPT", {})]
    at = datetime.now(UTC) - timedelta(hours=1)
    return [
        made(
            kind, 3 * number + step, code=code, data={**COMPLETE[kind], **more, **_scanned(kind, code)},
            at=(at + timedelta(seconds=3 * number + step)).isoformat(),
        )
        for number, code in enumerate(CODES)
        for step, (kind, more) in enumerate(kinds)
    ]  # fmt: skip


def _scanned(kind: str, code: str) -> dict[str, Any]:
    return {"scanned": [code]} if kind == "ARRIVE" else {}


def slices(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + SLICE] for start in range(0, len(items), SLICE)]


def at_once(*works: Sequence[Callable[[], None]]) -> None:
    """Do each list of works in a thread of its own; all begin together, and whatever one raises is raised."""
    start = threading.Barrier(len(works))

    def run(mine: Sequence[Callable[[], None]]) -> None:
        start.wait()
        for work in mine:
            work()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, mine) for mine in works]:
            done.result(MOST_SECONDS)


def came_to(database: Database) -> dict[str, Any]:
    """All that the order of arrival must not change."""
    with database.read() as connection:
        of_shipments = connection.execute(select(shipments).order_by(shipments.c.code)).all()
        of_events = connection.execute(select(events).order_by(events.c.event_id)).all()
        held = connection.execute(select(custody).order_by(custody.c.code)).all()
    return {
        "shipments": [(row.code, row.holding, row.holder, row.at_base, row.moved_at) for row in of_shipments],
        "custody": [(row.code, row.holding, row.holder, row.since) for row in held],
        "events": [
            (row.event_id, row.is_open, sorted(piece["code"] for piece in row.pieces or ())) for row in of_events
        ],
    }


@pytest.mark.slow
@pytest.mark.postgres
def test_files_and_events_of_the_same_shipments_come_to_the_same_on_two_servers(postgres: PostgresServer) -> None:
    files = slices([entry(code) for code in CODES])
    queue = told()
    batches = slices([examine(one) for one in queue])
    (calm,) = servers(postgres.create("calm"), 1)
    for file in files:
        calm.take_in(file)
    for batch in batches:
        calm.hear(batch)
    expected = came_to(calm.database)
    assert {row[1:4] for row in expected["shipments"]} == {("courier", "BT-01", OFFICE)}
    assert sum(row[1] for row in expected["events"]) > len(CODES), "there is something to judge anew"
    calm.close()

    first, second = servers(postgres.create("raced"), 2)
    at_once(
        [partial(first.take_in, file) for file in files],
        [partial(second.take_in, file[::-1]) for file in files[::-1]],
        [partial(first.hear, batch[::-1]) for batch in batches[::-1]],
        [partial(second.hear, batch) for batch in batches],
    )
    assert came_to(first.database) == expected
    first.close()
    second.close()


@pytest.mark.postgres
def test_a_file_that_changes_hours_and_a_citizen_who_wishes_others_wait_for_each_other(
    postgres: PostgresServer,
) -> None:
    """Whoever comes last has their way; both end, and nothing is half done."""
    first, second = servers(postgres.create("wishes"), 2)
    code, most = CODES[0], 30
    first.take_in([entry(code)])
    with first.database.read() as connection:
        number = int(connection.scalar(select(shipments.c.shipment_id)) or 0)
    hours = [Span(60 * minute, 60 * minute + 3600) for minute in range(most)]
    wished = Wish("", date(2026, 12, 9), Span(50_400, 57_600), AT)
    at_once(
        [partial(first.take_in, [entry(code, window)]) for window in hours],
        [partial(second.writer.write_now, lambda c: put_wish(c, number, wished)) for _ in hours],
    )
    with first.database.read() as connection:
        row = connection.execute(select(shipments.c.version, shipment_persons.c.windows).join(shipment_persons)).one()
        count = connection.scalar(select(shipment_wishes.c.wish_count))
    assert (row.windows, count) == ("00:29-01:29", most)
    assert row.version == 1 + 2 * most
    first.close()
    second.close()

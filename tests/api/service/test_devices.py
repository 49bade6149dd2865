"""
Simulated devices over a bad network against the truth: nothing is lost or twice, everybody holds what they hold.

The truth is `story`'s, which knows nothing of the service. Whatever the network does, the service must come to the very
same: the events, their order, who held what after each, and what a dispatcher has to ask about.
"""

from __future__ import annotations

import shutil
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Connection, select

from api.custody.chain import first_hash, record_hash
from api.custody.history_store import history
from api.custody.tables import custody, events, ledger, quarantine
from api.db.engine import Database
from api.db.migrating import migrate
from api.db.writer import Writer
from tests.api.custody.devices import Answered, Network, Request, Server
from tests.api.custody.story import Story, Told
from tests.api.service.device_servers import HttpServer, IntakeServer
from tests.api.service.running import PROVINCE, Service, add_people, served
from tests.effort import size

FULL_RUN = 1_000
SEEDS = size("DEVICE_SEEDS", 20, FULL_RUN)
"""In the long run there is one at full size besides: 200 devices, 7 days, 150 events of each on each day."""
STILL_COMING = {
    "custody_elsewhere", "no_follows", "follows_unknown", "replaces_unknown", "missing_file", "no_first_invitation",
    "invited_too_soon",
}  # fmt: skip
"""What may speak against an event while something that came before it is still under way."""


class Registrar:
    """Stands before a server and holds each answer against the truth at that moment."""

    def __init__(self, story: Story, server: Server) -> None:
        self._server = server
        self.enrol = server.enrol
        self._told = {told.event_id: told for told in story.told}
        self._order = {code: [told.event_id for told in papers.told] for code, papers in story.papers.items()}
        self._here: dict[str, set[str]] = defaultdict(set)
        """Events that have come, by shipment."""
        self._known: set[str] = set()
        self._pictures: set[str] = set()
        self.verdicts: Counter[str] = Counter()

    def take(self, requests: Sequence[Request]) -> list[list[Answered]]:
        answered = self._server.take(requests)
        coming = self._pictures | {request.picture[0] for request in requests if request.picture is not None}
        for request, answers in zip(requests, answered, strict=True):
            for event, answer in zip(request.events, answers, strict=True):
                assert answer["event_id"] == event["event_id"]
                found = {piece["code"] for piece in answer["pieces"]}
                signature = event["data"].get("signature_theirs")
                if signature in self._pictures or signature is None:
                    assert "missing_file" not in found
                elif signature not in coming and answer["verdict"] != "duplicate":
                    assert "missing_file" in found
                self.verdicts[answer["verdict"]] += 1
                self._compare(self._told[event["event_id"]], answer["verdict"], found)
        self._pictures = coming
        return answered

    def _compare(self, told: Told, verdict: str, found: set[str]) -> None:
        is_repeated = told.event_id in self._known
        self._known.add(told.event_id)
        assert verdict == ("duplicate" if is_repeated else "incomplete" if found else "accepted")
        if is_repeated:
            assert found <= {*told.lacks, *STILL_COMING}
            return
        lacks, is_prompt = set(told.lacks), True
        for code in told.shipments:
            order = self._order[code]
            is_prompt &= self._here[code] == set(order[: order.index(told.event_id)])
            self._here[code].add(told.event_id)
        assert lacks <= found <= lacks | STILL_COMING
        assert not is_prompt or found - {"missing_file"} == lacks, "all that came before is here, and nothing else"


def live_through(story: Story, server: Server, database: Database) -> Counter[str]:
    """Returns how events were answered."""
    registrar = Registrar(story, server)
    network = Network(story, registrar)
    network.run()
    assert network.lost > 0
    assert network.repeated > 0
    with database.read() as connection:
        require_truth(connection, story)
    return registrar.verdicts


def require_truth(connection: Connection, story: Story) -> None:
    """Hold the database against a story that is over."""
    rows = connection.execute(select(events).order_by(events.c.seq)).all()
    assert Counter(row.event_id for row in rows) == Counter(told.event_id for told in story.told), "lost or twice"
    assert {row.event_id for row in rows if row.is_open} == story.open_events
    assert connection.execute(select(quarantine)).all() == []
    held = {row.code: (row.holding, row.holder) for row in connection.execute(select(custody))}
    assert held == {code: papers.holder for code, papers in story.papers.items()}
    for code, papers in story.papers.items():
        told = history(connection, PROVINCE, code)
        steps = tuple((one.row.event_id, (one.holding, one.holder)) for one in told if one.holding is not None)
        assert steps == papers.steps
    require_chain(connection, [row.record.encode() for row in rows])


def require_chain(connection: Connection, records: Sequence[bytes]) -> None:
    end = connection.execute(select(ledger)).one()
    found = first_hash(end.origin)
    for record in records:
        found = record_hash(found, record)
    assert (end.size, end.head) == (len(records), found)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a province and nothing in it, to be copied: to make one takes longer than a story."""
    path = tmp_path_factory.mktemp("empty") / "service.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    writer = Writer(database)
    writer.write_now(add_people)
    writer.close()
    database.close()
    return path


@contextmanager
def copied(empty: Path, folder: Path) -> Iterator[tuple[Writer, Database]]:
    shutil.copy(empty, folder / "service.db")
    database = Database(f"sqlite:///{folder / 'service.db'}")
    writer = Writer(database)
    yield writer, database
    writer.close()
    database.close()


def in_small(seed: int) -> Story:
    """Of a size that twenty fit into half a minute: 12 devices, 7 days, 12 events of each on each day."""
    return Story(seed, bases=3, couriers=3, days=7, events=12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_devices_and_service_agree(empty: Path, tmp_path: Path, seed: int) -> None:
    with copied(empty, tmp_path) as (writer, database):
        verdicts = live_through(in_small(seed), IntakeServer(writer), database)
    assert set(verdicts) == {"accepted", "incomplete", "duplicate"}


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, SEEDS))
def test_devices_and_service_agree_again(empty: Path, tmp_path: Path, seed: int) -> None:
    test_devices_and_service_agree(empty, tmp_path, seed)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.skipif(SEEDS < FULL_RUN, reason="takes a quarter of an hour: in the long run")
@pytest.mark.timeout(7_200)
def test_two_hundred_devices_of_a_whole_week(empty: Path, tmp_path: Path) -> None:
    story = Story(0, bases=20, couriers=9, days=7, events=150)
    assert (len(story.people), len(story.told)) == (200, 210_000)
    with copied(empty, tmp_path) as (writer, database):
        live_through(story, IntakeServer(writer), database)


@pytest.mark.long
@pytest.mark.slow
def test_devices_and_service_agree_over_http(service: Service) -> None:
    story = Story(7, bases=2, couriers=3, days=4, events=12)
    with served(service.app) as address, httpx.Client(base_url=address, timeout=60) as client:
        live_through(story, HttpServer(service, client), service.runtime.database)

"""The server is killed, again and again, while proofs come in: what it acknowledged is there, once and whole."""

from __future__ import annotations

import random
import signal
import time
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.custody.chain import first_hash, record_hash
from api.custody.signing import digest, signed_bytes
from api.custody.tables import event_personal, event_shipments, events, ledger
from api.db.engine import Database
from api.evidence.files import EvidenceFiles
from api.evidence.tables import evidence
from tests.api.service.custody_made import add_device, add_shipments, name_of
from tests.api.service.senders import Senders
from tests.api.service.server import ServerProcess
from tests.effort import size

KILLS = size("KILLS", 5, 200)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_many_kills_lose_nothing(database_url: str, tmp_path: Path) -> None:
    duplicates = kill_while_sending(tmp_path, database_url, kills=KILLS)
    assert duplicates >= min(2 * KILLS, 50)


def kill_while_sending(folder: Path, database_url: str, *, kills: int) -> int:
    """Returns how many replays were known as such."""
    server = ServerProcess(folder, database_url)
    token = server.write(lambda connection: add_device(connection, "courier", "D1"))
    server.write(lambda connection: add_shipments(connection, *(f"S{number}" for number in range(50))))
    server.start()
    senders = Senders(server.port, token, seed=kills)
    senders.start()
    draw = random.Random(kills)
    for _ in range(kills):
        time.sleep(draw.uniform(0.2, 1.2))
        server.stop(signal.SIGKILL)
        server.start()
    time.sleep(0.5)
    senders.finish()
    server.stop(signal.SIGKILL)
    require_whole(folder, database_url, senders)
    assert set(senders.total("verdicts")) == {"accepted", "duplicate"}
    return senders.total("verdicts")["duplicate"]


def require_whole(folder: Path, database_url: str, senders: Senders) -> None:
    """Hold the database and the photos against the senders' own lists."""
    acknowledged = senders.acknowledged
    assert len(acknowledged) > 20
    files = EvidenceFiles(folder / "data" / "evidence", 10**7)
    database = Database(database_url)
    with database.read() as connection:
        rows = connection.execute(select(events).order_by(events.c.seq)).all()
        photos = {row.sha256: row for row in connection.execute(select(evidence))}
        end = connection.execute(select(ledger)).one()
        for table in (event_personal, event_shipments):
            assert connection.scalar(select(func.count()).select_from(table)) == len(rows)
    database.close()
    stored = {row.event_id: row.digest for row in rows}
    assert len(stored) == len(rows), "twice"
    for event_id, (event, photo) in acknowledged.items():
        assert stored.get(event_id) == digest(signed_bytes(event)), "lost or altered"
        assert name_of(photo) in photos
    for name, row in photos.items():
        assert sha256(files.read(name)).hexdigest() == row.stored_sha256, "a bad photo"
    found = first_hash(end.origin)
    for seq, row in enumerate(rows):
        found = record_hash(found, row.record.encode())
        assert (row.seq, row.hash) == (seq, found)
    assert (end.size, end.head) == (len(rows), found)

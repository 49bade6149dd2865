"""
`python -m benchmarks.service.proofs`: proofs a second, acknowledged and on disk, beside a plain endpoint.

A real server process on loopback, 8 connections; requests are made beforehand. Proof = one event of about 1 KB and one
photo of 100 KB in one request; event = one event a request; drain = a day's outboxes, 50 events a request; queued =
outboxes of proofs, 10 events and their photos a request, from which the time of 60,000 is reckoned.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import machine
from benchmarks.service.load import Load, multipart, request, run_load
from benchmarks.tables import table_head, table_row
from tests.api.service.custody_made import add_device, add_shipments, batch, jpeg, made, name_of
from tests.api.service.server import ServerProcess

CONNECTIONS = 8
PHOTO_BYTES = 100_000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--proofs", type=int, default=3_000)
    parser.add_argument("--events", type=int, default=6_000)
    parser.add_argument("--queued", type=int, default=60_000)
    parser.add_argument("--queued-proofs", type=int, default=3_000)
    parser.add_argument("--only", choices=("proofs", "events", "drain", "queued"))
    parser.add_argument("--folder", default=None, help="On the disk to measure.")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for line in report(Path(folder), asked):
            print(line, flush=True)


def report(folder: Path, asked: argparse.Namespace) -> Iterator[str]:
    yield machine()
    yield from table_head(["", "a second", "p50 ms", "p99 ms", "goal"])
    with _own(folder) as (server, token):
        if asked.only in (None, "proofs"):
            photos = [_photo(number) for number in range(asked.proofs)]
            plain = _plain(folder, photos)
            yield _line("plain endpoint, proofs", plain, "")
            own = run_load(server.port, [_proof(token, n, photo) for n, photo in enumerate(photos)], CONNECTIONS)
            _require(own, "accepted")
            ratio = own.per_second / plain.per_second
            yield _line("proofs", own, f"{ratio:.2f} x plain (>= 1.3), p99 <= 100 ms")
        if asked.only in (None, "events"):
            events = run_load(server.port, _singles(token, asked.events), CONNECTIONS)
            _require(events, "accepted")
            yield _line("events, one a request", events, ">= 1,200")
        if asked.only in (None, "drain"):
            outbox = _outboxes(token, asked.queued)
            drained = run_load(server.port, outbox, CONNECTIONS)
            _require(drained, "accepted")
            yield _line(f"{asked.queued} queued events in batches", drained, f"{drained.seconds:.0f} s (<= 240 s)")
        if asked.only in (None, "queued"):
            yield _queued(server.port, token, asked.queued_proofs)


def _queued(port: int, token: str, count: int, size: int = 10) -> str:
    numbers = [range(20_000 + first, 20_000 + first + size) for first in range(0, count, size)]
    load = run_load(port, [_proofs(token, some) for some in numbers], CONNECTIONS)
    _require(load, "accepted")
    seconds = 60_000 * load.seconds / (len(numbers) * size)
    return _line(f"{count} queued proofs, {size} a request", load, f"60,000: {seconds:.0f} s (<= 240 s)")


@contextmanager
def _own(folder: Path) -> Iterator[tuple[ServerProcess, str]]:
    home = folder / "own"
    home.mkdir()
    server = ServerProcess(home, f"sqlite:///{home / 'service.db'}")
    token = server.write(lambda connection: add_device(connection, "courier", "D1"))
    codes = [f"S{number}" for number in range(70_000)]
    server.write(lambda connection: add_shipments(connection, *codes))
    server.start()
    try:
        yield server, token
    finally:
        server.stop()


def _plain(folder: Path, photos: list[bytes]) -> Load:
    home = folder / "plain"
    home.mkdir()
    port = 18_765
    server = subprocess.Popen([sys.executable, "-m", "benchmarks.service.plain", str(home), str(port)])
    try:
        time.sleep(3)
        requests = []
        for number, photo in enumerate(photos):
            kind, body = multipart(json.dumps(batch(_event(number, photo))).encode(), photo)
            requests.append(request("/proofs", "none", kind, body))
        load = run_load(port, requests, CONNECTIONS)
    finally:
        server.terminate()
        server.wait(30)
    assert set(load.statuses) == {200}, load.statuses
    return load


def _event(number: int, photo: bytes) -> dict[str, object]:
    """An attempt in vain with its photo: about 1 KB."""
    name = name_of(photo)
    data = {"courier_id": "BT-01", "reason": "not_found", "action": "notice_left", "photos": [name], "note": "n" * 250}
    place = {"lon": 105.43, "lat": 10.38, "accuracy": 8.4, "age": 2}
    return made("ATTEMPT", number, code=f"S{number % 70_000}", data=data, place=place, evidence=[name], stop="st-1")


def _photo(number: int) -> bytes:
    return jpeg(random.Random(number).randbytes(PHOTO_BYTES))


def _proof(token: str, number: int, photo: bytes) -> bytes:
    kind, body = multipart(json.dumps(batch(_event(number, photo))).encode(), photo)
    return request("/api/v1/custody/proofs", token, kind, body)


def _proofs(token: str, numbers: Sequence[int]) -> bytes:
    photos = [_photo(number) for number in numbers]
    events = [_event(number, photo) for number, photo in zip(numbers, photos, strict=True)]
    kind, body = multipart(json.dumps(batch(*events)).encode(), *photos)
    return request("/api/v1/custody/proofs", token, kind, body)


def _simple(number: int) -> dict[str, object]:
    data = {"courier_id": "BT-01", "reason": "no_time", "action": "try_again", "note": "n" * 400}
    return made("ATTEMPT", number, code=f"S{number % 70_000}", data=data, stop="st-1")


def _singles(token: str, count: int) -> list[bytes]:
    bodies = (json.dumps(batch(_simple(10_000 + number))).encode() for number in range(count))
    return [request("/api/v1/custody/events", token, "application/json", body) for body in bodies]


def _outboxes(token: str, count: int, size: int = 50) -> list[bytes]:
    return [
        request(
            "/api/v1/custody/events", token, "application/json",
            json.dumps(batch(*(_simple(number) for number in range(first, min(first + size, count))))).encode(),
        )
        for first in range(0, count, size)
    ]  # fmt: skip


def _require(load: Load, verdict: str) -> None:
    assert set(load.statuses) == {200}, load.statuses
    found = [answer["verdict"] for body in load.bodies for answer in json.loads(body)["answers"]]
    assert set(found) == {verdict}, set(found)


def _line(name: str, load: Load, goal: str) -> str:
    return table_row([name, f"{load.per_second:.0f}", f"{load.p50 * 1e3:.1f}", f"{load.p99 * 1e3:.1f}", goal])


if __name__ == "__main__":
    main()

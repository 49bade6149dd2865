"""SIGTERM under load: whoever was answered finds what was answered, and the process ends by itself."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from sqlalchemy import select

from api.auth.tables import provinces
from api.db.engine import Database
from tests.api.service.running import PASSWORD, add_people

ROOT = Path(__file__).parents[3]
LONGEST = 20.0
"""Seconds between the signal and the end."""


@contextmanager
def _serving(database_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    told = {"DATA_FOLDER": str(folder), "DATABASE_URL": database_url, "PORT": str(port)}
    environment = {**os.environ, "PYTHONPATH": str(ROOT)} | {f"DUONGTHU_{key}": value for key, value in told.items()}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "api.cli", "serve"], cwd=ROOT, env=environment, stderr=log, stdout=log
        )
        try:
            _wait_ready(f"http://127.0.0.1:{port}", process)
            yield process, f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def _wait_ready(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            if httpx2.get(f"{address}/readyz", timeout=5).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


def _keep_writing(address: str, token: str, name: str, acknowledged: list[str]) -> None:
    """Add provinces, one after the other, until the service is gone."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx2.Client(base_url=address, headers=headers, timeout=30) as client:
        for number in range(100_000):
            province = f"{name}-{number}"
            try:
                answer = client.post("/api/v1/provinces", json={"province_id": province, "name": province})
            except httpx2.TransportError:
                return
            if answer.status_code != 201:
                assert answer.status_code == 503, answer.text
                return
            acknowledged.append(province)


@pytest.mark.long
@pytest.mark.slow
def test_what_was_acknowledged_before_the_end_is_there(database_url: str, tmp_path: Path) -> None:
    database = Database(database_url)
    with database.writer.begin() as connection:
        add_people(connection)
    acknowledged: list[str] = []
    with _serving(database_url, tmp_path) as (process, address):
        asked = {"login": "admin", "password": PASSWORD}
        token = httpx2.post(f"{address}/api/v1/auth/login", json=asked).json()["access_token"]
        writers = [
            threading.Thread(target=_keep_writing, args=(address, token, name, acknowledged)) for name in "abcdefgh"
        ]
        for writer in writers:
            writer.start()
        while len(acknowledged) < 100:
            time.sleep(0.01)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(LONGEST + 10) == 0, (tmp_path / "log").read_text()
        assert time.monotonic() - began < LONGEST
        for writer in writers:
            writer.join(60)
    with database.read() as connection:
        written = set(connection.scalars(select(provinces.c.province_id)))
    assert set(acknowledged) <= written
    # At most one write of each client may have been kept without an answer that arrived.
    assert len(written - set(acknowledged)) <= len(writers) + 2
    database.close()

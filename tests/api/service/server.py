"""A service in a process of its own, as a deployment runs it; it may be killed."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from api.db.engine import Database
from api.db.writer import Writer
from tests.api.service import nursery
from tests.api.service.running import add_people, migrate_new


class ServerProcess:
    """
    One deployment: its folder, its database, and the process that serves it, when one runs.

    Parameters
    ----------
    folder
        For pages, photos and, on SQLite, the database.
    database_url
        Of a new database; people are added as in `running.add_people`.
    """

    def __init__(self, folder: Path, database_url: str, **settings: Any) -> None:
        self.folder, self.database_url = folder, database_url
        self.settings = {"workers": 1, "requests_per_minute": 0, **settings}
        self.port = _free_port()
        self.process: nursery.Started | None = None
        (folder / "static" / "assets").mkdir(parents=True)
        (folder / "static" / "index.html").write_text("<!doctype html>", encoding="utf-8")
        (folder / "data").mkdir()
        migrate_new(database_url)
        self.write(add_people)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def write(self, work: Any) -> Any:
        """Write to the database, past the server."""
        database = Database(self.database_url)
        writer = Writer(database)
        try:
            return writer.write_now(work)
        finally:
            writer.close()
            database.close()

    def start(self) -> None:
        """Start, and wait until it answers."""
        arguments = str(self.folder), self.database_url, str(self.port), json.dumps(self.settings)
        environment = {**os.environ, "PYTHONPATH": str(nursery.ROOT)}
        self.process = nursery.start(__name__, *arguments, environment=environment, log=self.folder / "log")
        for _ in range(600):
            if self.answers():
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise TimeoutError((self.folder / "log").read_text(encoding="utf-8"))

    def answers(self) -> bool:
        """Whether it takes requests."""
        try:
            httpx.get(f"{self.address}/api/v1/auth/me", timeout=2)
        except httpx.TransportError:
            return False
        return True

    def stop(self, how: signal.Signals = signal.SIGTERM) -> None:
        """Stop; SIGKILL = as if the machine's power failed, but for the disk's cache."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def main() -> None:
    """Serve: FOLDER DATABASE PORT SETTINGS."""
    import uvicorn

    from api.app import create_service
    from api.service.settings import ServiceSettings

    folder, database_url, port, settings = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), json.loads(sys.argv[4])
    found = ServiceSettings(data_folder=folder / "data", database_url=database_url, **settings)
    app = create_service(found, static=folder / "static")
    gc.collect()
    gc.freeze()
    uvicorn.run(app, port=port, log_level="warning", access_log=False, proxy_headers=False)


if __name__ == "__main__":
    main()

"""A real PostgreSQL server for tests: made in a folder, started as a plain user, stopped at the end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
"""Debian's place; the newest first."""
_USER = "nobody"
"""The server refuses to run as root."""


class PostgresServer:
    """
    One server of its own, on a socket in its own folder and a loopback port.

    Parameters
    ----------
    settings
        Such as `fsync=off`: then the machine's crash loses data, and a crash of the server still does not.

    Raises
    ------
    FileNotFoundError
        When PostgreSQL is not installed.
    """

    def __init__(self, *settings: str) -> None:
        if not BINARIES:
            raise FileNotFoundError("no PostgreSQL under /usr/lib/postgresql")
        self.binaries = BINARIES[0]
        self.folder = Path(tempfile.mkdtemp(prefix="dt-pg-", dir="/tmp"))
        self.data = self.folder / "data"
        self.settings = settings
        self.port = _free_port()
        if os.geteuid() == 0:
            shutil.chown(self.folder, _USER)
        self._run("initdb", "--no-sync", "--username=post", "--auth=trust", "--encoding=UTF8", "-D", str(self.data))
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://post@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [str(self.binaries / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        command += ["-k", str(self.folder), "-h", "127.0.0.1", "-c", "max_connections=60"]
        command += [part for one in self.settings for part in ("-c", one)]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **_as_plain_user())  # type: ignore[call-overload]
        for _ in range(1_200):
            if self._answers():
                return
            time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop: SIGINT = fast shutdown, SIGQUIT = at once, as if it crashed."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None

    def create(self, name: str, like: str = "template0") -> str:
        """Make a database, empty or a copy of one that nobody is connected to; returns its address."""
        self._ask(f"CREATE DATABASE {name} TEMPLATE {like} STRATEGY file_copy")  # half the time of its default, a log
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database and whoever is connected: hundreds of them would take half a minute to stop with."""
        self._ask(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        """Stop without writing out what is thrown away."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def _ask(self, statement: str) -> None:
        import psycopg  # whoever has no server of PostgreSQL need not have its driver

        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _answers(self) -> bool:
        ready = [str(self.binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(ready, check=False).returncode == 0

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **_as_plain_user())  # type: ignore[call-overload]
        assert done.returncode == 0, done.stderr


def _as_plain_user() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    found = pwd.getpwnam(_USER)
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": [], "cwd": "/"}


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])

"""The installer on a stand-in for the program: order of the steps, and what is left when one of them fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwnam

import pytest

from api.operations.install import run, spare_port
from build_bundle import LOCK, ROOT, pack, requirements
from tests.api.operations.wheels import write_wheel

pytestmark = [pytest.mark.long, pytest.mark.slow]

_SYSTEMCTL = """#!/bin/sh
set -eu
case "$1" in
    start)
        "{prefix}/current/venv/bin/duongthu" serve --settings "{settings}" >/dev/null 2>&1 &
        echo $! > "{folder}/pid" ;;
    stop)
        pid=$(cat "{folder}/pid")
        kill "$pid"
        while kill -0 "$pid" 2>/dev/null; do sleep 0.05; done ;;
    show)
        if [ "$3" = Environment ]; then echo 'JOURNAL_MARK="of the unit"'; else echo; fi ;;
esac
"""
VERSIONS = ("1.0", "2.0", "3.0", "4.0", "5.0")


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpacked bundles of every version of the stand-in."""
    folder = tmp_path_factory.mktemp("bundles")
    program = Path(__file__).with_name("stand_in.py").read_bytes()
    for version in VERSIONS:
        wheels = folder / f"wheels-{version}"
        write_wheel(wheels, version, {"stand_in.py": program}, "stand_in:main")
        with tarfile.open(pack(ROOT, wheels, "", folder)) as archive:
            archive.extractall(folder, filter="data")
    return folder


@dataclass(frozen=True)
class Server:
    """A server with version 1.0 that is installed and serves."""

    folder: Path
    bundles: Path

    def run(self, program: str | Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.folder}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "PYTHON": sys.executable}
        command = [str(program), *arguments, "--prefix", str(self.folder / "opt")]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)

    def bundled(self, version: str) -> Path:
        return self.bundles / f"duongthu-{version}-bundle"

    def change(self, program: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        settings = ("--settings", str(self.folder / "settings.toml"))
        return self.run(program, *arguments, *settings, "--service", "duongthu", "--ready-seconds", "3")

    def upgrade(self, version: str) -> subprocess.CompletedProcess[str]:
        return self.change(self.bundled(version) / "install.sh", "upgrade")

    def rollback(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.change(self.folder / "opt/current/install.py", "rollback", *arguments)

    def serving(self) -> str:
        """The version that answers callers, once it is up."""
        port = (self.folder / "port").read_text()
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
                    return str(answer.read().decode())
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.05)
        raise AssertionError("nothing answers")

    def current(self) -> str:
        return (self.folder / "opt/current").resolve().name

    def data(self) -> str:
        return (self.folder / "data").read_text()

    def journal(self) -> list[str]:
        return (self.folder / "journal").read_text().splitlines()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, bundles: Path) -> tuple[Server, Path]:
    """A server with version 1.0, and a copy of it as it was: an environment of Python works in its own place only."""
    folder = tmp_path_factory.mktemp("server") / "post"
    prefix, settings, port = folder / "opt", folder / "settings.toml", spare_port()
    folder.mkdir()
    settings.write_text(f"data = '{folder / 'data'}'\njournal = '{folder / 'journal'}'\nport = {port}\n")
    (folder / "port").write_text(str(port))
    (folder / "data").write_text("1.0")
    systemctl = folder / "systemctl"
    systemctl.write_text(_SYSTEMCTL.format(prefix=prefix, settings=settings, folder=folder))
    systemctl.chmod(0o755)
    served = Server(folder, bundles)
    done = served.run(served.bundled("1.0") / "install.sh", "install")
    assert done.returncode == 0, done.stderr
    kept = shutil.copytree(folder, folder.with_name("kept"), symlinks=True)
    return served, kept


@contextmanager
def serving(served: Server, kept: Path) -> Iterator[Server]:
    """That server as it was when it was copied, serving."""
    shutil.rmtree(served.folder)
    shutil.copytree(kept, served.folder, symlinks=True)
    systemctl = served.folder / "systemctl"
    subprocess.run([systemctl, "start"], check=True)
    assert served.serving() == served.current()
    (served.folder / "journal").write_text("")
    yield served
    subprocess.run([systemctl, "stop"], check=True)


@pytest.fixture
def server(installed: tuple[Server, Path]) -> Iterator[Server]:
    """As if it had just been installed."""
    with serving(*installed) as found:
        yield found


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade left."""

    done: subprocess.CompletedProcess[str]
    seen: tuple[str, str, str]
    """Current release, data, and what answers."""
    journal: list[str]
    kept: Path
    """A copy of the server."""


@pytest.fixture(scope="module")
def upgraded(installed: tuple[Server, Path], tmp_path_factory: pytest.TempPathFactory) -> Upgrade:
    """To version 2.0, of which an interrupted installation had left something."""
    with serving(*installed) as server:
        half = server.folder / "opt/releases/2.0/venv"
        half.mkdir(parents=True)
        (half / "torn").touch()
        done = server.upgrade("2.0")
        seen, journal = (server.current(), server.data(), server.serving()), server.journal()
    kept = shutil.copytree(server.folder, tmp_path_factory.mktemp("upgraded") / "kept", symlinks=True)
    return Upgrade(done, seen, journal, kept)


def test_upgrade_backs_up_migrates_tries_out_and_only_then_meets_callers(upgraded: Upgrade) -> None:
    assert upgraded.done.returncode == 0, upgraded.done.stderr
    assert upgraded.journal == [
        "1.0 backup of the unit", "2.0 migrate of the unit", "2.0 serve of the unit", "2.0 serve for callers"
    ]  # fmt: skip
    assert upgraded.seen == ("2.0", "2.0", "2.0")
    assert (upgraded.kept / "opt/previous").readlink().name == "1.0"


def test_interrupted_installation_is_begun_anew(upgraded: Upgrade) -> None:
    assert upgraded.done.returncode == 0, upgraded.done.stderr
    assert not (upgraded.kept / "opt/releases/2.0/venv/torn").exists()


def test_rollback_takes_the_data_back_only_when_a_backup_is_named(
    installed: tuple[Server, Path], upgraded: Upgrade
) -> None:
    with serving(installed[0], upgraded.kept) as server:
        (backup,) = (server.folder / "opt/backups").iterdir()

        refused = server.rollback()  # 1.0 does not serve data of 2.0
        assert refused.returncode == 1
        assert (server.current(), server.data(), server.serving()) == ("2.0", "2.0", "2.0")

        done = server.rollback("--restore", str(backup))
        assert done.returncode == 0, done.stderr
        assert (server.current(), server.data(), server.serving()) == ("1.0", "1.0", "1.0")
        backups = (server.folder / "opt/backups").iterdir()
        kept = [folder for folder in backups if (folder / "data").read_text() == "2.0"]
        assert len(kept) == 2  # what was replaced, before the refused and before the real way back


@pytest.mark.parametrize("version", ["3.0", "4.0", "5.0"], ids=["spoils the data", "ends at once", "never ready"])
def test_failed_upgrade_puts_everything_back_and_no_caller_met_it(server: Server, version: str) -> None:
    done = server.upgrade(version)
    assert done.returncode == 1
    assert (server.current(), server.data(), server.serving()) == ("1.0", "1.0", "1.0")
    assert server.journal()[-2:] == ["1.0 restore of the unit", "1.0 serve for callers"]
    assert f"{version} serve for callers" not in server.journal()
    assert not (server.folder / "opt/releases" / version).exists()


def test_upgrade_refuses_while_the_service_runs_that_nobody_named(server: Server) -> None:
    settings = str(server.folder / "settings.toml")
    done = server.run(server.bundled("2.0") / "install.sh", "upgrade", "--settings", settings)
    assert done.returncode == 1
    assert "still running" in done.stderr
    assert (server.current(), server.journal()) == ("1.0", [])


@pytest.mark.parametrize("named", ["install.py", "bundle.lock", "wheels/duongthu-2.0-py3-none-any.whl"])
def test_one_changed_byte_is_refused_before_anything_is_written(bundles: Path, tmp_path: Path, named: str) -> None:
    server = Server(tmp_path, bundles)
    file = server.bundled("2.0") / named
    good = file.read_bytes()
    file.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    try:
        done = server.run(server.bundled("2.0") / "install.sh", "install")
    finally:
        file.write_bytes(good)
    assert done.returncode == 3
    assert named in done.stderr + done.stdout
    assert not (tmp_path / "opt").exists()


def test_wheel_that_matches_the_sums_but_not_the_lock_is_refused_by_pip(bundles: Path, tmp_path: Path) -> None:
    server = Server(tmp_path, bundles)
    lock, sums = server.bundled("2.0") / LOCK, server.bundled("2.0") / "SHA256SUMS"
    texts = lock.read_text(), sums.read_text()
    lock.write_text(f"duongthu==2.0 --hash=sha256:{'0' * 64}\n")
    sums.write_text("".join(line for line in texts[1].splitlines(keepends=True) if LOCK not in line))
    try:
        done = server.run(server.bundled("2.0") / "install.sh", "install")
    finally:
        lock.write_text(texts[0])
        sums.write_text(texts[1])
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "opt/current").exists()


def test_same_wheels_give_the_same_bytes(bundles: Path, tmp_path: Path) -> None:
    again = pack(ROOT, bundles / "wheels-1.0", "", tmp_path)
    assert again.read_bytes() == (bundles / again.name).read_bytes()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_command_on_the_data_is_run_as_their_owner_with_no_group_of_root() -> None:
    nobody = getpwnam("nobody")
    with tempfile.TemporaryDirectory() as name:
        os.chown(name, nobody.pw_uid, nobody.pw_gid)
        command = 'echo "$(id -u) $(id -G) $HOME $MARK" > told'
        run(["sh", "-c", f"cd {name} && {command}"], owner=nobody, environment={"MARK": "x"})
        told = Path(name, "told").read_text().split()
    assert told == [str(nobody.pw_uid), str(nobody.pw_gid), nobody.pw_dir, "x"]


def test_lock_of_the_bundle_is_the_running_time_and_postgres() -> None:
    locked = requirements(ROOT)
    running = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert locked.startswith(running)
    added = [line.split("==")[0] for line in locked[len(running) :].splitlines() if not line.startswith(" ")]
    assert added == ["psycopg", "psycopg-binary"]

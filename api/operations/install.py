#!/usr/bin/env python3
"""
Install, upgrade and roll back a release on a server without internet.

Started by `install.sh`, which has checked every file of the bundle; afterwards a copy lies in each release. It needs
Python's own library only. Under the prefix lie

    releases/VERSION/   one release: `venv/`, documents, this program; never changed once complete
    current, previous   symbolic links to a release each; `current` is switched in one step
    backups/            what `duongthu backup` wrote before each change of release

Nothing that a courier was told is stored may be lost by a change of release. So the service is stopped before the
backup, and the other release is tried on the data at a port that no caller knows: when it does not become ready, data
and release are put back and nobody has written in between. Once callers have met it, data are never taken back unless
the operator names the backup.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from pwd import getpwnam, struct_passwd

HERE = Path(__file__).resolve().parent
COMPLETE = "complete"
"""Empty file that is written last into a release."""
DEFAULT_PORT = 8765
READY_SECONDS = 120.0
END_SECONDS = 60.0
"""How long a release may take to end."""


class Refused(Exception):  # noqa: N818 - the operator reads it as a sentence
    """What was asked for cannot be done; the message is for the operator, in both languages."""

    def __init__(self, message_vi: str, message_en: str) -> None:
        super().__init__(f"{message_vi}\n{message_en}")


@dataclass(frozen=True, slots=True)
class Release:
    """One installed version."""

    folder: Path

    @property
    def command(self) -> Path:
        """The program `duongthu` of this release."""
        return self.folder / "venv/bin/duongthu"


@dataclass(frozen=True, slots=True)
class Place:
    """The folder that holds all releases."""

    prefix: Path

    def linked(self, name: str) -> Release | None:
        """Return the release that `current` or `previous` points to."""
        link = self.prefix / name
        return Release(link.resolve()) if link.is_symlink() else None

    def needed(self, name: str) -> Release:
        """Return the release that `current` or `previous` points to, or refuse."""
        found = self.linked(name)
        if found is None or not (found.folder / COMPLETE).is_file():
            raise Refused(f"Không có bản '{name}' trong {self.prefix}.", f"There is no '{name}' in {self.prefix}.")
        return found

    def switch(self, to: Release) -> None:
        """Make a release the current one and remember the one before it."""
        before = self.linked("current")
        if before is not None and before != to:
            self._point("previous", before)
        self._point("current", to)

    def _point(self, name: str, to: Release) -> None:
        fresh = self.prefix / f".{name}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(to.folder.relative_to(self.prefix))
        fresh.replace(self.prefix / name)  # one rename: a reader sees the old link or the new one


def lay(bundle: Path, place: Place) -> Release:
    """Put the bundle's version beside the others, from its own wheels only."""
    version = (bundle / "VERSION").read_text(encoding="utf-8").strip()
    _check_machine((bundle / "PLATFORM").read_text(encoding="utf-8").strip())
    release = Release(place.prefix / "releases" / version)
    if (release.folder / COMPLETE).is_file():
        raise Refused(f"Bản {version} đã được cài.", f"Version {version} is installed already.")
    shutil.rmtree(release.folder, ignore_errors=True)  # what an interrupted installation left
    release.folder.mkdir(parents=True)
    say(f"Cài bản {version} vào {release.folder}", f"Installing {version} into {release.folder}")
    run([sys.executable, "-m", "venv", str(release.folder / "venv")])
    python = str(release.folder / "venv/bin/python")
    sources = ["--no-index", "--find-links", str(bundle / "wheels"), "--only-binary", ":all:", "--no-cache-dir"]
    pip = [python, "-I", "-m", "pip", "--isolated", "--disable-pip-version-check", "--quiet", "install"]
    run([*pip, *sources, "--require-hashes", "-r", str(bundle / "bundle.lock")])
    run([str(release.command), "--version"])
    for name in ("VERSION", "install.py"):
        shutil.copy(bundle / name, release.folder)
    for name in ("docs", "operations"):
        shutil.copytree(bundle / name, release.folder / name)
    os.sync()
    (release.folder / COMPLETE).touch()
    return release


def _check_machine(wanted: str) -> None:
    found = sysconfig.get_platform()
    if found != wanted:
        raise Refused(f"Gói này dành cho {wanted}, máy này là {found}.", f"The bundle is for {wanted}, not {found}.")


@dataclass(frozen=True, slots=True)
class Served:
    """The service and its data, as the operator set them up."""

    settings: Path
    unit: str | None
    """Unit of systemd; None = the operator stops and starts the service."""
    backups: Path
    """Folder that gets one folder for each backup."""
    patience: float
    """How long a release may take until `/readyz` says 200, seconds."""

    def stop(self) -> None:
        """Stop the service, or make sure that the operator did."""
        if self.unit is not None:
            run(["systemctl", "stop", self.unit])
        if answers(self._port()):
            raise Refused(
                "Dịch vụ vẫn đang chạy: hãy dừng nó trước, hoặc chỉ ra --service.",
                "The service is still running: stop it first, or name it by --service.",
            )

    def start(self) -> None:
        """Start the service, or remind the operator."""
        if self.unit is not None:
            run(["systemctl", "start", self.unit])
        else:
            say("Bây giờ hãy khởi động lại dịch vụ.", "Now start the service again.")

    def backup(self, by: Release) -> Path:
        """Back up the data by a release; returns the new backup."""
        folder = self.backups / datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        self.backups.mkdir(mode=0o700, exist_ok=True)
        owner = self._owner()
        if owner is not None:
            os.chown(self.backups, owner.pw_uid, owner.pw_gid)
        self._data(by, "backup", str(folder))
        say(f"Bản sao lưu: {folder}", f"Backup: {folder}")
        return folder

    def restore(self, by: Release, backup: Path) -> None:
        """Put the data of a backup back; `duongthu restore` keeps what it replaces."""
        self._data(by, "restore", str(backup), "--replace")

    def migrate(self, by: Release) -> None:
        """Bring the database to the schema of a release."""
        self._data(by, "migrate")

    def try_out(self, release: Release) -> None:
        """Run a release on the data at a spare port until it is ready, then stop it."""
        port = spare_port()
        command = [str(release.command), "serve", "--settings", str(self.settings)]
        local = {"DUONGTHU_HOST": "127.0.0.1", "DUONGTHU_PORT": str(port)}
        tried = start(command, owner=self._owner(), environment={**self._environment(), **local})
        try:
            wait_ready(port, self.patience, is_alive=lambda: tried.poll() is None)
        finally:
            tried.terminate()
            tried.wait(timeout=END_SECONDS)

    def wait_ready(self) -> None:
        """Wait until the started service is ready."""
        if self.unit is not None:
            wait_ready(self._port(), self.patience, is_alive=lambda: True)

    def _data(self, by: Release, command: str, *arguments: str) -> None:
        whole = [str(by.command), command, *arguments, "--settings", str(self.settings)]
        run(whole, owner=self._owner(), environment=self._environment())

    def _port(self) -> int:
        """The port at which callers find the service; a variable wins over the file."""
        named = self._environment().get("DUONGTHU_PORT")
        return int(named or tomllib.loads(self.settings.read_text(encoding="utf-8")).get("port", DEFAULT_PORT))

    def _owner(self) -> struct_passwd | None:
        """Who owns the data: the user of the unit; files written by root could not be written by the service."""
        user = self._shown("User") if os.geteuid() == 0 else ""
        return getpwnam(user) if user else None

    def _environment(self) -> dict[str, str]:
        """The variables of the unit: they may name another database than the file does."""
        return dict(each.split("=", 1) for each in shlex.split(self._shown("Environment")))

    def _shown(self, name: str) -> str:
        if self.unit is None:
            return ""
        show = ["systemctl", "show", "--property", name, "--value", self.unit]
        return subprocess.run(show, check=True, capture_output=True, text=True).stdout.strip()  # noqa: S603


def change(place: Place, served: Served, to: Release, prepare: Callable[[], None]) -> None:
    """Move to another release, tried out before any caller meets it; else everything is put back."""
    now = place.needed("current")
    backup = None
    try:
        served.stop()
        backup = served.backup(now)
        prepare()
        served.try_out(to)
    except BaseException:  # Ctrl-C too
        say("KHÔNG thành công, đang đưa về như cũ.", "It did NOT work; putting everything back.")
        if backup is not None:
            served.restore(now, backup)
        served.start()
        raise
    place.switch(to)
    served.start()
    served.wait_ready()


def install(_arguments: argparse.Namespace, place: Place) -> None:
    """First installation: there are no data yet."""
    if place.linked("current") is not None:
        raise Refused("Đã có một bản: hãy dùng 'upgrade'.", "There is a release already: use 'upgrade'.")
    place.switch(lay(HERE, place))


def upgrade(arguments: argparse.Namespace, place: Place) -> None:
    """Install beside the current release, back up, migrate, try out, switch."""
    place.needed("current")
    served = served_by(arguments, place)
    new = lay(HERE, place)
    if served is None:
        place.switch(new)
        return
    try:
        change(place, served, new, lambda: served.migrate(new))
    except BaseException:
        if place.linked("current") != new:
            shutil.rmtree(new.folder)  # so that the same bundle may be tried again
        raise


def rollback(arguments: argparse.Namespace, place: Place) -> None:
    """Go back to the release before; to earlier data only when a backup is named."""
    before = place.needed("previous")
    served = served_by(arguments, place)
    if served is None:
        place.switch(before)
        return
    backup: Path | None = arguments.restore
    change(place, served, before, lambda: served.restore(before, backup) if backup else None)


def served_by(arguments: argparse.Namespace, place: Place) -> Served | None:
    """What the operator said about the service; None = only the program is changed."""
    if arguments.program_only:
        return None
    settings = arguments.settings.resolve()
    if not settings.is_file():
        raise Refused(f"Không có tệp {settings}.", f"There is no file {settings}.")
    backups = (arguments.backups or place.prefix / "backups").resolve()
    return Served(settings, arguments.service, backups, arguments.ready_seconds)


def run(
    command: Sequence[str], *, owner: struct_passwd | None = None, environment: Mapping[str, str] | None = None
) -> None:
    """Run a command and wait for its end; refuse when it fails."""
    code = start(command, owner=owner, environment=environment).wait()
    if code:
        shown = " ".join(command)
        raise Refused(f"Lệnh thất bại (mã {code}): {shown}", f"Command failed ({code}): {shown}")


def start(
    command: Sequence[str], *, owner: struct_passwd | None = None, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a command with more variables, as another user when root is asked to."""
    whole = {**os.environ, **(environment or {})}
    if owner is None:
        return subprocess.Popen(command, env=whole, stdin=subprocess.DEVNULL)  # noqa: S603
    whole["HOME"] = owner.pw_dir
    return subprocess.Popen(  # noqa: S603
        command, env=whole, stdin=subprocess.DEVNULL, user=owner.pw_uid, group=owner.pw_gid, extra_groups=[]
    )


def spare_port() -> int:
    """Find a free port on the loopback."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def answers(port: int) -> bool:
    """Whether anything listens on a loopback port."""
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


def wait_ready(port: int, seconds: float, *, is_alive: Callable[[], bool]) -> None:
    """Ask `/readyz` until it says 200; refuse when the process ends or the time is up."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and is_alive():
        with suppress(urllib.error.URLError, ConnectionError, TimeoutError):  # not up yet, or not ready yet
            opener.open(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
            return
        time.sleep(0.2)
    raise Refused("Dịch vụ không sẵn sàng (/readyz).", "The service did not become ready (/readyz).")


def say(vi: str, en: str) -> None:
    """Tell the operator what happens."""
    sys.stderr.write(f"{vi}\n  {en}\n")


def arguments_of(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    root = os.geteuid() == 0
    prefix = Path("/opt/duongthu") if root else Path.home() / "duongthu"
    parser = argparse.ArgumentParser(
        prog="install.sh", description="Cài đặt, nâng cấp, quay lại / Install, upgrade, roll back: Đường Thư"
    )
    commands = parser.add_subparsers(required=True, metavar="install | upgrade | rollback")
    for action, about in (
        (install, "cài lần đầu / first installation"),
        (upgrade, "nâng cấp / to the version of this bundle"),
        (rollback, "quay lại bản trước / to the release before"),
    ):
        command = commands.add_parser(action.__name__, help=about)
        command.set_defaults(action=action)
        command.add_argument("--prefix", type=Path, default=prefix, help=f"nơi cài / where to (default: {prefix})")
        if action is not install:
            _add_service(command)
    commands.choices["rollback"].add_argument(
        "--restore", type=Path, metavar="BACKUP", help="lấy lại cả dữ liệu cũ / take the data back to this backup too"
    )
    return parser.parse_args(given)


def _add_service(command: argparse.ArgumentParser) -> None:
    data = command.add_mutually_exclusive_group(required=True)
    data.add_argument("--settings", type=Path, help="tệp thiết lập của dịch vụ / settings file of the service")
    data.add_argument("--program-only", action="store_true", help="chưa có dữ liệu / there are no data yet")
    command.add_argument("--service", metavar="UNIT", help="đơn vị systemd để dừng và chạy lại / unit of systemd")
    command.add_argument(
        "--ready-seconds", type=float, default=READY_SECONDS, help="chờ sẵn sàng / time to get ready, s"
    )
    command.add_argument("--backups", type=Path, metavar="DIR", help="nơi sao lưu / backups (default: PREFIX/backups)")


def main(given: Sequence[str]) -> int:
    """Do what the command line says; the exit code."""
    arguments = arguments_of(given)
    place = Place(arguments.prefix.absolute())
    try:
        arguments.action(arguments, place)
    except Refused as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    now = place.needed("current")
    say(f"Đang dùng bản {now.folder.name}: {now.command}", f"In use is {now.folder.name}: {now.command}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

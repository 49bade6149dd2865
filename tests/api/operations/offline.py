"""
A server without internet, from the first installation to the way back: run inside a network namespace of its own.

    unshare --user --map-root-user --net python offline.py BUNDLE NEXT_BUNDLE FOLDER DATE

Uses nothing of the project: what it runs is what the bundle brought.
"""

from __future__ import annotations

import errno
import fcntl
import re
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

_SET_FLAGS, _UP = 0x8914, 0x1
"""SIOCSIFFLAGS and IFF_UP of netdevice(7)."""


def bring_loopback_up() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        fcntl.ioctl(door, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


def assert_no_network() -> None:
    """Only the loopback is there, and no address beyond it can be reached (RFC 5737 names one for documentation)."""
    assert [name for _, name in socket.if_nameindex()] == ["lo"]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as door:
        assert door.connect_ex(("192.0.2.1", 443)) == errno.ENETUNREACH


def run(*command: str | Path) -> str:
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, text=True, check=True, timeout=400)
    return done.stdout.strip()


def fetch(address: str) -> tuple[int, str, bytes]:
    with urllib.request.urlopen(address, timeout=180) as answer:
        return answer.status, answer.headers["content-type"], answer.read()


def look_at_pages(duongthu: Path, plan: Path, port: int) -> None:
    """Serve a plan; fetch the first page and each script and style that it names."""
    served = subprocess.Popen([duongthu, "serve", plan, "--port", str(port)])
    try:
        page = _first_page(served, f"http://127.0.0.1:{port}/")
        assets = re.findall(r'(?:src|href)="\.?/?(assets/[^"]+\.(?:js|css))"', page)
        assert {Path(name).suffix for name in assets} == {".js", ".css"}, page
        for name in assets:
            status, _, content = fetch(f"http://127.0.0.1:{port}/{name}")
            assert status == 200, name
            assert len(content) > 100, name  # the least of them is one function
    finally:
        served.send_signal(signal.SIGINT)
        served.wait(timeout=60)


def _first_page(served: subprocess.Popen[bytes], address: str) -> str:
    for _ in range(1_800):  # three minutes: two workers share two cores with it
        assert served.poll() is None, "the program ended"
        try:
            status, kind, content = fetch(address)
        except urllib.error.URLError:
            time.sleep(0.1)
            continue
        assert (status, kind.split(";")[0]) == (200, "text/html")
        return content.decode()
    raise AssertionError("no answer")


def main(bundle: Path, following: Path, folder: Path, day: str) -> None:
    bring_loopback_up()
    assert_no_network()
    prefix = folder / "opt"
    duongthu = prefix / "current/venv/bin/duongthu"
    first, second = ((place / "VERSION").read_text().strip() for place in (bundle, following))

    run(bundle / "install.sh", "install", "--prefix", prefix)
    assert run(duongthu, "--version") == f"duongthu {first}"
    run(duongthu, "template", folder / "template")
    run(duongthu, "plan", folder / "small", folder / "shipments.csv", "--date", day, "--out", folder / "plan",
        "--iterations", "20")  # fmt: skip
    look_at_pages(duongthu, folder / "plan", 18_765)

    run(following / "install.sh", "upgrade", "--prefix", prefix, "--program-only")
    assert run(duongthu, "--version") == f"duongthu {second}"
    look_at_pages(duongthu, folder / "plan", 18_765)
    run(prefix / "current/install.py", "rollback", "--prefix", prefix, "--program-only")
    assert run(duongthu, "--version") == f"duongthu {first}"
    assert sorted(path.name for path in (prefix / "releases").iterdir()) == sorted((first, second))
    assert_no_network()
    sys.stdout.write("offline: done\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), sys.argv[4])

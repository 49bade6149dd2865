# ruff: noqa: S603, T201 - a program of developers that calls pip
"""
Build the bundle: one archive with everything that a server without internet needs.

`dist/duongthu-VERSION-bundle.tar.gz` holds the wheel of this source (built pages inside), every wheel that the lock
files name for the running time and for PostgreSQL, one lock with all their hashes, the installer, the documents of the
operator and `SHA256SUMS` over all of it. The wheels are those of the Python and the platform that run this program:
the server needs the same. The same source and the same wheels give the same bytes.

    python build_bundle.py           what `make bundle` calls

It lies beside `build_pages.py`, outside the package: it makes the package and is never part of it.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OPERATIONS = Path("api/operations")
DOCUMENTS = ("docs/operations.md", "docs/van-hanh.md", "CHANGELOG.md", "LICENSE")
POSTGRES = ("psycopg", "psycopg-binary")
"""What the extra `postgres` adds to the running time; pip refuses to install if the lock lacks one of their needs."""
LOCK = "bundle.lock"
SUMS = "SHA256SUMS"
MOMENT = 1_577_836_800
"""Of every file in the archive: 2020-01-01, seconds since 1970."""


class BundleError(RuntimeError):
    """The bundle cannot be built."""


def build(root: Path = ROOT, into: Path | None = None) -> Path:
    """
    Make the bundle of a source folder.

    Returns
    -------
    archive
        `duongthu-VERSION-bundle.tar.gz` in `into`, which is `dist/` when not given; its checksum lies beside it.

    Raises
    ------
    BundleError
        When a wheel cannot be built or fetched.
    """
    with tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch)
        gather(root, wheels)
        return pack(root, wheels, requirements(root), into or root / "dist")


def gather(root: Path, wheels: Path) -> None:
    """Build the wheel of the source and fetch those that it needs, each checked against its locked hash."""
    _fetch(root, wheels)
    own_wheel(root, wheels)


def own_wheel(root: Path, wheels: Path) -> None:
    """Build the wheel of the source, built pages inside."""
    _pip("wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(wheels), str(root))


def _fetch(root: Path, wheels: Path) -> None:
    locked = wheels / "requirements.txt"
    locked.write_text(requirements(root), encoding="utf-8")
    _pip("download", "--require-hashes", "--only-binary", ":all:", "--dest", str(wheels), "-r", str(locked))
    locked.unlink()


def requirements(root: Path) -> str:
    """Return the locked requirements of the running time with those of the extra `postgres`."""
    blocks = list(_blocks((root / "requirements.lock").read_text(encoding="utf-8")))
    known = {_name(block) for block in blocks}
    others = _blocks((root / "requirements-dev.lock").read_text(encoding="utf-8"))
    extra = [block for block in others if _name(block) in POSTGRES and _name(block) not in known]
    missing = {*POSTGRES} - {_name(block) for block in extra} - known
    if missing:
        raise BundleError(f"the lock files do not name {', '.join(sorted(missing))}: run `make lock`")
    return "".join([*blocks, *extra])


def pack(root: Path, wheels: Path, locked: str, into: Path) -> Path:
    """
    Make the archive of what `lay_out` lays out.

    Parameters
    ----------
    into
        Folder of the archive; made when it is not there.
    """
    with tempfile.TemporaryDirectory() as scratch:
        top = lay_out(root, wheels, locked, Path(scratch))
        return _archive(top, into / f"{top.name}.tar.gz")


def lay_out(root: Path, wheels: Path, locked: str, into: Path) -> Path:
    """
    Lay out wheels, lock, installer, documents and checksums: the bundle, as it is when it is unpacked.

    Parameters
    ----------
    root
        Source folder: installer and documents come from it.
    wheels
        Folder with the wheel of duongthu and every other one.
    locked
        Requirements of the other wheels, with hashes.
    into
        Folder that gets `duongthu-VERSION-bundle`.
    """
    own = _own_wheel(wheels)
    version = own.name.split("-")[1]
    top = into / f"duongthu-{version}-bundle"
    shutil.copytree(wheels, top / "wheels")
    shutil.copytree(root / OPERATIONS, top / "operations", ignore=shutil.ignore_patterns("__*"))
    for program in ("install.sh", "install.py"):
        (top / "operations" / program).rename(top / program)
    (top / "docs").mkdir()
    for document in DOCUMENTS:
        shutil.copy(root / document, top / "docs")
    pinned = f"duongthu=={version} --hash=sha256:{_sha256(own)}\n"
    (top / LOCK).write_text(locked + pinned, encoding="utf-8")
    (top / "VERSION").write_text(f"{version}\n", encoding="utf-8")
    (top / "PYTHON").write_text(f"{sysconfig.get_python_version()}\n", encoding="utf-8")
    (top / "PLATFORM").write_text(f"{sysconfig.get_platform()}\n", encoding="utf-8")
    (top / SUMS).write_text("".join(_sums(top)), encoding="utf-8")
    for file in _files(top):
        file.chmod(_mode(file))
    return top


def _pip(*arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=False
    )
    if done.returncode:
        raise BundleError(f"`pip {arguments[0]}` ended with code {done.returncode}; its own message stands above")


def _blocks(lock: str) -> Iterator[str]:
    """Yield each requirement of a lock file with its hashes."""
    return iter(re.findall(r"^[A-Za-z0-9][^\n]*\n(?:[ \t]+[^\n]*\n)*", lock, flags=re.MULTILINE))


def _name(block: str) -> str:
    return re.split(r"[=\[ ]", block, maxsplit=1)[0]


def _own_wheel(wheels: Path) -> Path:
    found = sorted(wheels.glob("duongthu-*.whl"))
    if len(found) != 1:
        raise BundleError(f"one wheel of duongthu is wanted in {wheels}, there are {len(found)}")
    return found[0]


def _files(top: Path) -> list[Path]:
    return sorted(file for file in top.rglob("*") if file.is_file())


def _sums(top: Path) -> Iterator[str]:
    """Yield the lines that `sha256sum --check` reads."""
    for file in _files(top):
        yield f"{_sha256(file)}  {file.relative_to(top).as_posix()}\n"


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _archive(top: Path, archive: Path) -> Path:
    """Write the files in a fixed order with a fixed date, owner and mode; no folder entries."""
    archive.parent.mkdir(parents=True, exist_ok=True)
    # Wheels are compressed already: the lowest level saves a minute and costs little.
    with (
        archive.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=1, fileobj=raw, mtime=MOMENT) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for file in _files(top):
            entry = tarfile.TarInfo(file.relative_to(top.parent).as_posix())
            entry.size, entry.mtime, entry.mode = file.stat().st_size, MOMENT, _mode(file)
            with file.open("rb") as content:
                tar.addfile(entry, content)
    Path(f"{archive}.sha256").write_text(f"{_sha256(archive)}  {archive.name}\n", encoding="utf-8")
    return archive


def _mode(file: Path) -> int:
    with file.open("rb") as opened:
        return 0o755 if opened.read(2) == b"#!" else 0o644


def main() -> int:
    """Build the bundle of this source; the exit code."""
    try:
        print(build())
    except BundleError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

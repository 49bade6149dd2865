"""Wheels made by hand: a stand-in for the program, and the real one under another version."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path


def write_wheel(folder: Path, version: str, files: Mapping[str, bytes], entry_point: str) -> Path:
    """Write a pure wheel of `duongthu` whose command is `entry_point`."""
    about = f"duongthu-{version}.dist-info"
    files = {
        **files,
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: duongthu\nVersion: {version}\n".encode(),
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/entry_points.txt": f"[console_scripts]\nduongthu = {entry_point}\n".encode(),
    }
    record = "".join(f"{name},,\n" for name in (*files, f"{about}/RECORD"))
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"duongthu-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, content in {**files, f"{about}/RECORD": record.encode()}.items():
            archive.writestr(name, content)
    return wheel


def as_version(wheel: Path, version: str, folder: Path) -> Path:
    """Write the same program under another version; what it needs is locked beside it."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    said = re.sub(rb'VERSION = "[^"]+"', f'VERSION = "{version}"'.encode(), files["api/version.py"])
    return write_wheel(folder, version, {**files, "api/version.py": said}, "api.cli:main")

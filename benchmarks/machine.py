"""What figures were measured on: never who or where."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as release
from pathlib import Path

PACKAGES = ("numpy", "numba", "ortools", "spopt", "pyvrp", "pyvroom", "vrp-cli", "scipy", "networkx", "matplotlib")


def machine() -> str:
    """Processor, cores, memory, Python and packages, on one line."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = [
        _processor(), f"{os.cpu_count()} cores", f"{memory_gb:.0f} GB", platform.system(),
        f"Python {platform.python_version()}", *filter(None, map(_release, PACKAGES)),
    ]  # fmt: skip
    return ", ".join(parts)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _release(package: str) -> str:
    try:
        return f"{package} {release(package)}"
    except PackageNotFoundError:
        return ""

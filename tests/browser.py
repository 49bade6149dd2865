"""Where the browser for the page tests comes from."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str:
    """
    Name a Chromium: the one of DUONGTHU_CHROMIUM, else the first on PATH.

    Skips the test, saying what to do, when there is none; fails when DUONGTHU_CHROMIUM names no program.
    """
    named = os.environ.get("DUONGTHU_CHROMIUM")
    if named:
        if not Path(named).is_file():
            pytest.fail(f"DUONGTHU_CHROMIUM names {named}, which is no file")
        return named
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/bin"))
    found = next((program for name in NAMES if (program := shutil.which(name, path=path))), None)
    if found is None:
        pytest.skip("browser tests: no Chromium found; install one or set DUONGTHU_CHROMIUM to its program")
    return found


def launch_arguments() -> list[str]:
    """Chromium started by root, as in most containers, has no sandbox of its own."""
    return ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []

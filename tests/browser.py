"""Where the browser for the page tests comes from, and a page of it as people at a desk have one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page

PATIENCE = 60_000
"""Milliseconds to wait for what a page shall show. Two workers share two cores with servers, searches and browsers, and
the first look at a day measures its roads; only a test that fails waits to the end."""

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


def heard_page(browser: Browser, size: tuple[int, int]) -> tuple[Page, list[str]]:
    """Open a page somewhere in Vietnam; returns it, and the list in which it complains."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        reduced_motion="reduce",
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
    )
    page, complaints = context.new_page(), list[str]()

    def hear(line: ConsoleMessage) -> None:
        # A 401 without a session, a 404 of an unknown code, a 409 of a conflict are answers and no faults.
        if line.type == "error" and "Failed to load resource" not in line.text:
            complaints.append(line.text)

    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", hear)
    return page, complaints

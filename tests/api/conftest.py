"""What tests of pages have in common."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser import PATIENCE, find_chromium, launch_arguments

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium; each test opens a context of its own in it."""
    from playwright.sync_api import expect, sync_playwright  # most tests never need it

    program = find_chromium()
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=launch_arguments())
        yield found
        found.close()

"""The pages as they are built, for tests that serve them to a browser."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import build_pages
from api.app import STATIC


@cache
def built_pages() -> Path:
    """Where they lie, made when something changed: looked at once, as it takes a reading of every source."""
    build_pages.build()
    return STATIC

"""What holds in every test of the room."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _kernel_and_schedule_agree(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail when the exact schedule refused a route of the kernel: a search gets over it, a test does not."""
    yield
    refused = [record.getMessage() for when in ("setup", "call") for record in caplog.get_records(when)
               if getattr(record, "action", "") == "route_refused"]  # fmt: skip
    assert not refused

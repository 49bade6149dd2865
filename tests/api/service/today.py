"""The local day, for tests of what happened today: none of them goes on over midnight."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LONGEST = timedelta(minutes=3)
"""That such a test takes, on a busy machine too."""


def today() -> date:
    return datetime.now(ZONE).date()


def begin_a_day() -> date:
    """Wait for the next day when this one ends before a test could; returns the day that lasts."""
    if (datetime.now(ZONE) + LONGEST).date() != (ending := today()):
        while today() == ending:
            time.sleep(0.1)
    return today()

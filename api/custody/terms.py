"""The rules of invitation and storage that events are held against."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from api.custody.invitations import Terms
from api.network.calendar import Calendar
from api.network.settings import Attempts, Storage


def default_terms() -> Terms:
    """The law's own numbers and the country's holidays; the shorter storage, so that nobody is blamed wrongly."""
    return Terms(Calendar(), Attempts(), Storage(), ZoneInfo("Asia/Ho_Chi_Minh"), rural=False)

"""
PINs that come sealed with an event: opened once, when the event is taken in, and held against those that were issued.

A duplicate is not looked at again, so sending again costs nobody an attempt. When the server lacks the key of the
issued PINs, or no PIN was issued yet, the event is taken in all the same, says that its PIN was not checked, and waits
until it can be (`late_pins`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from api.custody.pieces import Piece
from api.custody.pin import Arrival, PinVerdict, StoredPin, check_sealed
from api.custody.seal_keys import SealKeys
from api.errors import RefusedError
from api.tracking.pin_key import pin_key

logger = logging.getLogger(__name__)

NOT_CHECKED = Piece(
    "pin_not_checked",
    "Mã PIN chưa được kiểm tra: máy chủ thiếu khóa mã PIN.",
    "The PIN has not been checked: the server lacks the key of the PINs.",
)


@dataclass(frozen=True, slots=True)
class PinCheck:
    """What the server needs to check PINs."""

    folder: Path
    """`keys` of the data folder."""
    seal: SealKeys

    def check(
        self, sealed: str, event_id: str, stored: Sequence[StoredPin], now: datetime, *, courier: str | None
    ) -> Arrival:
        """Check a PIN on its arrival, as `pin.check_sealed`."""
        try:
            key = pin_key(self.folder, may_make=False) if stored else b""
        except RefusedError:
            logger.exception("the key of the PINs is missing", extra={"action": "custody"})
            return Arrival(PinVerdict.NOT_CHECKED, tuple(stored), NOT_CHECKED)
        return check_sealed(sealed, event_id, stored, key, self.seal.keys, now, courier=courier)

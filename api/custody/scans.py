"""
Scans instead of papers: an `ACCEPT` with `scans_only` takes a dossier in, and its papers stay with the citizen.

Nobody of the post ever holds such papers, so the shipment is done at once. That is for procedures only of which the
list in force says that scans suffice (`digital_enough`); for any other one the event is a fact all the same, and named.
"""

from __future__ import annotations

from typing import Final

from api.custody.event_data import AcceptData
from api.custody.events import Event
from api.custody.pieces import Piece


def is_scans_only(event: Event) -> bool:
    """Whether an event takes in scans, and no paper."""
    return isinstance(event.data, AcceptData) and event.data.scans_only is True


SCANS_NOT_ENOUGH: Final = Piece(
    "scans_not_enough",
    "Thủ tục của bưu gửi không cho phép chỉ gửi bản quét: phải nhận cả giấy tờ.",
    "The shipment's procedure does not say that scans suffice: the papers have to be taken in.",
)

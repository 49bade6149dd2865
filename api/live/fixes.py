"""Which fixes of a batch are kept: within the shift, where couriers can be, at a time that can be known."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from api.live.position_store import Fix
from api.live.rounds import PublishedDay, Round
from api.live.schemas import FixBatch, FixIn, RefusedFix

WRONG_CLOCK: Final = timedelta(minutes=2)
"""A device whose clock is off by more is not believed: the way to the server takes seconds at most."""

_REASONS: Final = {
    "outside_shift": ("Ngoài ca làm việc; không ghi vị trí.", "Outside of the shift: not kept."),
    "outside_area": ("Tọa độ nằm ngoài vùng của kế hoạch.", "The place lies outside of the plan's area."),
    "in_future": ("Thời điểm muộn hơn lúc gửi.", "It is later than the moment of sending."),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """A batch, gone through."""

    good: tuple[Fix, ...]
    """Distinct by the device's time."""
    refused: tuple[RefusedFix, ...]
    clock_is_wrong: bool


def judged(batch: FixBatch, now: datetime, mine: Round, published: PublishedDay) -> Judged:
    """
    Go through a batch that came in now.

    A fix is as old as the device's clock says, whatever hour that clock shows: the server's time is what counts, as
    for custody events.
    """
    offset = now - batch.sent_at
    is_wrong = abs(offset) > WRONG_CLOCK
    good, refused = [], []
    for index, one in enumerate(batch.fixes):
        at = one.at + offset
        code = _fault(one, at, now, mine, published)
        if code is None:
            good.append(Fix(one.at, at, one.lon, one.lat, one.accuracy, one.speed, one.heading, is_wrong))
        else:
            vi, en = _REASONS[code]
            refused.append(RefusedFix(index=index, code=code, message_vi=vi, message_en=en))
    return Judged(tuple(good), tuple(refused), is_wrong)


def _fault(one: FixIn, at: datetime, now: datetime, mine: Round, published: PublishedDay) -> str | None:
    if at > now:
        return "in_future"
    if not mine.covers(at):
        return "outside_shift"
    return None if published.holds(one.lon, one.lat) else "outside_area"

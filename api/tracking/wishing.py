"""Which wishes the post can keep, and in which words it refuses the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import Row

from api.errors import RefusedError
from api.network.model import Network
from api.shipments.model import ShipmentKind
from api.shipments.wishes import Wish
from api.tables.moments import SPAN
from api.tables.spans import Span
from api.tallies.figures import ZONE
from api.tracking.telling import State
from api.tracking.visits import DAYS_AHEAD, Ahead

SHORTEST: Final = 3_600
"""Seconds: a courier cannot promise a narrower window."""
MOST_WISHES: Final = 20
"""Of one shipment."""
_WAITS: Final = frozenset({State.ANNOUNCED, State.AT_SITE, State.TRAVELLING, State.INVITED, State.HELD})
"""States in which a visit at the citizen's door may still be ahead."""


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """A day on which couriers go to the citizen's commune."""

    day: date
    hours: Span
    """From the first shift's beginning to the last one's end; of today, what is left of them."""


def working_days(network: Network, row: Row[Any], now: datetime) -> Iterator[WorkingDay]:
    """
    Name the days, from today on, for which a wish may be left.

    Parameters
    ----------
    network
        With the rows of every day.
    row
        Of the shipment.
    """
    local = now.astimezone(ZONE)
    for step in range(DAYS_AHEAD + 1):
        day = local.date() + timedelta(days=step)
        hours = _hours(network, row, day)
        if hours is not None and step == 0:
            midnight = datetime.combine(day, time(), ZONE)
            # On the quarter: a page offers round times.
            gone = -(-int((local - midnight).total_seconds()) // 900) * 900
            hours = Span(max(hours.start, gone), hours.end)
        if hours is not None and hours.end - hours.start >= SHORTEST:
            yield WorkingDay(day, hours)


def _hours(network: Network, row: Row[Any], day: date) -> Span | None:
    if not network.calendar.is_working(day):
        return None
    there = network.on(day)
    base = there.base_of_commune(_citizens(row, "commune"))
    shifts = [courier.shift for courier in there.crew() if courier.base_id == base]
    return Span(min(one.start for one in shifts), max(one.end for one in shifts)) if shifts else None


def require_free_door(row: Row[Any], state: State, wishes: int) -> None:
    """
    Make sure that something may still be wished.

    Parameters
    ----------
    wishes
        Left before for this shipment.

    Raises
    ------
    RefusedError
        With the reason, when there is no visit at a citizen's door ahead, or the courier has it already.
    """
    if row.name is None:
        raise RefusedError("Dữ liệu cá nhân đã bị xóa theo thời hạn.", "Personal data were erased by retention.")
    if row.kind == ShipmentKind.TRANSFER:
        raise RefusedError("Bưu gửi này không đến nhà người dân.", "This shipment comes to no citizen.")
    if state is State.OUT:
        raise RefusedError(
            "Bưu tá đang mang đi phát, không nhận thêm lời nhắn được. Xin gọi bưu cục.",
            "The courier is on the way with it and cannot be told any more. Please call the post office.",
        )
    if state not in _WAITS or (row.kind == ShipmentKind.INTAKE and state is not State.ANNOUNCED):
        raise RefusedError(
            "Bưu điện không còn phải đến nhà ông bà với bưu gửi này.",
            "The post does not have to come to your door with this shipment any more.",
        )
    if wishes >= MOST_WISHES:
        raise RefusedError(
            f"Đã thay đổi {MOST_WISHES} lần. Xin gọi bưu cục.",
            f"It was changed {MOST_WISHES} times already. Please call the post office.",
        )


def require_not_fixed(wish: Wish, kept: Wish | None, fixed: Ahead, now: datetime) -> None:
    """
    Make sure that no published round is against a wish.

    Parameters
    ----------
    kept
        The wish before: a note may be added to its hours when they cannot be changed any more.

    Raises
    ------
    RefusedError
        When the round is under way, or planned for this shipment or this day already.
    """
    visit = fixed.visit
    if visit is not None and visit.departs <= now:
        at = visit.arrives.astimezone(ZONE)
        raise RefusedError(
            f"Bưu tá đang trên đường, dự kiến đến lúc {at:%H:%M}. Xin gọi bưu cục.",
            f"The courier is on the way and expected at {at:%H:%M}. Please call the post office.",
        )
    if not wish.asks_new_hours(kept):
        return
    if visit is not None:
        at = visit.arrives.astimezone(ZONE)
        raise RefusedError(
            f"Chuyến phát ngày {at:%d/%m} đã xếp bưu gửi này, dự kiến {at:%H:%M}; không đổi giờ ở đây được nữa. "
            "Ông bà vẫn có thể để lại lời nhắn, hoặc gọi bưu cục.",
            f"The round of {at:%d/%m} has this shipment already, expected at {at:%H:%M}; the time cannot be changed "
            "here any more. You can still leave a note, or call the post office.",
        )
    if wish.day in fixed.published:
        raise RefusedError(
            f"Các chuyến phát ngày {wish.day:%d/%m} đã xếp xong. Hãy chọn ngày khác.",
            f"The rounds of {wish.day:%d/%m} are fixed already. Choose another day.",
        )


def require_worked(wish: Wish, row: Row[Any], days: Iterator[WorkingDay]) -> None:
    """
    Make sure that couriers work in the hours that somebody wishes.

    Raises
    ------
    RefusedError
        With the hours of that day, or that there are none.
    """
    if wish.day is None or wish.window is None:
        return
    if _citizens(row, "site") is not None:
        raise RefusedError(
            "Bưu gửi này giao nhận tại bưu cục, không đến nhà: không hẹn giờ được.",
            "This shipment is handed over at a post office, not at your door: no time can be chosen.",
        )
    that_day = next((one for one in days if one.day == wish.day), None)
    if that_day is None:
        raise RefusedError(
            f"Ngày {wish.day:%d/%m} không có bưu tá đến xã, phường của ông bà, hoặc quá xa. Hãy chọn ngày khác.",
            f"On {wish.day:%d/%m} no courier goes to your commune, or it is too far ahead. Choose another day.",
        )
    hours, window = that_day.hours, wish.window
    if window.start < hours.start or window.end > hours.end:
        written = SPAN.write(hours)
        raise RefusedError(
            f"Ngày {wish.day:%d/%m} bưu tá đi trong khoảng {written}. Hãy chọn giờ trong khoảng đó.",
            f"On {wish.day:%d/%m} couriers go out in {written}. Choose hours within.",
        )
    if window.end - window.start < SHORTEST:
        raise RefusedError("Khoảng giờ phải dài ít nhất một giờ.", "The window has to be an hour long at least.")


def _citizens(row: Row[Any], what: str) -> Any:
    """`site` or `commune` of the end that is the citizen's."""
    return getattr(row, f"{'origin' if row.kind == ShipmentKind.INTAKE else 'dest'}_{what}")

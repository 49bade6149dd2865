"""
The clock: set by somebody, and not behind what was written already.

The kernel knows whether a time service keeps it: adjtimex(2), STA_UNSYNC. No network is asked.
"""

from __future__ import annotations

import ctypes
import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.doctor.findings import Finding, failure, warning, well

_STA_UNSYNC = 0x0040
_STATUS_OFFSET = 5 * ctypes.sizeof(ctypes.c_long)
"""struct timex: modes (int, padded), offset, freq, maxerror, esterror (long each), then status (int)."""
_TIMEX_BYTES = 512
"""More than the struct has."""
ZONE = "Asia/Ho_Chi_Minh"
OFFSET = timedelta(hours=7)
"""The whole year round since 1975."""
SLACK = timedelta(seconds=1)


def kernel_status() -> int:
    """
    Ask the kernel how the clock is kept.

    Raises
    ------
    OSError
        When it does not say.
    """
    buffer = ctypes.create_string_buffer(_TIMEX_BYTES)
    if ctypes.CDLL(None, use_errno=True).adjtimex(buffer) < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return int.from_bytes(buffer.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], "little")


def check_synchronised(status: int) -> Finding:
    """Somebody keeps the clock."""
    if status & _STA_UNSYNC:
        said = "Không có ai chỉnh đồng hồ máy chủ.", "Nobody keeps the server's clock."
        return warning("clock", said, ("Cài và bật chrony; xem: chronyc tracking", "Install chrony; chronyc tracking"))
    return well("clock", "Đồng hồ được chỉnh thường xuyên.", "The clock is kept.")


def check_zone(now: datetime) -> Finding:
    """The time zone of the post is known, with its offset; the machine's own is the same, for timers and people."""
    try:
        offset = now.astimezone(ZoneInfo(ZONE)).utcoffset()
    except ZoneInfoNotFoundError:
        offset = None
    if offset != OFFSET:
        said = f"Máy chủ không biết đúng múi giờ {ZONE}.", f"The machine does not know the time zone {ZONE} rightly."
        return failure("zone", said, ("Cài gói tzdata.", "Install the package tzdata."))
    own = now.astimezone().utcoffset()
    if own != OFFSET:
        said = f"Múi giờ của máy chủ lệch: UTC{now.astimezone():%z}.", f"The machine is at UTC{now.astimezone():%z}."
        return warning("zone", said, (f"timedatectl set-timezone {ZONE}", f"timedatectl set-timezone {ZONE}"))
    return well("zone", f"Múi giờ {ZONE}, UTC+7.", f"Time zone {ZONE}, UTC+7.")


def check_not_behind(now: datetime, newest: datetime | None) -> Finding:
    """The clock is not before the newest thing that the database has."""
    if newest is not None and now < newest - SLACK:
        said = (
            f"Đồng hồ ({now:%d/%m/%Y %H:%M:%S} UTC) chậm hơn bản ghi mới nhất ({newest:%d/%m/%Y %H:%M:%S} UTC).",
            f"The clock ({now.isoformat()}) is behind the newest record ({newest.isoformat()}).",
        )
        return failure("clock_behind", said, ("Dừng dịch vụ, chỉnh giờ rồi chạy lại.", "Stop, set the clock, start."))
    return well("clock_behind", "Đồng hồ không chậm hơn dữ liệu.", "The clock is not behind the data.")

"""The data folder: ours alone, with room, and a disk that flushes in time."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from api.doctor.findings import Finding, failure, warning, well

LEAST_SHARE, LEAST_BYTES = 0.2, 10e9
SLOWEST_FLUSH = 0.020
"""Seconds."""
_FLUSHES = 11


def check_folder(folder: Path) -> Finding:
    """The folder is there, can be written, and nobody else reads it."""
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        said = f"Không ghi được vào {folder}.", f"{folder} cannot be written."
        owner = "Chạy lệnh dưới tài khoản của dịch vụ; tạo thư mục.", "Run as the service's user; make the folder."
        return failure("folder", said, owner)
    mode = folder.stat().st_mode & 0o777
    if mode & 0o077:
        said = f"{folder} mở cho người khác ({mode:04o}).", f"{folder} is open to others ({mode:04o})."
        return failure("folder", said, (f"chmod 0700 {folder}", f"chmod 0700 {folder}"))
    return well("folder", f"{folder}: ghi được, chỉ dịch vụ đọc.", f"{folder}: writable, for the service alone.")


def check_space(folder: Path) -> Finding:
    """There is room for the coming weeks."""
    usage = shutil.disk_usage(folder)
    share = usage.free / usage.total
    said = (
        f"Còn trống {usage.free / 1e9:.1f} GB ({share:.0%}).",
        f"{usage.free / 1e9:.1f} GB are free ({share:.0%}).",
    )
    if share < LEAST_SHARE or usage.free < LEAST_BYTES:
        return warning("space", said, ("Thêm đĩa, hoặc chuyển bản sao lưu cũ đi.", "Add disk, or move old backups."))
    return well("space", *said)


def check_flush(folder: Path) -> Finding:
    """A flush to the disk is quick: everybody's acknowledgement waits for one."""
    seconds = flush_seconds(folder)
    said = f"Ghi xuống đĩa mất {seconds * 1000:.1f} ms.", f"A flush takes {seconds * 1000:.1f} ms."
    if seconds > SLOWEST_FLUSH:
        return warning("flush", said, ("Dùng đĩa SSD trong máy cho dữ liệu.", "Use an SSD in the machine."))
    return well("flush", *said)


def flush_seconds(folder: Path) -> float:
    """Median time of a flush of 4 KB."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_FLUSHES):
            file.write(bytes(4096))
            file.flush()
            began = perf_counter()
            os.fsync(file.fileno())
            times.append(perf_counter() - began)
    return median(times)

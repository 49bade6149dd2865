"""Files of the geo room as commands read them: what is wrong with one is told in both languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from api.commands.console import Voice
from api.errors import InputError, NotFoundError, RowError
from geo.errors import (
    ClipError,
    CutOffError,
    EmptyClipError,
    EmptyRoadsError,
    ExtractError,
    FerryOverrideError,
    GeoError,
    NotExtractError,
    NotRoadsError,
    RowFault,
    SpeedTableError,
    StaleRoadsError,
    TooFarError,
    TracesError,
)
from geo.ferry_overrides import COLUMNS, FerryFault

T = TypeVar("T")

STAGES = {
    "hash": ("Tính mã kiểm", "Hashing"),
    "read": ("Đọc tệp bản đồ", "Reading the extract"),
    "build": ("Dựng mạng đường", "Building the network"),
    "contract": ("Tính đường tắt", "Finding shortcuts"),
}

FAULTS: dict[type[GeoError], tuple[str, str]] = {
    EmptyClipError: ("empty_clip", "không có đường nào của tệp nằm trong vùng cắt ({reason})"),
    EmptyRoadsError: ("no_roads", "không có đường nào dùng được cho một loại phương tiện ({reason})"),
    NotExtractError: (
        "not_extract", "không phải bản trích OpenStreetMap; cần .osm.pbf, .osm, .osm.gz hoặc .osm.bz2 ({reason})",
    ),
    CutOffError: ("cut_off_extract", "tệp OpenStreetMap bị cắt cụt, chưa tải hết; hãy tải lại ({reason})"),
    ExtractError: ("bad_extract", "không đọc được tệp OpenStreetMap, tệp hỏng hoặc không có quyền đọc ({reason})"),
    ClipError: ("bad_clip", "vùng cắt không dùng được; cần đa giác GeoJSON hoặc tây,nam,đông,bắc, độ WGS84 ({reason})"),
    TooFarError: ("too_far", "đường đi dài quá mức tính chính xác được; hãy chọn vùng nhỏ hơn ({reason})"),
    StaleRoadsError: ("stale_roads", "tệp đường do phiên bản khác dựng; hãy dựng lại từ tệp OpenStreetMap ({reason})"),
    NotRoadsError: ("bad_road_file", "không phải tệp đường của Đường Thư, hoặc tệp bị hỏng ({reason})"),
    TracesError: ("bad_trace", "không dùng được vết GPS này ({reason})"),
    SpeedTableError: ("bad_speed_table", "bảng tốc độ không dùng được ({reason})"),
}  # fmt: skip
"""Code and Vietnamese message of what may be wrong with a file; the English one is the error's own."""

FERRY_FAULTS: dict[str, str] = {
    FerryFault.NOT_CSV: "tệp không phải CSV mã UTF-8",
    FerryFault.NO_WAY_COLUMN: "thiếu cột `way`",
    FerryFault.UNKNOWN_COLUMN: f"không có cột {{value!r}}; các cột là {', '.join(COLUMNS)}",
    FerryFault.REPEATED_COLUMN: "cột {value!r} lặp lại",
    FerryFault.TOO_MANY_CELLS: "dòng có nhiều ô hơn tiêu đề: {value!r}",
    FerryFault.NO_WAY_ID: "{value!r} không phải mã way OpenStreetMap (số nguyên)",
    FerryFault.REPEATED_WAY: "way {value} đã có ở dòng trước",
    FerryFault.NOT_YES_NO: "{value!r} không phải yes hay no",
    FerryFault.NOT_MINUTES: "{value!r} không phải số phút từ 0 đến 1440; thời gian qua phà phải lớn hơn 0",
    FerryFault.TWO_WAITS: "boarding_minutes đã gồm thời gian chờ: hãy để trống interval_minutes (đang ghi {value!r})",
    FerryFault.BAD_HOURS: "{value!r} không phải giờ hoạt động dùng được, ví dụ `Mo-Su 04:30-22:00`",
}
"""Vietnamese words for a fault in a table of ferry overrides; the English ones are the fault's own."""


def read_file(path: Path, reader: Callable[[Path], T]) -> T:
    """
    Read a file, or a folder of them.

    Raises
    ------
    InputError
        When it cannot be used.
    NotFoundError
        When it is not there.
    """
    try:
        return reader(path)
    except FerryOverrideError as error:
        raise InputError(_ferry_row(path, fault) for fault in error.faults) from error
    except GeoError as error:
        raise unusable(path.name, error) from error
    except FileNotFoundError as error:
        raise NotFoundError(f"Không có tệp {path}.", f"There is no file {path}.") from error
    except OSError as error:
        reason = error.strerror or str(error)
        row = RowError(
            path.name, None, None, "unreadable", f"không đọc được tệp ({reason})", f"cannot be read ({reason})"
        )
        raise InputError([row]) from error


def unusable(file: str, error: GeoError) -> InputError:
    """The same fault for a person: every place that it names, or the file as a whole."""
    code, text_vi = next(fault for kind, fault in FAULTS.items() if isinstance(error, kind))
    places = error.faults if isinstance(error, TracesError) else [(file, None, str(error))]
    return InputError(
        RowError(name, row, None, code, text_vi.format(reason=reason), reason) for name, row, reason in places
    )


def _ferry_row(path: Path, fault: RowFault) -> RowError:
    text_vi = FERRY_FAULTS[fault.code].format(value=fault.value)
    return RowError(path.name, fault.row, fault.column, fault.code, text_vi, fault.reason)


class Stages:
    """A bar on the terminal that follows the stages of a build; nothing where there is no terminal."""

    def __init__(self, voice: Voice) -> None:
        console = Console(stderr=True)
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        self._bar = Progress(
            *columns, TimeElapsedColumn(), console=console, transient=True, disable=not console.is_terminal
        )
        self._tasks = {
            stage: self._bar.add_task(voice.text(*texts), total=None, visible=False) for stage, texts in STAGES.items()
        }

    def __enter__(self) -> Stages:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        self._bar.update(self._tasks[stage], completed=done, total=total, visible=True)

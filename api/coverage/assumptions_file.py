"""`coverage.toml` in, `Assumptions` out; every key that is unknown or holds nonsense is named."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from math import inf, isfinite
from pathlib import Path
from typing import Any

from api.coverage.assumed_hours import of_no_use, read_hours, read_span
from api.coverage.assumptions import Assumptions, Curve, names
from api.coverage.document import Means
from api.errors import InputError, RowError, RowRef
from api.messages import did_you_mean, row_error, shown
from api.network.settings_reader import parse_toml
from api.tables.files import FileError
from geo.errors import OpeningHoursError

TABLE = "coverage"


def read_assumptions(path: Path | None) -> Assumptions:
    """
    Read a province's own assumptions; what the file does not name keeps its usual value.

    Parameters
    ----------
    path
        None = none of its own.

    Raises
    ------
    InputError
        With a row for each key that is unknown or cannot be used.
    FileNotFoundError
        When there is no such file.
    """
    if path is None:
        return Assumptions()
    content = read_toml(path)
    errors = [_unknown(path.name, key, (TABLE,)) for key in content if key != TABLE]
    table = content.get(TABLE, {})
    if not isinstance(table, Mapping):
        raise InputError([_wrong(path.name, TABLE, table, ("một bảng [coverage]", "a table [coverage]"))])
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in names():
            errors.append(_unknown(path.name, f"{TABLE}.{key}", tuple(f"{TABLE}.{name}" for name in names())))
            continue
        *needed, read = _RULES[key]
        try:
            values[key] = read(value)
        except (ValueError, TypeError, OpeningHoursError):
            errors.append(_wrong(path.name, f"{TABLE}.{key}", value, needed))
    if errors:
        raise InputError(errors)
    found = replace(Assumptions(), **values)
    if found.main_minutes not in found.limits_minutes:
        raise InputError([_beside_the_limits(path.name, found, given=values.keys())])
    if faults := [*of_no_use(path.name, TABLE, found)]:
        raise InputError(faults)
    return found


def read_toml(path: Path) -> Mapping[str, Any]:
    """
    Read a TOML file.

    Raises
    ------
    InputError
        When it is no TOML, not UTF-8, or has whole numbers of more than 64 bits, which TOML does not know.
    """
    try:
        content = parse_toml(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        said = RowError(path.name, None, None, "encoding", "tệp không phải UTF-8", "the file is not UTF-8")
        raise InputError([said]) from error
    except FileError as error:
        raise InputError([error.error]) from error
    if huge := [_too_large(path.name, where) for where in _beyond_64_bits(content, "")]:
        raise InputError(huge)
    return content


def _beyond_64_bits(value: object, where: str) -> Iterator[str]:
    """Where they stand, entries counted from 1."""
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _beyond_64_bits(part, f"{where}.{key}".removeprefix("."))
    elif isinstance(value, list):
        for number, part in enumerate(value, 1):
            yield from _beyond_64_bits(part, f"{where}[{number}]")
    elif isinstance(value, int) and not -(2**63) <= value < 2**63:
        yield where


def _too_large(file: str, where: str) -> RowError:
    vi, en = "số nguyên quá lớn: TOML chỉ có số 64 bit", "the whole number is too large: TOML has 64 bits"
    return RowError(shown(file), None, shown(where), "too_large", vi, en)


def _number(low: float, high: float) -> tuple[str, str, Callable[[Any], Any]]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise ValueError
        return float(value)

    return f"số từ {low:g} đến {_many(high, '.')}", f"a number from {low:g} to {_many(high, ',')}", read


def _whole(low: int, high: int) -> tuple[str, str, Callable[[Any], Any]]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError
        return value

    needed = f"số nguyên từ {low} đến {_many(high, '.')}", f"a whole number from {low} to {_many(high, ',')}"
    return *needed, read


def _many(number: float, thousands: str) -> str:
    return f"{number:,.0f}".replace(",", thousands)


def _curve(*, rising: bool) -> tuple[str, str, Callable[[Any], Any]]:
    def read(value: Any) -> Curve:
        coordinate = _number(-inf, inf)[2]
        points = tuple((coordinate(x), coordinate(y)) for x, y in value)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        in_order = xs == sorted(set(xs)) and ys == sorted(ys, reverse=not rising)
        if not points or not in_order or not all(isfinite(x) and x >= 0 and 0 <= y <= 1 for x, y in points):
            raise ValueError
        return points

    vi, en = ("không giảm", "never falling") if rising else ("không tăng", "never rising")
    return (
        f"danh sách [[x, tỷ lệ], ...], x từ 0 trở lên và tăng dần, tỷ lệ từ 0 đến 1 và {vi}",
        f"a list [[x, share], ...], x from 0 up and ascending, shares from 0 to 1 and {en}",
        read,
    )


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _limits(value: Any) -> tuple[int, ...]:
    limits = tuple(_whole(1, 600)[2](one) for one in value)
    if not limits or list(limits) != sorted(set(limits)):
        raise ValueError
    return limits


_SHARE, _SPREAD, _DONG = _number(0, 1), _number(0, 1), _whole(0, 10**12)
_OSM = (
    "giờ mở cửa theo cú pháp OSM, như Mo-Fr 07:30-11:30; PH off",
    "opening hours in OSM syntax, such as Mo-Fr 07:30-11:30; PH off",
    read_hours,
)
_RULES: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "dossiers_per_1000": _number(0, 100_000),
    "results_per_1000": _number(0, 100_000),
    "response": _curve(rising=False),
    "response_days": _curve(rising=True),
    **dict.fromkeys(
        ("on_foot", "home_pickup", "free_pickup_response", "free_pickup_at_home", "to_door", "commune_level",
         "online_share", "fuel_share"),
        _SHARE,
    ),
    **dict.fromkeys(("place_spread", "level_spread"), _SPREAD),
    **dict.fromkeys(("new_point_dong", "borrowed_desk_dong", "mobile_visit_dong", "moved_desk_dong"), _DONG),
    "new_point_hours": _OSM,
    "borrowed_desk_hours": _OSM,
    "mobile_visit_hours": (
        "một khoảng giờ HH:MM-HH:MM, giờ đầu trước giờ cuối, như 07:30-11:30",
        "one span of hours HH:MM-HH:MM, the first before the second, such as 07:30-11:30",
        read_span,
    ),
    "mobile_stay_minutes": _whole(1, 480),
    "special_area": ("true hoặc false", "true or false", _flag),
    "floor_points": _whole(1, 100),
    "floor_radius_km": _number(0.1, 1000),
    "floor_people": _number(1, 10**7),
    **dict.fromkeys(("floor_hours", "floor_centre_hours"), _number(0.1, 24)),
    **dict.fromkeys(("floor_visits", "floor_special_visits"), _number(0.1, 14)),
    "limits_minutes": (
        "danh sách số phút tăng dần, mỗi số nguyên từ 1 đến 600, như [15, 30, 60]",
        "a list of minutes, ascending, each a whole number from 1 to 600, such as [15, 30, 60]",
        _limits,
    ),
    "main_means": ("walk hoặc motorbike", "walk or motorbike", Means),
    "main_minutes": _whole(1, 600),
    "least_days": _whole(1, 7),
    "weeks": _whole(1, 12),
    "warm_up_days": _whole(0, 10),
}  # fmt: skip


def _unknown(file: str, key: str, known: tuple[str, ...]) -> RowError:
    """The place of the row names the key."""
    hint = {"hint_vi": "", "hint_en": "", **did_you_mean(key, known)}
    vi, en = f"không có khóa này{hint['hint_vi']}", f"there is no such key{hint['hint_en']}"
    return RowError(shown(file), None, shown(key), "unknown_key", vi, en)


def _wrong(file: str, key: str, value: object, needed: Sequence[Any]) -> RowError:
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return row_error(RowRef(file), key, "bad_value", value=said, need_vi=needed[0], need_en=needed[1])


def _beside_the_limits(file: str, found: Assumptions, given: Collection[str]) -> RowError:
    """The main limit is one of the limits; where only one of the two is given, the other has its usual value."""
    limits = ", ".join(map(str, found.limits_minutes))
    usual = [
        ("", "") if name in given else (" (mặc định)", " (the default)") for name in ("main_minutes", "limits_minutes")
    ]
    (main_vi, main_en), (limits_vi, limits_en) = usual
    vi = (
        f"mốc chính {found.main_minutes} phút{main_vi} không nằm trong limits_minutes = [{limits}]{limits_vi}: "
        "main_minutes phải là một trong các mốc ấy"
    )
    en = (
        f"the main limit of {found.main_minutes} minutes{main_en} is not in limits_minutes = [{limits}]{limits_en}: "
        "main_minutes must be one of those"
    )
    key = "main_minutes" if "main_minutes" in given else "limits_minutes"
    return RowError(shown(file), None, f"{TABLE}.{key}", "main_not_a_limit", vi, en)

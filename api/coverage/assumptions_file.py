"""`coverage.toml` in, `Assumptions` out; every key that is unknown or holds nonsense is named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from api.coverage.assumptions import Assumptions, Curve, names
from api.coverage.document import Means
from api.errors import InputError, RowError, RowRef
from api.messages import did_you_mean, row_error
from api.network.settings_reader import parse_toml
from api.tables.files import FileError
from geo import opening_hours
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
        raise InputError([_wrong(path.name, TABLE, table, "một bảng [coverage]", "a table [coverage]")])
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in names():
            errors.append(_unknown(path.name, f"{TABLE}.{key}", tuple(f"{TABLE}.{name}" for name in names())))
            continue
        need_vi, need_en, read = _RULES[key]
        try:
            values[key] = read(value)
        except (ValueError, TypeError, OpeningHoursError):
            errors.append(_wrong(path.name, f"{TABLE}.{key}", value, need_vi, need_en))
    if errors:
        raise InputError(errors)
    return replace(Assumptions(), **values)


def read_toml(path: Path) -> Mapping[str, Any]:
    """
    Read a TOML file.

    Raises
    ------
    InputError
        When it is no TOML, or not UTF-8.
    """
    try:
        return parse_toml(path.read_text(encoding="utf-8"), path.name)
    except UnicodeDecodeError as error:
        said = RowError(path.name, None, None, "encoding", "tệp không phải UTF-8", "the file is not UTF-8")
        raise InputError([said]) from error
    except FileError as error:
        raise InputError([error.error]) from error


def _number(low: float, high: float) -> tuple[str, str, Callable[[Any], Any]]:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            raise ValueError
        return float(value)

    return f"số từ {low:g} đến {high:g}", f"a number from {low:g} to {high:g}", read


def _whole(low: int, high: int) -> tuple[str, str, Callable[[Any], Any]]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise ValueError
        return value

    return f"số nguyên từ {low} đến {high}", f"a whole number from {low} to {high}", read


def _curve(*, rising: bool) -> tuple[str, str, Callable[[Any], Any]]:
    def read(value: Any) -> Curve:
        points = tuple((float(x), float(y)) for x, y in value)
        xs, ys = [x for x, _ in points], [y for _, y in points]
        in_order = xs == sorted(set(xs)) and ys == sorted(ys, reverse=not rising)
        if not points or not in_order or not all(x >= 0 and 0 <= y <= 1 for x, y in points):
            raise ValueError
        return points

    vi, en = ("không giảm", "never falling") if rising else ("không tăng", "never rising")
    return (
        f"danh sách [[x, tỷ lệ], ...], x tăng dần, tỷ lệ từ 0 đến 1 và {vi}",
        f"a list [[x, share], ...], x ascending, shares from 0 to 1 and {en}",
        read,
    )


def _hours(value: Any) -> str:
    opening_hours.validate(value)
    return str(value)


def _span(value: Any) -> str:
    opening_hours.validate(f"Mo {value}")
    if "-" not in value or any(letter.isalpha() for letter in value):
        raise ValueError
    return str(value)


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
_OSM = ("giờ mở cửa theo cú pháp OSM", "opening hours in OSM syntax", _hours)
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
    "mobile_visit_hours": ("một khoảng giờ như 07:30-11:30", "a span of hours such as 07:30-11:30", _span),
    "mobile_stay_minutes": _whole(1, 480),
    "special_area": ("true hoặc false", "true or false", _flag),
    "limits_minutes": ("các số phút tăng dần", "minutes, ascending", _limits),
    "main_means": ("walk hoặc motorbike", "walk or motorbike", Means),
    "main_minutes": _whole(1, 600),
    "least_days": _whole(1, 7),
    "weeks": _whole(1, 12),
    "warm_up_days": _whole(0, 10),
}  # fmt: skip


def _unknown(file: str, key: str, known: tuple[str, ...]) -> RowError:
    return row_error(RowRef(file), key, "unknown_key", value=key, **did_you_mean(key, known))


def _wrong(file: str, key: str, value: object, need_vi: str, need_en: str) -> RowError:
    return RowError(file, None, key, "bad_value", f"{value!r}: cần {need_vi}", f"{value!r}: {need_en} is needed")

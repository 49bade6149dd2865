"""
`scenarios.toml` in, scenarios out; every key that is unknown or holds nonsense is named.

    [[scenario]]
    key = "three-desks"
    title_vi = "Chuyển ba quầy vào bưu cục"
    title_en = "Three desks move into post offices"
    [[scenario.change]]
    kind = "move_desks"
    desks = ["QP-AP", "QP-TB", "QP-PT"]
    to = ["BC-AP", "BC-TB", "BC-PT"]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from api.coverage.assumptions_file import read_toml
from api.coverage.changes import (
    ApplyRemedies,
    Build,
    Change,
    FewerCouriers,
    FreePickup,
    FuelPrice,
    Merge,
    MoveDesks,
    Online,
    Spend,
)
from api.coverage.document import RemedyKind
from api.coverage.remedies import PRICED, Remedy
from api.coverage.scenarios import Scenario
from api.errors import InputError, RowError
from api.messages import shown
from api.misfits import misfit, path_of
from api.plans.schemas import Words
from geo.opening_hours import WEEKDAYS

_Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_Share = Annotated[float, Field(strict=True, ge=0, le=1)]
_Whole = Annotated[int, Field(strict=True)]
"""Neither a flag nor digits in quotes."""
_NOTHING = "nothing_built"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Remedy(_Table):
    place: _Text
    kind: RemedyKind
    weekday: _Text = "We"


class _Scenario(_Table):
    key: str = Field(pattern=r"^[A-Za-z0-9._-]+$")
    title_vi: _Text
    title_en: _Text
    change: tuple[dict[str, Any], ...] = ()
    targets: dict[str, _Share] | None = None


class _File(_Table):
    scenario: tuple[_Scenario, ...] = Field(min_length=1)


class _Build(_Table):
    k: _Whole
    remedy: RemedyKind = RemedyKind.NEW_POINT

    @field_validator("remedy")
    @classmethod
    def _does_something(cls, remedy: RemedyKind) -> RemedyKind:
        if remedy is RemedyKind.NOTHING:
            raise PydanticCustomError(_NOTHING, "nothing is built")
        return remedy


class _Spend(_Table):
    dong: _Whole = Field(le=10**15)


class _Remedies(_Table):
    remedies: tuple[_Remedy, ...] = Field(min_length=1)


class _MoveDesks(_Table):
    desks: tuple[_Text, ...] = Field(min_length=1)
    to: tuple[_Text, ...] = Field(min_length=1)


class _Online(_Table):
    share: _Share


class _FreePickup(_Table):
    places: tuple[_Text, ...] | None = Field(default=None, min_length=1)


class _Merge(_Table):
    communes: tuple[_Text, ...] = Field(min_length=1)
    base: _Text


class _FewerCouriers(_Table):
    base: _Text
    count: _Whole = 1


class _FuelPrice(_Table):
    factor: float = Field(strict=True, gt=0, le=100)


def _remedies(table: _Remedies) -> Change:
    return ApplyRemedies(tuple(Remedy(one.place, one.kind, WEEKDAYS.index(one.weekday)) for one in table.remedies))


_KINDS: dict[str, tuple[type[_Table], Callable[[Any], Change]]] = {
    "build": (_Build, lambda table: Build(table.k, table.remedy)),
    "spend": (_Spend, lambda table: Spend(table.dong)),
    "remedies": (_Remedies, _remedies),
    "move_desks": (_MoveDesks, lambda table: MoveDesks(table.desks, table.to)),
    "online": (_Online, lambda table: Online(table.share)),
    "free_pickup": (_FreePickup, lambda table: FreePickup(table.places)),
    "merge": (_Merge, lambda table: Merge(table.communes, table.base)),
    "fewer_couriers": (_FewerCouriers, lambda table: FewerCouriers(table.base, table.count)),
    "fuel_price": (_FuelPrice, lambda table: FuelPrice(table.factor)),
}
_FILE = TypeAdapter(_File)


def read_scenarios(path: Path | None) -> tuple[Scenario, ...]:
    """
    Read scenarios.

    Parameters
    ----------
    path
        None = none.

    Raises
    ------
    InputError
        With a row for each key that is unknown or cannot be used.
    FileNotFoundError
        When there is no such file.
    """
    return () if path is None else scenarios_of(read_toml(path), path.name)


def scenarios_of(content: Mapping[str, Any], file: str) -> tuple[Scenario, ...]:
    """Turn the content of such a file into scenarios; raises as `read_scenarios`."""
    try:
        tables = _FILE.validate_python(content)
    except ValidationError as error:
        raise InputError([_row(file, fault, ()) for fault in error.errors()]) from error
    keys = [table.key for table in tables.scenario]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        vi, en = f"hai kịch bản cùng mã {twice[0]}", f"two scenarios have the key {twice[0]}"
        raise InputError([RowError(file, None, "scenario.key", "duplicate", vi, en)])
    return tuple(_scenario(table, file) for table in tables.scenario)


def _scenario(table: _Scenario, file: str) -> Scenario:
    changes = tuple(_change(dict(change), file, f"{table.key}.change[{n}]") for n, change in enumerate(table.change, 1))
    return Scenario(table.key, Words(vi=table.title_vi, en=table.title_en), changes, table.targets)


def _change(content: dict[str, Any], file: str, where: str) -> Change:
    schema, make = _KINDS[_kind(content, file, f"{where}.kind")]
    try:
        return make(schema.model_validate(content))
    except ValidationError as error:
        raise InputError([_row(file, fault, (where,)) for fault in error.errors()]) from error
    except ValueError as error:
        vi = f"thứ trong tuần là một trong {', '.join(WEEKDAYS)}"
        en = f"a weekday is one of {', '.join(WEEKDAYS)}"
        raise InputError([RowError(file, None, where, "bad_value", vi, en)]) from error


def _kind(content: dict[str, Any], file: str, where: str) -> str:
    """Take out what kind of change it is."""
    known = ", ".join(_KINDS)
    if "kind" not in content:
        vi, en = f"thiếu khóa này; có: {known}", f"this key is missing; there are: {known}"
        raise InputError([RowError(file, None, where, "unknown_kind", vi, en)])
    kind = content.pop("kind")
    if isinstance(kind, str) and kind in _KINDS:
        return kind
    said = _said(kind)
    vi, en = f"không có loại “{said}”; có: {known}", f"there is no kind “{said}”; there are: {known}"
    raise InputError([RowError(file, None, where, "unknown_kind", vi, en)])


def _row(file: str, fault: Any, where: tuple[str, ...]) -> RowError:
    """The place of the row names the key; the words name the value and what is needed."""
    column = "".join((*where, "." if where and fault["loc"] else "", path_of(fault, first=1)))
    words = _reason(fault)
    value = (
        "" if fault["type"] in _OF_KEYS or isinstance(fault["input"], (dict, list)) else f"“{_said(fault['input'])}”: "
    )
    return RowError(file, None, column or None, "bad_value", f"{value}{words.vi}", f"{value}{words.en}")


def _reason(fault: Any) -> Words:
    if fault["type"] == "too_short" and fault["input"]:  # those of its entries that are wrong have rows of their own
        return _NO_ENTRY
    if fault["type"] in _REASONS:
        return _REASONS[fault["type"]]
    ranges = [_RANGES[part] for part in fault["loc"] if part in _RANGES]
    return ranges[0] if ranges and fault["type"] not in _OF_KEYS else misfit(fault)


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else shown(str(value))


_OF_KEYS = frozenset({"missing", "extra_forbidden"})
"""Faults of a key, not of its value."""
_REASONS = {
    "string_pattern_mismatch": Words(
        vi="mã chỉ gồm chữ không dấu, số và ._-", en="a key has letters, digits and ._- only"
    ),
    "too_short": Words(vi="danh sách không được trống", en="the list must not be empty"),
    "string_too_short": Words(vi="không được để trống", en="must not be empty"),
    _NOTHING: Words(
        vi=f"không mở gì cả; chọn một trong {', '.join(PRICED)}",
        en=f"builds nothing; choose one of {', '.join(PRICED)}",
    ),
}
_NO_ENTRY = Words(vi="không mục nào dùng được", en="none of its entries can be used")
_SHARE = Words(vi="phải là số từ 0 đến 1", en="must be a number from 0 to 1")
_RANGES = {
    "share": _SHARE,
    "targets": _SHARE,
    "factor": Words(vi="phải là số lớn hơn 0 và không quá 100", en="must be a number above 0, at most 100"),
}
"""By key: both ends, whichever of them a value is beyond."""

"""`settings.toml` in, `Settings` out; every key that is unknown or holds nonsense is named."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from api.custody.evidence_rules import WORDS
from api.custody.vocabulary import EventType, Reason
from api.errors import RowError, RowRef
from api.messages import Fact, did_you_mean, row_error
from api.network.rows import Vehicle
from api.network.settings import (
    Attempts,
    GroupOfBases,
    Penalties,
    PromisedDays,
    Reality,
    Settings,
    Storage,
    VisitTimes,
    Wave,
)
from api.tables.cells import Cell, CellError, Warn, clean
from api.tables.files import FileError
from api.tables.kinds import KEYS, MINUTES, TEXT, YES_NO, Kind, number, whole
from api.tables.moments import DAYS, TIME, write_span
from api.tables.spans import Span
from geo.profiles import ROAD_CLASSES

T = TypeVar("T")

_KPH = number(1, 130, "số km/giờ từ 1 đến 130", "kilometres an hour, 1 to 130")
NEEDED_BY = {"outcomes": tuple(EventType), "reasons": tuple(Reason)}
"""The parts of the table of evidence, and the names in each."""
_DAYS = whole(0, 366)
_SHARE = number(0, 1, "tỷ lệ từ 0 đến 1", "a share from 0 to 1")
_NOISE = number(0, 2, "số từ 0 đến 2", "a number from 0 to 2")
_DELAY = number(0, 600, "số phút từ 0 đến 600", "minutes, 0 to 600")
_DONG = whole()


def parse_toml(text: str, file: str) -> Mapping[str, Any]:
    """
    Read the text of a settings file.

    Raises
    ------
    FileError
        When it is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise FileError.of(file, "bad_toml", reason=str(error)) from error


def read_settings(content: Mapping[str, Any], file: str) -> tuple[Settings, list[RowError]]:
    """
    Turn a settings object into `Settings`; a key that is not there keeps its default.

    Returns
    -------
    settings
        With defaults in the place of whatever is wrong.
    errors
        One a wrong key; the column is the key's dotted name.
    """
    usual = Settings()
    keys = _Keys(content, RowRef(file))
    settings = Settings(
        name=keys.take("name", TEXT, usual.name),
        sample=keys.take("sample", YES_NO, usual.sample),
        timezone=keys.take("timezone", _ZONE, usual.timezone),
        weekend=keys.take("weekend", _WEEKEND, usual.weekend),
        reload_minutes=keys.take("reload_minutes", whole(0, 240), usual.reload_minutes),
        batching=keys.take("batching", YES_NO, usual.batching),
        spare_days=keys.take("spare_days", whole(0, 30), usual.spare_days),
        waves=keys.list_of("waves", _wave, usual.waves),
        plan_groups=keys.list_of("plan_groups", _group, usual.plan_groups),
        times=_times(keys.table("times"), usual.times),
        speeds=_speeds(keys.table("speeds")),
        promised_days=_numbers(keys.table("promised_days"), PromisedDays, _DAYS),
        storage=_numbers(keys.table("storage"), Storage, _DAYS),
        attempts=_numbers(keys.table("attempts"), Attempts, whole(0, 30)),
        evidence=_evidence(keys.table("evidence")),
        penalties=_numbers(keys.table("penalties"), Penalties, _DONG),
        simulation=_reality(keys.table("simulation")),
    )
    keys.finish()
    return settings, keys.errors


class _Keys:
    """One table of the file: what is asked for is known, what is left over is not."""

    def __init__(self, content: Any, ref: RowRef, path: str = "", errors: list[RowError] | None = None) -> None:
        self.ref = ref
        self.path = path
        self.errors = [] if errors is None else errors
        self.asked: set[str] = set()
        self.content: Mapping[str, Any] = content if isinstance(content, Mapping) else {}
        if not isinstance(content, Mapping):
            self.complain("", "bad_value", value=str(content), need_vi="một bảng", need_en="a table")

    def complain(self, name: str, code: str, **facts: Fact) -> None:
        column = f"{self.path}{name}".rstrip(".")
        self.errors.append(row_error(self.ref, column or None, code, **facts))

    def take(self, name: str, kind: Kind[T], default: T | None) -> T:
        """Read one value; None as default = it must be there."""
        self.asked.add(name)
        cell = clean(_cell(self.content.get(name)))
        if cell is None:
            if default is None:
                self.complain(name, "missing_key")
            return default  # type: ignore[return-value]  # an error is on record: nobody uses it
        try:
            return kind.parse(cell, _no_warning)
        except CellError as error:
            self.complain(name, error.code, **error.facts)
            return default  # type: ignore[return-value]

    def table(self, name: str) -> _Keys:
        self.asked.add(name)
        return _Keys(self.content.get(name, {}), self.ref, f"{self.path}{name}.", self.errors)

    def list_of(self, name: str, read: Callable[[_Keys], T], default: tuple[T, ...]) -> tuple[T, ...]:
        """Read an array of tables."""
        self.asked.add(name)
        items = self.content.get(name)
        if items is None:
            return default
        if not isinstance(items, list):
            need = {"need_vi": f"nhiều bảng [[{name}]]", "need_en": f"tables [[{name}]]"}
            self.complain(name, "bad_value", value=str(items), **need)
            return default
        keys = [_Keys(item, self.ref, f"{self.path}{name}[{n}].", self.errors) for n, item in enumerate(items, 1)]
        return tuple(read(key) for key in keys)

    def finish(self, known: Iterable[str] = ()) -> None:
        """Complain about every key that was not asked for."""
        names = self.asked | set(known)
        for name in self.content:
            if name not in names:
                self.complain(name, "unknown_key", value=name, **did_you_mean(name, names))


def _no_warning(code: str, **facts: Fact) -> None:
    """A settings file is written by hand: what is odd in a spreadsheet is plain here."""


def _cell(value: Any) -> Cell:
    if isinstance(value, list):
        return ";".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return str(dict(value))
    cell: Cell = value
    return cell


def _wave(keys: _Keys) -> Wave:
    before = len(keys.errors)
    wave = Wave(keys.take("name", TEXT, None), keys.take("start", TIME, None), keys.take("end", TIME, None))
    if len(keys.errors) == before and wave.end <= wave.start:
        keys.complain("end", "reversed_span", value=write_span(Span(wave.start, wave.end)))
    keys.finish()
    return wave


def _group(keys: _Keys) -> GroupOfBases:
    group = GroupOfBases(keys.take("name", TEXT, None), keys.take("bases", KEYS, None))
    keys.finish()
    return group


def _times(keys: _Keys, usual: Mapping[str, VisitTimes]) -> Mapping[str, VisitTimes]:
    times = {}
    for kind, default in usual.items():
        inner = keys.table(kind)
        times[kind] = VisitTimes(
            inner.take("setup_minutes", MINUTES, default.setup_minutes),
            inner.take("item_seconds", whole(0, 86_400), default.item_seconds),
        )
        inner.finish()
    keys.finish()
    return times


def _speeds(keys: _Keys) -> Mapping[Vehicle, Mapping[str, float]]:
    speeds = {}
    for vehicle in Vehicle:
        inner = keys.table(vehicle.value)
        given = [name for name in ROAD_CLASSES if name in inner.content]
        if given:
            speeds[vehicle] = {name: inner.take(name, _KPH, None) for name in given}
        inner.finish(ROAD_CLASSES)
    keys.finish()
    return speeds


def _numbers(keys: _Keys, of: Callable[..., T], kind: Kind[int]) -> T:
    """Read a dataclass whose fields are all whole numbers with defaults."""
    usual = of()
    names = usual.__dataclass_fields__  # type: ignore[attr-defined]
    values = {name: keys.take(name, kind, getattr(usual, name)) for name in names}
    keys.finish()
    return of(**values)


def _evidence(keys: _Keys) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Which names there are is custody's to say; a need is one of its pieces, or several joined by `|`."""
    found: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for part, names in NEEDED_BY.items():
        inner = keys.table(part)
        given = [name for name in names if name in inner.content]
        if given:
            found[part] = {name: _needs(inner, name) for name in given}
        inner.finish(names)
    keys.finish()
    return found


def _needs(keys: _Keys, name: str) -> tuple[str, ...]:
    """An empty list asks for nothing."""
    return keys.take(name, _NEEDS, ()) if keys.content[name] == [] else keys.take(name, _NEEDS, None)


def _reality(keys: _Keys) -> Reality:
    usual = Reality()
    kinds = {"travel_noise": _NOISE, "day_noise": _NOISE, "service_noise": _NOISE, "line_delay_minutes": _DELAY}
    names = usual.__dataclass_fields__
    values = {name: keys.take(name, kinds.get(name, _SHARE), getattr(usual, name)) for name in names}
    keys.finish()
    return Reality(**values)


def _parse_zone(cell: Cell, _warn: Warn) -> str:
    try:
        return ZoneInfo(str(cell)).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise CellError("unknown_zone", value=str(cell)) from None


def _parse_weekend(cell: Cell, warn: Warn) -> tuple[int, ...]:
    days = DAYS.parse(cell, warn)
    if len(days) == 7:
        raise CellError("bad_value", value=str(cell), need_vi="một ngày làm việc", need_en="a working day")
    return days


def _parse_needs(cell: Cell, _warn: Warn) -> tuple[str, ...]:
    needs = tuple(need.strip() for need in str(cell).split(";"))
    for name in "|".join(needs).split("|"):
        if name not in WORDS:
            raise CellError("bad_value", value=name, need_vi="tên một bằng chứng", need_en="the name of a piece")
    return needs


_NEEDS: Kind[tuple[str, ...]] = Kind(_parse_needs, ";".join, "tên các bằng chứng", "names of pieces of evidence")
_ZONE: Kind[str] = Kind(_parse_zone, str, "múi giờ IANA", "an IANA time zone")
_WEEKEND: Kind[tuple[int, ...]] = Kind(_parse_weekend, DAYS.write, "các ngày nghỉ trong tuần", "weekdays off")

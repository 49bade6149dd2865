"""
Communes, dated: three tiers until 30 June 2025, two tiers from 1 July 2025, and the way from old to new.

The facts (names, codes, points, areas, which old commune went where) are read from the data files of the package
`vietnamadminunits`. Its Python code is never imported: that alone takes two seconds.

What to know about these facts:

* A new commune keeps the code of one of the communes it was made of. The same five digits therefore name two different
  areas before and after the reform; read a code together with its date.
* Some old communes share one point with another one, because one of two places with nearly the same name was looked up
  twice; in An Giang these are Phú Thạnh and Phú Thành. Such communes have `shared_point` set: at least one of the
  two lies somewhere else, so place nothing there without saying so.
* The five island districts that had no communes (Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa, Lý Sơn, Côn Đảo) have no row before
  the reform; afterwards they are special zones.
"""

from __future__ import annotations

import json
import math
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.coordinates import haversine
from geo.errors import UnknownCommuneError

TWO_TIERS_FROM = date(2025, 7, 1)
"""First day without districts."""


@dataclass(frozen=True, slots=True)
class Commune:
    """The smallest administrative unit, as it stood in one of the two structures."""

    code: str
    """Five digits, leading zeros kept; means a different area before and after the reform."""
    name: str
    """With its kind: `Xã Phú Hữu`."""
    kind: str
    """`xã`, `phường`, `thị trấn` or `đặc khu`."""
    province_code: str
    province: str
    district_code: str | None
    """None = there are no districts any more."""
    district: str | None
    lon: float
    lat: float
    """A point of it, rounded to about 100 m after the reform; not always its centre, not always inside."""
    area_km2: float | None
    """None = unknown, as for all communes before the reform."""
    shared_point: bool = False
    """Another commune has the same point: at least one of the two is wrong."""

    @property
    def short_name(self) -> str:
        """Without its kind: `Phú Hữu`."""
        return self.name[len(self.kind) :].strip()


@dataclass(frozen=True, slots=True)
class Communes:
    """The communes in force on a day, in the order of their codes."""

    by_code: Mapping[str, Commune]

    def __len__(self) -> int:
        return len(self.by_code)

    def __iter__(self) -> Iterator[Commune]:
        return iter(self.by_code.values())

    def search(self, text: str, *, limit: int = 20) -> tuple[Commune, ...]:
        """
        Find communes by name, with or without diacritics, or by code.

        Parameters
        ----------
        text
            Words of the name; words of the district or province may follow: `phu huu an giang`.
        limit
            At most so many.

        Returns
        -------
        communes
            The best first: the whole name before its beginning before any other part.
        """
        wanted = fold(text)
        words = wanted.split()
        found = [commune for commune in self if words and all(word in _haystack(commune) for word in words)]
        return tuple(sorted(found, key=lambda commune: _rank(commune, wanted))[:limit])


def fold(text: str) -> str:
    """Lower case without diacritics, đ included; `Hoà` and `Hòa` become the same."""
    marked = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return " ".join("".join(letter for letter in marked if not unicodedata.combining(letter)).split())


def load_communes(on: date, province_code: str | None = None) -> Communes:
    """
    Read the communes in force on a day.

    Parameters
    ----------
    on
        Before 2025-07-01 the communes of three tiers (10,035), then those of two (3,321).
    province_code
        Two digits, of the province of that day; None = the whole country. An Giang is 89 before and 91 after.
    """
    communes = _new_communes() if on >= TWO_TIERS_FROM else _old_communes()
    if province_code is None:
        return communes
    chosen = {code: unit for code, unit in communes.by_code.items() if unit.province_code == province_code}
    return Communes(MappingProxyType(chosen))


def successors(code: str) -> tuple[str, ...]:
    """
    Name the new communes that an old one went into, the one that took most of it first.

    Raises
    ------
    UnknownCommuneError
        When no old commune had this code.
    """
    found = _successors().get(code)
    if found is None:
        raise UnknownCommuneError(code, f"no commune had the code {code!r} before {TWO_TIERS_FROM}")
    return found


def convert(code: str, on: date, point: tuple[float, float] | None = None) -> str:
    """
    Translate a commune code, old or new, into the one in force on a day.

    Parameters
    ----------
    code
        A code in force on that day stays as it is, even if an old commune had it too: wherever that happens the new
        commune holds at least part of the old one.
    on
        The day.
    point
        (lon, lat) of what lies there; decides when the old commune was divided. None = the part that took most.

    Returns
    -------
    code
        Of the commune in force. A divided one goes to the successor whose point is nearest in terms of its own size,
        which is a good guess, not a survey.

    Raises
    ------
    UnknownCommuneError
        When the code is unknown, or is a new one and the day lies before the reform.
    """
    if code in load_communes(on).by_code:
        return code
    if on < TWO_TIERS_FROM:
        raise UnknownCommuneError(code, f"no commune has the code {code!r} on {on}")
    candidates = successors(code)
    if point is None or len(candidates) == 1:
        return candidates[0]
    return min(candidates, key=lambda new: _distance_in_radii(_new_communes().by_code[new], point))


def _distance_in_radii(commune: Commune, point: tuple[float, float]) -> float:
    metres = float(haversine(commune.lon, commune.lat, *point))
    return metres / math.sqrt((commune.area_km2 or 1.0) / math.pi)


def _haystack(commune: Commune) -> str:
    return fold(f"{commune.code} {commune.name} {commune.district or ''} {commune.province}")


def _rank(commune: Commune, wanted: str) -> tuple[bool, bool, bool, str]:
    short, full = fold(commune.short_name), fold(commune.name)
    return (wanted not in (short, full), not short.startswith(wanted), wanted not in full, commune.code)


def _data_file(name: str) -> Path:
    spec = find_spec("vietnamadminunits")  # finds, but does not run, the package
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package vietnamadminunits is not installed", name="vietnamadminunits")
    return Path(spec.origin).parent / "data" / name


def _rows(query: str) -> list[sqlite3.Row]:
    uri = _data_file("dataset.db").as_uri() + "?mode=ro&immutable=1"
    with closing(sqlite3.connect(uri, uri=True)) as database:
        database.row_factory = sqlite3.Row
        return database.execute(query).fetchall()


@cache
def _new_communes() -> Communes:
    return _gather(
        _rows(
            "SELECT wardCode, ward, wardType, provinceCode, province, NULL AS districtCode, NULL AS district,"
            " wardLon, wardLat, wardAreaKm2 FROM admin_units ORDER BY wardCode"
        )
    )


@cache
def _old_communes() -> Communes:
    return _gather(
        _rows(
            "SELECT wardCode, ward, wardType, provinceCode, province, districtCode, district,"
            " wardLon, wardLat, NULL AS wardAreaKm2 FROM admin_units_legacy WHERE wardCode IS NOT NULL"
            " ORDER BY wardCode"
        )
    )


def _gather(rows: Iterable[sqlite3.Row]) -> Communes:
    rows = list(rows)
    uses = Counter((row["wardLon"], row["wardLat"]) for row in rows)
    communes = {
        row["wardCode"]: Commune(
            code=row["wardCode"],
            name=row["ward"],
            kind=row["wardType"].lower(),
            province_code=row["provinceCode"],
            province=row["province"],
            district_code=row["districtCode"],
            district=row["district"],
            lon=row["wardLon"],
            lat=row["wardLat"],
            area_km2=row["wardAreaKm2"],
            shared_point=uses[row["wardLon"], row["wardLat"]] > 1,
        )
        for row in rows
    }
    return Communes(MappingProxyType(communes))


@cache
def _successors() -> Mapping[str, tuple[str, ...]]:
    """New codes by old code, the main one first."""
    moved = json.loads(_data_file("converter_2025.json").read_text(encoding="utf-8"))
    new = {
        (row["provinceKey"], row["wardKey"]): row["wardCode"]
        for row in _rows("SELECT provinceKey, wardKey, wardCode FROM admin_units")
    }
    by_key = _whole(moved["DICT_PROVINCE_WARD_NO_DIVIDED"], new) | _divided(moved["DICT_PROVINCE_WARD_DIVIDED"], new)
    old = _rows(
        "SELECT wardCode, provinceKey || '_' || districtKey || '_' || wardKey AS wholeKey"
        " FROM admin_units_legacy WHERE wardCode IS NOT NULL"
    )
    return MappingProxyType({row["wardCode"]: by_key[row["wholeKey"]] for row in old})


def _whole(moved: Mapping[str, Any], new: Mapping[tuple[str, str], str]) -> dict[str, tuple[str, ...]]:
    return {
        old_key: (new[province, ward],)
        for province, wards in moved.items()
        for ward, old_keys in wards.items()
        for old_key in old_keys
    }


def _divided(moved: Mapping[str, Any], new: Mapping[tuple[str, str], str]) -> dict[str, tuple[str, ...]]:
    return {
        old_key: tuple(
            new[province, part["newWardKey"]] for part in sorted(parts, key=lambda part: not part["isDefaultNewWard"])
        )
        for province, divided in moved.items()
        for old_key, parts in divided.items()
    }

"""
What is known of a sample province, and what is assumed.

Names, codes, areas and populations stand in CSV files beside this one; points are read from the package
`vietnamadminunits` when they are needed. `README.md` names the sources and the assumptions.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files

import numpy as np

from geo.coordinates import FloatArray, from_plane, haversine, to_plane
from geo.units import TWO_TIERS_FROM, Commune, load_communes, successors

BEFORE_REFORM = TWO_TIERS_FROM - timedelta(days=1)

_FAR_RADII = 1.6  # an old commune's point further from its new commune's than this is taken for a wrong one


@dataclass(frozen=True, slots=True)
class Seat:
    """An old district and the town of its offices: the sample's bases."""

    key: str
    """Two letters, for codes of sites and couriers."""
    name: str
    district_code: str
    commune_code: str
    """Old commune of the offices."""


@dataclass(frozen=True, slots=True)
class Office:
    """A provincial agency."""

    key: str
    name: str
    agency_kind: str
    """As in the procedures."""


@dataclass(frozen=True, slots=True)
class SampleProvince:
    """One embedded province."""

    name: str
    """As typed on the command line."""
    title: str
    folder: str
    """Of its facts, beside this file."""
    old_province_code: str
    """Of the three-tier structure; its communes are the sample."""
    seats: tuple[Seat, ...]
    """The first one has the hub and the provincial agencies."""
    offices: tuple[Office, ...]
    lines: Mapping[str, tuple[str, ...]]
    """Keys of the seats that each level-2 line calls at after the hub."""
    communes_without_post: int
    num_couriers: int
    """Without reserves."""
    free_communes: tuple[str, ...]
    """New communes where the citizen pays no postage."""
    yearly_totals: Mapping[str, int]
    """Shipments of each kind in a year, at scale 1."""


@dataclass(frozen=True, slots=True)
class OldCommune:
    """A commune of the three-tier structure, at a point fit for a sample."""

    code: str
    name: str
    kind: str
    seat: Seat
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class SampleCommune:
    """A commune of today, with the old ones that it was made of."""

    code: str
    name: str
    area_km2: float
    population: int
    population_is_estimate: bool
    lon: float
    lat: float
    old: tuple[OldCommune, ...]
    """Those that went into it whole or for the most part."""

    @property
    def seat(self) -> Seat:
        """Of the district that most of its old communes belonged to."""
        seats = [old.seat for old in self.old]
        return max(seats, key=seats.count)


@dataclass(frozen=True, slots=True)
class SampleProcedure:
    """A procedure, with what the sample needs besides the network's columns."""

    columns: Mapping[str, str]
    """As in the file."""

    @property
    def code(self) -> str:
        return self.columns["procedure_code"]

    @property
    def level(self) -> str:
        return self.columns["level"]

    @property
    def agency_kind(self) -> str:
        return self.columns["agency_kind"]

    @property
    def postal(self) -> bool:
        return self.columns["postal"] == "yes"

    @property
    def fee_dong(self) -> int:
        """A round figure, not a tariff."""
        return int(self.columns["fee_dong"])

    @property
    def weight(self) -> int:
        """How often it is asked for, against the others."""
        return int(self.columns["weight"])

    @property
    def only_self(self) -> bool:
        return self.columns["recipient_policy"] == "self"


def read_communes(province: SampleProvince) -> tuple[SampleCommune, ...]:
    """Put the facts of a province's communes together with their points, in the order of their codes."""
    today = load_communes(date.max).by_code
    old = _old_communes(province)
    return tuple(
        SampleCommune(
            code=row["code"],
            name=row["name"],
            area_km2=float(row["area_km2"]),
            population=int(row["population"]),
            population_is_estimate=row["population_is_estimate"] == "yes",
            lon=today[row["code"]].lon,
            lat=today[row["code"]].lat,
            old=old[row["code"]],
        )
        for row in _rows(province, "communes.csv")
    )


def read_procedures(province: SampleProvince) -> tuple[SampleProcedure, ...]:
    """Read a province's procedures."""
    return tuple(SampleProcedure(row) for row in _rows(province, "procedures.csv"))


def shifted(lon: float, lat: float, east: float, north: float) -> tuple[float, float]:
    """A point some metres away, rounded to about a metre."""
    moved: FloatArray = from_plane(np.array([[east, north]]), origin=(lon, lat))
    return round(float(moved[0, 0]), 5), round(float(moved[0, 1]), 5)


def _rows(province: SampleProvince, name: str) -> list[dict[str, str]]:
    text = (files("api.demo") / province.folder / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _old_communes(province: SampleProvince) -> dict[str, tuple[OldCommune, ...]]:
    """Old communes by the new one that took most of them."""
    seats = {seat.district_code: seat for seat in province.seats}
    found: dict[str, list[OldCommune]] = {}
    taken: set[tuple[float, float]] = set()
    for unit in load_communes(BEFORE_REFORM, province.old_province_code):
        new = load_communes(date.max).by_code[successors(unit.code)[0]]
        lon, lat = _mended_point(unit, new, taken)
        taken.add((unit.lon, unit.lat))
        seat = seats[unit.district_code or ""]
        found.setdefault(new.code, []).append(OldCommune(unit.code, unit.name, unit.kind, seat, lon, lat))
    return {code: tuple(old) for code, old in found.items()}


def _mended_point(unit: Commune, new: Commune, taken: set[tuple[float, float]]) -> tuple[float, float]:
    """
    The point of an old commune, moved where it cannot be right.

    Of two communes with one point the second is put as far on the other side of the new commune's point; a point far
    outside the new commune is drawn in to its radius. Both are guesses.
    """
    away = to_plane([[unit.lon, unit.lat]], origin=(new.lon, new.lat))[0]
    if (unit.lon, unit.lat) in taken:
        return shifted(new.lon, new.lat, -away[0], -away[1])
    radius = 1000 * float(np.sqrt((new.area_km2 or 1.0) / np.pi))
    distance = float(haversine(unit.lon, unit.lat, new.lon, new.lat))
    if distance > _FAR_RADII * radius:
        away *= radius / distance
    return shifted(new.lon, new.lat, away[0], away[1])

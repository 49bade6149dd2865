"""
Cần Thơ about 2011 as a network folder: real roads, communes and post offices, with a drawn day of shipments.

What is real: the 67 communes with their outlines and population, the 24 post offices, the roads. What is chosen here:

* The day is one of today's structure, so every code is a commune of 2025: the one whose outline holds a point of the
  commune of 2011. Several communes of 2011 share one such code, and with it a base.
* One office in each of the nine districts of 2011 has couriers; a commune of today belongs to the base nearest to it.
* The city's first office is the hub. Two motorbikes and a van at each base, with the reader's defaults for the rest.
* Homes are drawn evenly over a commune: anywhere in it, or only where a road is near.
"""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry as Geometry

from geo.coordinates import FloatArray, from_plane, to_plane

DAY = date(2026, 11, 18)
"""A Wednesday."""

SHIPMENTS = 300
NEAR_M = 1_900
"""Homes in reach lie at most so far from a road, metres."""

_TRIED = 1_000
_LEAST_NEAR = 20
"""Of so many places tried, so many must have a road near: a commune with fewer is out of reach."""
_ORIGIN = (105.6, 10.1)
_HUB = "BD-01"
_BASES = {
    "BD-01": "Ninh Kiều", "BD-12": "Bình Thủy", "BD-24": "Cái Răng", "BD-18": "Ô Môn", "BD-17": "Thốt Nốt",
    "BD-08": "Vĩnh Thạnh", "BD-14": "Cờ Đỏ", "BD-20": "Thới Lai", "BD-19": "Phong Điền",
}  # fmt: skip
"""The offices with couriers, and the district of 2011 that each stands for."""


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of 2011."""

    name: str
    """As at the source, without diacritics."""
    population: int
    num_offices: int
    """As the source counts them."""
    shape: Geometry
    """Metres on the plane, as everything here."""
    code: str
    """Of the commune of today that holds a point of it."""


@dataclass(frozen=True, slots=True)
class Office:
    """A post office."""

    site_id: str
    name: str
    point: Geometry
    commune: int
    """Index of the commune that holds it."""


@dataclass(frozen=True, slots=True)
class CanTho:
    """What the files hold, on a plane: metres east and north of the city's middle."""

    communes: tuple[Commune, ...]
    offices: tuple[Office, ...]
    roads: shapely.STRtree

    def base_of(self, code: str) -> str:
        """The base nearest to a commune of today, taken as its parts of 2011."""
        middle = shapely.unary_union([c.shape for c in self.communes if c.code == code]).centroid
        bases = [office for office in self.offices if office.site_id in _BASES]
        return min(bases, key=lambda office: middle.distance(office.point)).site_id

    def metres_to_road(self, points: FloatArray) -> FloatArray:
        """From places on the plane to the nearest point of a road; shape (k,)."""
        _, metres = self.roads.query_nearest(shapely.points(points), return_distance=True, all_matches=False)
        return metres


@dataclass(frozen=True, slots=True)
class Home:
    """Where a shipment goes to or comes from."""

    commune: int
    lon: float
    lat: float


def on_plane(degrees: object) -> FloatArray:
    """Metres of places in degrees, within 1 in 1,000 over the city."""
    return to_plane(np.asarray(degrees, dtype=np.float64), origin=_ORIGIN)


def in_degrees(metres: FloatArray) -> FloatArray:
    """Undo `on_plane`: shape (k, 2)."""
    return from_plane(metres, origin=_ORIGIN)


def read_can_tho(data: Path) -> CanTho:
    """Read the GeoPackage; it is an SQLite file."""
    outlines = list(_outlines_of_today(data / "communes_2025_can_tho.geojson"))
    with closing(sqlite3.connect(f"{(data / 'cantho_2011.gpkg').as_uri()}?mode=ro&immutable=1", uri=True)) as file:
        communes = tuple(
            Commune(name, people, offices, shape := _shape(blob), _code(shape, outlines))
            for blob, name, people, offices in file.execute(
                "SELECT geom, name, population_2011, n_post_offices FROM communes ORDER BY fid"
            )
        )
        offices = tuple(
            Office(f"BD-{number:02}", name or f"Buu dien {number}", point := _shape(blob), _holder(point, communes))
            for number, blob, name in file.execute("SELECT fid, geom, name FROM post_offices ORDER BY fid")
        )
        roads = shapely.STRtree([_shape(blob) for (blob,) in file.execute("SELECT geom FROM roads")])
    return CanTho(communes, offices, roads)


def _shape(blob: bytes) -> Geometry:
    """
    GeoPackage binary: a header with an envelope of 0, 4, 6, 6 or 8 numbers, then well-known binary.

    Some outlines of the source touch themselves.
    """
    envelope = (0, 32, 48, 48, 64)[blob[3] >> 1 & 7]
    return shapely.make_valid(shapely.transform(shapely.from_wkb(blob[8 + envelope :]), on_plane))


def _outlines_of_today(path: Path) -> Iterator[tuple[str, Geometry]]:
    for feature in json.loads(path.read_text(encoding="utf-8"))["features"]:
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        yield feature["properties"]["code"], shapely.transform(shape, on_plane)


def _code(shape: Geometry, outlines: Sequence[tuple[str, Geometry]]) -> str:
    point = shape.representative_point()
    (code,) = [code for code, outline in outlines if outline.contains(point)]
    return code


def _holder(point: Geometry, communes: Sequence[Commune]) -> int:
    (found,) = [index for index, commune in enumerate(communes) if commune.shape.contains(point)]
    return found


def write_network(folder: Path, city: CanTho, data: Path) -> Path:
    """Write the network folder `can-tho`, with the extract as its roads."""
    network = folder / "can-tho"
    network.mkdir(parents=True)
    codes = sorted({commune.code for commune in city.communes})
    _write(network / "sites.csv", [_site_row(office, city) for office in city.offices])
    _write(network / "areas.csv", [{"commune_code": code, "base_id": city.base_of(code)} for code in codes])
    _write(network / "couriers.csv", [_courier_row(base, number) for base in _BASES for number in range(3)])
    (network / "settings.toml").write_text('name = "Cần Thơ 2011"\n', encoding="utf-8")
    shutil.copyfile(data / "cantho_2011.osm.pbf", network / "roads.osm.pbf")
    return network


def _site_row(office: Office, city: CanTho) -> dict[str, object]:
    ((lon, lat),) = in_degrees(shapely.get_coordinates(office.point))
    culture = "Van Hoa" in office.name
    return {
        "site_id": office.site_id,
        "name": office.name,
        "kind": "hub" if office.site_id == _HUB else "culture_post" if culture else "post_office",
        "commune_code": city.communes[office.commune].code,
        "lon": round(float(lon), 7),
        "lat": round(float(lat), 7),
        "opening_hours": "Mo-Sa 07:00-18:00; PH off",
    }


def _courier_row(base: str, number: int) -> dict[str, object]:
    vehicle = "van" if number == 2 else "motorbike"
    return {
        "courier_id": f"{base}-{number + 1}", "name": f"{_BASES[base]} {number + 1}", "base_id": base,
        "vehicle": vehicle, "fixed_dong": 150_000 if vehicle == "van" else 40_000,
    }  # fmt: skip


def by_population(weights: Sequence[int], total: int) -> list[int]:
    """Split a number by weights, the largest remainders first."""
    exact = np.array(weights) * total / sum(weights)
    counts = np.floor(exact).astype(int)
    largest = np.argsort(-(exact - counts), kind="stable")[: total - counts.sum()]
    counts[largest] += 1
    return [int(count) for count in counts]


def draw_homes(city: CanTho, *, only_near: bool, seed: int) -> list[Home]:
    """Draw a home for each shipment: communes by population, places evenly over the commune or its part near roads."""
    rng = np.random.default_rng(seed)
    places = {index: _places_in(city, commune, rng, only_near) for index, commune in enumerate(city.communes)}
    chosen = [index for index, found in places.items() if len(found) >= _LEAST_NEAR]
    counts = by_population([city.communes[index].population for index in chosen], SHIPMENTS)
    return [
        Home(index, round(float(lon), 6), round(float(lat), 6))
        for index, count in zip(chosen, counts, strict=True)
        for lon, lat in in_degrees(places[index][:count])
    ]


def _places_in(city: CanTho, commune: Commune, rng: np.random.Generator, only_near: bool) -> FloatArray:
    west, south, east, north = commune.shape.bounds
    tried = rng.uniform((west, south), (east, north), (_TRIED, 2))
    inside: FloatArray = tried[shapely.contains_xy(commune.shape, tried[:, 0], tried[:, 1])]
    return inside[city.metres_to_road(inside) <= NEAR_M] if only_near else inside


def shipment_rows(city: CanTho, homes: Sequence[Home]) -> list[dict[str, object]]:
    """
    Make a shipment for each home: two results of three, else a dossier.

    A dossier is handed in at the commune's own office when it has one without couriers, else fetched at the home. One
    result of twenty still lies at the hub.
    """
    offices: dict[int, list[str]] = defaultdict(list)
    for office in city.offices:
        if office.site_id not in _BASES:
            offices[office.commune].append(office.site_id)
    bases = {commune.code: city.base_of(commune.code) for commune in city.communes}
    return [_shipment_row(number, home, city, bases, offices[home.commune]) for number, home in enumerate(homes)]


def _shipment_row(
    number: int, home: Home, city: CanTho, bases: Mapping[str, str], offices: Sequence[str]
) -> dict[str, object]:
    result = number % 3 > 0
    code = city.communes[home.commune].code
    end = "dest" if result else "origin"
    address = f"Nhà số {number + 1}"
    place = {f"{end}_lon": home.lon, f"{end}_lat": home.lat, f"{end}_address": address, f"{end}_commune": code}
    if not result and offices:
        place = {"origin_site": offices[number % len(offices)]}
    return {
        "code": f"CT-{number:03}", "kind": "result" if result else "intake",
        "origin_site": _HUB if result else "", "dest_site": "" if result else _HUB,
        "at_site": "" if not result else _HUB if number % 20 == 0 else bases[code],
        "ready_at": "2026-11-17T15:00+07:00", "due_on": f"2026-11-{18 + number % 4}",
        "pieces": 1, "grams": 200, "fee_dong": 50_000 * (number % 2), "postage_dong": 26_000,
        "contact_name": f"Người nhận {number + 1}", "contact_phone": "0912345318",
    } | place  # fmt: skip


def write_shipments(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """Write a shipments file."""
    columns = dict.fromkeys(column for row in rows for column in row)
    _write(path, [{column: row.get(column, "") for column in columns} for row in rows])
    return path


def _write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)

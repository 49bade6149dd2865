"""Sites and areas of a sample province: which rows its network folder gets, by stated rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.demo.facts import OldCommune, SampleCommune, SampleProvince, shifted
from geo.coordinates import haversine

Row = dict[str, object]
"""One row of a table, by column; a missing column is empty."""

ALWAYS = "Mo-Su 00:00-24:00"
BASE_HOURS = "Mo-Sa 06:00-19:30; PH 08:00-11:00"
POST_HOURS = "Mo-Sa 07:00-11:30,13:30-17:30; PH off"
CULTURE_HOURS = "Mo-Fr 07:30-11:00,13:30-16:30; PH off"
OFFICE_HOURS = "Mo-Fr 07:00-11:30,13:30-17:00; PH off"


@dataclass(frozen=True, slots=True)
class SamplePlaces:
    """The tables `sites` and `areas`, and where the posts are."""

    sites: tuple[Row, ...]
    areas: tuple[Row, ...]
    posts: dict[str, tuple[str, ...]]
    """Sites that take in mail and are no base, by new commune."""


def base_id(key: str) -> str:
    """The base at an old district seat."""
    return f"BC-{key}"


def hub_id(province: SampleProvince) -> str:
    """The provincial centre."""
    return f"TT-{province.seats[0].key}"


def lay_out(province: SampleProvince, communes: Sequence[SampleCommune]) -> SamplePlaces:
    """
    Place hub, bases, desks, agencies and posts.

    Every old commune has a post (a post office in towns and wards, a culture post in the country; the base where it
    is an old district seat), but for those that `without_post` chooses.
    """
    missing = {old.code for old in without_post(province, communes)}
    seats = {seat.commune_code for seat in province.seats}
    old = [(commune, part) for commune in communes for part in commune.old]
    posts = [(c, part, _post_row(c, part)) for c, part in old if part.code not in missing | seats]
    sites = [*_seat_rows(province, communes), *(row for c in communes for row in _commune_rows(c))]
    by_commune: dict[str, tuple[str, ...]] = {commune.code: () for commune in communes}
    for commune, _, row in posts:
        by_commune[commune.code] += (str(row["site_id"]),)
    areas: list[Row] = [{"commune_code": commune.code, "base_id": base_id(commune.seat.key)} for commune in communes]
    return SamplePlaces((*sites, *(row for _, _, row in posts)), tuple(areas), by_commune)


def settlement_rows(communes: Sequence[SampleCommune]) -> list[Row]:
    """Where people live: at the points of old communes, each with an equal share of its new commune's people."""
    return [
        {
            "settlement_id": f"DC-{part.code}", "name": part.name, "commune_code": commune.code, "lon": part.lon,
            "lat": part.lat, "people": people, "people_estimated": "yes",
        }
        for commune in communes
        for part, people in zip(commune.old, _shared_out(commune.population, len(commune.old)), strict=True)
    ]  # fmt: skip


def _shared_out(total: int, parts: int) -> list[int]:
    """Whole shares that differ by 1 at most and sum to the total."""
    share, rest = divmod(total, parts)
    return [share + (index < rest) for index in range(parts)]


def without_post(province: SampleProvince, communes: Sequence[SampleCommune]) -> tuple[OldCommune, ...]:
    """
    Choose the old communes that have no post: an assumption, because it is published how many, but not which.

    The rule: country communes (xã), at most one in each new commune and never its only old one, the furthest from the
    base of its district first.
    """
    bases = {part.seat.key: part for c in communes for part in c.old if part.code == part.seat.commune_code}

    def distance(part: OldCommune) -> float:
        base = bases[part.seat.key]
        return float(haversine(part.lon, part.lat, base.lon, base.lat))

    remote = [
        max((part for part in commune.old if part.kind == "xã"), key=distance)
        for commune in communes
        if len(commune.old) > 1 and any(part.kind == "xã" for part in commune.old)
    ]
    chosen = sorted(remote, key=lambda part: (-distance(part), part.code))[: province.communes_without_post]
    return tuple(sorted(chosen, key=lambda part: part.code))


def _site(site_id: str, name: str, kind: str, commune: str, point: tuple[float, float], hours: str) -> Row:
    lon, lat = point
    return {
        "site_id": site_id, "name": name, "kind": kind, "commune_code": commune, "lon": lon, "lat": lat,
        "opening_hours": hours,
    }  # fmt: skip


def _seat_rows(province: SampleProvince, communes: Sequence[SampleCommune]) -> list[Row]:
    """Hub, bases, staffed desks and provincial agencies."""
    where = {part.code: (commune, part) for commune in communes for part in commune.old}
    capital, centre = where[province.seats[0].commune_code]
    hub = _near(centre, 1, 600)
    rows = [_site(hub_id(province), f"Trung tâm khai thác {province.title}", "hub", capital.code, hub, ALWAYS)]
    for seat in province.seats:
        commune, part = where[seat.commune_code]
        at, desk = (part.lon, part.lat), _near(part, 2, 150)
        rows.append(_site(base_id(seat.key), f"Bưu cục phát {seat.name}", "post_office", commune.code, at, BASE_HOURS))
        rows.append(
            _site(f"QP-{seat.key}", f"Quầy bưu chính {seat.name}", "borrowed_desk", commune.code, desk, OFFICE_HOURS)
        )
    for number, office in enumerate(province.offices):
        at = _near(centre, 10 + number, 1_400)
        rows.append(_site(f"CQ-{office.key}", office.name, "agency", capital.code, at, OFFICE_HOURS))
    return rows


def _commune_rows(commune: SampleCommune) -> list[Row]:
    """One-stop desk and People's Committee."""
    code, at = commune.code, shifted(commune.lon, commune.lat, 60, 0)
    desk = f"Trung tâm Phục vụ hành chính công {_lower_kind(commune.name)}"
    committee = f"UBND {_lower_kind(commune.name)}"
    return [
        _site(f"MC-{code}", desk, "one_stop", code, shifted(commune.lon, commune.lat, -60, 40), OFFICE_HOURS),
        _site(f"UB-{code}", committee, "agency", code, at, OFFICE_HOURS),
    ]


def _post_row(commune: SampleCommune, part: OldCommune) -> Row:
    at = _near(part, 3, 200)
    if part.kind == "xã":
        name = f"Bưu điện văn hóa {_lower_kind(part.name)}"
        return _site(f"VH-{part.code}", name, "culture_post", commune.code, at, CULTURE_HOURS)
    name = f"Bưu cục {_lower_kind(part.name)}"
    return _site(f"BC-{part.code}", name, "post_office", commune.code, at, POST_HOURS)


def _lower_kind(name: str) -> str:
    return name[0].lower() + name[1:]


def _near(part: OldCommune, salt: int, metres: float) -> tuple[float, float]:
    """A point up to so far from the middle of an old commune, the same on every run."""
    east, north = np.random.default_rng([int(part.code), salt]).uniform(-metres, metres, 2) / np.sqrt(2)
    return shifted(part.lon, part.lat, float(east), float(north))

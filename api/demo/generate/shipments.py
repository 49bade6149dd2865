"""
The shipments of one sample day: counts of demand, turned into envelopes of invented people at invented addresses.

The picture of the day: results lie at the base of their destination, ready at opening; dossiers wait at a post or at
a citizen's door, or arrived overnight at the base of the agency that they go to; a few results still lie at their
agency. So nearly all of them make a task of the day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from api.demo.facts import SampleCommune, SampleProcedure, SampleProvince, read_communes, read_procedures
from api.demo.generate.homes import Home, find_homes
from api.demo.places import Row, hub_id
from api.errors import InputError, RowError
from api.network.model import Network, SiteKind
from api.shipments.s10 import make_s10
from geo.coverage.demand import DemandCommune, daily_counts
from geo.roads import Roads

PICKED_UP_AT_HOME, HANDED_IN_AT_POST = 0.40, 0.35
"""Shares of the dossiers; the rest arrived overnight."""

STILL_AT_AGENCY, TO_THE_DOOR = 0.08, 0.70
"""Shares of the results; what goes to no door waits for the citizen at a post."""

_SERVICES = {("result", True): "RR", ("intake", True): "RA", ("result", False): "RC", ("intake", False): "RD"}
_WINDOWS = ("07:30-11:00", "13:30-17:00", "08:00-10:00;14:00-16:00", "15:30-17:30")
_EPOCH = date(2020, 1, 1)


@dataclass(frozen=True, slots=True)
class _Item:
    """One envelope to be invented."""

    kind: str
    public: bool
    """Of the public service; otherwise the post's other mail."""
    commune: SampleCommune
    """The citizen's."""


def require_work(network: Network, day: date) -> None:
    """
    Refuse a day on which nothing is sent.

    Raises
    ------
    InputError
        When it is no working day.
    """
    if network.calendar.is_working(day):
        return
    name = network.calendar.name(day)
    vi = f"ngày {day.isoformat()} không phải ngày làm việc ({name or 'cuối tuần'}): hãy chọn ngày khác"
    en = f"{day.isoformat()} is no working day ({name or 'weekend'}): choose another one"
    raise InputError([RowError("shipments.csv", None, None, "no_working_day", vi, en)])


def generate_shipments(
    province: SampleProvince, network: Network, roads: Roads, *, day: date, scale: float, seed: int
) -> list[Row]:
    """
    Invent the shipments of a day.

    Parameters
    ----------
    network
        Of the province, in force on `day`.
    roads
        Beside which people live.
    day
        With work: ask `require_work` first.
    scale
        Above 0; see `api.demo.provinces.write_province`.
    """
    communes = read_communes(province)
    rng = np.random.default_rng([seed, day.toordinal()])
    items = _items(province, network, communes, day, scale, seed)
    homes = find_homes([item.commune for item in items], roads["van"], rng)
    writer = _Writer(province, network, read_procedures(province), day, rng)
    return [writer.row(number, item, home) for number, (item, home) in enumerate(zip(items, homes, strict=True))]


def _items(
    province: SampleProvince, network: Network, communes: Sequence[SampleCommune], day: date, scale: float, seed: int
) -> list[_Item]:
    """The day's share of the yearly totals; the public service's own is the same at every scale from 1 on."""
    totals: dict[tuple[str, bool], int] = {}
    for kind, total in province.yearly_totals.items():
        totals[kind, True] = round(total * min(scale, 1))
    for kind, total in province.yearly_totals.items():
        totals[kind, False] = round(total * max(scale - 1, 0))
    first = date(day.year, 1, 1)
    year = [first + timedelta(days=n) for n in range((date(day.year + 1, 1, 1) - first).days)]
    people = [DemandCommune(commune.code, commune.population) for commune in communes]
    works = {one: network.calendar.is_working(one) for one in year}
    counts = daily_counts(people, totals, works, seed=seed)
    return [
        _Item(kind, public, commune)
        for (kind, public), table in counts.items()
        for commune, count in zip(communes, table[year.index(day)].tolist(), strict=True)
        for _ in range(count)
    ]


class _Writer:
    """Writes one row at a time; every choice comes from one generator."""

    def __init__(
        self,
        province: SampleProvince,
        network: Network,
        procedures: Sequence[SampleProcedure],
        day: date,
        rng: np.random.Generator,
    ) -> None:
        self._hub = hub_id(province)
        self._network = network
        self._postal = [procedure for procedure in procedures if procedure.postal and procedure.weight]
        weights = np.array([procedure.weight for procedure in self._postal], dtype=np.float64)
        self._shares = weights / weights.sum()
        self._offices = {office.agency_kind: f"CQ-{office.key}" for office in province.offices}
        self._posts = _posts(network)
        self._day = day
        self._rng = rng
        self._next_day = network.calendar.add_working_days(day, 1)

    def row(self, number: int, item: _Item, home: Home) -> Row:
        """Invent one shipment."""
        procedure = self._postal[self._rng.choice(len(self._postal), p=self._shares)] if item.public else None
        agency = self._agency(procedure, item.commune.code)
        ends = self._intake(item, home, agency) if item.kind == "intake" else self._result(item, home, agency)
        at_home = "origin_address" in ends or "dest_address" in ends
        serial = (self._day - _EPOCH).days * 10_000 + number
        return {
            "code": make_s10(serial % 100_000_000, _SERVICES[item.kind, item.public]),
            "kind": item.kind,
            "procedure_code": procedure.code if procedure else "",
            **ends,
            "due_on": self._due_on(item.kind),
            "appointment_on": self._appointment(item),
            "pieces": 1,
            "grams": int(self._rng.integers(60, 400 if item.public else 2_500)),
            "fee_dong": self._fee(item, procedure),
            "postage_dong": "" if item.public else 0,
            "windows": self._rng.choice(_WINDOWS) if at_home and self._chance(0.15) else "",
            "id_check": "yes" if procedure and item.kind == "result" and procedure.only_self else "no",
            "contact_name": f"Người dân mẫu {number + 1:05d}",
            "contact_phone": f"0000{number + 1:06d}",
            "priority": 1 if self._chance(0.05) else 0,
            "note": "" if item.public else "Bưu phẩm khác (mẫu)",
        }

    def _intake(self, item: _Item, home: Home, agency: str) -> Row:
        posts = self._posts.get(item.commune.code, ())
        draw = self._rng.random()
        arrived = item.public and draw >= PICKED_UP_AT_HOME + HANDED_IN_AT_POST
        if not posts or draw < PICKED_UP_AT_HOME:
            called = self._moment(8, 0) if self._chance(0.25) else self._moment(16, 30, days_ago=1)
            return {**_at_home("origin", home), "dest_site": agency, "ready_at": called}
        post = posts[self._rng.integers(len(posts))]
        if not arrived:
            return {"origin_site": post, "dest_site": agency, "ready_at": self._moment(16, 0, days_ago=1)}
        base = self._network.base_of_site(agency)
        return {"origin_site": post, "dest_site": agency, "at_site": base, "ready_at": self._moment(6, 45)}

    def _result(self, item: _Item, home: Home, agency: str) -> Row:
        posts = self._posts.get(item.commune.code, ())
        to_post = bool(posts) and not self._chance(TO_THE_DOOR)
        dest = {"dest_site": posts[self._rng.integers(len(posts))]} if to_post else _at_home("dest", home)
        if item.public and self._chance(STILL_AT_AGENCY):
            return {"origin_site": agency, **dest, "ready_at": self._moment(16, 0, days_ago=1)}
        base = self._network.base_of_commune(item.commune.code)
        return {"origin_site": agency, **dest, "at_site": base, "ready_at": self._moment(6, 45)}

    def _agency(self, procedure: SampleProcedure | None, commune_code: str) -> str:
        """Who decides; other mail comes from and goes to the hub."""
        if procedure is None:
            return self._hub
        return self._offices[procedure.agency_kind] if procedure.level == "province" else f"UB-{commune_code}"

    def _due_on(self, kind: str) -> str:
        """Today for some, the next working day for others; empty = the promise in the settings."""
        draw = self._rng.random()
        if draw < (0.45 if kind == "result" else 0.60):
            return self._day.isoformat()
        return self._next_day.isoformat() if draw < 0.80 else ""

    def _appointment(self, item: _Item) -> str:
        if item.kind != "result" or not item.public:
            return ""
        return self._network.calendar.add_working_days(self._day, int(self._rng.integers(-1, 2))).isoformat()

    def _fee(self, item: _Item, procedure: SampleProcedure | None) -> int:
        """Paid with the dossier, or for some of them with the result."""
        if procedure is None or (item.kind == "result" and not self._chance(0.3)):
            return 0
        return procedure.fee_dong

    def _moment(self, hour: int, minute: int, *, days_ago: int = 0) -> str:
        day = self._network.calendar.add_working_days(self._day, -days_ago)
        return datetime.combine(day, time(hour, minute), self._network.settings.zone).isoformat()

    def _chance(self, share: float) -> bool:
        return bool(self._rng.random() < share)


def _posts(network: Network) -> dict[str, tuple[str, ...]]:
    """Sites in force that take in mail and are no base, by commune."""
    found: dict[str, tuple[str, ...]] = {}
    for site in network.sites:
        if site.kind in (SiteKind.POST_OFFICE, SiteKind.CULTURE_POST) and site.site_id not in network.bases:
            found[site.commune_code] = (*found.get(site.commune_code, ()), site.site_id)
    return found


def _at_home(end: str, home: Home) -> Row:
    return {
        f"{end}_lon": home.lon, f"{end}_lat": home.lat, f"{end}_address": home.address,
        f"{end}_commune": home.commune_code,
    }  # fmt: skip

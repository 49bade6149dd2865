"""
Papers as shipments: where each is handed in, fetched or brought, on the terms of its place.

What is drawn of a paper (its door, hour, weight, procedure) is drawn for every latent paper, so that it is the same
whether a remedy brings it to the post or not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.coverage.agencies import Agencies, Procedures
from api.coverage.assumptions import Assumptions
from api.coverage.latent import LatentDemand, Papers
from api.coverage.proposal import Proposal
from api.coverage.sampling import SampledDays
from api.coverage.situation import Situation, open_hours
from api.coverage.terms import Served, Terms
from api.network.model import Procedure, RecipientPolicy, Settlement, Site, Span
from api.shipments.model import Shipment, ShipmentKind
from geo.coverage.homes import Doors
from geo.units import load_communes

AFTERNOON, MORNING = 16 * 3600, 8 * 3600
BEFORE_CLOSING = 1800
CALLED_IN_THE_MORNING, HAS_WINDOW = 0.25, 0.15
GRAMS = (60, 400)
"""Of a dossier, from and below."""
WINDOWS = ((Span(27_000, 39_600),), (Span(48_600, 63_000),), (Span(28_800, 36_000), Span(50_400, 57_600)))
_RADIUS_M = 1_500.0
"""Of a settlement, where the area of its commune is not known."""
_LONGEST_WAIT = 14
"""Days until a point that is hardly ever open must have opened."""


@dataclass(frozen=True, eq=False)
class _Details:
    """Of the papers of one place and day; every array has one entry a paper."""

    doors: NDArray[np.float64]
    at_home: NDArray[np.float64]
    hour: NDArray[np.float64]
    procedure: NDArray[np.float64]
    window: NDArray[np.float64]
    grams: NDArray[np.int64]
    point: NDArray[np.float64]


class Writer:
    """Writes the shipments of the sampled days; what two proposals have in common is written once."""

    def __init__(self, situation: Situation, demand: LatentDemand, days: SampledDays, assumptions: Assumptions) -> None:
        self._situation, self._demand, self._assumptions = situation, demand, assumptions
        self._network = situation.network
        self._agencies, self._procedures = Agencies(self._network), Procedures(self._network)
        self._days = [(days.year.index(day), day) for day in days.days() if day in days.year]
        self._doors = Doors(situation.roads["motorbike"])
        self._radius = _radii(situation)
        self._written: dict[tuple[object, ...], tuple[Shipment, ...]] = {}
        self._details: dict[tuple[str, str, date], _Details] = {}

    def shipments(self, served: Served, proposal: Proposal) -> tuple[Shipment, ...]:
        """Everything that is sent on the sampled days."""
        rows: list[Shipment] = []
        mobile = frozenset(desk.site_id for desk in proposal.mobile)
        for number, terms in enumerate(served.terms):
            halts = frozenset(point.site_id for point in terms.points if point.site_id in mobile)
            rows += self._kept(self._demand.dossiers[number], terms, proposal.online_share, halts)
            rows += self._kept(self._demand.results[number], terms, 0.0, frozenset())
        return (*self._where_they_are(rows, proposal), *self._bags(proposal))

    def _where_they_are(self, rows: list[Shipment], proposal: Proposal) -> list[Shipment]:
        """Agencies that have moved are found at their new address."""
        before = {site.site_id: site for site in self._network.sites}
        moved = {site.site_id: site for site in proposal.network.sites if site != before.get(site.site_id, site)}
        return [_at_new_address(row, moved) for row in rows] if moved else rows

    def _kept(self, papers: Papers, terms: Terms, online_share: float, halts: frozenset[str]) -> tuple[Shipment, ...]:
        """Those of one place; `halts` are its points at which a mobile desk only stays for a while."""
        key = papers.kind, papers.place.settlement_id, terms, online_share, halts
        if key not in self._written:
            write = self._dossiers if papers.kind == "dossier" else self._results
            self._written[key] = tuple(write(papers, terms, online_share, halts))
        return self._written[key]

    def _dossiers(self, papers: Papers, terms: Terms, online_share: float, halts: frozenset[str]) -> Iterator[Shipment]:
        chosen = papers.by_post(terms.share, online_share)
        known = self._agencies.known(papers.place)
        agency = self._agencies.choose(papers, self._assumptions.commune_level)
        for index, day in self._days:
            begin, end = papers.on(index)
            details = self._drawn(papers, day, end - begin)
            for place in np.flatnonzero(chosen[begin:end]).tolist():
                dest = known[int(agency[begin + place])]
                procedure = self._procedure(details, place, papers.place, dest)
                base = self._common(f"H.{papers.place.settlement_id}.{day:%Y%m%d}.{place}", details, place, procedure)
                row = {**base, "kind": ShipmentKind.INTAKE, **_to_site(dest)}
                at_home = not terms.points or details.at_home[place] < terms.at_home
                if at_home:
                    ready = self._called(day, float(details.hour[place]))
                    yield self._row(row, ready, {**self._door(papers, details, place, "origin"), "at_site": None},
                                    is_free=terms.is_free, commune=papers.place.commune_code)  # fmt: skip
                else:
                    point = terms.point(float(details.point[place]))
                    ready = self._handed_in(point, day, is_mobile=point.site_id in halts)
                    yield self._row(row, ready, _from_site(point), commune=papers.place.commune_code)

    def _results(self, papers: Papers, terms: Terms, _online: float, _halts: frozenset[str]) -> Iterator[Shipment]:
        known = self._agencies.known(papers.place)
        agency = self._agencies.choose(papers, self._assumptions.commune_level)
        for index, day in self._days:
            begin, end = papers.on(index)
            details = self._drawn(papers, day, end - begin)
            for place in range(end - begin):
                origin = known[int(agency[begin + place])]
                procedure = self._procedure(details, place, papers.place, origin)
                base = self._common(f"K.{papers.place.settlement_id}.{day:%Y%m%d}.{place}", details, place, procedure)
                checked = procedure is not None and procedure.recipient_policy is RecipientPolicy.SELF
                row = {**base, "kind": ShipmentKind.RESULT, **_from_site(origin), "id_check": checked}
                waits = terms.waits_at is not None and details.at_home[place] >= self._assumptions.to_door
                site = terms.waits_at if waits else None
                ends = _to_site(site) if site else self._door(papers, details, place, "dest")
                yield self._row(row, self._moment(day, AFTERNOON), ends, commune=papers.place.commune_code)

    def _bags(self, proposal: Proposal) -> Iterator[Shipment]:
        for _, day in self._days:
            yield from self.bags_of(proposal, day)

    def bags_of(self, proposal: Proposal, day: date) -> list[Shipment]:
        """A mobile desk is driven to on each of its days, though nobody may come: its bag is fetched."""
        network, bags = proposal.network, []
        for desk in proposal.mobile:
            site, base_id = network.site(desk.site_id), network.base_of_site(desk.site_id)
            hours = open_hours(site, day, is_holiday=network.calendar.is_holiday(day))
            if base_id is not None and hours and network.calendar.is_working(day):
                ends = {**_from_site(site), **_to_site(network.site(base_id))}
                about = {"code": f"T.{desk.site_id}.{day:%Y%m%d}", "kind": ShipmentKind.TRANSFER, "priority": 1}
                when = {"ready_at": self._moment(day, hours[0][0]), "due_on": day}
                bags.append(Shipment(**{**_NO_CITIZEN, **ends, **about, **when}))
        return bags

    def _drawn(self, papers: Papers, day: date, count: int) -> _Details:
        place = papers.place
        key = place.settlement_id, papers.kind, day
        if key not in self._details:
            rng = papers.generator(day)
            middle = np.tile((place.lon, place.lat), (count, 1))
            doors = self._doors.around(middle, self._radius[place.commune_code], rng) if count else middle
            at_home, hour, procedure, window = (rng.random(count) for _ in range(4))
            grams, point = rng.integers(*GRAMS, count), rng.random(count)
            self._details[key] = _Details(doors, at_home, hour, procedure, window, grams, point)
        return self._details[key]

    def _procedure(self, details: _Details, number: int, place: Settlement, agency: Site) -> Procedure | None:
        own = self._agencies.own(place)
        is_commune = own is not None and agency.site_id == own.site_id
        return self._procedures.choose(float(details.procedure[number]), is_commune=is_commune)

    def _common(self, code: str, details: _Details, place: int, procedure: Procedure | None) -> dict[str, Any]:
        has_window = details.window[place] < HAS_WINDOW
        which = int(details.window[place] / HAS_WINDOW * len(WINDOWS)) if has_window else 0
        return {
            **_NO_CITIZEN,
            "code": code,
            "procedure_code": procedure.procedure_code if procedure else None,
            "grams": int(details.grams[place]),
            "windows": WINDOWS[which] if has_window else (),
            "priority": 0,
        }

    def _row(
        self, row: dict[str, Any], ready: datetime, ends: dict[str, Any], *, commune: str, is_free: bool = False
    ) -> Shipment:
        code = row["procedure_code"]
        level = self._network.procedure(code).level if code else None
        promised = self._network.settings.promised_days.of(level)
        due = self._network.calendar.add_working_days(ready.date(), promised)
        postage = 0 if is_free else self._network.postage(level, commune, code)
        at_door = not {"origin_address", "dest_address"}.isdisjoint(ends)
        windows = row["windows"] if at_door else ()
        return Shipment(
            **{**row, **ends, "ready_at": ready, "due_on": due, "postage_dong": postage, "windows": windows}
        )

    def _door(self, papers: Papers, details: _Details, place: int, end: str) -> dict[str, Any]:
        lon, lat = details.doors[place].tolist()
        return {
            f"{end}_site": None, f"{end}_lon": round(lon, 5), f"{end}_lat": round(lat, 5),
            f"{end}_address": papers.place.name, f"{end}_commune": papers.place.commune_code,
        }  # fmt: skip

    def _called(self, day: date, hour: float) -> datetime:
        return self._moment(day, MORNING if hour < CALLED_IN_THE_MORNING else AFTERNOON)

    def _handed_in(self, point: Site, day: date, *, is_mobile: bool) -> datetime:
        """On the first day from then on that the point is open: at its opening where a desk only halts, else late."""
        for wait in range(_LONGEST_WAIT):
            on = day + timedelta(days=wait)
            hours = open_hours(point, on, is_holiday=self._network.calendar.is_holiday(on))
            if hours and self._network.calendar.is_working(on):
                late = min(AFTERNOON, hours[-1][1] - BEFORE_CLOSING)
                return self._moment(on, hours[0][0] if is_mobile else max(hours[0][0], late))
        return self._moment(day, AFTERNOON)

    def _moment(self, day: date, seconds: int) -> datetime:
        return datetime.combine(day, time(), self._network.settings.zone) + timedelta(seconds=seconds)


_NO_CITIZEN: dict[str, Any] = {
    "procedure_code": None, "appointment_on": None, "pieces": 1, "grams": 500, "fee_dong": 0, "postage_dong": 0,
    "windows": (), "id_check": False, "contact_name": "", "contact_phone": "", "note": "",
}  # fmt: skip


def _from_site(site: Site) -> dict[str, Any]:
    return {
        "origin_site": site.site_id, "origin_lon": site.lon, "origin_lat": site.lat, "origin_address": "",
        "origin_commune": site.commune_code, "at_site": site.site_id,
    }  # fmt: skip


def _to_site(site: Site) -> dict[str, Any]:
    return {
        "dest_site": site.site_id, "dest_lon": site.lon, "dest_lat": site.lat, "dest_address": "",
        "dest_commune": site.commune_code,
    }  # fmt: skip


def _at_new_address(row: Shipment, moved: Mapping[str, Site]) -> Shipment:
    origin, dest = moved.get(row.origin_site or ""), moved.get(row.dest_site or "")
    ends: dict[str, Any] = {}
    if origin is not None:
        ends |= {**_from_site(origin), "at_site": row.at_site}
    if dest is not None:
        ends |= _to_site(dest)
    return replace(row, **ends) if ends else row


def _radii(situation: Situation) -> dict[str, float]:
    """Of a circle as large as a settlement's share of its commune, metres, by commune."""
    counts = Counter(place.commune_code for place in situation.places)
    communes = load_communes(situation.day).by_code
    areas = {code: communes[code].area_km2 if code in communes else None for code in counts}
    return {
        code: 1000 * float(np.sqrt(area / counts[code] / np.pi)) if area else _RADIUS_M for code, area in areas.items()
    }

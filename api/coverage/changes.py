"""
What may change in a province, each a small function of a proposal.

To add a kind of change: a dataclass with `apply` here, and its keys in `scenarios_file.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from api.coverage.assumptions import Assumptions
from api.coverage.document import Choice, Frontier, RemedyKind
from api.coverage.proposal import Proposal
from api.coverage.remedies import USUAL_WEEKDAY, Remedy, remedies_of, require_places, with_remedies
from api.coverage.situation import POSTS, SERVING, Settled
from api.errors import InputError, RowError
from api.network.model import Network, Site, SiteKind


@dataclass(frozen=True, slots=True)
class Found:
    """What a study has found, for changes that build on it."""

    frontier: Frontier | None
    """By the main means; None = every place has a post."""
    within: Callable[[int], Sequence[Choice]]
    """Which remedies reach most people for at most so many đồng a year."""
    weekdays: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class Known:
    """What changes may look at."""

    settled: Settled
    assumptions: Assumptions
    found: Found | None = None
    """None = nothing has been computed yet: changes are tried for sense alone."""
    out_of_reach: frozenset[str] = frozenset()
    """Places where no remedy can be had; none are known before the roads are."""

    @property
    def open_places(self) -> tuple[str, ...]:
        """Without a post, and where something can be done about it."""
        return tuple(place for place in self.settled.without_post if place not in self.out_of_reach)

    def require_in_reach(self, place_ids: Iterable[str]) -> None:
        """
        Make sure that couriers can come.

        Raises
        ------
        InputError
            With a row for each place where they cannot.
        """
        if lost := sorted({*place_ids} & self.out_of_reach):
            raise InputError([_lost(place_id) for place_id in lost])


def _lost(place_id: str) -> RowError:
    vi = f"bưu tá không đến được {place_id}: không làm gì ở đó được"
    return RowError("remedies", None, place_id, "out_of_reach", vi, f"no courier can come to {place_id}")


class Change(Protocol):
    """One difference from the situation."""

    def apply(self, proposal: Proposal, known: Known) -> Proposal: ...


@dataclass(frozen=True, slots=True)
class Build:
    """A remedy at the k places that the frontier names, by the exact answer."""

    k: int
    kind: RemedyKind = RemedyKind.NEW_POINT

    def apply(self, proposal: Proposal, known: Known) -> Proposal:
        most = len(known.open_places)
        if self.k < 1:
            vi = f"ngân sách {self.k}: phải mở ít nhất 1 nơi"
            raise fault("k", vi, f"a budget of {self.k}: build at 1 place at least")
        if self.k > most:
            vi = f"k = {self.k} nhiều hơn {most} nơi chưa có điểm mà bưu tá đến được"
            raise fault(
                "k", vi, f"k = {self.k} is more than the {most} places without a post that couriers can come to"
            )
        if known.found is None:
            return proposal
        places, weekdays = self._places(known, known.found.frontier), known.found.weekdays
        remedies = [Remedy(place, self.kind, weekdays.get(place, USUAL_WEEKDAY)) for place in places]
        return with_remedies(proposal, remedies, known.settled, known.assumptions)

    def _places(self, known: Known, frontier: Frontier | None) -> tuple[str, ...]:
        """Those of the frontier; where fewer of them reach everybody, those with most people among the others."""
        settled = known.settled
        best = frontier.steps[self.k].exact if frontier else ()
        others = [place for place in known.open_places if place not in best]
        others.sort(key=lambda place: -settled.places[settled.number[place]].people)
        return (*best, *others)[: self.k]


@dataclass(frozen=True, slots=True)
class Spend:
    """The remedies that reach most people for at most so much a year, by their prices added up."""

    dong: int

    def apply(self, proposal: Proposal, known: Known) -> Proposal:
        if self.dong <= 0:
            vi = f"ngân sách {self.dong} đồng: phải lớn hơn 0"
            raise fault("dong", vi, f"a budget of {self.dong} đồng: it must be above 0")
        if known.found is None:
            return proposal
        remedies = remedies_of(known.found.within(self.dong), known.found.weekdays)
        spent = with_remedies(proposal, remedies, known.settled, known.assumptions)
        money = f"{self.dong:,}"
        return spent.told(
            f"Chi không quá {money.replace(',', '.')} đồng một năm, theo giá từng biện pháp cộng lại.",
            f"At most {money} đồng a year are spent, by the prices of single remedies.",
        )


@dataclass(frozen=True, slots=True)
class ApplyRemedies:
    """Named remedies at named places."""

    remedies: tuple[Remedy, ...]

    def apply(self, proposal: Proposal, known: Known) -> Proposal:
        known.require_in_reach(remedy.place_id for remedy in self.remedies)
        return with_remedies(proposal, self.remedies, known.settled, known.assumptions)


@dataclass(frozen=True, slots=True)
class MoveDesks:
    """Desks go into other sites: a counter of the post becomes part of it, a one-stop desk gets its address."""

    desks: tuple[str, ...]
    to: tuple[str, ...]

    def apply(self, proposal: Proposal, known: Known) -> Proposal:
        sites = {site.site_id: site for site in proposal.network.sites}
        if unknown := sorted({*self.desks, *self.to} - sites.keys()):
            listed = ", ".join(unknown)
            raise fault("desks", f"không có điểm {listed} trong mạng lưới", f"the network has no site {listed}")
        if len(self.desks) != len(self.to) or not self.desks or len(set(self.desks)) < len(self.desks):
            vi = "desks và to phải dài bằng nhau, mỗi quầy một lần"
            raise fault("desks", vi, "desks and to have the same length, each desk stands there once")
        for desk_id in self.desks:
            _require_movable(sites[desk_id], proposal.network)
        if gone := sorted(set(self.desks) & set(self.to)):
            raise fault("to", f"{gone[0]} tự nó cũng chuyển đi", f"{gone[0]} moves away itself")
        for desk_id, target_id in zip(self.desks, self.to, strict=True):
            proposal = _moved(proposal, sites[desk_id], sites[target_id])
        if not known.assumptions.moved_desk_dong:
            proposal = proposal.told(
                "Tiền thuê và người trực của quầy chuyển đi chưa được tính.",
                "Rent and staff of a desk that moves are not counted.",
            )
        return replace(proposal, fixed_dong=proposal.fixed_dong + known.assumptions.moved_desk_dong * len(self.desks))


@dataclass(frozen=True, slots=True)
class Online:
    """A share of dossiers is filed online: no paper goes in, results still come out."""

    share: float

    def apply(self, proposal: Proposal, known: Known) -> Proposal:  # noqa: ARG002 - as every change
        percent = f"{100 * self.share:g}%"
        return replace(proposal, online_share=self.share).told(
            f"{percent.replace('.', ',')} hồ sơ nộp trực tuyến: giấy đi vào giảm bấy nhiêu, kết quả vẫn trả như cũ.",
            f"{percent} of the dossiers are filed online: so much less paper goes in, results come out as before.",
        )


@dataclass(frozen=True, slots=True)
class FreePickup:
    """Dossiers are fetched at the door for nothing."""

    places: tuple[str, ...] | None
    """None = at every place without a post that couriers can come to and for which nothing else is done."""

    def apply(self, proposal: Proposal, known: Known) -> Proposal:
        rest = (place for place in known.open_places if place not in proposal.treated)
        places = tuple(rest) if self.places is None else self.places
        require_places(places, known.settled)
        known.require_in_reach(places)
        for place_id in places:
            proposal = proposal.treating(place_id)
        return replace(proposal, free_pickup=proposal.free_pickup | set(places)).told(
            f"Thu gom hồ sơ tại nhà miễn phí ở {len(places)} nơi.",
            f"Dossiers are fetched at the door for free at {len(places)} places.",
        )


@dataclass(frozen=True, slots=True)
class Merge:
    """Communes become one, served by one base; a single one only changes its base."""

    communes: tuple[str, ...]
    base: str

    def apply(self, proposal: Proposal, known: Known) -> Proposal:  # noqa: ARG002 - as every change
        network = proposal.network
        if self.base not in network.bases:
            raise fault("base", f"{self.base} không có bưu tá", f"{self.base} is no base of couriers")
        if unknown := sorted(set(self.communes) - {area.commune_code for area in network.areas}):
            vi = f"không bưu cục nào phục vụ xã {', '.join(unknown)}"
            raise fault("communes", vi, f"no base serves commune {', '.join(unknown)}")
        areas = tuple(
            replace(area, base_id=self.base) if area.commune_code in self.communes else area for area in network.areas
        )
        if len(set(self.communes)) < len(self.communes):
            raise fault("communes", "một xã được nêu hai lần", "a commune is named twice")
        if twice := sorted(set(self.communes) & {code for communes in proposal.merged for code in communes}):
            raise fault("communes", f"xã {twice[0]} đã nhập rồi", f"commune {twice[0]} has been merged already")
        listed, name = ", ".join(self.communes), network.site(self.base).name
        as_one = replace(proposal, merged=(*proposal.merged, self.communes)).with_rows(areas=areas)
        if len(self.communes) == 1:
            return as_one.told(f"Xã {listed} do {name} phục vụ.", f"Commune {listed} is served by {name}.")
        return as_one.told(
            f"Xã {listed} nhập làm một, do {name} phục vụ.", f"Communes {listed} become one, served by {name}."
        )


@dataclass(frozen=True, slots=True)
class FewerCouriers:
    """Couriers of a base are taken away, the last ones first."""

    base: str
    count: int = 1

    def apply(self, proposal: Proposal, known: Known) -> Proposal:  # noqa: ARG002 - as every change
        network = proposal.network
        crew = [courier for courier in network.crew() if courier.base_id == self.base]
        if not 0 < self.count < len(crew):
            vi = f"{self.base} có {len(crew)} bưu tá, không bớt được {self.count}"
            raise fault("count", vi, f"{self.base} has {len(crew)} couriers, {self.count} cannot be taken away")
        gone = {courier.courier_id for courier in crew[-self.count :]}
        couriers = tuple(courier for courier in network.couriers if courier.courier_id not in gone)
        name = network.site(self.base).name
        return proposal.with_rows(couriers=couriers).told(
            f"{name} bớt {self.count} bưu tá.", f"{name} has {self.count} courier{'s' * (self.count > 1)} less."
        )


@dataclass(frozen=True, slots=True)
class FuelPrice:
    """Fuel costs so many times as much."""

    factor: float

    def apply(self, proposal: Proposal, known: Known) -> Proposal:
        more = 1 + known.assumptions.fuel_share * (self.factor - 1)
        couriers = tuple(
            replace(courier, dong_per_km=round(courier.dong_per_km * more)) for courier in proposal.network.couriers
        )
        times = f"{self.factor:g}"
        return proposal.with_rows(couriers=couriers).told(
            f"Giá xăng dầu bằng {times.replace('.', ',')} lần hiện nay.", f"Fuel costs {times} times as much as now."
        )


def _require_movable(desk: Site, network: Network) -> None:
    """Rounds begin and end at posts and bases, lines at hubs; a line calls where its timetable says."""
    site_id = desk.site_id
    if desk.kind in POSTS or site_id in network.bases:
        vi = f"{site_id} là điểm bưu chính của một nơi, không phải quầy: không chuyển đi được"
        raise fault("desks", vi, f"{site_id} is the post of a place, not a desk: it cannot be moved")
    if desk.kind is SiteKind.HUB:
        vi = f"{site_id} ({desk.name}) là trung tâm của tỉnh, không phải quầy: không chuyển đi được"
        raise fault("desks", vi, f"{site_id} ({desk.name}) is the provincial centre, not a desk: it cannot be moved")
    calling = (line for line in network.lines if any(stop.site_id == site_id for stop in line.stops))
    if line := next(calling, None):
        run = f"{line.line_id}/{line.run_id}"
        vi = f"đường thư {run} ghé {site_id} ({desk.name}): không chuyển đi được"
        raise fault("desks", vi, f"the line {run} calls at {site_id} ({desk.name}): it cannot be moved")


def _moved(proposal: Proposal, desk: Site, target: Site) -> Proposal:
    told = proposal.told(f"{desk.name} chuyển vào {target.name}.", f"{desk.name} moves into {target.name}.")
    if desk.kind in SERVING and target.kind in SERVING:
        return told.with_sites(removed=[desk.site_id])
    there = replace(desk, lon=target.lon, lat=target.lat, commune_code=target.commune_code)
    return told.with_sites([there], removed=[desk.site_id])


def fault(column: str, vi: str, en: str) -> InputError:
    """What is wrong with a change."""
    return InputError([RowError("scenarios", None, column, "bad_scenario", vi, en)])

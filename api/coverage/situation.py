"""
Where people live and where they are served on a day: what a study begins with.

A base whose counter is open counts as a serving point; which places have no post is computed from the posts in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from api.coverage.document import Means
from api.coverage.standing import StandingNetwork
from api.errors import InputError, RowError
from api.network.model import Network, Settlement, Site, SiteKind
from api.plans.schemas import Words
from geo import opening_hours
from geo.coverage.access import find_access
from geo.coverage.posts import has_post
from geo.matrix import UNREACHABLE, IntMatrix
from geo.roads import Roads

SERVING = frozenset({SiteKind.HUB, SiteKind.POST_OFFICE, SiteKind.CULTURE_POST, SiteKind.BORROWED_DESK})
"""Where somebody takes papers in."""
POSTS = frozenset({SiteKind.POST_OFFICE, SiteKind.CULTURE_POST})
"""What makes a commune have a post of its own."""
RADIUS_M = 2_000
Point = tuple[float, float]


@dataclass(slots=True)
class WayTimes:
    """Seconds from every place to points, measured once for each point."""

    roads: Roads
    places: tuple[Point, ...]
    _columns: dict[tuple[Means, Point], IntMatrix] = field(default_factory=dict)

    def to(self, means: Means, points: Sequence[Point]) -> IntMatrix:
        """Shape (places, points)."""
        new = [point for point in dict.fromkeys(points) if (means, point) not in self._columns]
        if new:
            seconds = find_access(self.roads, means.value, self.places, new, radius_m=RADIUS_M).seconds
            for number, point in enumerate(new):
                self._columns[means, point] = seconds[:, number]
        columns = [self._columns[means, point] for point in points]
        return np.column_stack(columns) if columns else np.zeros((len(self.places), 0), dtype=np.int32)


@dataclass(frozen=True, eq=False)
class Settled:
    """A network in force on a day, and who lives where: what is known before any road is."""

    day: date
    network: StandingNetwork
    places: tuple[Settlement, ...]
    """With people in them."""

    @cached_property
    def number(self) -> dict[str, int]:
        """Where each place stands in `places`."""
        return {place.settlement_id: number for number, place in enumerate(self.places)}

    @cached_property
    def people(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        return np.array([place.people for place in self.places], dtype=np.int64)

    @cached_property
    def without_post(self) -> tuple[str, ...]:
        """Places to which no post in force belongs, in their order."""
        posts = [(site.lon, site.lat) for site in self.network.sites if site.kind in POSTS]
        there = has_post([(place.lon, place.lat) for place in self.places], np.array(posts).reshape(-1, 2))
        return tuple(
            place.settlement_id for place, served in zip(self.places, there.tolist(), strict=True) if not served
        )


@dataclass(frozen=True, eq=False)
class Situation(Settled):
    """A settled network with its roads."""

    roads: Roads
    ways: WayTimes
    warnings: tuple[Words, ...]


def settle(network: Network, day: date) -> Settled:
    """
    Look at who lives in a network on a day.

    Parameters
    ----------
    network
        All of it.

    Raises
    ------
    InputError
        When the network names no settlements, nobody lives in them, nobody serves the public or there are no couriers.
    """
    in_force = network.on(day)
    places = tuple(place for place in in_force.settlements if place.people)
    faults = [*_faults(in_force, places)]
    if faults:
        raise InputError(faults)
    return Settled(day, StandingNetwork.of(in_force), places)


def read_situation(network: Network, roads: Roads, day: date) -> Situation:
    """
    Look at a province on a day.

    Parameters
    ----------
    network
        All of it.
    roads
        Made with `settlements=True` where they are made up.

    Raises
    ------
    InputError
        As `settle`.
    """
    settled = settle(network, day)
    ways = WayTimes(roads, tuple((place.lon, place.lat) for place in settled.places))
    situation = Situation(day, settled.network, settled.places, roads, ways, ())
    return replace(situation, warnings=tuple(_warnings(situation)))


def serving_points(network: Network) -> tuple[Site, ...]:
    """Sites where somebody takes papers in, in the order of the network."""
    return tuple(site for site in network.sites if site.kind in SERVING)


def week_of(day: date) -> tuple[date, ...]:
    """Monday to Sunday of its week."""
    monday = day - timedelta(days=day.weekday())
    return tuple(monday + timedelta(days=number) for number in range(7))


def open_hours(site: Site, day: date, *, is_holiday: bool = False) -> tuple[tuple[int, int], ...]:
    """When a site is open on a day, seconds after midnight."""
    return opening_hours.windows(site.opening_hours, day, is_holiday=is_holiday)


def usual_week(site: Site, day: date) -> tuple[float, float]:
    """Hours a day and days a week of a site in a week without holidays; hours are the mean over the days it is open."""
    hours = [sum(late - early for early, late in open_hours(site, each)) / 3600 for each in week_of(day)]
    opened = [hour for hour in hours if hour]
    return (sum(opened) / len(opened) if opened else 0.0), float(len(opened))


def _faults(network: Network, places: Sequence[Settlement]) -> Iterable[RowError]:
    if not network.settlements:
        yield _fault(
            "settlements",
            "no_settlements",
            "mạng lưới chưa có bảng settlements (điểm dân cư: ở đâu, bao nhiêu dân); xem duongthu template",
            "the network has no table settlements (where how many people live); see duongthu template",
        )
    elif not places:
        yield _fault(
            "settlements",
            "nobody_lives",
            "mọi điểm dân cư đều có số dân bằng 0",
            "every settlement has 0 people",
        )
    if not serving_points(network):
        yield _fault(
            "sites", "no_points", "không có điểm nào phục vụ người dân", "no site of the network serves the public"
        )
    if not network.crew():
        yield _fault(
            "couriers", "no_couriers", "mạng lưới không có bưu tá nào", "the network has no couriers: nothing can go"
        )
    if not any(site.kind in (SiteKind.ONE_STOP, SiteKind.AGENCY) for site in network.sites):
        yield _fault(
            "sites",
            "no_agency",
            "không có cơ quan hay bộ phận một cửa nào: hồ sơ không có nơi đến",
            "there is no agency and no one-stop desk: dossiers have nowhere to go",
        )


def _fault(table: str, code: str, vi: str, en: str) -> RowError:
    return RowError(table, None, None, code, vi, en)


def _warnings(situation: Situation) -> Iterable[Words]:
    points = [(site.lon, site.lat) for site in serving_points(situation.network)]
    for means in Means:
        unreached = (situation.ways.to(means, points) == UNREACHABLE).all(axis=1)
        for number in np.flatnonzero(unreached).tolist():
            place = situation.places[number]
            vi, en = _BY[means]
            yield Words(
                vi=f"{place.name} ({place.settlement_id}): {vi} không đến được điểm phục vụ nào "
                "(không có đường trong 2 km, hoặc là cù lao không có phà).",
                en=f"{place.name} ({place.settlement_id}): no way leads {en} to any point "
                "(no road within 2 km, or an island without a ferry).",
            )
    for place in situation.places:
        if situation.network.base_of_commune(place.commune_code) is None:
            yield Words(
                vi=f"{place.name} ({place.settlement_id}): chưa bưu cục nào phục vụ xã {place.commune_code}.",
                en=f"{place.name} ({place.settlement_id}): no base serves commune {place.commune_code}.",
            )
    if situation.network.settings.sample:
        count = len(situation.without_post)
        yield Words(
            vi=f"MẠNG LƯỚI MẪU: điểm bưu chính, bưu tá và tuyến là dựng mẫu; {count} nơi nào chưa có điểm là giả định.",
            en=f"SAMPLE NETWORK: posts, couriers and lines are made up; which {count} places have no post is assumed.",
        )
    estimated = sum(place.people_estimated for place in situation.places)
    if estimated:
        yield Words(
            vi=f"Số dân của {estimated} trên {len(situation.places)} điểm dân cư là ước lượng.",
            en=f"The people of {estimated} of {len(situation.places)} settlements are estimates.",
        )
    if situation.roads.synthetic:
        yield Words(
            vi="MẠNG ĐƯỜNG TỔNG HỢP: thời gian và quãng đường là ước lượng, không phải đường thật.",
            en="SYNTHETIC ROADS: times and distances are estimates over invented roads.",
        )


_BY = {Means.WALK: ("đi bộ", "on foot"), Means.MOTORBIKE: ("đi xe máy", "by motorbike")}

"""A proposal's places, points and reach, as the study tells them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from api.coverage.assumptions import Assumptions
from api.coverage.document import Access, CoveragePlace, CoveragePoint, Means, Reached
from api.coverage.proposal import Proposal
from api.coverage.situation import Situation, usual_week
from api.coverage.terms import Served
from geo.matrix import UNREACHABLE
from geo.units import load_communes


def tell_places(situation: Situation, served: Served) -> tuple[CoveragePlace, ...]:
    """Where people live."""
    communes = load_communes(situation.day).by_code
    missing = frozenset(situation.without_post)
    return tuple(
        CoveragePlace(
            place_id=place.settlement_id,
            name=place.name,
            commune_code=place.commune_code,
            commune=communes[place.commune_code].name if place.commune_code in communes else place.commune_code,
            position=(place.lon, place.lat),
            people=place.people,
            people_estimated=place.people_estimated,
            has_post=place.settlement_id not in missing,
            base_id=situation.network.base_of_commune(place.commune_code),
            access=served.access(number),
        )
        for number, place in enumerate(situation.places)
    )


def tell_points(situation: Situation, proposal: Proposal, served: Served) -> tuple[CoveragePoint, ...]:
    """Where somebody takes papers in; a mobile desk as often as it comes."""
    nearest = {means: _people_nearest(situation, served, means) for means in Means}
    found = []
    for number, point in enumerate(served.points):
        hours, days = usual_week(point, situation.day)
        stay = {desk.site_id: proposal.network.times_at(desk.site_id).setup_minutes / 60 for desk in proposal.mobile}
        found.append(
            CoveragePoint(
                point_id=point.site_id,
                name=point.name,
                kind=point.kind.value,
                commune_code=point.commune_code,
                position=(point.lon, point.lat),
                hours_a_day=round(stay.get(point.site_id, hours), 2),
                days_a_week=days,
                people_nearest={means: int(counts[number]) for means, counts in nearest.items()},
            )
        )
    return tuple(found)


def tell_reached(situation: Situation, served: Served, assumptions: Assumptions) -> Reached:
    """How many people are within each limit."""
    people = situation.people
    within: dict[Means, dict[int, int]] = {}
    mean: dict[Means, float] = {}
    no_way: dict[Means, int] = {}
    for means in Means:
        seconds = served.nearest_seconds[means]
        has_way = seconds != UNREACHABLE
        within[means] = {
            minutes: int(people[has_way & (seconds <= 60 * minutes)].sum()) for minutes in assumptions.limits_minutes
        }
        total = int(people[has_way].sum())
        mean[means] = round(float((people * seconds)[has_way].sum()) / total / 60, 3) if total else 0.0
        no_way[means] = int(people[~has_way].sum())
    return Reached(people=within, mean_minutes=mean, no_way=no_way)


def changed_access(situation: Situation, before: Served, after: Served) -> Mapping[str, dict[Means, Access]]:
    """Of the places whose access is another one."""
    pairs = (
        (place.settlement_id, before.access(number), after.access(number))
        for number, place in enumerate(situation.places)
    )
    return {place_id: new for place_id, old, new in pairs if old != new}


def people_within(situation: Situation, served: Served, means: Means, minutes: int) -> int:
    """People within one limit."""
    return int(situation.people[served.nearest_seconds[means] <= 60 * minutes].sum())


def _people_nearest(situation: Situation, served: Served, means: Means) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    seconds = served.seconds[means]
    counts = np.zeros(seconds.shape[1], dtype=np.int64)
    if seconds.shape[1]:
        has_way = seconds.min(axis=1) != UNREACHABLE
        np.add.at(counts, seconds.argmin(axis=1)[has_way], situation.people[has_way])
    return counts

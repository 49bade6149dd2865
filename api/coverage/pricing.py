"""What each remedy for each place costs and does, against leaving the place as it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np
from pydantic import TypeAdapter

from api.coverage.chance import remedy_chance
from api.coverage.describing import people_within
from api.coverage.document import Means, RemedyKind, RemedyPrice, YearFigures
from api.coverage.lab import Lab, Tried
from api.coverage.province_part import part_around
from api.coverage.reachable import why_not
from api.coverage.remedies import Remedy, with_remedies
from api.coverage.situation import usual_week
from api.coverage.terms import Served
from api.plans.schemas import Words
from geo.matrix import UNREACHABLE

THREADS = 3
"""Proposals replayed at the same time, so that the solvers are never idle while one is being written."""


def price_all(
    lab: Lab, base: Tried, remedies: Sequence[Remedy], *, on_done: Callable[[int, int], None]
) -> list[RemedyPrice]:
    """Price every remedy alone, in the order given."""
    with ThreadPoolExecutor(THREADS) as threads:
        pending = {threads.submit(price, lab, base, remedy): number for number, remedy in enumerate(remedies)}
        try:
            found: dict[int, RemedyPrice] = {}
            for future in as_completed(pending):
                found[pending[future]] = future.result()
                on_done(len(found), len(remedies))
        except BaseException:
            threads.shutdown(wait=False, cancel_futures=True)
            raise
    return [found[number] for number in range(len(remedies))]


def price(lab: Lab, base: Tried, remedy: Remedy) -> RemedyPrice:
    """Price one remedy; one that cannot be had is told with the reason and the figures of doing nothing."""
    problem = why_not(lab.situation, remedy.place_id)
    if problem is not None or remedy.kind is RemedyKind.NOTHING:
        return _against(lab, base, base.served, base.year, remedy, problem)
    return lab.known(
        f"remedy {remedy.place_id} {remedy.kind.value} {remedy.weekday}",
        _PRICE,
        lambda: _routed(lab, base, remedy),
    )


_PRICE = TypeAdapter(RemedyPrice)


def _routed(lab: Lab, base: Tried, remedy: Remedy) -> RemedyPrice:
    """The rounds of the base that serves the place, with the remedy and without; all else stays as it is."""
    proposal = with_remedies(base.proposal, [remedy], lab.situation, lab.assumptions)
    place = lab.situation.places[lab.situation.number[remedy.place_id]]
    base_id = lab.situation.network.base_of_commune(place.commune_code)
    assert base_id is not None
    part = part_around(lab.situation.network, base_id)
    before, after = lab.unchanged(part), lab.attempt(proposal, part)
    return _against(lab, base, after.served, base.year_with(before, after, lab.days.factor), remedy, None)


def _against(
    lab: Lab, base: Tried, served: Served, year: YearFigures, remedy: Remedy, problem: Words | None
) -> RemedyPrice:
    situation, assumptions = lab.situation, lab.assumptions
    before = base.year
    number = situation.number[remedy.place_id]
    gained = {
        means: people_within(situation, served, means, assumptions.main_minutes)
        - people_within(situation, base.served, means, assumptions.main_minutes)
        for means in Means
    }
    return RemedyPrice(
        place_id=remedy.place_id,
        kind=remedy.kind,
        weekday=remedy.weekday if remedy.kind is RemedyKind.WEEKLY_VISIT else None,
        hours_a_week=0.0 if problem else _hours(lab, served, remedy),
        year=year,
        added_dong=added_dong(before, year, remedy_chance(lab.iterations)),
        added_km=round(year.km - before.km, 1),
        added_courier_days=round(year.courier_days - before.courier_days, 1),
        access=served.access(number),
        minutes_saved={means: _saved(situation.people, base.served, served, means) for means in Means},
        people_gained=gained,
        dossiers_won=year.dossiers - before.dossiers,
        late_change=round(year.late - before.late, 6),
        problem=problem,
    )


def added_dong(before: YearFigures, after: YearFigures, chance: float) -> int:
    """
    Đồng a year that a remedy adds.

    Rounds that come out cheaper than those of doing nothing by less than twice the chance are not taken for a saving:
    nearly every remedy only adds work to them.

    Parameters
    ----------
    chance
        Share of a year's cost.
    """
    rounds = after.dong - before.dong
    is_chance = -2 * chance * before.total_dong < rounds < 0
    return after.fixed_dong - before.fixed_dong + (0 if is_chance else rounds)


def _hours(lab: Lab, served: Served, remedy: Remedy) -> float:
    """During which somebody takes papers in at the place."""
    if remedy.weekdays:
        return round(len(remedy.weekdays) * lab.assumptions.mobile_stay_minutes / 60, 2)
    known = {site.site_id for site in lab.situation.network.sites}
    new = [site for site in served.points if site.site_id not in known]
    return round(sum(hours * days for hours, days in (usual_week(site, lab.situation.day) for site in new)), 2)


def _saved(people: np.ndarray[tuple[int], np.dtype[np.int64]], before: Served, after: Served, means: Means) -> float:
    """Minutes one way of one inhabitant, on the mean over all places that gain; those that had no way count not."""
    old, new = before.nearest_seconds[means], after.nearest_seconds[means]
    gains = (new < old) & (old != UNREACHABLE)
    total = int(people[gains].sum())
    return round(float((people * (old - new))[gains].sum()) / total / 60, 3) if total else 0.0

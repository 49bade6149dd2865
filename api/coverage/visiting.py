"""Weekly visits put on weekdays: what a day's rounds cost when they also call at mobile desks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from pydantic import TypeAdapter

from api.coverage.document import RemedyKind
from api.coverage.lab import Lab
from api.coverage.pricing import THREADS
from api.coverage.province_part import ProvincePart, part_around
from api.coverage.reachable import why_not
from api.coverage.remedies import WORKDAYS, Remedy, with_remedies
from api.coverage.standing import KnownWays, StandingJourneys
from api.coverage.weekdays import assign_weekdays
from api.plans.problems import build_groups
from api.plans.tasks import Work, sort_out

Weekdays = dict[str, int]
"""By place, 0 = Monday."""
_WEEKDAYS = TypeAdapter(Weekdays)


def choose_weekdays(lab: Lab, place_ids: Sequence[str]) -> Weekdays:
    """Say on which weekday a weekly visit comes to each place, all places of a base being visited."""
    by_part: defaultdict[ProvincePart, list[str]] = defaultdict(list)
    for place_id in place_ids:
        if why_not(lab.situation, place_id) is None:
            place = lab.situation.places[lab.situation.number[place_id]]
            base_id = lab.situation.network.base_of_commune(place.commune_code)
            assert base_id is not None
            by_part[part_around(lab.situation.network, base_id)].append(place_id)
    with ThreadPoolExecutor(THREADS) as threads:
        found = list(threads.map(partial(_known_of_part, lab), by_part, by_part.values()))
    return {place_id: weekday for part in found for place_id, weekday in part.items()}


def _known_of_part(lab: Lab, part: ProvincePart, places: Sequence[str]) -> Weekdays:
    return lab.known(f"weekdays {' '.join(places)}", _WEEKDAYS, partial(_of_part, lab, part, places))


def _of_part(lab: Lab, part: ProvincePart, places: Sequence[str]) -> Weekdays:
    days = _Days(lab, part, places)
    found = assign_weekdays(len(places), sorted(days.works), days.price)
    return dict(zip(places, found, strict=True))


class _Days:
    """The first week that was replayed, by weekday."""

    def __init__(self, lab: Lab, part: ProvincePart, places: Sequence[str]) -> None:
        self._lab, self._part, self._places = lab, part, places
        self._ways = KnownWays()
        _, first, last = lab.days.runs[0]
        records = [record for record in lab.unchanged(part).records if first <= record.day <= last]
        self.works: dict[int, tuple[Work, ...]] = {
            record.day.weekday(): record.works
            for record in records
            if record.is_working and record.day.weekday() in WORKDAYS
        }
        self._day = {record.day.weekday(): record.day for record in records}

    def price(self, chosen: frozenset[int], weekday: int) -> int:
        """Cost units of the bases' rounds on a weekday, calling at these places too."""
        lab, day = self._lab, self._day[weekday]
        visits = [Remedy(self._places[one], RemedyKind.WEEKLY_VISIT, weekday) for one in sorted(chosen)]
        proposal = with_remedies(lab.as_it_is, visits, lab.situation, lab.assumptions)
        bags = lab.writer.bags_of(proposal, day)
        usual = self._part.network(proposal.network, bags)
        network = replace(usual, settings=replace(usual.settings, batching=False))
        ways = StandingJourneys(self._ways)(network, bags, day)
        called = sort_out(network, bags, day, journeys=ways).works
        assert self._part.bases is not None
        works = [work for work in (*self.works[weekday], *called) if work.base_id in self._part.bases]
        groups = build_groups(network.on(day), works, lab.situation.roads, day)
        known = lab.rounds[self._part]
        answers = known.solve(day, groups, iterations=lab.iterations, seed=lab.seed, executor=lab.executor)
        return sum(int(answer.total) for answer in answers)

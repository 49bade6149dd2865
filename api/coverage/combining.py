"""Which remedies go together: what so many people cost, whom a budget reaches; prices of single ones are added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from api.coverage.chance import remedy_chance
from api.coverage.describing import people_within
from api.coverage.document import Choice, EfficientStep, RemedyPrice
from api.coverage.efficient import Chosen, Option, best_within, efficient_choices
from api.coverage.lab import Lab, Tried
from api.coverage.remedies import USUAL_WEEKDAY, Remedy, with_remedies
from api.coverage.terms import Served


@dataclass(frozen=True, eq=False)
class Combinations:
    """Every way to do at most one thing at each place; made by `combinations`."""

    prices: tuple[RemedyPrice, ...]
    """Of what can be had."""
    options: tuple[Option, ...]
    """One a price."""
    people: tuple[int, ...]
    """By place."""
    within_today: int
    """People within the main limit as it is."""
    postage_today: int
    chance_dong: float
    """Of one price."""

    def efficient(self) -> tuple[EfficientStep, ...]:
        """Those that no other one beats, the cheapest first."""
        return tuple(self._step(one) for one in efficient_choices(self.options, self.people))

    def within(self, dong: int) -> tuple[Choice, ...]:
        """What reaches most people for at most so much a year."""
        return self._choices(best_within(self.options, self.people, dong))

    def _step(self, chosen: Chosen) -> EfficientStep:
        postage = (self.prices[number].year.postage_dong for number in chosen.options)
        return EfficientStep(
            added_dong=chosen.dong,
            chance_dong=round(self.chance_dong * sqrt(len(chosen.options))),
            people=self.within_today + chosen.people,
            postage_dong=sum(each - self.postage_today for each in postage),
            choices=self._choices(chosen),
        )

    def _choices(self, chosen: Chosen) -> tuple[Choice, ...]:
        taken = (self.prices[number] for number in chosen.options)
        return tuple(Choice(place_id=one.place_id, kind=one.kind) for one in taken)


def combinations(lab: Lab, base: Tried, prices: Sequence[RemedyPrice], weekdays: Mapping[str, int]) -> Combinations:
    """Put together what was priced; people count within the main limit."""
    situation, assumptions = lab.situation, lab.assumptions
    had = tuple(price for price in prices if price.problem is None)
    options = []
    for price in had:
        remedy = Remedy(price.place_id, price.kind, weekdays.get(price.place_id, USUAL_WEEKDAY))
        after = lab.serve(with_remedies(lab.as_it_is, [remedy], situation, assumptions))
        reaches = _gained(lab, base.served, after)
        options.append(Option(situation.number[price.place_id], price.added_dong, reaches))
    return Combinations(
        had,
        tuple(options),
        tuple(situation.people.tolist()),
        within_today=people_within(situation, base.served, assumptions.main_means, assumptions.main_minutes),
        postage_today=base.year.postage_dong,
        chance_dong=remedy_chance(lab.iterations) * base.year.total_dong,
    )


def _gained(lab: Lab, before: Served, after: Served) -> frozenset[int]:
    """Places newly within the main limit."""
    means, limit = lab.assumptions.main_means, 60 * lab.assumptions.main_minutes
    new = (after.nearest_seconds[means] <= limit) & (before.nearest_seconds[means] > limit)
    return frozenset(np.flatnonzero(new).tolist())

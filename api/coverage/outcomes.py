"""What follows from priced remedies: efficient choices, and scenarios beside the situation as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import sqrt

import numpy as np
from pydantic import TypeAdapter

from api.coverage.carlo import Pair, bands, change_bands, other_demand, searched_briefly, years_under
from api.coverage.chance import remedy_chance
from api.coverage.changes import Known
from api.coverage.describing import changed_access, people_within, tell_points, tell_reached
from api.coverage.document import Choice, EfficientStep, RemedyPrice, ScenarioResult, YearFigures
from api.coverage.efficient import Option, efficient_choices
from api.coverage.floors import check_floors
from api.coverage.lab import Lab, Tried
from api.coverage.proposal import Proposal
from api.coverage.remedies import USUAL_WEEKDAY, Remedy, with_remedies
from api.coverage.scenarios import Scenario
from api.coverage.targets import agency_shares
from api.coverage.terms import Served
from api.plans.schemas import Words

_RESULT = TypeAdapter(ScenarioResult)


def efficient_steps(
    lab: Lab, base: Tried, prices: Sequence[RemedyPrice], weekdays: Mapping[str, int]
) -> tuple[EfficientStep, ...]:
    """Choices of remedies by cost and people within the main limit; prices of single remedies are added up."""
    situation, assumptions = lab.situation, lab.assumptions
    served, chance = base.served, remedy_chance(lab.iterations) * base.year.total_dong
    before = people_within(situation, served, assumptions.main_means, assumptions.main_minutes)
    had = [price for price in prices if price.problem is None]
    options = []
    for price in had:
        remedy = Remedy(price.place_id, price.kind, weekdays.get(price.place_id, USUAL_WEEKDAY))
        after = lab.serve(with_remedies(lab.as_it_is, [remedy], situation, assumptions))
        options.append(Option(situation.number[price.place_id], price.added_dong, _gained(lab, served, after)))
    return tuple(
        EfficientStep(
            added_dong=one.dong,
            chance_dong=round(chance * sqrt(len(one.options))),
            people=before + one.people,
            choices=tuple(Choice(place_id=had[n].place_id, kind=had[n].kind) for n in one.options),
        )
        for one in efficient_choices(options, situation.people.tolist())
    )


def price_scenarios(
    lab: Lab,
    base: Tried,
    scenarios: Sequence[Scenario],
    known: Known,
    draws: int,
    on_progress: Callable[[Words, int, int], None],
) -> tuple[ScenarioResult, ...]:
    """
    Route every scenario, under the study's demand and under others.

    Raises
    ------
    InputError
        When a scenario makes no sense for this network; nothing is routed then.
    """
    proposals = {scenario.content: scenario.proposal(lab.as_it_is, known) for scenario in scenarios}
    brief, *drawn = _other_years(lab, proposals, draws, on_progress) or [()]
    words = Words(vi="Tính từng kịch bản", en="Pricing the scenarios")
    found = []
    for number, scenario in enumerate(scenarios):
        on_progress(words, number, len(scenarios))
        result = _known_result(lab, base, scenario, proposals[scenario.content])
        if drawn:
            at = 1 + list(proposals).index(scenario.content)
            result = _with_bands(result, (brief[0], brief[at]), [(each[0], each[at]) for each in drawn])
        found.append(result)
    return tuple(found)


def _known_result(lab: Lab, base: Tried, scenario: Scenario, proposal: Proposal) -> ScenarioResult:
    """What was found of it already, whatever it was called then."""
    make = partial(_result, lab, base, scenario, proposal)
    result = lab.known(f"result {scenario.content}", _RESULT, make)
    return result.model_copy(update={"key": scenario.key, "title": scenario.title})


def _with_bands(result: ScenarioResult, brief: Pair, drawn: Sequence[Pair]) -> ScenarioResult:
    found = {
        "bands": bands(result.after, brief[1], [then for _, then in drawn]),
        "change_bands": change_bands((result.before, result.after), brief, drawn),
    }
    return result.model_copy(update=found)


def _result(lab: Lab, base: Tried, scenario: Scenario, proposal: Proposal) -> ScenarioResult:
    tried = lab.attempt(proposal)
    points = tell_points(lab.situation, proposal, tried.served)
    return ScenarioResult(
        key=scenario.key,
        title=scenario.title,
        changes=proposal.changes,
        before=base.year,
        after=tried.year,
        bands={},
        change_bands={},
        reached=tell_reached(lab.situation, tried.served, lab.assumptions),
        access=dict(changed_access(lab.situation, base.served, tried.served)),
        points=points,
        floors=check_floors(lab.situation, proposal, points, lab.assumptions),
        agencies=agency_shares(lab, tried, scenario.targets) if scenario.targets else (),
    )


def _other_years(
    lab: Lab, proposals: Mapping[str, Proposal], draws: int, on_progress: Callable[[Words, int, int], None]
) -> list[tuple[YearFigures, ...]]:
    """By demand, the study's own first: as it is, then by scenario; nothing where none is drawn."""
    if not draws or not proposals:
        return []
    words = Words(vi="Rút thăm các nhu cầu khác", en="Drawing other demands")
    labs = [searched_briefly(lab), *(other_demand(lab, draw) for draw in range(draws))]
    years = []
    for number, each in enumerate(labs):
        on_progress(words, number, len(labs))
        years.append(years_under(each, proposals))
    return years


def _gained(lab: Lab, before: Served, after: Served) -> frozenset[int]:
    """Places newly within the main limit."""
    means, limit = lab.assumptions.main_means, 60 * lab.assumptions.main_minutes
    new = (after.nearest_seconds[means] <= limit) & (before.nearest_seconds[means] > limit)
    return frozenset(np.flatnonzero(new).tolist())

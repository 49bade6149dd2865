"""Scenarios beside the situation as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from pydantic import TypeAdapter

from api.coverage.carlo import Pair, bands, change_bands, other_demand, searched_briefly, years_under
from api.coverage.changes import Known
from api.coverage.describing import changed_access, tell_points, tell_reached
from api.coverage.document import ScenarioResult, YearFigures
from api.coverage.floors import check_floors
from api.coverage.lab import Lab, Tried
from api.coverage.proposal import Proposal
from api.coverage.scenarios import Scenario
from api.coverage.targets import agency_shares
from api.plans.schemas import Words

_RESULT = TypeAdapter(ScenarioResult)


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

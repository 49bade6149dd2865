"""A whole study: the situation, every remedy priced, the frontiers, the scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from pydantic import TypeAdapter

from api.coverage import document
from api.coverage.assumptions import Assumptions
from api.coverage.chance import ITERATIONS, QUICK_ITERATIONS, remedy_chance, scenario_chance
from api.coverage.changes import Found, Known
from api.coverage.combining import combinations
from api.coverage.conventions import conventions
from api.coverage.describing import tell_places, tell_points, tell_reached
from api.coverage.document import CoverageStudy, Means, RemedyKind
from api.coverage.floors import check_floors
from api.coverage.frontiers import make_frontier
from api.coverage.lab import Lab, Tried
from api.coverage.memo import MemoExecutor, Store
from api.coverage.outcomes import price_scenarios
from api.coverage.pricing import price_all
from api.coverage.reachable import out_of_reach, why_not
from api.coverage.remedies import PRICED, USUAL_WEEKDAY, Remedy
from api.coverage.sampling import SampledDays, sample_days
from api.coverage.scenarios import Scenario, require_possible
from api.coverage.situation import Situation
from api.coverage.visiting import choose_weekdays
from api.plans.schemas import RoadsUsed, Words
from api.version import SOFTWARE

Told = Callable[[Words, int, int], None]
"""What is being done; how much of it is done, of how much."""


@dataclass(frozen=True, slots=True)
class StudyOptions:
    """What a study is asked to do."""

    seed: int = 0
    draws: int = 0
    """Demands drawn for the bands of each scenario; 0 = no bands."""
    iterations: int = ITERATIONS
    kinds: tuple[RemedyKind, ...] = PRICED
    """Remedies priced at each place without a post."""
    scenarios: tuple[Scenario, ...] = ()


def make_study(
    situation: Situation,
    assumptions: Assumptions,
    options: StudyOptions,
    *,
    executor: Executor,
    store: Store,
    created_at: datetime,
    on_progress: Told = lambda _what, _done, _total: None,
) -> CoverageStudy:
    """
    Make a study.

    Parameters
    ----------
    executor
        Where the engine solves.
    store
        Of what has been solved: the run's own, to be taken up again.
    created_at
        Aware; everything else depends on the inputs alone, but for the time that frontiers took.

    Raises
    ------
    InputError
        When assumptions or scenarios ask for what the network does not have.
    """
    lost = out_of_reach(situation)
    require_possible(options.scenarios, situation, assumptions, lost)
    memo = MemoExecutor(executor, store)
    days = sample_days(
        situation.network.calendar, situation.day, weeks=assumptions.weeks, warm_up=assumptions.warm_up_days
    )
    lab = Lab(situation, assumptions, days, memo, store, options.iterations, options.seed)
    on_progress(Words(vi="Lập chuyến phát như hiện nay", en="Routing the situation as it is"), 0, 1)
    base = lab.unchanged()
    frontiers = _frontiers(lab, on_progress)
    weekdays = _weekdays(lab, options.kinds, on_progress)
    prices = _remedies(lab, base, options.kinds, weekdays, on_progress)
    combined = combinations(lab, base, prices, weekdays)
    main = next((one for one in frontiers if one.means is assumptions.main_means), None)
    known = Known(situation, assumptions, Found(main, combined.within, weekdays), lost)
    scenarios = price_scenarios(lab, base, options.scenarios, known, options.draws, on_progress)
    found = {
        "remedies": tuple(prices),
        "frontiers": frontiers,
        "efficient": combined.efficient(),
        "scenarios": scenarios,
    }
    return _document(lab, base, options, created_at).model_copy(update=found)


_FRONTIER = TypeAdapter(document.Frontier)


def _frontiers(lab: Lab, on_progress: Told) -> tuple[document.Frontier, ...]:
    if all(why_not(lab.situation, place_id) for place_id in lab.situation.without_post):
        return ()
    found = []
    for means in Means:
        words = Words(vi=f"Chọn nơi mở điểm ({means.value})", en=f"Choosing where to build ({means.value})")
        told = partial(on_progress, words)
        frontier = lab.known(
            f"frontier {means.value}",
            _FRONTIER,
            partial(make_frontier, lab, means, lab.assumptions.main_minutes, on_step=told),
        )
        found.append(frontier)
    return tuple(found)


def _weekdays(lab: Lab, kinds: Sequence[RemedyKind], on_progress: Told) -> dict[str, int]:
    if RemedyKind.WEEKLY_VISIT not in kinds:
        return {}
    on_progress(Words(vi="Chọn thứ cho quầy lưu động", en="Choosing weekdays for mobile desks"), 0, 1)
    return choose_weekdays(lab, lab.situation.without_post)


def _remedies(
    lab: Lab, base: Tried, kinds: Sequence[RemedyKind], weekdays: Mapping[str, int], on_progress: Told
) -> list[document.RemedyPrice]:
    words = Words(vi="Tính từng biện pháp", en="Pricing the remedies")
    todo = [
        Remedy(place_id, kind, weekdays.get(place_id, USUAL_WEEKDAY))
        for place_id in lab.situation.without_post
        for kind in kinds
    ]
    return price_all(lab, base, todo, on_done=partial(on_progress, words))


def _document(lab: Lab, base: Tried, options: StudyOptions, created_at: datetime) -> CoverageStudy:
    """All that is known before anything is changed."""
    situation, assumptions = lab.situation, lab.assumptions
    places, points = tell_places(situation, base.served), tell_points(situation, base.proposal, base.served)
    roads, network = situation.roads, situation.network
    return CoverageStudy(
        created_at=created_at,
        software=SOFTWARE,
        seed=options.seed,
        network=document.CoverageNetwork(
            name=network.name,
            valid_on=situation.day,
            sha256=network.sha256,
            roads=RoadsUsed(source=roads.source, sha256=roads.sha256, synthetic=roads.synthetic),
        ),
        sample=_sample(lab.days, options),
        limits_minutes=assumptions.limits_minutes,
        main_means=assumptions.main_means,
        main_minutes=assumptions.main_minutes,
        least_days=assumptions.least_days,
        assumptions=(*assumptions.listed(), *conventions(situation)),
        places=places,
        points=points,
        without_post=situation.without_post,
        floors=check_floors(situation, base.proposal, points, assumptions),
        reached=tell_reached(situation, base.served, assumptions),
        base=base.year,
        remedies=(),
        frontiers=(),
        efficient=(),
        scenarios=(),
        warnings=situation.warnings,
    )


def _sample(days: SampledDays, options: StudyOptions) -> document.Sample:
    return document.Sample(
        first_day=days.year[0],
        working_days=days.working_days,
        weeks=tuple(document.SampledWeek(warm_up_from=a, first=b, last=c) for a, b, c in days.runs),
        counted_days=days.counted_days,
        factor=round(days.factor, 6),
        iterations=options.iterations,
        draws=options.draws,
        remedy_chance=remedy_chance(options.iterations),
        scenario_chance=scenario_chance(options.iterations),
    )


def quick(options: StudyOptions) -> StudyOptions:
    """The same questions, answered roughly."""
    return replace(options, iterations=QUICK_ITERATIONS)
